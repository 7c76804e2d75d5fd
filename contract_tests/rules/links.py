"""Links of the description: which answers hold the id of a record that nothing else makes or lists.

OpenAPI 3.1, "Link Object": a parameter of the linked operation is a runtime expression, as ``$response.body#/data/id``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.description import Description, Operation
from contract_tests.rules.resource import Resource

IN_BODY = "$response.body#"


def leading_to(resource: Resource) -> Iterator[tuple[Operation, str]]:
    """Operations in whose good answer the id of a record stands, and its RFC 6901 pointer.

    They address no record themselves; those that make something come first.
    """
    keys = {str(one.resource.key) for one in resource.keyed if one.resource}
    targets = {one.operation_id for one in resource.keyed}
    found = []
    for operation in resource.description.operations:
        for link in _links(resource.description, operation) if "{" not in operation.path else ():
            given = {name: text for name, text in link.get("parameters", {}).items() if name in keys}
            if link.get("operationId") in targets:
                texts = [text for text in given.values() if isinstance(text, str) and text.startswith(IN_BODY)]
                found += [(operation, text.removeprefix(IN_BODY)) for text in texts]
    yield from sorted(found, key=lambda one: one[0].method != "post")


def value_at(body: Any, pointer: str) -> Any:
    """What stands at an RFC 6901 pointer, None where nothing does."""
    for segment in pointer.split("/")[1:]:
        name = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(body, list):
            body = body[int(name)] if name.isdigit() and int(name) < len(body) else None
        else:
            body = body.get(name) if isinstance(body, dict) else None
    return body


def _links(description: Description, operation: Operation) -> Iterator[Any]:
    for status in sorted(operation.success_statuses):
        response = description.response(operation, status) or {}
        yield from (description.resolve(link) for link in response.get("links", {}).values())
