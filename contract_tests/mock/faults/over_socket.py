"""Carries the steps of a fault out on a connection of the server."""

from __future__ import annotations

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

    def takes(self, request: Request, connection: Line) -> bool:
        """Whether a fault strikes this request; then the connection gets its answer, or its end, from here."""
        steps = self._strike(request)
        if steps is None:
            return False
        self._go_on(steps, connection)
        return True

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
                    connection.later(seconds, lambda: self._go_on(steps, connection))
                    return
                case Break(reset, refuse):
                    self._begin(head, connection)
                    if refuse:
                        connection.refuse(refuse)
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
