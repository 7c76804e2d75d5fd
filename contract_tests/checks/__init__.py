"""Checks that look at one exchange: one a file, each ``check(description, operation, exchange)`` → findings."""

from __future__ import annotations

from contract_tests.checks import (
    acceptance,
    content_type,
    credentials,
    duplicate_keys,
    error_envelope,
    headers,
    page_meta,
    rejection,
    response_schema,
    server_error,
    status,
)
from contract_tests.session import Check


def every(token: str, *, live: bool = False) -> tuple[Check, ...]:
    """All checks of a run whose right token is ``token``, on a target that is ``live`` or may be a mock."""
    return (
        server_error.check,
        status.check,
        content_type.check,
        response_schema.check,
        duplicate_keys.check,
        error_envelope.check,
        headers.check,
        page_meta.check,
        acceptance.check,
        rejection.check,
        credentials.checker(token, live=live),
    )
