"""From a failed check of Schemathesis to a finding in our words; one deviation stays one finding.

Our own checks look at every exchange first. What they found already is not repeated: ``KINDS`` names, for each check
of Schemathesis, the kinds of ours that say the same. What remains is a finding under Schemathesis' name for it, so
that a gap in our checks shows instead of hiding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contract_tests.checks.credentials import takes_any
from contract_tests.checks.violations import pointer
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import REDACTED, Exchange


@dataclass(frozen=True, slots=True)
class Failure:
    """What a check of Schemathesis said: its name, its text, and for schema violations the path into the body."""

    check: str
    message: str
    instance_path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a check of Schemathesis is written down: ``same`` are prefixes of our kinds that say the same."""

    kind: str
    expected: str
    severity: Severity
    same: tuple[str, ...] = ()
    pointer: str = ""


MAPPINGS = {
    "not_a_server_error": Mapping("server-error", "an answer below 500", Severity.BREAKING, ("server-error",)),
    "status_code_conformance": Mapping(
        "undocumented-status", "a described status", Severity.BREAKING, ("undocumented-status", "server-error")
    ),
    "content_type_conformance": Mapping(
        "content-type",
        "a described media type",
        Severity.BREAKING,
        ("content-type", "response-not-json", "server-error"),
    ),
    "response_headers_conformance": Mapping(
        "header-value", "the described headers", Severity.BREAKING, ("header-missing", "header-value")
    ),
    "response_schema_conformance": Mapping(
        "response-schema",
        "the described schema",
        Severity.BREAKING,
        ("response-", "error-envelope", "content-type", "undocumented-status"),
    ),
    "negative_data_rejection": Mapping(
        "invalid-accepted", "a refusal of invalid data", Severity.DEGRADED, ("invalid-accepted",)
    ),
    "ignored_auth": Mapping(
        "wrong-token-accepted",
        "status 401",
        Severity.BREAKING,
        ("wrong-token-accepted", "missing-token-accepted"),
        "request:header:authorization",
    ),
    "unsupported_method": Mapping(
        "method-not-refused", "405 with the Allow header, for a method that is not described", Severity.DEGRADED
    ),
    "use_after_free": Mapping("use-after-delete", "404 for a deleted record", Severity.BREAKING),
    "ensure_resource_availability": Mapping(
        "created-not-found", "a created record to be there", Severity.BREAKING, ("no-answer",)
    ),
}
# What an answer to wrong credentials is when it opens nothing, but is no 401 either.
REFUSED_OTHERWISE = Mapping(
    "wrong-refusal", "status 401", Severity.BREAKING, ("wrong-refusal",), "request:header:authorization"
)
SERVER_ERROR, CLIENT_ERROR = 500, 400
UNKNOWN = Mapping("schemathesis", "the check to pass", Severity.UNVERIFIED)


def classify(
    failure: Failure,
    operation: str,
    exchange: Exchange,
    known: Iterable[str],
    sensitive: Iterable[str] = (),
    *,
    live: bool = False,
) -> Finding | None:
    """The finding for a failed check; None when ``known``, the kinds our checks found here, says it already.

    Schemathesis quotes values: a text that names one of the ``sensitive`` fields is not shown. A ``live`` target is not
    believed when it says that it takes any token.
    """
    if failure.check == "ignored_auth" and takes_any(exchange, live=live):
        # Schemathesis does not know that the target announced it.
        return None
    mapping = _mapping(failure.check, exchange.status)
    if any(kind.startswith(same) for kind in known for same in mapping.same):
        return None
    summary = " ".join(failure.message.split())
    if any(name in summary for name in sensitive):
        summary = REDACTED
    return Finding(
        kind=mapping.kind,
        operation=operation,
        pointer=mapping.pointer or pointer(str(step) for step in failure.instance_path),
        expected=mapping.expected,
        observed=f"status {exchange.status}: {summary}",
        severity=mapping.severity,
        check=f"schemathesis:{failure.check}",
        exchange=exchange,
    )


def _mapping(check: str, status: int) -> Mapping:
    """The words for a failed check, seen beside the status: a refusal or a 5xx accepted no token."""
    if status >= SERVER_ERROR and check in {"ignored_auth", "content_type_conformance"}:
        return MAPPINGS["not_a_server_error"]
    if status >= CLIENT_ERROR and check == "ignored_auth":
        return REFUSED_OTHERWISE
    return MAPPINGS.get(check, UNKNOWN)
