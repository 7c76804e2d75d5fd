"""A web app that answers text messages: it takes webhooks, proves that Telnyx sent them, and replies.

Start it, and let the webhooks of a messaging profile lead to it::

    TELNYX_API_KEY=... TELNYX_PUBLIC_KEY=... python3 contract_tests/examples/answer_messages.py 8000

It is a WSGI application, so gunicorn and its like run it as well as the server of the standard library does.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import make_server

from telnyx_bindings import ApiError, Telnyx, TelnyxError, webhooks
from telnyx_bindings.models import InboundMessage, InboundMessageEvent

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LOG = logging.getLogger(__name__)
LARGEST = 1 << 20  # bytes of a body; those of Telnyx have a few thousand
OPTED_OUT = "40300"  # the code of a refusal


class AnsweringMachine:
    """The application. ``public_key`` is the one of your account, as Telnyx's portal shows it."""

    def __init__(self, telnyx: Telnyx, public_key: str) -> None:
        self._telnyx = telnyx
        self._public_key = public_key
        self._seen = webhooks.ReplayGuard()
        self._replying = ThreadPoolExecutor(thread_name_prefix="reply")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self._received(environ), [("Content-Length", "0")])
        return []

    def _received(self, environ: WSGIEnvironment) -> str:
        """The status that a webhook is answered with. Telnyx waits two seconds for it: replies are sent later."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST:
            return "413 Content Too Large"
        body = environ["wsgi.input"].read(int(length))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        try:
            event = webhooks.unwrap(body, headers, self._public_key)
        except webhooks.WebhookError as problem:
            LOG.warning("refused a webhook: %s", type(problem).__name__)
            return "403 Forbidden"
        # The same event may come up to six times, and events of other kinds may come as well: both are fine.
        if isinstance(event.record, InboundMessageEvent) and self._seen.is_new(event):
            self._replying.submit(self._reply, event.record.data and event.record.data.payload)
        return "200 OK"

    def _reply(self, message: Any) -> None:
        """Answer a message. What it is was decided by its sender, so nothing in it is taken for granted."""
        if not isinstance(message, InboundMessage) or not message.from_ or not message.to:
            return
        text = f'You wrote "{message.text or ""}". We will call you.'
        try:
            # From the number that was written to.
            self._telnyx.messages.send(from_=message.to[0].phone_number, to=message.from_.phone_number or "", text=text)
        except ApiError as problem:
            if OPTED_OUT not in [one.code for one in problem.errors]:  # who wrote STOP is left in peace
                LOG.exception("not answered")
        except TelnyxError:
            LOG.exception("not answered")

    def close(self) -> None:
        """Wait until everything that was received is answered."""
        self._replying.shutdown()


def main(port: int) -> None:
    """Serve on loopback until interrupted."""
    with Telnyx() as telnyx:
        machine = AnsweringMachine(telnyx, os.environ["TELNYX_PUBLIC_KEY"])
        with make_server("127.0.0.1", port, machine) as server:
            print(f"waiting for messages at http://127.0.0.1:{server.server_port}", flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                machine.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
