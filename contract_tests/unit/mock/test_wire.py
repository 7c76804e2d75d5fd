"""A connection, with a transport that shows what is written and can lose its client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from contract_tests.description import load
from contract_tests.mock.app import create_app
from contract_tests.mock.wire import Connection, Shared

GET = b"GET /v2/messaging_profiles?page[size]=1 HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer x\r\n\r\n"


class Transport:
    """Its client goes away once it was sent ``patience`` answers."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return len(self.written) >= self.patience

    def set_write_buffer_limits(self, high: int) -> None:
        """There is room."""

    def pause_reading(self) -> None:
        """Nothing more is sent by the tests."""

    def resume_reading(self) -> None:
        """Nothing more is sent by the tests."""


def answered(transport: Transport, act: Callable[[Connection], None]) -> int:
    """How many answers were written."""

    async def converse() -> None:
        connection = Connection(Shared(create_app(load())))
        connection.connection_made(cast(asyncio.Transport, transport))
        act(connection)

    asyncio.run(converse())
    return len(transport.written)


def slow_reader(connection: Connection) -> None:
    """A client that does not read at first, and sends all the same."""
    connection.pause_writing()
    connection.data_received(GET * 50)
    connection.resume_writing()


@pytest.mark.parametrize("act", [lambda connection: connection.data_received(GET * 50), slow_reader])
def test_a_client_that_is_gone_is_answered_no_more(act: Callable[[Connection], None]) -> None:
    assert answered(Transport(patience=100), act) == 50
    assert answered(Transport(patience=3), act) == 3
