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


def edited(edit: Edit, path: str) -> Finish:
    """Edit the member at a dotted path of each record under ``data``, or of the answer itself for ``meta....``."""
    *parents, name = path.split(".")

    def finish(_: str | None, answer: Answer) -> Answer:
        if answer.status >= 300 or not isinstance(answer.body, dict):
            return answer
        body = copy.deepcopy(answer.body)
        data = body.get("data")
        starts = [body] if parents[:1] == ["meta"] else data if isinstance(data, list) else [data]
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


def known_fields(parts: Parts) -> set[str]:
    """The name of every property of every schema."""
    schemas = parts.description.document.get("components", {}).get("schemas", {})
    return {name for schema in schemas.values() for name in schema.get("properties", {})}
