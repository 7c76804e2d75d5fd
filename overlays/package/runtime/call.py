"""What is to be sent: an operation of the API, and one call of it.

Plain slotted classes: a call is made for every request, and an attrs class would take a millisecond to import.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
IDEMPOTENT = SAFE | {"PUT", "DELETE"}


class Operation:
    """An operation as the description knows it.

    ``template`` is the path with the names of its parameters, which is what logs and errors show. ``safe``: it only
    reads; ``idempotent``: sending it twice does what sending it once does. Both follow from the method (RFC 9110,
    section 9.2) unless they are given.
    """

    __slots__ = ("idempotent", "method", "operation_id", "safe", "template")

    def __init__(
        self, operation_id: str, method: str, template: str, *, safe: bool | None = None, idempotent: bool | None = None
    ) -> None:
        self.operation_id: str = operation_id
        self.method: str = method.upper()
        self.template: str = template
        self.safe: bool = self.method in SAFE if safe is None else safe
        self.idempotent: bool = self.method in IDEMPOTENT if idempotent is None else idempotent

    def __repr__(self) -> str:
        return f"Operation({self.operation_id!r}, {self.method!r}, {self.template!r})"


class Call:
    """One call: its path below the base URL and its query are already encoded, its body is already bytes.

    ``query``: pairs in the order in which they are sent; ``headers``: pairs beside those of the client; ``timeout``:
    replaces the client's, in seconds or as ``httpx.Timeout``.
    """

    __slots__ = ("body", "content_type", "headers", "operation", "path", "query", "timeout")

    def __init__(
        self,
        operation: Operation,
        path: str,
        query: Iterable[tuple[str, str]] = (),
        body: bytes | None = None,
        content_type: str = "application/json",
        timeout: float | httpx.Timeout | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.operation: Operation = operation
        self.path: str = path
        self.query: Iterable[tuple[str, str]] = query
        self.body: bytes | None = body
        self.content_type: str = content_type
        self.timeout: float | httpx.Timeout | None = timeout
        self.headers: Iterable[tuple[str, str]] = headers

    def __repr__(self) -> str:
        # Neither the path's values nor the query nor the body: phone numbers and texts of people are in them.
        return f"Call({self.operation!r})"
