"""What the generated package makes of every answer: it tolerates what it can, and in strict mode sees what we see.

Callers of the package depend on two promises. Its tolerant mode gives a model for any JSON object; its strict mode
refuses what is not as described. Both are held to each exchange of a run: ``package-cannot-read`` for an answer that
the schema allows and the package does not survive, ``package-refuses`` for one that the schema allows and strict mode
refuses, ``package-overlooks`` for a deviation of the kinds that strict mode checks and did not see.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import httpx

from contract_tests.description import Operation
from contract_tests.drift.finding import Finding, Severity, generalise
from contract_tests.exchange import Exchange
from contract_tests.rules.package import PACKAGE, key, modules
from contract_tests.session import Session

# What strict mode looks for (telnyx_bindings.runtime.drift), in the words of our finding kinds.
SEEN_BY_STRICT = ("response-type", "response-enum", "response-required")
UNKNOWN_FIELD = "unknown-field"


class Decoded:
    """Decodes every recorded answer in both modes; give it to ``Session.observers`` after the observer of fields."""

    def __init__(self, session: Session, *, package: str = PACKAGE) -> None:
        self._session = session
        self._modules = modules(package)
        self._package = package
        self._seen: list[Any] = []
        made = importlib.import_module(f"{package}.runtime.settings").Settings
        self._tolerant = made(token="unused")
        self._strict = made(token="unused", strict=True, on_drift=self._seen.append)
        # Hashes of answers that were read as they should be.
        self._fine: set[int] = set()
        # How many answers were held to the promises.
        self.count = 0

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Decode an exchange that was just recorded, and report where the package and the checks part ways."""
        module = self._modules.get(key(operation.tag, operation.operation_id))
        described = self._session.description.response_schema(operation, exchange.status)
        if module is None or described is None or not isinstance(exchange.json, dict):
            return
        if exchange.status not in operation.statuses:
            return
        self.count += 1
        said = self._session.faults(exchange)
        # The same bytes read the same way: refusals above all come in hundreds of copies.
        seen = hash((operation.operation_id, exchange.status, exchange.body))
        if not said and seen in self._fine:
            return
        judge = self._success if exchange.ok else self._refusal
        found = list(judge(operation, exchange, module, said))
        if not said and not found:
            self._fine.add(seen)
        for finding in found:
            self._session.findings.add(finding)

    def _success(
        self, operation: Operation, exchange: Exchange, module: ModuleType, said: tuple[Finding, ...]
    ) -> Iterator[Finding]:
        answer = _answer(self._package, operation, exchange)
        self._seen.clear()
        refused = _raised(module, answer, self._strict)
        theirs: dict[str, Any] = {generalise(one.pointer): one for one in self._seen}
        problem = _raised(module, answer, self._tolerant)
        if problem is not None:
            if not said:
                observed = type(problem).__name__
                yield _finding("package-cannot-read", operation, exchange, "", "a typed answer", observed)
            return
        ours = {generalise(one.pointer) for one in said}
        for place, one in theirs.items():
            # Fields that nobody described are told of by the observer of fields, which allows open objects.
            if place not in ours and one.kind != UNKNOWN_FIELD:
                observed = f"strict mode refuses it: {one.kind}, {one.expected}"
                yield _finding("package-refuses", operation, exchange, one.pointer, "what the schema allows", observed)
        for finding in said:
            if finding.kind in SEEN_BY_STRICT and not (
                refused is not None and _covered(generalise(finding.pointer), theirs)
            ):
                observed = f"strict mode lets it pass: {finding.kind}"
                yield _finding(
                    "package-overlooks", operation, exchange, finding.pointer, "strict mode to refuse it", observed
                )

    def _refusal(
        self, operation: Operation, exchange: Exchange, module: ModuleType, said: tuple[Finding, ...]
    ) -> Iterator[Finding]:
        """A refusal is raised with its status and every entry of its envelope, in both modes alike."""
        entries = exchange.json.get("errors")
        if said or not isinstance(entries, list):
            return
        for settings in (self._strict, self._tolerant):
            raised = _raised(module, _answer(self._package, operation, exchange), settings)
            codes = [str(getattr(one, "code", "")) for one in getattr(raised, "errors", ())]
            came = [str(one.get("code")) for one in entries if isinstance(one, dict)]
            if getattr(raised, "status", None) != exchange.status or codes != came:
                wanted = f"an error with status {exchange.status} and codes {', '.join(came)}"
                observed = f"{type(raised).__name__} with codes {', '.join(codes) or 'none'}"
                yield _finding("package-cannot-read", operation, exchange, "", wanted, observed)
                return


def _raised(module: ModuleType, answer: Any, settings: Any) -> Exception | None:
    try:
        module._parse(answer, settings)
    except Exception as problem:  # whatever a caller of the package would meet is what is to be reported
        return problem
    return None


def _covered(place: str, theirs: Mapping[str, Any]) -> bool:
    """Whether strict mode saw a place, or one around it: what stands in a misshapen object is not looked at."""
    return any(place == one or place.startswith(f"{one}/") for one in theirs)


def _answer(package: str, operation: Operation, exchange: Exchange) -> Any:
    runtime = importlib.import_module(f"{package}.runtime.answer")
    call = importlib.import_module(f"{package}.runtime.call")
    known = call.Operation(operation.operation_id, operation.method.upper(), operation.path)
    return runtime.Answer(known, exchange.status, httpx.Headers(dict(exchange.headers)), exchange.body)


def _finding(
    kind: str, operation: Operation, exchange: Exchange, pointer: str, expected: str, observed: str
) -> Finding:
    return Finding(
        kind=kind,
        operation=operation.operation_id,
        pointer=pointer,
        expected=expected,
        observed=observed,
        severity=Severity.BREAKING if kind == "package-cannot-read" else Severity.DEGRADED,
        check=__name__,
        exchange=exchange,
    )
