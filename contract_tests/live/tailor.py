"""Generated bodies cut to what a live run may send: marked, about records of its own, to the policy's recipients alone.

The gate would refuse the others one by one; generating what may leave is what makes sampling worth its requests.
"""

from __future__ import annotations

from typing import Any

from contract_tests.description import Operation
from contract_tests.live import meaning
from contract_tests.live.gate import Gate
from contract_tests.live.policy import READ, WRITE
from contract_tests.rules.resource import by_collection


def tailored(gate: Gate, operation: Operation, body: Any) -> Any:
    """The body with the run's mark in front of the name, and without what names records of others or does too much.

    Whom it would reach is somebody of the policy instead; where that names nobody, the gate refuses the request.
    """
    if not isinstance(body, dict):
        return body
    description, terms = gate.terms.description, gate.terms
    kept = dict(body)
    allowed = {READ, WRITE} | {one for one in operation.effects if terms.policy.opted_in(operation.operation_id, one)}
    for part in meaning.parts(description, operation, body):
        too_much = any(set(said) - allowed for said in part.said("x-effect"))
        if not part.described or any(part.said("readOnly")) or too_much:
            kept.pop(part.path[0], None)
    for part, collection, value in meaning.references(meaning.parts(description, operation, kept)):
        if not (isinstance(value, str) and gate.estate.owns(collection, value)):
            kept.pop(part.path[0], None)
    return _marked(gate, operation, _readdressed(gate, operation, kept))


def _readdressed(gate: Gate, operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    own = gate.terms.policy.recipients
    found = dict(body)
    for part in meaning.parts(gate.terms.description, operation, body):
        strangers = [one for one in meaning.recipients((part,)) if one not in own]
        if own and strangers and len(part.path) == 1:
            found[part.path[0]] = [min(own)] if isinstance(part.value, list) else min(own)
    return found


def _marked(gate: Gate, operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    rule = operation.resource
    name = meaning.label_field(gate.terms.description, rule.collection) if rule else None
    if rule is None or name is None or (name not in body and rule.action != "create"):
        return body
    field = by_collection(gate.terms.description, rule.collection).written(operation).get(name)
    longest = field.schema.get("maxLength") if field else None
    text = body.get(name)
    marked = f"{gate.ledger.prefix}{text if isinstance(text, str) else ''}"
    return {**body, name: marked[:longest]}
