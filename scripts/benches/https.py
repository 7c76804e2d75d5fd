"""The least that can be asked over https: one answer to every request, from threads of this process."""

from __future__ import annotations

import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from scripts.benches import authority


@contextlib.contextmanager
def serving(body: bytes) -> Iterator[tuple[str, Path]]:
    """A server that answers 200 with this JSON; its base URL, and the file with the authority to trust."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        trusted, context = authority.issue(Path(folder))
        door = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=_accept, args=(door, context, answer), daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{door.getsockname()[1]}/v2", trusted
        finally:
            door.shutdown(socket.SHUT_RDWR)
            door.close()
            thread.join(5)


def _accept(door: socket.socket, context: ssl.SSLContext, answer: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = door.accept()
            threading.Thread(target=_serve, args=(connection, context, answer), daemon=True).start()


def _serve(connection: socket.socket, context: ssl.SSLContext, answer: bytes) -> None:
    """Answer every request of a connection; the requests have no bodies."""
    with contextlib.suppress(OSError), connection:
        connection.settimeout(10)
        with context.wrap_socket(connection, server_side=True) as secured:
            head = b""
            while part := secured.recv(65536):
                head += part
                if head.endswith(b"\r\n\r\n"):
                    secured.sendall(answer)
                    head = b""
