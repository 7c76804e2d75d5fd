"""Judging answers: each judgement is counted, and what deviates is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contract_tests.drift.finding import Severity
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, Shown, outcome, record_of
from contract_tests.rules.compare import Difference, changed, missing_from, same
from contract_tests.rules.resource import Resource, shown_by
from contract_tests.rules.showing import shown
from contract_tests.rules.varying import steady
from contract_tests.session import Session


class NothingToCheck(Exception):
    """The description or the target gives a rule nothing to work on; the text says what is missing."""


class Interrupted(Exception):
    """The target stopped answering, or answers only that there were too many requests."""


class CannotContinue(Exception):
    """A step that a rule rests on failed; the deviation is already reported."""


class Judge:
    """Judges for the rule named ``check``; ``checked`` says how often it did."""

    def __init__(self, session: Session, check: str) -> None:
        self.session = session
        self.description = session.description
        self.check = check
        self.checked = 0

    def expect(
        self,
        condition: bool,
        kind: str,
        exchange: Exchange,
        *,
        pointer: str,
        expected: str,
        observed: str,
        severity: Severity = Severity.BREAKING,
        operation: str | None = None,
        before: tuple[Exchange, ...] = (),
    ) -> bool:
        """Count one judgement, and report a deviation when the condition does not hold."""
        self.checked += 1
        if not condition:
            self.session.report(
                kind,
                exchange,
                pointer=pointer,
                expected=expected,
                observed=observed,
                check=self.check,
                severity=severity,
                operation=operation,
                before=before,
            )
        return condition

    def success(self, exchange: Exchange) -> Record:
        """The record of a 2xx answer; anything else is reported, and the rule ends there."""
        record = record_of(exchange)
        if exchange.ok and record is not None:
            return record
        kind = "no-record" if exchange.ok else "valid-request-refused"
        wanted = (
            f"a record at {exchange.envelope.pointer or 'the top'}"
            if exchange.ok
            else "a 2xx answer to a valid request"
        )
        pointer = exchange.envelope.pointer if exchange.ok else ""
        self.expect(False, kind, exchange, pointer=pointer, expected=wanted, observed=outcome(exchange))
        raise CannotContinue(f"{exchange.operation_id}: {outcome(exchange)}")

    def holds(self, record: Record, sent: Mapping[str, Any], exchange: Exchange, kind: str) -> bool:
        """Report each place where a record does not hold what was sent, of the members that such an answer shows."""
        shows = self.shows(exchange.operation_id)
        sent = {name: value for name, value in sent.items() if name in shows or not shows}
        found = list(missing_from(sent, record, exchange.envelope.pointer))
        for one in found:
            name = one.pointer.removeprefix(exchange.envelope.pointer).split("/")[1]
            expected, observed = self.show(name, one.expected), self.show(name, one.observed)
            self.expect(False, kind, exchange, pointer=one.pointer, expected=expected, observed=observed)
        self.checked += len(sent)
        return not found

    def unchanged(
        self,
        resource: Resource,
        before: Record,
        after: Record,
        exchange: Exchange,
        *,
        but: Iterable[str] = (),
        operation: str | None = None,
    ) -> bool:
        """Report each unasked change to a field but the time of the last change; ``operation`` is the one to blame.

        Members that only one of the two answers is described to have are not compared.
        """
        varying = {name for name, field in resource.record.items() if field.varies}
        former = before.operation_id if isinstance(before, Shown) else exchange.operation_id
        asked = set(but)
        told = {name for name, field in resource.record.items() if field.follows in asked}
        unlike = self.shows(former) ^ self.shows(exchange.operation_id)
        free = {*asked, *told, *varying, *resource.generated("updated-at"), *unlike}
        found = [one for one in changed(before, after, free) if not self._moved_by_itself(resource, one)]
        for one in found:
            name = one.pointer[1:]
            self.expect(
                False,
                "unrelated-field-changed",
                exchange,
                pointer=f"{exchange.envelope.pointer}{one.pointer}",
                expected=f"to stay {self.show(name, one.expected)}",
                observed=self.show(name, one.observed),
                operation=operation,
            )
        self.checked += len(before.keys() - free)
        return not found

    def _moved_by_itself(self, resource: Resource, difference: Difference) -> bool:
        """Whether nothing differs but what the server may change by itself inside of a field."""
        field = resource.record.get(difference.pointer[1:])
        if field is None or not isinstance(difference.expected, dict | list):
            return False
        before, after = (
            steady(self.description, field.schema, one) for one in (difference.expected, difference.observed)
        )
        return same(before, after)

    def shows(self, operation_id: str) -> frozenset[str]:
        """The members that a record has in the answers of an operation, empty where the description says none."""
        return shown_by(self.description, operation_id)

    def show(self, name: str, value: Any) -> str:
        """A value for a report: cut short, and hidden where the field is sensitive."""
        return shown(self.description, self.session.redactor, name, value)

    def deleted(self, exchange: Exchange) -> Record | None:
        """The record that the answer to a deletion shows, None where the description promises none."""
        promised = self.description.record_schema(self.description.by_id[exchange.operation_id]) is not None
        if promised or not exchange.ok:
            return self.success(exchange)
        return None
