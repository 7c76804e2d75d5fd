"""Carries the steps of a fault out on a connection of the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ..exchange import Request
from ..message import date_line, response
from ..serving import Line
from .script import Break, Head, Piece, Script, Wait


class OverSocket:
    """What ``serving.Network`` asks for. ``strike`` gives the steps for a request, None when no fault strikes it."""

    def __init__(self, strike: Callable[[Request], Script | None]) -> None:
        self._strike = strike
        self._lock = threading.Lock()
        self._accept_again: set[Callable[[], None]] = set()  # of the servers that refuse connections
        self._epoch = 0  # counts the resets

    def takes(self, request: Request, connection: Line) -> bool:
        """Whether a fault strikes this request; then the connection gets its answer, or its end, from here."""
        steps = self._strike(request)
        if steps is None:
            return False
        self._go_on(steps, connection)
        return True

    def reset(self) -> None:
        """No fault outlives this: who refuses connections accepts them again, who still waits meets a reset."""
        with self._lock:
            self._epoch += 1
            for accept in self._accept_again:
                accept()
            self._accept_again.clear()

    def _wait(self, seconds: float, steps: Script, connection: Line) -> None:
        epoch = self._epoch
        connection.later(
            seconds, lambda: self._go_on(steps, connection) if epoch == self._epoch else connection.reset()
        )

    def _refuse(self, seconds: float, connection: Line) -> None:
        with self._lock:  # a client that sees its connection reset may have the mock reset at once
            self._accept_again.add(connection.refuse(seconds))

    def _go_on(self, steps: Script, connection: Line) -> None:
        """Carry out steps until one has to wait; a head is held back until it is known what follows it."""
        head: Head | None = None
        for step in steps:
            match step:
                case Head():
                    head = step
                case Piece(content, last=True) if head is not None:
                    connection.reply((head.status, head.headers, content))
                    return
                case Piece(content, last):
                    self._begin(head, connection)
                    head = None
                    connection.write(content)
                    if last:
                        connection.hang_up()
                        return
                case Wait(seconds):
                    self._begin(head, connection)
                    self._wait(seconds, steps, connection)
                    return
                case Break(reset, refuse):
                    self._begin(head, connection)
                    if refuse:
                        self._refuse(refuse, connection)
                    elif reset:
                        connection.reset()
                    else:
                        connection.hang_up()
                    return

    def _begin(self, head: Head | None, connection: Line) -> None:
        """Send a head whose body does not come in one go; the connection ends after it."""
        if head is not None:
            answer = (head.status, head.headers, b"")
            connection.write(response(answer, date_line(time.time()), b"close", with_body=False))
