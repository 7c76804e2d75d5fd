"""Root causes as ``drift.json`` tells them: with effect, place in the description, exchange, and commands."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from contract_tests.description import Description
from contract_tests.drift import reproduction
from contract_tests.drift.advice import advise
from contract_tests.drift.cause import Cause
from contract_tests.drift.conclusion import Conclusion
from contract_tests.drift.described import SourceMap, nearest, source_map
from contract_tests.drift.effect import effect
from contract_tests.drift.known import Entry
from contract_tests.exchange import NOT_JSON, Exchange, Redactor
from scripts.pipeline import pointers

# Operations that a headline names before it counts the rest.
NAMED = 2
# A value of an answer that is longer than this, as JSON, is no evidence that a person reads.
SHOWN_VALUE = 120


def seconds(moment: float) -> str:
    """A Unix time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


class Teller:
    """Tells the causes of one run; asks the files of the description for lines only when there is one to tell."""

    def __init__(self, description: Description, redactor: Redactor, conclusion: Conclusion) -> None:
        self._description = description
        self._redactor = redactor
        self._conclusion = conclusion

    @cached_property
    def _places(self) -> SourceMap | None:
        return source_map(self._description)

    def told(self, cause: Cause) -> dict[str, Any]:
        """One cause."""
        main, exchange = cause.main, cause.exchange
        tried, shown_again = cause.replays
        return {
            "fingerprint": cause.fingerprint,
            "kind": cause.kind,
            "severity": cause.severity.value,
            "operations": list(cause.operations),
            "pointer": cause.pointer,
            "expected": main.expected,
            "observed": self._redactor.short(main.observed),
            "headline": self._headline(cause),
            "check": main.check,
            "occurrences": cause.occurrences,
            "first_seen": seconds(cause.first_seen),
            "last_seen": seconds(cause.last_seen),
            "replays": {"tried": tried, "shown": shown_again},
            "parts": list(cause.parts),
            "places": [self._place(one) for one in cause.places],
            "also": [self._also(one) for one in cause.also],
            "described": self._described(cause),
            "effect": effect(self._description, cause),
            "advice": advise(cause.kind),
            "known": _known(self._conclusion.known.get(cause.fingerprint)),
            "evidence": self._evidence(cause),
            "exchange": self._redactor.exchange(exchange) if exchange else None,
            "before": [self._redactor.exchange(one) for one in main.before] if exchange else [],
            "curl": reproduction.curl(self._redactor, exchange, main.before) if exchange else "",
            "python": reproduction.python(self._redactor, exchange, main.before) if exchange else "",
        }

    def stale(self) -> list[dict[str, str]]:
        """The entries of ``known.yaml`` that this run found to be out of date."""
        return [
            {"id": one.entry.identity, "why": one.why, "reason": one.entry.reason, "place": one.entry.place}
            for one in self._conclusion.stale
        ]

    def _headline(self, cause: Cause) -> str:
        """Operations, place, what was expected and what came; on one line."""
        names = ", ".join(cause.operations[:NAMED])
        if len(cause.operations) > NAMED:
            names += f" and {len(cause.operations) - NAMED} more"
        place = f" {cause.pointer}" if cause.pointer else ""
        fields = len({one.anchor for one in cause.places})
        many = f" ({fields} fields)" if cause.parts else ""
        observed = self._redactor.short(cause.main.observed)
        return f"{names}{place}{many}: expected {cause.main.expected}, observed {observed} [{cause.kind}]"

    def _place(self, place: Any) -> dict[str, Any]:
        return {
            "operation": place.operation,
            "pointer": place.pointer,
            "described": place.anchor,
            "occurrences": place.occurrences,
            "observed": self._redactor.short(place.observed),
            "statuses": list(place.statuses),
        }

    def _also(self, cause: Cause) -> dict[str, Any]:
        return {
            "kind": cause.kind,
            "operations": list(cause.operations),
            "pointer": cause.pointer,
            "expected": cause.main.expected,
            "observed": self._redactor.short(cause.main.observed),
            "places": [self._place(one) for one in cause.places],
        }

    def _described(self, cause: Cause) -> dict[str, str]:
        """The pointer that the finding contradicts, the part of it that exists, and the file and line of that."""
        if not cause.anchor:
            return {"pointer": "", "nearest": "", "place": ""}
        known = nearest(self._description, cause.anchor)
        place = self._places.place(known) if self._places else ""
        return {"pointer": cause.anchor, "nearest": known, "place": place}

    def _evidence(self, cause: Cause) -> dict[str, Any]:
        """What the exchange holds at the pointer, for a proposal: ``value`` only where it is short and no secret."""
        exchange = cause.exchange
        if exchange is None:
            return {}
        found: dict[str, Any] = {"status": exchange.status, "content_type": exchange.headers.get("content-type", "")}
        limits = {one.limit for one in cause.findings if one.limit}
        if len(limits) == 1:
            keyword, most = limits.pop()
            found["limit"] = {"keyword": keyword, "value": most}
        part, pointer = _split(cause.main.pointer)
        if part == "header":
            value = self._redactor.headers(exchange.headers).get(pointer)
            return {**found, "value": value} if value is not None else found
        value = _value(exchange, part, pointer)
        # What nobody described may be a secret too: its type is told by ``observed``.
        hidden = cause.kind == "field-undocumented" or not self._description.sensitive_fields.isdisjoint(
            pointer.split("/")
        )
        if value is NOT_JSON or (hidden and value is not None):
            return found
        cleaned = self._redactor.value(value)
        return {**found, "value": cleaned} if len(str(cleaned)) <= SHOWN_VALUE else found


def _split(pointer: str) -> tuple[str, str]:
    """``("", "/data")``, ``("request", "/name")``, ``("header", "x-request-id")``."""
    if pointer.startswith("/"):
        return "", pointer
    part, _, rest = pointer.rpartition(":")
    return part, rest


def _value(exchange: Exchange, part: str, pointer: str) -> Any:
    """What stands at a pointer of the answer (or of the request), ``NOT_JSON`` when nothing does."""
    if part not in {"", "request"} or (pointer and not pointer.startswith("/")):
        return NOT_JSON
    body = exchange.request_json if part else exchange.json
    try:
        return pointers.follow(body, pointer)
    except pointers.PointerToNowhere:
        return NOT_JSON


def _known(entry: Entry | None) -> dict[str, str] | None:
    if entry is None:
        return None
    return {"reason": entry.reason, "expires": entry.expires.isoformat(), "place": entry.place}
