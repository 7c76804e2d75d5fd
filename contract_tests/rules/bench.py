"""Where a rule works: it sends, judges and counts what it judged, and puts everything back afterwards.

A record that a rule creates is deleted at the end; a record that was there before is restored. A rule that judged
nothing has not passed: ``checked`` stays 0, and the suite fails it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any

from contract_tests.description import Operation
from contract_tests.drift.finding import Severity
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import Record, outcome, record_of, records_of
from contract_tests.rules.compare import changed, missing_from, same
from contract_tests.rules.resource import Field, Resource, by_collection, unwrap
from contract_tests.rules.restoration import restoration
from contract_tests.rules.sampling import Sampler
from contract_tests.rules.showing import shown
from contract_tests.session import Session

TOO_MANY = 429
NOT_FOUND = 404
SERVER_ERROR = 500


class NothingToCheck(Exception):
    """The description or the target gives a rule nothing to work on; the text says what is missing."""


class Interrupted(Exception):
    """The target stopped answering, or answers only that there were too many requests."""


class CannotContinue(Exception):
    """A step that a rule rests on failed; the deviation is already reported."""


class Bench:
    """The surroundings of one rule; ``check`` is the rule's name in findings."""

    def __init__(self, session: Session, check: str, *, seed: int = 0, samples: int = 2, records: int = 7) -> None:
        self.session = session
        self.description = session.description
        self.check = check
        self.records = records
        self.sampler = Sampler(session.description, seed, max(0, samples - 2), session.outlet.prefix)
        self._seed = seed
        self.checked = 0
        self._created: list[tuple[Resource, str]] = []
        self._parents: dict[tuple[str, str], str] = {}
        self._restore: list[Callable[[], None]] = []

    # Sending

    def call(self, operation: Operation, record_id: str | None = None, **request: Any) -> Exchange:
        """Send an operation on a record (``path_values`` says what else its path holds); what it creates is noted."""
        request.setdefault("path", path_values(operation, record_id, self.parent_of))
        request["query"] = [*self._required_query(operation), *request.pop("query", ())]
        exchange = self.session.call(operation.operation_id, **request)
        self.answered(operation, exchange, request["path"])
        return exchange

    def parent_of(self, operation: Operation, record_id: str) -> str:
        """The id of the record below which an addressed one stands; that of a record to work on for an empty id."""
        assert operation.resource is not None and operation.resource.parent is not None
        resource = by_collection(self.description, operation.resource.parent.collection)
        known = self._parents.get((operation.resource.collection, record_id))
        return known or str(self.subject(resource)[resource.id_field])

    def answered(self, operation: Operation, exchange: Exchange, path: Mapping[str, str] | None = None) -> None:
        """Note what an exchange created, and below what; ``Interrupted`` when it tells nothing about the operation.

        A server error is reported (once, also when the session's checks say it), and ends the rule.
        """
        if exchange.status == 0:
            raise Interrupted(f"{operation.label}: no answer ({exchange.failure})")
        if exchange.status == TOO_MANY:
            raise Interrupted(f"{operation.label}: the target answers 429, too many requests")
        if exchange.status >= SERVER_ERROR:
            self.expect(
                False, "server-error", exchange, pointer="", expected="no server error", observed=outcome(exchange)
            )
            raise CannotContinue(f"{operation.operation_id}: {outcome(exchange)}")
        rule = operation.resource
        record = record_of(exchange)
        if rule is None or rule.action != "create" or not exchange.ok or record is None:
            return
        resource = by_collection(self.description, rule.collection)
        record_id = record.get(resource.id_field)
        if isinstance(record_id, str) and rule.parent is not None:
            self._parents[rule.collection, record_id] = (path or {}).get(rule.parent.parameter, "")
        if isinstance(record_id, str) and resource.delete is not None:
            self._created.append((resource, record_id))

    def create(self, resource: Resource, body: Mapping[str, Any] | None = None) -> tuple[Record, Exchange]:
        """A new record from the smallest valid body and ``body``; anything but success is reported."""
        assert resource.create is not None
        exchange = self.call(resource.create, body={**self.smallest(resource), **(body or {})})
        return self.success(exchange), exchange

    def retrieve(self, resource: Resource, record_id: str) -> tuple[Record, Exchange]:
        """The record as it is now."""
        if resource.retrieve is None:
            raise NothingToCheck(f"{resource.collection}: no operation retrieves a record")
        exchange = self.call(resource.retrieve, record_id)
        return self.success(exchange), exchange

    def update(self, resource: Resource, record_id: str, body: Mapping[str, Any]) -> tuple[Record, Exchange]:
        """The record as the answer to an update shows it."""
        if resource.update is None:
            raise NothingToCheck(f"{resource.collection}: no operation updates a record")
        exchange = self.call(resource.update, record_id, body=dict(body))
        return self.success(exchange), exchange

    # Records to work on

    def subject(
        self, resource: Resource, *, full: bool = False, suited: Callable[[Record], bool] = lambda record: True
    ) -> Record:
        """A record to change: a new one where one can be created, otherwise one that is there, restored at the end.

        ``full``: a new one has a value other than the default in each field, so that a reset shows. ``suited``: of
        those that are there the first that is, or just the first.
        """
        if resource.create is not None and self.session.outlet.permits(resource.create):
            written = resource.written(resource.create).values() if full else ()
            return self.create(resource, {field.name: self._unusual(field) for field in written})[0]
        if resource.list is None:
            raise NothingToCheck(f"{resource.collection}: records can be neither created nor listed")
        lent = self.session.outlet.lent(resource.collection)
        listed = [self.retrieve(resource, one)[0] for one in lent] or records_of(self.call(resource.list))
        if not listed:
            raise NothingToCheck(f"{resource.collection}: the target has no record, and none can be created")
        chosen = next(filter(suited, listed), listed[0])
        return self.borrow(resource, str(chosen[resource.id_field]))

    def borrow(self, resource: Resource, record_id: str) -> Record:
        """A record that is there already; its writable fields are put back at the end."""
        before, _ = self.retrieve(resource, record_id)
        self._restore.append(lambda: self._put_back(resource, before))
        return before

    def smallest(self, resource: Resource) -> Record:
        """A body with just the required fields."""
        assert resource.create is not None
        required = {name: field for name, field in resource.written(resource.create).items() if field.required}
        return {name: self.values(field)[0] for name, field in required.items()}

    def values(self, field: Field, record: Mapping[str, Any] | None = None) -> list[Any]:
        """Valid values for a field, at least one; ``record`` is the one to change, which may limit the choice."""
        if field.references:
            target = by_collection(self.description, field.references)
            found: list[Any] = [self.subject(target)[target.id_field]]
        elif field.ignored_unless_in:
            found = list((record or {}).get(field.ignored_unless_in) or [])
        else:
            found = self.sampler.values(field)
        if not found:
            raise NothingToCheck(f"{field.name}: no value is sure to be valid")
        return found

    def _unusual(self, field: Field) -> Any:
        values = self.values(field)
        return next((one for one in values if not same(one, field.schema.get("default"))), values[0])

    def random(self, place: str) -> random.Random:
        """Randomness that depends on the run's seed and on where it is used, not on what ran before."""
        return random.Random(f"{self._seed}:{self.check}:{place}")

    # Judging

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
        """Report each place where a record does not hold what was sent."""
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
        """Report each unasked change to a field but the time of the last change; ``operation`` is the one to blame."""
        varying = {name for name, field in resource.record.items() if field.varies}
        free = {*but, *varying, *resource.generated("updated-at")}
        found = list(changed(before, after, free))
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

    def show(self, name: str, value: Any) -> str:
        """A value for a report: cut short, and hidden where the field is sensitive."""
        return shown(self.description, self.session.redactor, name, value)

    def deleted(self, exchange: Exchange) -> Record | None:
        """The record that the answer to a deletion shows, None where the description promises none."""
        promised = self.description.record_schema(self.description.by_id[exchange.operation_id]) is not None
        if promised or not exchange.ok:
            return self.success(exchange)
        return None

    # Putting back

    def close(self) -> None:
        """Restore what was borrowed, then delete what was created, newest first; what fails is reported."""
        with ExitStack() as steps:
            steps.callback(self._delete_created)
            for restore in self._restore:
                steps.callback(restore)
        self._restore = []

    def _delete_created(self) -> None:
        """Newest first; what is still in use by another one comes again after that one is gone."""
        pending, self._created = self._created[::-1], []
        while pending:
            waiting = []
            for resource, record_id in pending:
                assert resource.delete is not None
                exchange = self.call(resource.delete, record_id)
                if any(block.status == exchange.status for block in resource.delete.blocked_by) and len(pending) > 1:
                    waiting.append((resource, record_id))
                elif exchange.status != NOT_FOUND:
                    self.deleted(exchange)
            pending = waiting if len(waiting) < len(pending) else waiting[:1]

    def _required_query(self, operation: Operation) -> list[tuple[str, Any]]:
        """Values for the query parameters that an operation needs."""
        found = []
        for parameter in operation.parameters:
            if parameter["in"] == "query" and parameter.get("required"):
                schema, nullable = unwrap(self.description, parameter["schema"])
                field = Field(parameter["name"], schema, nullable, True)
                found.append((field.name, parameter.get("example", self.values(field)[0])))
        return found

    def _put_back(self, resource: Resource, before: Record) -> None:
        assert resource.update is not None
        record_id = str(before[resource.id_field])
        now, _ = self.retrieve(resource, record_id)
        body = restoration(resource.written(resource.update), before, now)
        if body:
            after, exchange = self.update(resource, record_id, body)
            self.unchanged(resource, before, after, exchange)
