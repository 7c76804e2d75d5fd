"""Leaving the target as it was found: borrowed records get their fields back, and what a rule made is taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.operation_rules import Block
from contract_tests.rules.answers import Record, codes_of
from contract_tests.rules.compare import same
from contract_tests.rules.resource import Field, Resource, by_collection
from contract_tests.session import Session

NOT_FOUND = 404


class Workplace(Protocol):
    """What putting back needs of a bench."""

    session: Session
    description: Description

    def call(self, operation: Operation, record_id: str | None = None, **request: Any) -> Exchange:
        """Send an operation on a record."""

    def retrieve(self, resource: Resource, record_id: str) -> tuple[Record, Exchange]:
        """The record as it is now."""

    def update(self, resource: Resource, record_id: str, body: Mapping[str, Any]) -> tuple[Record, Exchange]:
        """The record as the answer to an update shows it."""

    def unchanged(self, resource: Resource, before: Record, after: Record, exchange: Exchange) -> bool:
        """Report each unasked change."""

    def subject(self, resource: Resource) -> Record:
        """A record to work on."""

    def success(self, exchange: Exchange) -> Record:
        """The record of a 2xx answer; anything else is reported, and ends what is being done."""

    def deleted(self, exchange: Exchange) -> Record | None:
        """The record that the answer to a deletion shows; a refusal is reported."""


class Restoration:
    """What one rule borrowed and made, until it is put back and taken away again."""

    def __init__(self, bench: Workplace) -> None:
        self._bench = bench
        self._made: list[tuple[Resource, str]] = []
        self._displaced: list[tuple[Resource, Record]] = []
        self.steps: list[Callable[[], None]] = []

    def borrowed(self, resource: Resource, before: Record) -> None:
        """Note a record as it was found; one that no operation updates needs no putting back."""
        if resource.update is not None:
            self.steps.append(lambda: self.put_back(resource, before))

    def made(self, resource: Resource, record_id: str) -> None:
        """Note a record that a rule made, once; one that nothing takes out of use stays."""
        ending = resource.ending
        if (resource, record_id) in self._made:
            return  # made again in its own place, as the client gives the id
        if ending is not None and (resource.delete is not None or self._bench.session.outlet.permits(ending)):
            self._made.append((resource, record_id))

    def displaced(self, resource: Resource, before: Record) -> None:
        """Note a record whose place is about to be taken by a new one with the id that the client gives."""
        self._displaced.append((resource, before))

    def knows(self, resource: Resource, record_id: str) -> bool:
        """Whether a record was made by the rule, or will be made anew at the end."""
        anew = ((one, str(record[one.id_field])) for one, record in self._displaced)
        return (resource, record_id) in (*self._made, *anew)

    def lasting(self, resource: Resource) -> str:
        """The id of a record for what nothing deletes to name, which keeps it for good.

        Other records would be kept as well, more with each rule: one serves the whole run, as long as it is there.
        """
        kept, known = self._bench.session.kept, self._bench.session.kept.get(resource.collection)
        if known is None or resource.retrieve is None or not self._bench.call(resource.retrieve, known).ok:
            kept[resource.collection] = known = str(self._bench.subject(resource)[resource.id_field])
        return known

    def close(self) -> None:
        """Put back what was borrowed, newest first, then take away what was made; what fails is reported.

        Last, what had to give way to a new record is made anew.
        """
        with ExitStack() as steps:
            steps.callback(self._make_anew)
            steps.callback(self._take_away)
            for restore in self.steps:
                steps.callback(restore)
        self.steps = []

    def put_back(self, resource: Resource, before: Record) -> None:
        """Give a record the writable fields that it had."""
        assert resource.update is not None
        record_id = str(before[resource.id_field])
        now, _ = self._bench.retrieve(resource, record_id)
        body = restoration(resource.written(resource.update), before, now)
        if body:
            after, exchange = self._bench.update(resource, record_id, body)
            self._bench.unchanged(resource, before, after, exchange)

    def _make_anew(self) -> None:
        """Create what had to give way, with the fields that it had."""
        displaced, self._displaced = self._displaced, []
        for resource, before in displaced:
            assert resource.create is not None
            written = resource.written(resource.create)
            body = {name: before[name] for name in written if before.get(name) is not None}
            self._bench.success(self._bench.call(resource.create, body=body))

    def _take_away(self) -> None:
        """Newest first; what is still in use by another one comes again after that one is gone."""
        pending, self._made = self._made[::-1], []
        while pending:
            waiting = []
            for resource, record_id in pending:
                assert resource.ending is not None
                exchange = self._bench.call(resource.ending, record_id)
                blocks = [one for one in resource.ending.blocked_by if one.status == exchange.status]
                if blocks and len(pending) > 1 and not any(map(self._stays, blocks)):
                    waiting.append((resource, record_id))
                elif not self._excused(resource.ending, exchange, blocks):
                    self._bench.deleted(exchange)
            pending = waiting if len(waiting) < len(pending) else waiting[:1]

    def _excused(self, ending: Operation, exchange: Exchange, blocks: list[Block]) -> bool:
        """Whether a record may stay: it is gone, it is in use by one that nothing deletes, or a rule keeps it."""
        rules = {rule.code for rule in ending.rule_errors if rule.status == exchange.status}
        rules -= {block.code for block in ending.blocked_by}
        codes = set(codes_of(exchange))
        kept = any(block.code in codes and self._stays(block) for block in blocks)
        return exchange.status == NOT_FOUND or kept or bool(codes and codes <= rules)

    def _stays(self, block: Block) -> bool:
        """Whether what blocks a deletion was made to stay: it can be created, and nothing deletes it."""
        owner = by_collection(self._bench.description, block.collection)
        return owner.create is not None and owner.delete is None


def restoration(written: Mapping[str, Field], before: Record, now: Record) -> Record:
    """The update that brings a record's writable fields back: null where null clears, ``""`` where that does."""
    body: Record = {}
    for name, field in written.items():
        old = before.get(name)
        if name not in now or same(old, now.get(name)):
            continue
        if old is not None:
            body[name] = old
        elif field.on_null == "clear":
            body[name] = None
        elif field.on_empty_string == "clear":
            body[name] = ""
    return body
