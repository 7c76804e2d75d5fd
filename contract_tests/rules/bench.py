"""Where a rule works: it sends, judges and counts what it judged, and puts everything back afterwards.

A record that a rule creates is deleted at the end; a record that was there before is restored. A rule that judged
nothing has not passed: ``checked`` stays 0, and the suite fails it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from contract_tests import bodies
from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import Record, outcome, record_of, records_of
from contract_tests.rules.compare import same
from contract_tests.rules.judging import CannotContinue, Interrupted, Judge, NothingToCheck
from contract_tests.rules.links import leading_to, value_at
from contract_tests.rules.resource import Field, Resource, by_collection, unwrap
from contract_tests.rules.restoration import NOT_FOUND, Restoration
from contract_tests.rules.sampling import sampler
from contract_tests.session import Session
from contract_tests.throttling import is_throttled

__all__ = ["NOT_FOUND", "Bench", "CannotContinue", "Interrupted", "NothingToCheck"]
SERVER_ERROR = 500
# How many records are tried until one is found below which there is something.
PARENTS = 40


class Bench(Judge):
    """The surroundings of one rule; ``check`` is the rule's name in findings."""

    def __init__(self, session: Session, check: str, *, seed: int = 0, samples: int = 2, records: int = 7) -> None:
        super().__init__(session, check)
        self.records = records
        self.sampler = sampler(session.description, seed, max(0, samples - 2), session.outlet.prefix)
        self._seed = seed
        self._parents: dict[tuple[str, str], str] = {}
        self._named: dict[str, Any] = {}
        self.restoration = Restoration(self)

    # Sending

    def call(self, operation: Operation, record_id: str | None = None, **request: Any) -> Exchange:
        """Send an operation on a record (``path_values`` says what else its path holds); what it creates is noted."""
        request.setdefault("path", path_values(operation, record_id, self.parent_of))
        asked = list(request.pop("query", ()))
        # What the rule asks for is asked once, also where the operation needs it anyway.
        named = {name for name, _ in asked}
        needed = [(name, value) for name, value in self.required_query(operation) if name not in named]
        request["query"] = [*needed, *asked]
        self._remember(operation, request.get("body"))
        exchange = self.session.call(operation.operation_id, **request)
        self.answered(operation, exchange, request["path"])
        return exchange

    def _remember(self, operation: Operation, body: Any) -> None:
        """Note the record whose place a creation is about to take, which it may where the client gives the id."""
        if operation.resource is None or operation.resource.action != "create" or not isinstance(body, Mapping):
            return
        resource = by_collection(self.description, operation.resource.collection)
        given = resource.written(operation).get(resource.id_field)
        if given is None or resource.retrieve is None:
            return
        record_id = body.get(resource.id_field)
        if record_id in self.sampler.values(given) and not self.restoration.knows(resource, str(record_id)):
            found = record_of(self.call(resource.retrieve, str(record_id)))
            if found is not None and resource.id_field in found:
                self.restoration.displaced(resource, found)

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
        if is_throttled(operation, exchange):
            raise Interrupted(f"{operation.label}: the target answers 429, too many requests")
        if exchange.status >= SERVER_ERROR:
            self.expect(
                False, "server-error", exchange, pointer="", expected="no server error", observed=outcome(exchange)
            )
            raise CannotContinue(f"{operation.operation_id}: {outcome(exchange)}")
        rule = operation.resource
        record = record_of(exchange)
        if rule is None or not exchange.ok or record is None:
            return
        resource = by_collection(self.description, rule.collection)
        if rule.action != "create" and operation is not resource.maker:
            return
        record_id = record.get(resource.id_field)
        if isinstance(record_id, str) and rule.parent is not None:
            self._parents[rule.collection, record_id] = (path or {}).get(rule.parent.parameter, "")
        if isinstance(record_id, str):
            self.restoration.made(resource, record_id)

    def create(self, resource: Resource, body: Mapping[str, Any] | None = None) -> tuple[Record, Exchange]:
        """A new record from the smallest valid body and ``body``; anything but success is reported."""
        assert resource.create is not None
        exchange = self.call(resource.create, body=self.completed(resource, body or {}))
        return self.success(exchange), exchange

    def retrieve(self, resource: Resource, record_id: str) -> tuple[Record, Exchange]:
        """The record as it is now."""
        if resource.retrieve is None:
            raise NothingToCheck(f"{resource.collection}: no operation retrieves a record")
        exchange = self.call(resource.retrieve, record_id)
        return self.success(exchange), exchange

    def update(self, resource: Resource, record_id: str, body: Mapping[str, Any]) -> tuple[Record, Exchange]:
        """The record as the answer to an update shows it; what an update requires beside ``body`` is as it was."""
        if resource.update is None:
            raise NothingToCheck(f"{resource.collection}: no operation updates a record")
        exchange = self.call(resource.update, record_id, body=self.amended(resource, record_id, body))
        return self.success(exchange), exchange

    def amended(self, resource: Resource, record_id: str, body: Mapping[str, Any]) -> Record:
        """The body of an update: ``body``, and what each update requires, with the values that the record has."""
        assert resource.update is not None
        written = resource.written(resource.update)
        wanted = {name: field for name, field in written.items() if field.required and name not in body}
        if not wanted:
            return dict(body)
        now, _ = self.retrieve(resource, record_id)
        made = {name: self.values(field)[0] for name, field in wanted.items() if now.get(name) is None}
        return {name: now.get(name) for name in wanted} | made | dict(body)

    def request(self, operation: Operation) -> dict[str, Any]:
        """What ``call`` sends as a request that is valid as it stands: the first example of the body, if it takes one.

        Without an example it has just the required fields.
        """
        if self.description.request_schema(operation) is None or operation.resource is None:
            return {}
        shown = bodies.examples(self.description, operation)
        if shown:
            return {"body": shown[0]}
        written = by_collection(self.description, operation.resource.collection).written(operation)
        return {"body": {name: self.values(field)[0] for name, field in written.items() if field.required}}

    # Records to work on

    def subject(
        self, resource: Resource, *, full: bool = False, suited: Callable[[Record], bool] = lambda record: True
    ) -> Record:
        """A record to change: a new one where one can be made, otherwise one that is there, restored at the end.

        ``full``: a new one has a value other than the default in each field, so that a reset shows. ``suited``: of
        those that are there the first that is, or just the first.
        """
        if resource.create is not None and self.session.outlet.permits(resource.create):
            written = resource.written(resource.create).values() if full else ()
            return self.create(resource, {field.name: self._unusual(field) for field in written})[0]
        if resource.maker is not None and self.session.outlet.permits(resource.maker):
            return self.success(self.call(resource.maker, **self.request(resource.maker)))
        lent = self.session.outlet.lent(resource.collection)
        if resource.list is None and not lent:
            return self._below(resource) or self._linked(resource)
        listed = [self.retrieve(resource, one)[0] for one in lent]
        if resource.list is not None and not listed:
            listed = records_of(self.call(resource.list))
        if not listed:
            raise NothingToCheck(f"{resource.collection}: the target has no record, and none can be created")
        chosen = next(filter(suited, listed), listed[0])
        return self.borrow(resource, str(chosen[resource.id_field]))

    def _below(self, resource: Resource) -> Record | None:
        """A record that is listed below one of another collection; None where there is none."""
        for lister in resource.children:
            parent = lister.resource.parent if lister.resource else None
            above = by_collection(self.description, parent.collection) if parent else None
            if above is None or above.list is None:
                continue
            for owner in records_of(self.call(above.list))[:PARENTS]:
                owner_id = str(owner[above.id_field])
                for record in records_of(self.call(lister, owner_id))[:1]:
                    record_id = str(record[resource.id_field])
                    self._parents[resource.collection, record_id] = owner_id
                    return self.borrow(resource, record_id) if resource.retrieve else record
        return None

    def _linked(self, resource: Resource) -> Record:
        """A record that is known by its id alone, which the answer of another operation holds."""
        for source, pointer in leading_to(resource):
            if self.session.outlet.permits(source):
                exchange = self.call(source, **self.request(source))
                found = value_at(exchange.json, pointer) if exchange.ok else None
                if isinstance(found, str):
                    return {resource.id_field: found}
        raise NothingToCheck(f"{resource.collection}: records can be neither created nor listed")

    def address(self, operation: Operation) -> str | None:
        """The id of a record for the path of an operation: its own, or that of the record which it stands below.

        None where the path names no record; what else stands there has its example.
        """
        rule = operation.resource
        if rule is None and "{" in operation.path:
            raise NothingToCheck(f"{operation.operation_id}: no x-resource says which record it addresses")
        if rule is None or (rule.key is None and rule.parent is None):
            return None
        owner = rule.collection if rule.key or rule.parent is None else rule.parent.collection
        resource = by_collection(self.description, owner)
        return str(self.subject(resource)[resource.id_field])

    def borrow(self, resource: Resource, record_id: str) -> Record:
        """A record that is there already; its writable fields are put back at the end."""
        before, _ = self.retrieve(resource, record_id)
        self.restoration.borrowed(resource, before)
        return before

    def smallest(self, resource: Resource) -> Record:
        """A body with just the required fields."""
        return self.completed(resource, {})

    def completed(self, resource: Resource, body: Mapping[str, Any]) -> Record:
        """The body of a creation: ``body``, and a value for each required field that it has not.

        Where such a field has to name a record, one serves for the whole rule, or for the run where it stays with it.
        """
        assert resource.create is not None
        written = resource.written(resource.create)
        wanted = {name: field for name, field in written.items() if field.required and name not in body}
        found: Record = {}
        for name, field in wanted.items():
            if not field.references:
                found[name] = self.values(field)[0]
            elif field.references not in self._named:
                target, stays = by_collection(self.description, field.references), resource.delete is None
                self._named[field.references] = self.restoration.lasting(target) if stays else self.values(field)[0]
        named = {name: self._named[field.references] for name, field in wanted.items() if field.references}
        return found | named | dict(body)

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

    def close(self) -> None:
        """Restore what was borrowed, then take away what was made, newest first; what fails is reported."""
        self.restoration.close()

    def required_query(self, operation: Operation) -> list[tuple[str, Any]]:
        """Values for the query parameters that an operation needs."""
        found = []
        for parameter in operation.parameters:
            if parameter["in"] == "query" and parameter.get("required"):
                schema, nullable = unwrap(self.description, parameter["schema"])
                field = Field(parameter["name"], schema, nullable, True)
                known = self._selecting(operation, parameter) or parameter.get("example")
                found.append((field.name, self.values(field)[0] if known is None else known))
        return found

    def _selecting(self, operation: Operation, parameter: Mapping[str, Any]) -> str | None:
        """The id of another record by which a filter shows something: a live target has not that of the example."""
        rule, selects = operation.resource, parameter.get("x-filter")
        if rule is None or selects is None or not self.session.outlet.guarded:
            return None
        resource = by_collection(self.description, rule.collection)
        field = resource.written(resource.create).get(selects["field"]) if resource.create else None
        named = by_collection(self.description, field.references) if field and field.references else None
        if named is None or named.list is None:
            return None
        known = self.session.selected
        if operation.operation_id not in known:
            # The search asks for the same list.
            known[operation.operation_id] = None
            ids = [str(one[named.id_field]) for one in records_of(self.call(named.list))[:PARENTS]]
            shows = (one for one in ids if records_of(self.call(operation, query=[(parameter["name"], one)])))
            known[operation.operation_id] = next(shows, ids[0] if ids else None)
        return known[operation.operation_id]
