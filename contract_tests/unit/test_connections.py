"""A kept connection that the server has closed costs nothing, and nothing is ever done twice because of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from contract_tests.connections import Connections

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Hangup:
    """Answers ``answers`` requests of a connection, reads one more and hangs up without a word."""

    def __init__(self, answers: int = 1) -> None:
        self.answers = answers
        self.received: list[str] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=[connection], daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection:
            for _ in range(self.answers):
                if not self._read(connection):
                    return
                connection.sendall(ANSWER)
            self._read(connection)

    def _read(self, connection: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            block = connection.recv(65536)
            if not block:
                return False
            head += block
        self.received.append(head.split()[0].decode())
        return True

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def hangup() -> Iterator[Hangup]:
    made = Hangup()
    yield made
    made.close()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(transport=Connections(), timeout=5) as made:
        yield made


def test_a_read_on_a_connection_that_has_gone_is_sent_once_more(hangup: Hangup, client: httpx.Client) -> None:
    answers = [client.get(hangup.url).status_code for _ in range(4)]
    assert answers == [200] * 4
    assert len(hangup.received) > 4, "the server never hung up on a request: nothing was shown"


def test_a_creation_never_goes_over_a_kept_connection(hangup: Hangup, client: httpx.Client) -> None:
    client.get(hangup.url)
    assert client.post(hangup.url, content=b"").status_code == 200
    assert hangup.received == ["GET", "POST"]
    assert hangup.connections == 2


def test_no_answer_on_a_new_connection_is_no_answer(hangup: Hangup, client: httpx.Client) -> None:
    hangup.answers = 0
    for method in ("GET", "POST"):
        with pytest.raises(httpx.TransportError):
            client.request(method, hangup.url)
    assert hangup.received == ["GET", "POST"]


def test_an_answer_that_breaks_off_is_not_asked_for_again(client: httpx.Client) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            accepted.append(connection.recv(65536))
            connection.sendall(ANSWER)
            accepted.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    assert client.get(url).text == "ok"
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(url)
    thread.join()
    listener.close()
    assert len(accepted) == 2
