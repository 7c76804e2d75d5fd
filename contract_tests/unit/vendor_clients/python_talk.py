"""What every conversation of Telnyx's Python library with a mock needs: calls of either client, lists, refusals.

Runs in the environment of ``scripts/vendor_client.lock`` and imports nothing of this repository.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

telnyx: Any = importlib.import_module("telnyx")

KEY = "KEY_vendor"
Seen = dict[str, Any]


def client(kind: str, base_url: str, retries: int = 0, strict: bool = True) -> Any:
    """A client of the library, ``sync`` or ``async``.

    ``strict``: an answer that does not fit the library's own models is an error instead of a guess.
    """
    make = telnyx.AsyncTelnyx if kind == "async" else telnyx.Telnyx
    return make(api_key=KEY, base_url=base_url, max_retries=retries, _strict_response_validation=strict, timeout=5)


async def done(answer: Any) -> Any:
    """The result of a call, whichever client made it."""
    return await answer if inspect.isawaitable(answer) else answer


async def every(listing: Any) -> list[Any]:
    """All items of a list, walked page by page by the library."""
    if hasattr(listing, "__aiter__"):
        return [item async for item in listing]
    return list(listing)


async def refused(call: Callable[[], Any]) -> Seen:
    """The class, the status and the codes of the error that a call raises."""
    try:
        await done(call())
    except telnyx.APIStatusError as problem:
        body: Any = problem.body
        codes = [one["code"] for one in body["errors"]]
        return {"class": type(problem).__name__, "status": problem.status_code, "codes": codes}
    return {"class": "nothing was raised"}


def plain(record: Any) -> Seen:
    """A record as the JSON it was, without what was not sent."""
    found: Seen = record.model_dump(mode="json", exclude_unset=True)
    return found
