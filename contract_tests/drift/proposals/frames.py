"""Statuses, headers, defaults and limits: what an operation would have to say about its answers and its parameters."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.description import Operation
from contract_tests.drift.anchors import answer_for, below, media, resolved
from contract_tests.drift.proposals.case import Case, Step, last
from scripts.lint import overlay_action
from scripts.pipeline import pointers


def more_statuses(case: Case) -> Iterator[Step]:
    """List the status that came, with the answer that a status of its class has."""
    status = case.finding["evidence"].get("status", 0)
    for name in case.finding["operations"]:
        operation = case.description.by_id.get(name)
        sibling = _sibling(operation, status) if operation else None
        if operation is None or sibling is None:
            continue
        target = f"{_here(operation)}/responses"
        yield Step(f"Lists {status} for {name}.", overlay_action.update(target, {str(status): copy.deepcopy(sibling)}))


def _sibling(operation: Operation, status: int) -> Any:
    """The described answer that one with this status is most like: of its class, else ``default`` for refusals."""
    responses = operation.raw["responses"]
    alike = sorted(key for key in responses if key[:1] == str(status)[:1] and key.isdigit())
    if alike:
        return responses[alike[0]]
    return responses.get("default") if status >= 400 else None


def without_header(case: Case) -> Iterator[Step]:
    """Take a header out of the answers that came without it."""
    name = case.finding["pointer"].removeprefix("header:")
    taken: set[str] = set()
    for place in case.finding["places"]:
        operation = case.description.by_id.get(place["operation"])
        for status in place["statuses"] if operation else ():
            assert operation is not None
            here = f"#{_here(operation)}/responses/{answer_for(operation, status)}"
            at, node = resolved(case.description, here)
            headers = node.get("headers", {}) if isinstance(node, Mapping) else {}
            spelt = next((key for key in headers if key.lower() == name), None)
            if spelt is not None and (pointer := pointers.join(f"{at[1:]}/headers", spelt)) not in taken:
                taken.add(pointer)
                yield Step(f"Takes {spelt} out of {last(at)}.", overlay_action.remove(pointer))


def any_header_value(case: Case) -> Iterator[Step]:
    """Let a header be any text; one that already may be needs eyes, not a patch."""
    for anchor in case.anchors():
        node = case.at(anchor)
        schema = resolved(case.description, f"{anchor}/schema")[1] if isinstance(node, Mapping) else None
        if isinstance(schema, Mapping) and schema.keys() - {"type", "description", "examples"} | (
            {"type"} if schema.get("type") != "string" else set()
        ):
            remove, update = overlay_action.replace(anchor[1:], "schema", {"type": "string"})
            yield Step(f"Takes off the form of {last(anchor)}.", remove)
            yield Step(f"Lets {last(anchor)} be any text.", update)


def other_default(case: Case) -> Iterator[Step]:
    """Say what new records hold where a request leaves the field out."""
    for place in case.finding["places"]:
        operation = case.description.by_id.get(place["operation"])
        tokens = pointers.split(place["pointer"])[1:]
        start = media(case.description, f"#{_here(operation)}/requestBody") if operation else ""
        anchor = below(case.description, start, tokens) if start else None
        node = case.at(anchor) if anchor else None
        if isinstance(node, Mapping) and "default" in node:
            yield from _other_value(f"{anchor}/default", node["default"], place["observed"])


def other_first_value(case: Case) -> Iterator[Step]:
    """Say what new records hold in a field that no request can set at creation."""
    for place in case.finding["places"]:
        node = case.at(place["described"])
        if isinstance(node, Mapping) and "x-initial" in node:
            yield from _other_value(f"{place['described']}/x-initial", node["x-initial"], place["observed"])


def _other_value(pointer: str, known: Any, observed: str) -> Iterator[Step]:
    holder, key = pointer[1:].rpartition("/")[0], last(pointer)
    name = last(holder)
    try:
        value = json.loads(observed)
    except ValueError:
        return
    if value is None:
        yield Step(f"New records hold no {name}.", overlay_action.remove(pointer[1:]))
    elif value != known:
        remove, update = overlay_action.replace(holder, key, value)
        yield Step(f"Takes off what {name} was at first.", remove)
        yield Step(f"New records hold {json.dumps(value, ensure_ascii=False)} as {name}.", update)


def tighter(case: Case) -> Iterator[Step]:
    """State the limit that a run found by trying: ``evidence.limit`` has its keyword and value."""
    limit = case.finding["evidence"].get("limit")
    for anchor in case.anchors() if limit else ():
        assert limit is not None
        place = f"{anchor}/schema" if anchor.startswith("#/components/parameters/") else anchor
        at, node = resolved(case.description, place)
        if not isinstance(node, Mapping):
            continue
        change = {limit["keyword"]: limit["value"]}
        yield Step(
            f"Says {limit['keyword']} {limit['value']} of {last(anchor)}.", overlay_action.update(at[1:], change)
        )


def _here(operation: Operation) -> str:
    return pointers.join("", "paths", operation.path, operation.method)
