"""The clients, for ordinary code and for asyncio.

A client holds settings and a session and has the API's resources as attributes. Nothing is loaded or connected before
it is used. It can be shared by threads (in asyncio by event loops), and used again after it was closed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, cast

import httpx

from .async_resources import AsyncResources
from .resources import Resources
from .runtime.settings import BASE_URL, Settings, Token
from .types import UNSET, Response

if TYPE_CHECKING:
    from typing import Self, Unpack

    from .runtime.async_session import AsyncConnections, AsyncSession
    from .runtime.call import Call
    from .runtime.options import Changes, Options
    from .runtime.session import Connections, Session

KEY_VARIABLE: Final = "TELNYX_API_KEY"
URL_VARIABLE: Final = "TELNYX_BASE_URL"
# The one asks for a tunnel to somewhere else, the other for the request with its credentials as the answer.
TUNNELS: Final = ("CONNECT", "TRACE")
# Settings of the network side: a client that differs in one of these needs connections of its own.
CONNECTING: Final = frozenset({"base_url", "transport", "proxy", "trust_env", "ssl_context", "max_connections"})


def settings(api_key: Token | None, base_url: str | None, options: Options) -> Settings:
    """The settings of a new client; ``ValueError`` without an API key, ``TypeError`` for an unknown option."""
    token: Token | None = api_key if api_key is not None else os.environ.get(KEY_VARIABLE)
    if token is None or token == "":
        raise ValueError(f"no API key: pass api_key, or set {KEY_VARIABLE}")
    check(options, "a client")
    address = base_url if base_url is not None else os.environ.get(URL_VARIABLE) or BASE_URL
    return Settings(token=token, base_url=address, **cast("dict[str, Any]", options))


def check(options: Mapping[str, object], place: str) -> None:
    """``TypeError`` for a name that is no option, with the one that was probably meant."""
    known = [name for name in Settings.field_names() if name != "token"] + ["api_key"]
    for name in options:
        if name not in known:
            from .runtime.nearest import hint

            raise TypeError(f"{place} has no option {name!r}{hint(name, known, known)}")


def changed(present: Settings, changes: Changes) -> tuple[Settings, bool]:
    """Settings with some of them changed, and whether the connections can stay; ``TypeError`` for an unknown one."""
    check(changes, "with_options()")
    given = cast("dict[str, Any]", dict(changes))
    if "api_key" in given:
        given["token"] = given.pop("api_key")
    return present.__replace__(**given), CONNECTING.isdisjoint(given)


class Telnyx(Resources):
    """The Telnyx API.

    Args:
        api_key: The API key, or a function that returns it (asked for each attempt). Default: ``TELNYX_API_KEY``.
        base_url: Where the API is. Default: ``TELNYX_BASE_URL``, else the real one.
        options: Further settings by name: ``timeout`` in seconds, ``retry``, ``strict``, ``on_drift``, ``on_attempt``,
            ``headers``, ``follow_redirects``, ``transport``, ``proxy``, ``trust_env``, ``ssl_context``,
            ``max_connections``; see ``Settings``.

    Raises:
        ValueError: There is no API key, or a setting can't be.
    """

    session: Session

    def __init__(
        self, api_key: Token | None = None, *, base_url: str | None = None, **options: Unpack[Options]
    ) -> None:
        self._start(settings(api_key, base_url, options), None)

    def _start(self, chosen: Settings, connections: Connections | None) -> None:
        from .runtime.session import Session

        self.session = Session(chosen, connections)

    def with_options(self, **changes: Unpack[Changes]) -> Self:
        """A client that differs from this one in some settings and shares its connections where that is possible, for
        instance ``telnyx.with_options(timeout=5).messaging_profiles.list()``."""
        chosen, sharing = changed(self.session.settings, changes)
        other = object.__new__(type(self))
        other._start(chosen, self.session.connections if sharing else None)
        return other

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = UNSET,
        timeout: float | httpx.Timeout | None = None,
    ) -> Response[Any]:
        """Send anything to the API, also what is not described: ``telnyx.request("GET", "/whoami").parsed``.

        ``path`` is below the base URL, already encoded and without a query. ``parsed`` is the JSON that came, or its
        text when it is none. Retries and errors are those of every other call.
        """
        from .runtime import decode

        answer = self.session.send(_any_call(method, path, query, json, timeout))
        return decode.respond(answer, decode.anything(answer))

    def close(self) -> None:
        """Close the connections. A later call opens new ones."""
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.session.settings.base_url!r})"


class AsyncTelnyx(AsyncResources):
    """The Telnyx API in asyncio. Each event loop has connections of its own.

    Args:
        api_key: The API key, or a function that returns it (asked for each attempt). Default: ``TELNYX_API_KEY``.
        base_url: Where the API is. Default: ``TELNYX_BASE_URL``, else the real one.
        options: Further settings by name: ``timeout`` in seconds, ``retry``, ``strict``, ``on_drift``, ``on_attempt``,
            ``headers``, ``follow_redirects``, ``transport``, ``proxy``, ``trust_env``, ``ssl_context``,
            ``max_connections``; see ``Settings``.

    Raises:
        ValueError: There is no API key, or a setting can't be.
    """

    session: AsyncSession

    def __init__(
        self, api_key: Token | None = None, *, base_url: str | None = None, **options: Unpack[Options]
    ) -> None:
        self._start(settings(api_key, base_url, options), None)

    def _start(self, chosen: Settings, connections: AsyncConnections | None) -> None:
        from .runtime.async_session import AsyncSession

        self.session = AsyncSession(chosen, connections)

    def with_options(self, **changes: Unpack[Changes]) -> Self:
        """A client that differs from this one in some settings and shares its connections where that is possible, for
        instance ``await telnyx.with_options(timeout=5).messaging_profiles.retrieve(id)``."""
        chosen, sharing = changed(self.session.settings, changes)
        other = object.__new__(type(self))
        other._start(chosen, self.session.connections if sharing else None)
        return other

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = UNSET,
        timeout: float | httpx.Timeout | None = None,
    ) -> Response[Any]:
        """Send anything to the API, also what is not described: ``await telnyx.request("GET", "/whoami")``.

        ``path`` is below the base URL, already encoded and without a query. ``parsed`` is the JSON that came, or its
        text when it is none. Retries and errors are those of every other call.
        """
        from .runtime import decode

        answer = await self.session.send(_any_call(method, path, query, json, timeout))
        return decode.respond(answer, decode.anything(answer))

    async def aclose(self) -> None:
        """Close the connections of the running event loop. A later call opens new ones."""
        await self.session.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.session.settings.base_url!r})"


def _any_call(
    method: str, path: str, query: Mapping[str, Any] | None, json: Any, timeout: float | httpx.Timeout | None
) -> Call:
    """The call of the escape hatch. ``ValueError`` when the path leaves the base URL or leads somewhere else in it."""
    from urllib.parse import unquote

    from .runtime import redaction, wire
    from .runtime.call import Call, Operation

    if not method.isascii() or not method.isalpha() or method.upper() in TUNNELS:
        raise ValueError(f"an HTTP method is a word, and none of {', '.join(TUNNELS)}")
    if not path.startswith("/") or path.startswith("//") or any(mark in path for mark in "?#\\"):
        raise ValueError("a path begins with one slash and holds no query; give that as query={...}")
    for segment in filter(None, path.split("/")):
        wire.check_segment(unquote(segment))
    pairs = [pair for name, value in (query or {}).items() for pair in wire.query_pairs(name, value)]
    body = None if json is UNSET else wire.json_bytes(json)
    return Call(Operation("request", method, redaction.path(path)), path, pairs, body, timeout=timeout)
