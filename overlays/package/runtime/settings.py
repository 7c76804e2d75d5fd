"""How a client behaves: everything that its user decides, checked once and never changed afterwards."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import httpx

from .frozen import Frozen
from .retry import RetryPolicy

if TYPE_CHECKING:
    from .drift import DriftObservation
    from .logs import Attempt

VERSION = "0.1.0"
BASE_URL = "https://api.telnyx.com/v2"
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
PROXIES = ("http", "https", "socks5", "socks5h")
KEEP_ALIVE = 5.0  # seconds that an idle connection is kept, as httpx does
PYTHON = ".".join(map(str, sys.version_info[:3]))
USER_AGENT = f"telnyx-bindings/{VERSION} python/{PYTHON} httpx/{httpx.__version__}"
# Set by the session for each request; a client's own headers must not change what they mean.
RESERVED = frozenset(
    {"authorization", "host", "content-length", "content-type", "transfer-encoding", "accept-encoding"}
)

Token = str | Callable[[], str]


def as_timeout(value: float | httpx.Timeout | None) -> httpx.Timeout:
    """Seconds as an ``httpx.Timeout``: that long for each read and write, and at most 10 s for a connection."""
    if isinstance(value, httpx.Timeout):
        return value
    if value is None:
        return TIMEOUT
    if not 0 < value < float("inf"):
        raise ValueError("a timeout is a number of seconds above 0, or an httpx.Timeout")
    return httpx.Timeout(value, connect=min(value, 10.0))


def checked_base_url(value: str) -> str:
    """A base URL without its trailing slash; ``ValueError`` when requests can't be sent below it."""
    url: httpx.URL | None = None
    said = ""
    try:
        url = httpx.URL(value)
    except (httpx.InvalidURL, TypeError) as problem:
        # It quotes a part of the address, and that may be a part of a password.
        said = "" if "@" in str(value) else f": {problem}"
    if url is None:
        raise ValueError(f"not a base URL{said}")
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("a base URL begins with https:// (or http://) and a host")
    if url.query or url.fragment or url.userinfo:
        raise ValueError("a base URL has no query, fragment or credentials")
    return str(url).rstrip("/")


def proxy_url(value: str | None) -> str | None:
    """The address of a proxy; ``ValueError`` when it is none, without showing it, since it may hold a password."""
    try:
        known = value is None or httpx.URL(value).scheme in PROXIES
    except (httpx.InvalidURL, TypeError):
        known = False
    if not known:
        raise ValueError(f"a proxy is an address that begins with one of {', '.join(PROXIES)} and ://")
    return value


def checked_headers(value: Mapping[str, str] | Iterable[tuple[str, str]] | None) -> tuple[tuple[str, str], ...]:
    """A copy of the caller's headers; ``ValueError`` for one that is not the caller's to set or can't be sent."""
    pairs = tuple(dict(value or ()).items())
    for name, content in pairs:
        check_header(name, content)
        if name.lower() in RESERVED:
            raise ValueError(f"the header {name} is set by the client" + "; pass api_key" * (name.lower()[0] == "a"))
    return pairs


def check_header(name: str, content: str) -> None:
    """``TypeError`` for a header that is no text, ``ValueError`` for one that can't be sent as it is.

    A value with a line end would begin another header; one with blanks at its ends or other control characters is
    refused only while sending, or arrives as another one. The messages do not show the value.
    """
    if not isinstance(name, str) or not isinstance(content, str):
        raise TypeError(f"a header's name and value are texts, not {type(name).__name__} and {type(content).__name__}")
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    if not plain or not content.isascii() or not content.isprintable() or content != content.strip():
        raise ValueError(
            f"the header {name!r} can't be sent: it needs a plain name and a printable ASCII value without blanks"
            " at its ends"
        )


class Settings(Frozen):
    """The fields, all by name:

    ``token``: the API key, or a function that gives it before each attempt (rotation). ``timeout``: seconds, or an
    ``httpx.Timeout``. ``transport``: what sends requests instead of the network (``httpx.MockTransport``, a recorder),
    or what makes it (a class such as ``httpx_aiohttp.AiohttpTransport``). ``max_connections``: at once, by event loop.
    ``proxy``: instead of what the environment says (``trust_env``). ``strict``: deviations of an answer from the
    description raise. ``on_drift`` gets each deviation, ``on_attempt`` each attempt; neither may raise.
    """

    _hidden: ClassVar[frozenset[str]] = frozenset(
        {"token", "on_drift", "on_attempt", "headers", "transport", "proxy", "ssl_context"}
    )

    token: Token
    base_url: str
    timeout: httpx.Timeout
    retry: RetryPolicy
    strict: bool
    on_drift: Callable[[DriftObservation], object] | None
    on_attempt: Callable[[Attempt], object] | None
    headers: tuple[tuple[str, str], ...]
    follow_redirects: bool
    transport: Any
    proxy: str | None
    trust_env: bool
    ssl_context: ssl.SSLContext | None
    max_connections: int

    def __init__(
        self,
        *,
        token: Token,
        base_url: str = BASE_URL,
        timeout: float | httpx.Timeout | None = None,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # it can't be changed
        strict: bool = False,
        on_drift: Callable[[DriftObservation], object] | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        follow_redirects: bool = False,
        transport: Any = None,
        proxy: str | None = None,
        trust_env: bool = True,
        ssl_context: ssl.SSLContext | None = None,
        max_connections: int = 100,
    ) -> None:
        if not max_connections >= 1:
            raise ValueError(f"max_connections must be 1 or more, not {max_connections!r}")
        super().__init__(
            token=token,
            base_url=checked_base_url(base_url),
            timeout=as_timeout(timeout),
            retry=retry,
            strict=strict,
            on_drift=on_drift,
            on_attempt=on_attempt,
            headers=checked_headers(headers),
            follow_redirects=follow_redirects,
            transport=transport,
            proxy=proxy_url(proxy),
            trust_env=trust_env,
            ssl_context=ssl_context,
            max_connections=max_connections,
        )

    def given_transport(self) -> Any:
        """The transport that the caller brought; a class or function is called, for each event loop anew."""
        given = self.transport
        ready = given is None or isinstance(given, httpx.BaseTransport | httpx.AsyncBaseTransport)
        return given if ready or not callable(given) else given()
