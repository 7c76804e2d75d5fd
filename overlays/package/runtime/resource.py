"""What the generated resource classes stand on: the way to the client, and help with misspelt arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .identifiers import is_uuid

if TYPE_CHECKING:
    from uuid import UUID

    import httpx

    from ..client import AsyncTelnyx, Telnyx

Method = TypeVar("Method", bound=Callable[..., Any])
Other = TypeVar("Other")


class Root:
    """Base of the generated list of resources, which ``Telnyx`` inherits."""

    def _itself(self) -> Telnyx:
        return cast("Telnyx", self)


class AsyncRoot:
    """Base of the generated list of resources, which ``AsyncTelnyx`` inherits."""

    def _itself(self) -> AsyncTelnyx:
        return cast("AsyncTelnyx", self)


class Resource:
    """Base of a generated resource; its methods send with the client that it was reached by."""

    def __init__(self, client: Telnyx) -> None:
        self._client = client

    def _within(self, timeout: float | httpx.Timeout | None) -> Telnyx:
        """The client for one call: one with this timeout, if there is one."""
        return self._client if timeout is None else self._client.with_options(timeout=timeout)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


class AsyncResource:
    """Base of a generated resource of ``AsyncTelnyx``."""

    def __init__(self, client: AsyncTelnyx) -> None:
        self._client = client

    def _within(self, timeout: float | httpx.Timeout | None) -> AsyncTelnyx:
        """The client for one call: one with this timeout, if there is one."""
        return self._client if timeout is None else self._client.with_options(timeout=timeout)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


def identifier(value: UUID | Other) -> str | Other:
    """An id as text; whatever else may stand in its place (None, UNSET) as it is."""
    return str(value) if is_uuid(value) else cast("Other", value)


def suggesting(method: Method) -> Method:
    """Make ``method`` name the nearest argument when it is called with one that it does not have."""
    if inspect.iscoroutinefunction(method):

        @wraps(method)
        async def call_async(*arguments: Any, **named: Any) -> Any:
            try:
                coroutine = method(*arguments, **named)
            except TypeError as problem:  # nothing of the method has run: the arguments do not fit
                raise _explained(problem, method, named) from None
            return await coroutine

        return cast("Method", call_async)

    @wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return method(*arguments, **named)
        except TypeError as problem:
            trace = problem.__traceback__
            if trace is None or trace.tb_next is not None:  # raised within the method
                raise
            raise _explained(problem, method, named) from None

    return cast("Method", call)


def _explained(problem: TypeError, method: Callable[..., Any], named: dict[str, Any]) -> TypeError:
    """The error to raise for arguments that do not fit ``method``: about the first unknown name if there is one."""
    from .nearest import hint

    code = method.__code__
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    unknown = next((name for name in named if name not in known), None)
    if unknown is None:
        return TypeError(*problem.args)
    free = [name for name in known if name not in named]
    return TypeError(f"{method.__qualname__}() has no argument {unknown!r}{hint(unknown, free, known)}")
