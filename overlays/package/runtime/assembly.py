"""Requests made of calls: the URL and headers are put together here, once where they stay the same."""

from __future__ import annotations

from typing import Any

import httpx

from .call import Call
from .settings import USER_AGENT, Settings, as_timeout, check_header
from .unpack import ACCEPTED
from .wire import query

Seconds = dict[str, float | None]


class Credentials:
    """A token and the headers made with it: those of requests without and with a JSON body."""

    __slots__ = ("bare", "json", "token")

    def __init__(self, token: str, common: list[tuple[str, str]]) -> None:
        self.token: str = token
        pairs = [*common, ("Authorization", f"Bearer {token}")]
        self.bare: httpx.Headers = httpx.Headers(pairs)
        self.json: httpx.Headers = httpx.Headers([*pairs, ("Content-Type", "application/json")])


class Assembler:
    """Makes the requests of one client; used by any number of threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.timeout: Seconds = settings.timeout.as_dict()
        host = httpx.URL(settings.base_url).netloc.decode("ascii")
        own = {name.lower() for name, _ in settings.headers}
        usual = (
            ("Host", host),
            ("Accept", "application/json"),
            ("Accept-Encoding", ACCEPTED),
            ("User-Agent", USER_AGENT),
        )
        self._common = [*((name, value) for name, value in usual if name.lower() not in own), *settings.headers]
        self._credentials: Credentials | None = None

    def credentials(self) -> Credentials:
        """The credentials of the moment: a callable token is asked each time.

        ``ValueError`` when it is no token; what the callable itself raises goes to the caller, since nothing was sent.
        """
        token = self.settings.token
        if not isinstance(token, str):
            token = token()
        known = self._credentials
        if known is not None and known.token == token:
            return known
        check_token(token)
        self._credentials = known = Credentials(token, self._common)
        return known

    def timeouts(self, call: Call) -> Seconds:
        """The timeouts of a call by phase, in seconds."""
        return self.timeout if call.timeout is None else as_timeout(call.timeout).as_dict()

    def request(self, call: Call, url: str, seconds: Seconds, ends: float, credentials: Credentials) -> httpx.Request:
        """The request of a call, which is over at ``ends`` of the monotonic clock.

        ``ValueError`` when it can't be sent as it is.
        """
        body = call.body
        headers = credentials.bare if body is None or call.content_type != "application/json" else credentials.json
        try:
            # A stream, because with content httpx would look through the headers for what is already there.
            request = httpx.Request(
                call.operation.method,
                url,
                headers=headers,
                stream=httpx.ByteStream(body or b""),
                extensions={"timeout": seconds, "deadline": ends},
            )
        except httpx.InvalidURL as problem:
            raise ValueError(f"{call.operation.template}: can't be sent: {problem}") from None
        if body is not None:
            request.headers["Content-Length"] = str(len(body))
            if headers is credentials.bare:
                request.headers["Content-Type"] = call.content_type
        elif not call.operation.safe and call.operation.method != "DELETE":
            request.headers["Content-Length"] = "0"
        for name, value in call.headers:
            check_header(name, value)
            request.headers[name] = value
        return request

    def url(self, call: Call) -> str:
        """The address of a call."""
        query_string = query(call.query) if call.query else ""
        address = f"{self.settings.base_url}{call.path}"
        return f"{address}?{query_string}" if query_string else address


def check_token(token: Any) -> None:
    """``ValueError`` for what can't be a token; the message does not say what it was."""
    if not isinstance(token, str) or not token:
        raise ValueError("the API key is empty, or no text")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the API key has spaces or characters that no key has; was more copied than the key?")
