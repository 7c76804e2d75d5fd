"""A proxy on loopback that passes every byte on to a target and keeps what the client sent."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from contract_tests.live import egress


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as its bytes say it; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Recorder:
    """``streams`` holds the bytes of each connection, client to target."""

    base_url: str = ""
    streams: list[bytearray] = field(default_factory=list)

    @property
    def requests(self) -> list[Heard]:
        """Every request, connection by connection; ``AssertionError`` for bytes that are none."""
        return [request for stream in self.streams for request in _requests(bytes(stream))]


def _requests(stream: bytes) -> Iterator[Heard]:
    while stream:
        head, found, rest = stream.partition(b"\r\n\r\n")
        assert found, f"half a request: {head[:80]!r}"
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, version = first.split(" ")
        assert version == "HTTP/1.1"
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        assert "transfer-encoding" not in headers, "the recorder reads bodies of known length only"
        length = int(headers.get("content-length", 0))
        yield Heard(method, path, headers, rest[:length])
        stream = rest[length:]


@contextlib.contextmanager
def recording(target: str) -> Iterator[Recorder]:
    """A recorder in front of ``target`` (``http://127.0.0.1:PORT/v2``) while the block runs."""
    parts, made, open_ones = urlsplit(target), Recorder(), list[socket.socket]()
    listener = socket.create_server(("127.0.0.1", 0))
    made.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{parts.path}"

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
                # The recorder is a part of the target, so the guard on connections is not meant for it.
                with egress.opened():
                    server = socket.create_connection((str(parts.hostname), int(parts.port or 0)))
            except OSError:
                return
            stream = bytearray()
            made.streams.append(stream)
            open_ones.extend((client, server))
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_pump, args=(client, server, stream), daemon=True).start()
            threading.Thread(target=_pump, args=(server, client, None), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        # Closing alone does not wake a thread that accepts.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for one in open_ones:
            one.close()


def _pump(source: socket.socket, sink: socket.socket, kept: bytearray | None) -> None:
    try:
        while data := source.recv(65536):
            if kept is not None:
                kept += data
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
