"""How drifts change answers and descriptions: always copies, so that stored records and the description stay whole."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from scripts.errors import InputError

from ...description import Description
from ..exchange import Answer, Json, Record
from ..parts import Finish, Parts
from .drift import Planter

Edit = Callable[[Record, str], None]  # changes one member of a copied object


def on_success(change: Callable[[Json], Json]) -> Planter:
    """Change a copy of the body of each good answer, for a drift without argument."""

    def finish(_: str | None, answer: Answer) -> Answer:
        if answer.status >= 300 or answer.body is None:
            return answer
        return replace(answer, body=change(copy.deepcopy(answer.body)))

    return finishing(finish)


def on_content(change: Callable[[Json], Json]) -> Planter:
    """Change the record, or the list of them, that a good answer holds, wherever its envelope has it."""

    def planter(_: str, parts: Parts) -> Parts:
        def finish(operation_id: str | None, answer: Answer) -> Answer:
            if operation_id is None or answer.status >= 300 or answer.body is None:
                return answer
            member = parts.description.by_id[operation_id].envelope.member
            body = copy.deepcopy(answer.body)
            if member is None:
                return replace(answer, body=change(body))
            return replace(answer, body={**body, member: change(body[member])}) if member in body else answer

        return parts.finished_by(finish)

    return planter


def on_page(change: Callable[[Record, tuple[str, ...]], None], *told: str) -> Planter:
    """Change what good answers tell of their page; ``change`` gets a copy of the body and the path of what is told."""

    def planter(_: str, parts: Parts) -> Parts:
        def finish(operation_id: str | None, answer: Answer) -> Answer:
            page = parts.description.by_id[operation_id].envelope.page if operation_id else {}
            if answer.status >= 300 or not isinstance(answer.body, dict) or not page.keys() & set(told):
                return answer
            body = copy.deepcopy(answer.body)
            for what in page.keys() & set(told):
                change(body, page[what])
            return replace(answer, body=body)

        return parts.finished_by(finish)

    return planter


def at_page(change: Callable[[Json], Json]) -> Callable[[Record, tuple[str, ...]], None]:
    """Change the value at a path of member names, where there is one."""

    def edit(body: Record, path: tuple[str, ...]) -> None:
        for holder in reach(body, list(path[:-1])):
            if path[-1] in holder:
                holder[path[-1]] = change(holder[path[-1]])

    return edit


def on_errors(change: Callable[[Answer], Answer]) -> Planter:
    """Change the answers that report errors, for a drift without argument."""
    return finishing(lambda _, answer: change(answer) if answer.status >= 400 and answer.body else answer)


def on_entries(change: Callable[[Record], Record]) -> Planter:
    """Change each entry of ``errors[]``, for a drift without argument."""
    return on_errors(
        lambda answer: replace(answer, body={"errors": [change(dict(one)) for one in answer.body["errors"]]})
    )


def finishing(finish: Finish) -> Planter:
    """Change finished answers, for a drift without argument."""
    return lambda _, parts: parts.finished_by(finish)


def edited(edit: Edit, path: str, description: Description) -> Finish:
    """Edit the member at a dotted path of each record of an answer, or of the answer itself for ``meta....``."""
    *parents, name = path.split(".")

    def finish(operation_id: str | None, answer: Answer) -> Answer:
        if operation_id is None or answer.status >= 300 or not isinstance(answer.body, (dict, list)):
            return answer
        body = copy.deepcopy(answer.body)
        content = description.by_id[operation_id].envelope.content(body)
        starts = [body] if parents[:1] == ["meta"] else content if isinstance(content, list) else [content]
        for start in starts:
            for holder in reach(start, parents):
                edit(holder, name)
        return replace(answer, body=body)

    return finish


def reach(node: Json, parents: list[str]) -> list[Record]:
    """The objects at a path of member names; an array on the way stands for each of its items."""
    nodes = [node]
    for parent in parents:
        nodes = [one[parent] for one in nodes if isinstance(one, dict) and parent in one]
        nodes = [item for one in nodes for item in (one if isinstance(one, list) else [one])]
    return [one for one in nodes if isinstance(one, dict)]


def as_bytes(body: Json) -> bytes:
    """The JSON that the mock would send."""
    return b"" if body is None else orjson.dumps(body)


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


def obeying(change: Callable[[Record], None]) -> Planter:
    """Obey a description in which every object was changed, for a drift without argument."""
    return lambda _, parts: replace(parts, description=rewrite(parts.description, change))


def reword(keyword: str, old: str, new: str) -> Planter:
    """Obey another value of an extension wherever one stands."""

    def change(node: Record) -> None:
        if node.get(keyword) == old:
            node[keyword] = new

    return obeying(change)


def without(*keywords: str) -> Callable[[Record], None]:
    """Take keywords out of schemas. A property may be called like a keyword, but its schema is never a plain value."""

    def change(node: Record) -> None:
        for keyword in keywords:
            if not isinstance(node.get(keyword), dict):
                node.pop(keyword, None)

    return change


def rewrite_requests(description: Description, change: Callable[[Record, str], None], *actions: str) -> Description:
    """A description in which ``change`` edited the request schema of each operation with one of the actions.

    It gets the resolved schema and the operationId.
    """
    document = copy.deepcopy(dict(description.document))
    made = Description(document)
    for operation in made.operations:
        if operation.resource and operation.resource.action in actions:
            schema: Any = made.request_schema(operation)
            if schema is not None:
                change(schema, operation.operation_id)
    return Description(document)


def acting(name: str, action: Any) -> Planter:
    """Another action under a name, for a drift without argument."""
    return lambda _, parts: parts.acting(name, action)


def must_know(name: str, parts: Parts) -> None:
    """``InputError`` for the name of a field that no schema has: such a drift could never be met."""
    if name not in known_fields(parts):
        raise InputError(f"no schema has a property {name!r}", fix="write it as it stands in an answer")


def must_be_operation(operation_id: str, parts: Parts) -> None:
    """``InputError`` for an operation that there is not."""
    if operation_id not in parts.description.by_id:
        known = ", ".join(parts.description.by_id)
        raise InputError(f"there is no operation {operation_id!r}", fix=f"choose one of {known}")


def known_fields(parts: Parts) -> set[str]:
    """The name of every property of every schema."""
    schemas = parts.description.document.get("components", {}).get("schemas", {})
    return {name for schema in schemas.values() for name in schema.get("properties", {})}
