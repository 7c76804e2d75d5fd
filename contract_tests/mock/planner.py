"""Reads the description once at start and makes the plan of every operation.

A description that the mock could not serve faithfully (no ``x-resource``, a rule without its error, an unknown
code) is refused here, naming the operation, so that it never turns up as a wrong answer later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from scripts.errors import InputError

from ..description import JSON, Description, Operation
from ..operation_rules import RuleError
from . import errors, forms
from .exchange import Json
from .plan import BodyPlan, OperationPlan, QueryParameter, RecordField, WritableField
from .shape import ABSENT, Shapes, is_nullable, without_read_only
from .world import Behaviours

ACTIONS = frozenset({"list", "create", "retrieve", "update", "replace", "delete", "compute"})
ADDRESSED = frozenset({"retrieve", "update", "replace", "delete"})
WRITING = frozenset({"create", "update", "replace"})
OPERATORS = ("eq", "contains", "in", "gte", "lte", "holds")


class Planner:
    """Makes the plans of a description; ``behaviours`` names the operations that behaviour code answers."""

    def __init__(self, description: Description, behaviours: Behaviours) -> None:
        self.description = description
        self.behaviours = behaviours
        self._shapes = Shapes(description)
        self._opened: dict[str, Any] = {}  # schemas of the document with their read-only members open

    def plans(self) -> dict[str, OperationPlan]:
        """One plan for each operation, by operationId; InputError for the first that cannot be served."""
        return {operation.operation_id: self.plan(operation) for operation in self.description.operations}

    def plan(self, operation: Operation) -> OperationPlan:
        """The plan of one operation."""
        resource = operation.resource
        if resource is None or resource.action not in ACTIONS:
            action = resource.action if resource else "no x-resource"
            raise unservable(operation, f"nothing serves it ({action})", "give it an x-resource the mock knows")
        if resource.action == "compute" and operation.operation_id not in self.behaviours.computes:
            raise unservable(operation, "no behaviour computes it", "add it to contract_tests/mock/behaviours")
        if not operation.success_statuses:
            raise unservable(operation, "no 2xx response is declared", "declare the one the API answers")
        success = min(operation.success_statuses)
        answer = self.description.resolve(self.description.response_schema(operation, success))
        security = operation.raw.get("security", self.description.document.get("security"))
        plan = OperationPlan(
            operation=operation,
            action=resource.action,
            success=success,
            silent=answer is None,
            envelope=operation.envelope,
            hides=self._hides(operation),
            constant=_constant(answer) if answer and answer.get("type") == "string" else ABSENT,
            parameters=tuple(self._parameter(raw) for raw in operation.parameters if raw["in"] == "query"),
            body=self._body(operation),
            record=self._record(operation),
            public=security == [],
            empty_refusal=rule_for(operation, errors.MISSING) if operation.empty_update == "refuse" else None,
            reference_refusal=reference_rule(operation),
        )
        self._check(plan)
        return plan

    def _hides(self, operation: Operation) -> bool:
        """Whether records may hold members that the description does not have, so that answers leave them out."""
        rule = operation.resource
        if rule is None or rule.action == "compute":
            return False
        shown = {field.name for field in self._record(operation)}
        tied = rule.parent is not None and rule.parent.field not in shown
        nameless = id_field(self.description, rule.collection) not in shown
        return tied or nameless or rule.collection in self.behaviours.private

    def validator(self, schema: Any) -> jsonschema_rs.Draft202012Validator:
        """A compiled validator of a schema of the description, formats checked, read-only members open."""
        root: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]}
        whole = self.description.alone(root)
        whole["components"]["schemas"] = {name: self._open(name) for name in whole["components"]["schemas"]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    def _open(self, name: str) -> Any:
        if name not in self._opened:
            schemas = self.description.document["components"]["schemas"]
            self._opened[name] = without_read_only(schemas[name])
        return self._opened[name]

    def _parameter(self, raw: Mapping[str, Any]) -> QueryParameter:
        schema = raw.get("schema", {})
        target = self._shapes.branch(schema)
        selection = raw.get("x-filter", {})
        return QueryParameter(
            name=raw["name"],
            kind=_kind(target),
            validator=self.validator(schema),
            required=bool(raw.get("required", False)),
            default={**target, **schema}.get("default", ABSENT),
            page=raw.get("x-page"),
            filter_field=selection.get("field"),
            filter_operator=selection.get("operator"),
            filter_member=selection.get("member", ""),
            filter_values=selection.get("values", {}),
            sort_field=raw.get("x-sort", {}).get("field"),
            sorts="x-sort" in raw,
        )

    def _body(self, operation: Operation) -> BodyPlan | None:
        body = self.description.resolve(operation.raw.get("requestBody"))
        if body is None:
            return None
        media = next((one for one in (JSON, forms.MEDIA) if one in body.get("content", {})), None)
        if media is None:
            raise unservable(operation, f"its body is neither {JSON} nor a form", "the mock reads nothing else")
        schema = body["content"][media]["schema"]
        members = self.description.properties(schema)
        fields = {
            name: self._field(name, member, self.description.resolve(schema)["properties"][name])
            for name, member in members.items()
            if not member.get("readOnly")
        }
        return BodyPlan(
            required=bool(body.get("required", False)),
            is_form=media == forms.MEDIA,
            validator=self.validator(without_read_only(schema)),
            fields=fields,
            known=frozenset(members),
        )

    def _field(self, name: str, member: Mapping[str, Any], node: Any) -> WritableField:
        missing = member.get("x-missing-error", {})
        return WritableField(
            name=name,
            on_null=member.get("x-on-null"),
            on_empty_string=member.get("x-on-empty-string"),
            merges=member.get("x-on-object") == "merge",
            references=member.get("x-references"),
            ignored_unless_in=member.get("x-ignored-unless-in"),
            required_while_unset=bool(member.get("x-required-while-unset", False)),
            missing=(missing.get("status", 422), str(missing.get("code", errors.MISSING))),
            never_empty=bool(missing),
            default=member.get("default", ABSENT),
            shape=self._shapes.of(node),
        )

    def _record(self, operation: Operation) -> tuple[RecordField, ...]:
        schema = record_schema(self.description, operation)
        if schema is None:
            return ()
        # A member that only one kind of a union's records has is not there of itself.
        kinds = [set(self.description.properties(one)) for one in schema.get("oneOf", ())]
        return tuple(
            RecordField(
                name=name,
                generated=member.get("x-generated"),
                initial=member.get("x-initial", ABSENT),
                constant=_constant(member),
                nullable=is_nullable(self.description, member) and all(name in kind for kind in kinds),
                identifier_kind="uuid" if member.get("format") == "uuid" else "number",
            )
            for name, member in self.description.properties(schema).items()
        )

    def _check(self, plan: OperationPlan) -> None:
        self._check_address(plan)
        self._check_rules(plan)

    def _check_address(self, plan: OperationPlan) -> None:
        operation, resource = plan.operation, plan.operation.resource
        assert resource is not None
        inside = set(re.findall(r"{([^}]*)}", operation.path))
        if resource.action in ADDRESSED and resource.key is None:
            raise unservable(operation, "its x-resource has no key", "name the path parameter that holds the id")
        for name in (resource.key, resource.parent.parameter if resource.parent else None):
            if name is not None and name not in inside:
                raise unservable(operation, f"its path has no parameter {name!r}", "correct x-resource")
        if resource.action in WRITING and plan.body is None:
            raise unservable(operation, "it has no request body", "describe one")
        for parameter in plan.parameters:
            if parameter.filter_field is not None and parameter.filter_operator not in OPERATORS:
                raise unservable(operation, f"{parameter.name} has an unknown operator", f"use one of {OPERATORS}")

    def _check_rules(self, plan: OperationPlan) -> None:
        operation = plan.operation
        codes = {rule.code for rule in operation.rule_errors} | {block.code for block in operation.blocked_by}
        fields = plan.body.fields.values() if plan.body else ()
        codes |= {field.missing[1] for field in fields}
        for code in sorted(codes - errors.CATALOGUE.keys()):
            raise unservable(operation, f"error code {code} is not in the mock's catalogue", "add it to errors.py")
        if operation.empty_update == "refuse" and plan.empty_refusal is None:
            raise unservable(operation, "x-empty-update: refuse without a 10004 entry in x-rule-errors", "add it")
        if any(field.references for field in fields) and plan.reference_refusal is None:
            raise unservable(operation, "x-references without an entry for it in x-rule-errors", "add one")
        known = set(self.description.collections)
        wanted = {field.references for field in fields if field.references} | {
            b.collection for b in operation.blocked_by
        }
        if operation.resource and operation.resource.parent:
            wanted.add(operation.resource.parent.collection)
        for name in sorted(wanted - known):
            raise unservable(operation, f"no operation has the collection {name!r}", "correct the name")


def unservable(operation: Operation, why: str, fix: str) -> InputError:
    """The error for an operation that the mock cannot serve."""
    return InputError(
        f"{operation.operation_id} ({operation.label}) cannot be served: {why}", pointer=pointer_of(operation), fix=fix
    )


def pointer_of(operation: Operation) -> str:
    """The RFC 6901 pointer of an operation in the description."""
    return f"#/paths/{operation.path.replace('~', '~0').replace('/', '~1')}/{operation.method}"


def rule_for(operation: Operation, code: str) -> RuleError | None:
    """The business refusal with this code."""
    return next((rule for rule in operation.rule_errors if rule.code == code), None)


def reference_rule(operation: Operation) -> RuleError | None:
    """The refusal for a reference to nothing: the one the catalogue names so, else the only one that is not 10004."""
    others = [rule for rule in operation.rule_errors if rule.code != errors.MISSING]
    return rule_for(operation, errors.UNKNOWN_REFERENCE) or (others[0] if len(others) == 1 else None)


def record_schema(description: Description, operation: Operation) -> Mapping[str, Any] | None:
    """The schema of the records an operation works on: its own, else that of another operation of the collection."""
    own = description.record_schema(operation)
    if own is not None or operation.resource is None or operation.resource.action == "compute":
        return own
    for other in description.operations:
        if other.resource and other.resource.collection == operation.resource.collection:
            found = description.record_schema(other) if other.resource.action != "compute" else None
            if found is not None:
                return found
    return None


def id_field(description: Description, collection: str) -> str:
    """The member that identifies the records of a collection: ``x-generated: id`` or ``key``, else ``id``."""
    for operation in description.operations:
        resource = operation.resource
        if resource and resource.collection == collection and resource.action != "compute":
            for name, member in description.properties(description.record_schema(operation) or {}).items():
                if member.get("x-generated") in {"id", "key"}:
                    return name
    return "id"


def _constant(member: Mapping[str, Any]) -> Json:
    if "const" in member:
        return member["const"]
    # A constant without an enum (an account's own id, say) is the same on every record: the first example.
    options = member.get("enum") or (member.get("examples", ()) if member.get("x-generated") == "constant" else ())
    return options[0] if options and (len(options) == 1 or member.get("x-generated") == "constant") else ABSENT


def _kind(schema: Any) -> str:
    kinds = schema.get("type", "string") if isinstance(schema, Mapping) else "string"
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if kind != "null"), "string")
    return kinds if kinds in {"integer", "number", "boolean", "array"} else "string"
