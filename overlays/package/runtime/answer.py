"""A complete answer as it came, before anybody makes something of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rate_limit
from .call import Operation

if TYPE_CHECKING:
    import httpx

REQUEST_ID = ("x-request-id", "x-telnyx-request-id", "request-id")


class Answer:
    """``status`` is any number that the server chose; ``body`` is unpacked; ``elapsed`` is in seconds, all attempts and
    waits included. ``fault`` says why the body could not be unpacked; then ``body`` is what came over the wire.
    """

    __slots__ = ("_secret", "attempts", "body", "elapsed", "fault", "headers", "operation", "status")

    def __init__(
        self,
        operation: Operation,
        status: int,
        headers: httpx.Headers,
        body: bytes,
        *,
        attempts: int = 1,
        elapsed: float = 0.0,
        fault: str | None = None,
        secret: str = "",
    ) -> None:
        self.operation: Operation = operation
        self.status: int = status
        self.headers: httpx.Headers = headers
        self.body: bytes = body
        self.attempts: int = attempts
        self.elapsed: float = elapsed
        self.fault: str | None = fault
        # The credentials of the request, so that an answer that repeats them does not carry them into a message.
        self._secret = secret

    @property
    def operation_id(self) -> str:
        """The operation that was called."""
        return self.operation.operation_id

    @property
    def method(self) -> str:
        """Its HTTP method."""
        return self.operation.method

    @property
    def template(self) -> str:
        """Its path with the names of its parameters."""
        return self.operation.template

    @property
    def request_id(self) -> str | None:
        """The server's name for this request, which its support asks for."""
        headers = self.headers
        for name in REQUEST_ID:
            if name in headers:
                return headers[name]
        return None

    @property
    def rate_limit(self) -> rate_limit.RateLimit | None:
        """What the answer says about the rate limit."""
        return rate_limit.read(self.headers)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty when there is none."""
        found: str = self.headers.get("content-type", "")
        return found.partition(";")[0].strip().lower()

    def secret(self) -> str:
        """What must not appear in a message about this answer."""
        return self._secret

    def __repr__(self) -> str:
        return f"Answer({self.operation!r}, status={self.status}, {len(self.body)} bytes)"
