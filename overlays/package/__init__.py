"""Typed client for the Telnyx v2 API, generated from its OpenAPI description.

::

    from telnyx_bindings import Telnyx

    with Telnyx() as telnyx:                                   # TELNYX_API_KEY, or api_key="..."
        profile = telnyx.messaging_profiles.create(name="My name", whitelisted_destinations=["US"]).data
        for number in telnyx.messaging_profiles.list_phone_numbers(profile.id):
            print(number.phone_number)

What this package offers:

- clients: ``Telnyx``, ``AsyncTelnyx``
- settings: ``RetryPolicy``, ``Attempt``, ``DriftObservation``
- values: ``UNSET``, ``Unset``, ``File``, ``Uploadable``, ``Response``, ``RateLimit``, ``Pages``, ``AsyncPages``
- errors: ``TelnyxError``, ``ConnectionNeverMade``, ``OutcomeUnknown``, ``AnswerUnreadable``, ``PageRepeated``,
  ``ApiError``, ``BadRequest``, ``Unauthorized``, ``PermissionDenied``, ``NotFound``, ``Conflict``, ``Unprocessable``,
  ``RateLimited``, ``SpendLimitReached``, ``ServerError``, ``UnexpectedStatus``, ``ErrorDetail``
- modules: ``errors`` (draws their tree), ``models`` (the schemas as classes), ``webhooks`` (signatures and events)

Below the clients each operation is a module of ``api`` with ``sync``, ``sync_detailed``, ``asyncio`` and
``asyncio_detailed``, which send with a client as its methods do. Importing this package loads none of all this: each
part is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import errors, models, webhooks
    from .client import AsyncTelnyx, Telnyx
    from .errors import (
        AnswerUnreadable,
        ApiError,
        BadRequest,
        Conflict,
        ConnectionNeverMade,
        ErrorDetail,
        NotFound,
        OutcomeUnknown,
        PageRepeated,
        PermissionDenied,
        RateLimited,
        ServerError,
        SpendLimitReached,
        TelnyxError,
        Unauthorized,
        UnexpectedStatus,
        Unprocessable,
    )
    from .runtime.drift import DriftObservation
    from .runtime.logs import Attempt
    from .runtime.pagination import AsyncPages, Pages
    from .runtime.rate_limit import RateLimit
    from .runtime.retry import RetryPolicy
    from .types import UNSET, File, Response, Unset, Uploadable

__all__ = (
    "UNSET",
    "AnswerUnreadable",
    "ApiError",
    "AsyncPages",
    "AsyncTelnyx",
    "Attempt",
    "BadRequest",
    "Conflict",
    "ConnectionNeverMade",
    "DriftObservation",
    "ErrorDetail",
    "File",
    "NotFound",
    "OutcomeUnknown",
    "PageRepeated",
    "Pages",
    "PermissionDenied",
    "RateLimit",
    "RateLimited",
    "Response",
    "RetryPolicy",
    "ServerError",
    "SpendLimitReached",
    "Telnyx",
    "TelnyxError",
    "Unauthorized",
    "UnexpectedStatus",
    "Unprocessable",
    "Unset",
    "Uploadable",
    "errors",
    "models",
    "webhooks",
)

_MODULES = frozenset({"errors", "models", "webhooks"})
# Where a name is that is no error.
_PLACES = {
    "AsyncPages": ".runtime.pagination",
    "AsyncTelnyx": ".client",
    "Attempt": ".runtime.logs",
    "DriftObservation": ".runtime.drift",
    "File": ".types",
    "Pages": ".runtime.pagination",
    "RateLimit": ".runtime.rate_limit",
    "Response": ".types",
    "RetryPolicy": ".runtime.retry",
    "Telnyx": ".client",
    "UNSET": ".types",
    "Unset": ".types",
    "Uploadable": ".types",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name in _MODULES:
        value: Any = import_module(f".{name}", __name__)
    else:
        value = getattr(import_module(_PLACES.get(name, ".errors"), __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
