"""Check values (examples, defaults) against the schemas of a document, compiled once each."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from scripts.lint.document import Document
from scripts.pipeline import grammar, pointers

# Where the document is registered; nothing is ever fetched from an address.
_ADDRESS = "urn:document"


class Validators:
    """Validators for the schemas of one document, by pointer; OpenAPI 3.0 is read as the JSON Schema it means."""

    def __init__(self, document: Document) -> None:
        root = document.root
        if document.version == "3.0":
            root = json.loads(json.dumps(root))
            _modernise(root)
        self._registry: jsonschema_rs.Registry | None = None
        with contextlib.suppress(ValueError, jsonschema_rs.ReferencingError):
            self._registry = jsonschema_rs.Registry([(_ADDRESS, root)], draft=jsonschema_rs.Draft202012)
        self._ready: dict[str, Any] = {}

    def faults(self, pointer: str, value: Any) -> Iterator[str]:
        """What is wrong with a value for the schema at ``pointer``, formats included.

        Nothing is wrong for a schema that can't be compiled.
        """
        if pointer not in self._ready:
            self._ready[pointer] = self._compile(pointer)
        validator = self._ready[pointer]
        for error in validator.iter_errors(value) if validator else ():
            at = pointers.join("", *error.instance_path)
            yield f"{at or 'the value'}: {error.message}"[:200]

    def _compile(self, pointer: str) -> Any:
        if self._registry is None:
            return None
        reference = {"$ref": f"{_ADDRESS}#{quote(pointer, safe='/~')}"}
        try:
            return jsonschema_rs.Draft202012Validator(
                reference, registry=self._registry, validate_formats=True, mask="the value"
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            return None  # references that lead nowhere and broken schemas have rules of their own


def _modernise(root: dict[str, Any]) -> None:
    """Write ``nullable`` and boolean bounds of OpenAPI 3.0 as JSON Schema 2020-12 says them, in place."""
    for node in grammar.walk(root):
        if node.kind != "schemas":
            continue
        schema = node.value
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and bound in schema:
                schema[exclusive] = schema.pop(bound)
        if schema.pop("nullable", None) is True:
            inner = dict(schema)
            schema.clear()
            schema["anyOf"] = [inner, {"type": "null"}]
