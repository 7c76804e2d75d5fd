"""What a resource looks like where it is not the usual one, and the record above it where it has one.

The usual: an answer has the record under ``data``, a list tells its page under ``meta``, members are in snake_case,
an update is a PATCH, and the records belong to the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from scripts.errors import InputError
from scripts.pipeline import names, pointers, references
from scripts.pipeline.load import JsonObject
from scripts.scaffold.wording import article


@attrs.frozen
class Parent:
    """The collection above: ``parameter`` names its record in ``path``, the path that the new one's begins with.

    ``example`` is the id of a record that the mock is seeded with.
    """

    collection: str
    parameter: str
    path: str
    words: str
    example: str
    uuid: bool


@attrs.frozen
class Shape:
    """``bare``: answers are the record, lists tell their page beside it. ``camel``: members are in camelCase.
    ``put``: a PUT that sets every field anew stands in for the PATCH. ``below``: what the records belong to.
    """

    bare: bool = False
    camel: bool = False
    put: bool = False
    below: Parent | None = None

    def member(self, name: str) -> str:
        """A member of a record as it is written: ``created_at`` or ``createdAt``."""
        first, *rest = name.split("_")
        return first + "".join(part.capitalize() for part in rest) if self.camel else name


USUAL = Shape()


def parent(document: JsonObject, collection: str) -> Parent:
    """The record above, from the operation that retrieves it; ``InputError`` where there is none, or no example."""
    found = dict(_retrievals(document))
    if collection not in found:
        guess = references.nearest(collection, list(found))
        raise InputError(
            f"no operation retrieves a record of {collection!r}",
            fix=f"did you mean {guess}?" if guess else f"--below takes one of: {', '.join(sorted(found))}",
        )
    path, operation = found[collection]
    key = operation["x-resource"]["key"]
    item = document["paths"][path]
    listed = [_resolved(document, one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    described = next(one for one in listed if one.get("name") == key)
    record = re.sub(r"(?<!^)(?=[A-Z])", "_", operation["operationId"].removeprefix("retrieve")).lower()
    words = record.replace("_", " ")
    parameter = f"{record}_id" if key == "id" else key
    example = described.get("example")
    if not isinstance(example, str):
        raise InputError(f"the path parameter {key!r} of {operation['operationId']} has no example", fix="give it one")
    schema = _resolved(document, described.get("schema", {}))
    return Parent(
        collection,
        parameter,
        path.replace(f"{{{key}}}", f"{{{parameter}}}"),
        f"{article(words)} {words}",
        example,
        schema.get("format") == "uuid",
    )


def _retrievals(document: JsonObject) -> Iterator[tuple[str, tuple[str, JsonObject]]]:
    for _, path, _, operation in names.operations(document):
        resource = operation.get("x-resource", {})
        if resource.get("action") == "retrieve" and not resource.get("parent"):
            yield resource["collection"], (path, operation)


def _resolved(document: JsonObject, value: JsonObject) -> JsonObject:
    while "$ref" in value:
        value = pointers.follow(document, value["$ref"].removeprefix("#"))
    return value
