"""Cut a description down to some of its operations, and to just the components that these refer to."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from scripts.pipeline import grammar, pointers
from scripts.pipeline.grammar import Node
from scripts.pipeline.load import JsonObject

COMPONENTS = "/components/"


def reduce(document: JsonObject, operations: frozenset[str], *, webhooks: bool) -> JsonObject:
    """A copy of ``document`` with these operations (by operationId) alone; its webhooks stay when they are wanted.

    Links go: they lead to operations that may be gone, and nothing of them gets into the package.
    """
    result = copy.deepcopy(document)
    result["paths"] = {
        path: item for path, item in result.get("paths", {}).items() if _keep(item, operations) or path.startswith("x-")
    }
    if not webhooks:
        result.pop("webhooks", None)
    for node in grammar.walk(result):
        if node.kind == "responses":
            node.value.pop("links", None)
    used = set(_used(result))
    result["components"] = {
        kind: kept
        for kind, parts in result.get("components", {}).items()
        if (kept := parts if kind == "securitySchemes" else {k: v for k, v in parts.items() if (kind, k) in used})
    }
    tags = {tag for node in grammar.walk(result) if node.kind == "operation" for tag in node.value.get("tags", [])}
    if "tags" in result:
        result["tags"] = [tag for tag in result["tags"] if tag.get("name") in tags]
    return result


def _keep(item: Any, operations: frozenset[str]) -> bool:
    """Take the other operations out of a path item, in place; whether any is left."""
    methods = [method for method in grammar.METHODS if isinstance(item.get(method), dict)]
    wanted = [method for method in methods if item[method].get("operationId") in operations]
    for method in methods:
        if method not in wanted:
            del item[method]
    return bool(wanted)


def _used(document: JsonObject) -> Iterator[tuple[str, str]]:
    """Kind and name of each component that paths and webhooks lead to, directly or by way of another one."""
    seen: set[tuple[str, str]] = set()
    outside = {key: value for key, value in document.items() if key != "components"}
    waiting = [*grammar.walk(outside)]
    while waiting:
        for reference in _references(waiting.pop()):
            kind, name = pointers.split(reference.removeprefix("#"))[1:3]
            if (kind, name) not in seen:
                seen.add((kind, name))
                yield kind, name
                waiting.extend(grammar.walk(document["components"][kind][name], kind))


def _references(node: Node) -> Iterator[str]:
    """What an object of the bundled description refers to: always components as wholes."""
    found = [node.value.get("$ref")]
    if node.kind == "schemas" and isinstance(choice := node.value.get("discriminator"), dict):
        found += choice.get("mapping", {}).values()
    yield from (one for one in found if isinstance(one, str) and one.startswith(f"#{COMPONENTS}"))
