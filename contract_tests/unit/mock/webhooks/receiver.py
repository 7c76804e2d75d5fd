"""A service's webhook endpoint on loopback: answers as it is told, and keeps what it got."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hooks:
    """``answers``: the statuses of the next answers (then 200); ``received``: headers and body of each request."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hooks"
        self.answers: list[int] = []
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.before_answer: Callable[[], object] = lambda: None


@contextlib.contextmanager
def listening() -> Iterator[Hooks]:
    """An endpoint on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hooks.received.append((dict(self.headers), body))
            hooks.before_answer()
            status = hooks.answers.pop(0) if hooks.answers else 200
            with contextlib.suppress(OSError):  # who waited too long is gone
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", hooks.url)
                self.send_header("content-length", "0")
                self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hooks = Hooks(server.server_address[1])
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    try:
        yield hooks
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
