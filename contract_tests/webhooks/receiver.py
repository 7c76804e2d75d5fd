"""An endpoint on loopback that takes every webhook with 200 and keeps it, by the last segment of its address.

That segment is random, so that nobody else's requests are taken for the target's where the endpoint is reached from
outside.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scripts.errors import InputError

LARGEST = 1024 * 1024  # bytes of a body; what is longer is none of an event
PATIENCE = 5.0  # seconds that one connection may take
POLL = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that came in: headers as pairs, since a name may come twice; ``at`` in Unix seconds."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    at: float


class Inbox:
    """What came to one address. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._came: list[Delivery] = []
        self._changed = threading.Condition()

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """What came so far, in its order."""
        with self._changed:
            return tuple(self._came)

    def put(self, delivery: Delivery) -> None:
        """Take a delivery in."""
        with self._changed:
            self._came.append(delivery)
            self._changed.notify_all()

    def wait(self, enough: Callable[[tuple[Delivery, ...]], bool], seconds: float) -> bool:
        """Wait until what came is ``enough``, for so many seconds at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: enough(tuple(self._came)), seconds)


class Receiver:
    """The endpoint; ``port`` 0 is any free one, ``outside`` the address by which others reach it (None: its own).

    ``InputError`` when the port is taken.
    """

    def __init__(self, port: int = 0, outside: str | None = None) -> None:
        self._inboxes: dict[str, Inbox] = {}

        class Handler(BaseHTTPRequestHandler):
            timeout = PATIENCE

            def do_POST(handler) -> None:  # the name is the library's; ``self`` is the endpoint
                handler.send_response(self._take(handler))
                handler.send_header("content-length", "0")
                handler.end_headers()

            def log_message(handler, format: str, *arguments: object) -> None:
                """Say nothing: what came is for the rule to judge."""

        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        except OSError as problem:
            raise InputError(
                f"webhooks cannot be received on port {port}: {problem.strerror}", fix="choose another --webhook-port"
            ) from problem
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._outside = (outside or self.address).rstrip("/")
        self._thread = threading.Thread(target=self._server.serve_forever, args=[POLL], daemon=True)
        self._thread.start()

    def open(self) -> Inbox:
        """An address that nobody knows yet, and what comes to it."""
        name = secrets.token_urlsafe(12)
        self._inboxes[name] = Inbox(f"{self._outside}/{name}")
        return self._inboxes[name]

    def close(self) -> None:
        """Receive nothing more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, handler: BaseHTTPRequestHandler) -> int:
        """The status of the answer to a request: 200 for what was kept."""
        inbox = self._inboxes.get(handler.path.partition("?")[0].rpartition("/")[2])
        length = handler.headers.get("content-length", "")
        if inbox is None:
            return 404
        if not length.isdigit() or int(length) > LARGEST:
            return 413
        body = handler.rfile.read(int(length))
        inbox.put(Delivery(tuple(handler.headers.items()), body, time.time()))
        return 200
