"""The changes behind the planted faults: of answers, of the description obeyed, of actions. Each is one small function.

Records in the store are never touched by a change of answers: bodies are copied before they are edited.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..description import Description
from . import errors
from .act import ACTIONS, addressed
from .answer import HTML
from .exchange import Answer, Json, Record
from .parts import Finish
from .plan import OperationPlan
from .world import Call, Result, World

Edit = Callable[[Record, str], None]  # changes one member of a copied object


def on_success(edit: Edit, path: str) -> Finish:
    """Edit the member at a dotted path of each record under ``data``, or of the answer itself for ``meta....``."""
    *parents, name = path.split(".")

    def finish(_: str | None, answer: Answer) -> Answer:
        if answer.status >= 300 or not isinstance(answer.body, dict):
            return answer
        body = copy.deepcopy(answer.body)
        data = body.get("data")
        starts = [body] if parents[:1] == ["meta"] else data if isinstance(data, list) else [data]
        for start in starts:
            for holder in _reach(start, parents):
                edit(holder, name)
        return replace(answer, body=body)

    return finish


def _reach(node: Json, parents: list[str]) -> list[Record]:
    """The objects at a path of member names; an array on the way stands for each of its items."""
    nodes = [node]
    for parent in parents:
        nodes = [one[parent] for one in nodes if isinstance(one, dict) and parent in one]
        nodes = [item for one in nodes for item in (one if isinstance(one, list) else [one])]
    return [one for one in nodes if isinstance(one, dict)]


def drop(holder: Record, name: str) -> None:
    """Leave a member out."""
    holder.pop(name, None)


def change_type(holder: Record, name: str) -> None:
    """Give a member a value of another JSON type."""
    if name in holder:
        holder[name] = other_type(holder[name])


def nullify(holder: Record, name: str) -> None:
    """Make a member null."""
    if name in holder:
        holder[name] = None


def add(holder: Record, name: str) -> None:
    """Add a member that no description knows."""
    holder.setdefault(name, "planted")


def unknown_member(holder: Record, name: str) -> None:
    """Give a member a text that no enumeration holds."""
    if name in holder:
        holder[name] = "planted-value"


def other_type(value: Json) -> Json:
    """A value of another JSON type, as near as one comes to a plausible slip."""
    match value:
        case bool() | int() | float():
            return str(value).lower()
        case str():
            return int(value) if value.isascii() and value.isdigit() else 12345
        case list():
            return {str(index): item for index, item in enumerate(value)}
        case dict():
            return [value]
        case _:
            return False


def on_errors(change: Callable[[Answer], Answer]) -> Finish:
    """Change the answers that report errors."""
    return lambda _, answer: change(answer) if answer.status >= 400 else answer


def without_envelope(answer: Answer) -> Answer:
    """The first error at the top instead of in ``errors[]``."""
    return replace(answer, body=answer.body["errors"][0])


def as_html(answer: Answer) -> Answer:
    """A page as a gateway would send it."""
    page = f"<html><head><title>{answer.status}</title></head><body><h1>Error {answer.status}</h1></body></html>"
    return replace(answer, raw=(HTML, page.encode()))


def with_integer_codes(answer: Answer) -> Answer:
    """Error codes as numbers."""
    entries = [{**entry, "code": int(entry["code"])} for entry in answer.body["errors"]]
    return replace(answer, body={"errors": entries})


def always(status: int, code: str) -> Finish:
    """Answer every request with one error."""
    return lambda _, answer: Answer(status, {"errors": [errors.entry(code)]})


def rewrite(description: Description, change: Callable[[Record], None]) -> Description:
    """A description in which every object was given to ``change``, which may edit it in place."""
    document = copy.deepcopy(dict(description.document))

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            change(node)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)
    return Description(document)


def reword(keyword: str, old: str, new: str) -> Callable[[Record], None]:
    """Turn one value of an extension into another wherever it stands."""

    def change(node: Record) -> None:
        if node.get(keyword) == old:
            node[keyword] = new

    return change


def delete_forgetfully(plan: OperationPlan, call: Call, world: World) -> Result:
    """Check and answer like a deletion, and keep the record."""
    record = ACTIONS["delete"](plan, call, world)
    assert isinstance(record, dict)
    world.store[plan.collection].insert(record)
    return record


def create_forgetfully(plan: OperationPlan, call: Call, world: World) -> Result:
    """Answer like a creation, and store nothing."""
    record = ACTIONS["create"](plan, call, world)
    assert isinstance(record, dict)
    collection = world.store[plan.collection]
    return collection.remove(record[collection.id_field])


def update_forgetfully(plan: OperationPlan, call: Call, world: World) -> Result:
    """Answer like an update, and store nothing."""
    former = addressed(plan, call, world)
    changed = ACTIONS["update"](plan, call, world)
    world.store[plan.collection].replace(former)
    return changed


def update_without_stamp(plan: OperationPlan, call: Call, world: World) -> Result:
    """Update, and leave every time stamp as it was."""
    former = addressed(plan, call, world)
    changed = ACTIONS["update"](plan, call, world)
    assert isinstance(changed, dict)
    stamps = {field.name for field in plan.record if field.generated == "updated-at"}
    kept = {**changed, **{name: former[name] for name in stamps if name in former}}
    world.store[plan.collection].replace(kept)
    return kept


def list_ignoring(*roles: str) -> Callable[[OperationPlan, Call, World], Result]:
    """List as if parameters of these roles (``page``, ``filter_field``, ``sort_field``) had not been sent."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        ignored = {one.name for one in plan.parameters if any(getattr(one, role) for role in roles)}
        query = {name: value for name, value in call.query.items() if name not in ignored}
        return ACTIONS["list"](plan, replace(call, query=query), world)

    return act


def update_with_defaults(description: Description) -> Callable[[OperationPlan, Call, World], Result]:
    """Update, and reset what the body leaves out to the defaults of the create operation."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        defaults: Record = {}
        for creation in description.with_action(plan.collection, "create"):
            members = description.properties(description.request_schema(creation) or {})
            defaults |= {name: member["default"] for name, member in members.items() if "default" in member}
        known = plan.body.fields if plan.body else {}
        body = {**{name: value for name, value in defaults.items() if name in known}, **call.body}
        return ACTIONS["update"](plan, replace(call, body=body), world)

    return act
