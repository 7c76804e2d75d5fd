"""The document has the shape that its version of the OpenAPI specification demands.

The schemas published with the specification say so (3.0.x, 3.1.x); for 3.1 the schema objects are held to JSON Schema
2020-12 as well. The generator may read what is wrong here, or refuse the whole document.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema_rs

from scripts.lint.finding import Finding
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
FIX = "see the specification of the OpenAPI version that the document names"
# A document that is wrong everywhere is not worth a longer list.
MOST = 100


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each violation, up to ``MOST``."""
    document = subject.document
    for pointer, message in itertools.islice(_faults(document.root, document.version), MOST):
        yield Finding(pointer, message, FIX)


def _faults(root: dict[str, Any], version: str) -> Iterator[tuple[str, str]]:
    for error in _validator(version).iter_errors(root):
        yield pointers.join("", *error.instance_path), error.message[:200]
    if version == "3.1":
        for kind, members in _whole_schemas(root):
            for name, schema in members.items():
                for error in _dialect().iter_errors(schema):
                    at = pointers.join("", "components", kind, name, *error.instance_path)
                    yield at, f"breaks JSON Schema 2020-12: {error.message}"[:200]


def _whole_schemas(root: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    components = root.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if isinstance(schemas, dict):
        yield "schemas", schemas


@functools.cache
def _validator(version: str) -> Any:
    text = (
        files("openapi_spec_validator")
        .joinpath("resources", "schemas", f"v{version}", "schema.json")
        .read_text("utf-8")
    )
    return jsonschema_rs.validator_for(json.loads(text), mask="the value")


@functools.cache
def _dialect() -> Any:
    return jsonschema_rs.validator_for({"$ref": "https://json-schema.org/draft/2020-12/schema"}, mask="the value")
