"""Send a message and wait for the webhook that tells what became of it::

    TELNYX_API_KEY=... TELNYX_PUBLIC_KEY=... python3 contract_tests/examples/send_and_wait.py \\
        +18005550001 +13125550100 "Your table is ready." http://your-server.example/hooks

The last address is one that leads to port 8001 of this machine. Without it the webhook goes to a free port, which only
a mock on the same machine can reach.
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from telnyx_bindings import Telnyx, webhooks
from telnyx_bindings.models import DeliveryUpdateEvent, OutboundMessage

PORT = 8001
PATIENCE = 300  # seconds; carriers take their time
LARGEST = 1 << 20  # bytes of a body


class Outcomes:
    """The final state of each message, whether it is asked for before or after its webhook comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._futures: dict[str, Future[OutboundMessage]] = {}

    def of(self, identifier: str) -> Future[OutboundMessage]:
        """What will be known of a message. The webhook may be faster than the answer to sending it."""
        with self._lock:
            return self._futures.setdefault(identifier, Future())

    def take(self, body: bytes, headers: webhooks.Headers, public_key: str) -> None:
        """Note what a webhook tells; ``WebhookError`` unless Telnyx signed it."""
        event = webhooks.unwrap(body, headers, public_key)
        if event.event_type != "message.finalized" or not isinstance(event.record, DeliveryUpdateEvent):
            return
        message = event.record.data and event.record.data.payload  # UNSET is false
        if isinstance(message, OutboundMessage):
            future = self.of(str(message.id))
            if not future.done():  # the same event may come again
                future.set_result(message)


def receiver(outcomes: Outcomes, public_key: str, port: int = 0) -> ThreadingHTTPServer:
    """A server on loopback that hands the webhooks it gets to ``outcomes``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            try:
                outcomes.take(self.rfile.read(min(length, LARGEST)), self.headers.items(), public_key)
                self.send_response(200)
            except webhooks.WebhookError:
                self.send_response(403)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the addresses of webhooks are no news."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def send_and_wait(telnyx: Telnyx, outcomes: Outcomes, hook: str, sender: str, to: str, text: str) -> OutboundMessage:
    """The message as it ended; ``TimeoutError`` when nothing was heard of it for ``PATIENCE`` seconds."""
    sent = telnyx.messages.send(from_=sender, to=to, text=text, webhook_url=hook).data
    return outcomes.of(str(sent.id)).result(timeout=PATIENCE)


def main(sender: str, to: str, text: str, hook: str = "") -> None:
    """Send it, wait, and print the status of each recipient."""
    outcomes = Outcomes()
    with Telnyx() as telnyx, receiver(outcomes, os.environ["TELNYX_PUBLIC_KEY"], PORT if hook else 0) as server:
        hook = hook or f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        message = send_and_wait(telnyx, outcomes, hook, sender, to, text)
        for recipient in message.to or ():
            print(f"{recipient.phone_number}: {recipient.status}")
        server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
