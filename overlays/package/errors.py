"""The errors of this package; the tree is drawn in ``runtime.errors``."""

from __future__ import annotations

from .runtime.errors import (
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

__all__ = (
    "AnswerUnreadable",
    "ApiError",
    "BadRequest",
    "Conflict",
    "ConnectionNeverMade",
    "ErrorDetail",
    "NotFound",
    "OutcomeUnknown",
    "PageRepeated",
    "PermissionDenied",
    "RateLimited",
    "ServerError",
    "SpendLimitReached",
    "TelnyxError",
    "Unauthorized",
    "UnexpectedStatus",
    "Unprocessable",
)
