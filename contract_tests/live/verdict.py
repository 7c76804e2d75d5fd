"""What a write may do: every condition that the description, the policy and the estate set, before a byte leaves.

Deny by default: what no condition allows is refused, and each refusal says which condition failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.bodies import FORM, fields_of, media_of
from contract_tests.checks.violations import validators
from contract_tests.description import JSON, Description, Operation
from contract_tests.live import meaning
from contract_tests.live.estate import Estate
from contract_tests.live.ledger import run_of
from contract_tests.live.listing import needs
from contract_tests.live.meaning import Part, label_field
from contract_tests.live.policy import GRAVE, READ, WRITE, Policy
from contract_tests.live.refusal import Refused
from contract_tests.live.routes import Addressed
from contract_tests.live.traffic import Outgoing, strict_object
from contract_tests.rules.resource import by_collection

KNOWN = frozenset({READ, WRITE, *GRAVE})
CONTACTS = "contacts-people"
IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True)
class Intention:
    """A write that was understood: its body as every reader sees it, its parts and its effects."""

    body: Mapping[str, Any]
    parts: tuple[Part, ...]
    effects: frozenset[str]


@dataclass(slots=True)
class Permit:
    """An admitted request; ``seq`` numbers the creation that it announced in the ledger."""

    addressed: Addressed
    intention: Intention | None = None
    seq: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run was allowed: ``negative`` lets writes break the description's schema, on owned records only."""

    description: Description
    policy: Policy
    writes: bool
    negative: bool = False
    prefix: str = ""

    def out_of_scope(self, operation: Operation) -> str | None:
        """Why this run never sends an operation, whatever its arguments; None when it may."""
        if is_read(operation):
            return None
        if not self.writes:
            return "writes need --writes"
        strange = set(operation.effects) - KNOWN
        if not operation.effects or strange:
            return f"its effect {', '.join(sorted(strange)) or 'is not stated, so it'} is not known"
        grave = [one for one in GRAVE if one in operation.effects]
        denied = [one for one in grave if not self.policy.opted_in(operation.operation_id, one)]
        if denied:
            return f"the policy does not opt in to {denied[0]} for {operation.operation_id}"
        return self._unowned(operation, bool(grave))

    def _unowned(self, operation: Operation, opted: bool) -> str | None:
        rule = operation.resource
        if rule is None or rule.action not in {"create", "update", "replace", "delete"}:
            return None if opted else "nothing in the description says how it is undone, and the policy names it not"
        resource = by_collection(self.description, rule.collection)
        made = None if resource.create is None else self.uncreatable(rule.collection)
        if rule.action == "create":
            return made
        if resource.create is not None and made is None:
            return None
        if rule.action == "update" and resource.retrieve is not None and self.policy.owned.get(rule.collection):
            return None
        return f"{rule.collection}: the run can create no record, and the policy names none that it may change"

    def uncreatable(self, collection: str) -> str | None:
        """Why the run must not create in a collection: it could not confirm, find again or delete what it made."""
        resource = by_collection(self.description, collection)
        if label_field(self.description, collection) is None:
            return f"{collection}: no field is marked x-label, so leftovers could not be found"
        if resource.retrieve is None or resource.delete is None or resource.list is None:
            return f"{collection}: what is created could not be read, listed and deleted"
        if missing := needs(resource):
            return f"{collection}: its list shows no more than what {missing} selects, so leftovers could not be found"
        for operation in (resource.create, resource.delete):
            for effect in set(operation.effects if operation else ()) & set(GRAVE):
                if operation and not self.policy.opted_in(operation.operation_id, effect):
                    return f"the policy does not opt in to {effect} for {operation.operation_id}"
        return None

    # One request

    def understand(self, addressed: Addressed, outgoing: Outgoing) -> Intention:
        """Read a write's body; ``Refused`` when it is not what the description describes."""
        operation = addressed.operation
        unknown = set(addressed.query) - {one["name"] for one in operation.parameters if one["in"] == "query"}
        if unknown:
            raise Refused("request", f"{operation.operation_id} has no query parameter {sorted(unknown)[0]}")
        schema = self.description.request_schema(operation)
        if schema is None:
            if outgoing.body:
                raise Refused("request", f"{operation.operation_id} takes no body")
            return Intention({}, (), frozenset(operation.effects))
        body = self._body(operation, outgoing)
        found = meaning.parts(self.description, operation, body)
        for part in found:
            if not part.described or any(part.said("readOnly")):
                raise Refused("request", f"{part.pointer} is no field that the description lets a request set")
        if not self.negative and validators(self.description).violations(schema, body):
            raise Refused("request", "the body breaks the schema, and negative writes were not asked for")
        return Intention(body, found, meaning.effects(operation, found))

    def _body(self, operation: Operation, outgoing: Outgoing) -> dict[str, Any]:
        """The fields of a body, declared as the description takes it: JSON, or a form."""
        wanted, said = media_of(self.description, operation), outgoing.header("content-type")
        if any(value.split(";")[0].strip().lower() != wanted for value in said):
            raise Refused("request", f"the body is not declared as {'JSON' if wanted == JSON else wanted}")
        if wanted == FORM:
            fields = fields_of(outgoing.body, said[0]) if len(said) == 1 else None
            if fields is None:
                raise Refused("request", "the body is no form that every reader reads alike")
            return dict(fields)
        try:
            return strict_object(outgoing.body or b"{}")
        except ValueError as problem:
            raise Refused("request", str(problem)) from problem

    def judge(self, addressed: Addressed, intention: Intention, estate: Estate) -> None:
        """``Refused`` unless effects, recipients, the addressed record and every named record are in order."""
        operation = addressed.operation
        if reason := self.out_of_scope(operation):
            raise Refused("effect", reason)
        for effect in sorted(intention.effects - {READ, WRITE}):
            if not self.policy.opted_in(operation.operation_id, effect):
                raise Refused("effect", f"the policy does not opt in to {effect} for {operation.operation_id}")
        self._recipients(operation, intention)
        self._addressed(addressed, intention, estate)
        self._label(addressed, intention, estate)
        self._references(addressed, intention, estate)

    def _recipients(self, operation: Operation, intention: Intention) -> None:
        if CONTACTS not in intention.effects:
            return
        people = meaning.recipients(intention.parts)
        if not people:
            raise Refused("effect", f"{operation.operation_id} contacts people, but not one marked x-recipient")
        strangers = [one for one in people if one not in self.policy.recipients]
        if strangers:
            raise Refused("owner", f"{len(strangers)} recipients are not among the policy's own")

    def _addressed(self, addressed: Addressed, intention: Intention, estate: Estate) -> None:
        """Every record in the path is ours."""
        rule = addressed.operation.resource
        for name, value in addressed.path.items():
            collection = None
            if rule is not None:
                collection = rule.collection if name == rule.key else None
                if rule.parent is not None and name == rule.parent.parameter:
                    collection = rule.parent.collection
            if collection is None:
                raise Refused("owner", f"nothing says whose record {name} is")
            if estate.is_created(collection, value):
                continue
            if not estate.is_lent(collection, value):
                raise Refused("owner", f"{collection} {value} was not created by this run")
            if rule is not None and name == rule.key:
                self._gentle(addressed.operation, intention, estate, collection)

    def _gentle(self, operation: Operation, intention: Intention, estate: Estate, collection: str) -> None:
        """What is lent is changed only in ways that can be taken back."""
        if operation.resource is None or operation.resource.action != "update":
            raise Refused("owner", f"{operation.operation_id} may only work on what this run created")
        if IRREVERSIBLE in intention.effects:
            raise Refused("effect", "what cannot be undone happens to records of the run's own making only")
        lost = set(intention.body) - estate.restorable(collection).keys()
        if lost:
            raise Refused("owner", f"{sorted(lost)[0]} of a lent record could not be put back")

    def _label(self, addressed: Addressed, intention: Intention, estate: Estate) -> None:
        """A record of the run's own carries the mark of the run from its first moment to its last."""
        rule = addressed.operation.resource
        name = label_field(self.description, rule.collection) if rule else None
        if rule is None or name is None or rule.action not in {"create", "update", "replace"}:
            return
        if rule.action == "update":
            lent = not estate.is_created(rule.collection, addressed.path.get(str(rule.key), ""))
            if lent or name not in intention.body:
                return
        label = intention.body.get(name)
        if not isinstance(label, str) or not label.startswith(self.prefix) or run_of(label) is None:
            raise Refused("owner", f"{name} does not begin with the mark of this run")

    def _references(self, addressed: Addressed, intention: Intention, estate: Estate) -> None:
        """A body names records of ours only, or puts back what a lent record named before."""
        rule = addressed.operation.resource
        loan = None
        if rule is not None:
            loan = estate.loan(rule.collection, addressed.path.get(str(rule.key), ""))
        for part, collection, value in meaning.references(intention.parts):
            former = None if loan is None or len(part.path) > 1 else loan.fields.get(part.path[0])
            if value == former or (isinstance(value, str) and estate.owns(collection, value)):
                continue
            raise Refused("owner", f"{part.pointer} names a record of {collection} that this run does not own")


def is_read(operation: Operation) -> bool:
    """Whether an operation does nothing but read, by the description's word and by its method."""
    return operation.effects == (READ,) and operation.method in {"get", "head"}
