"""What is left of a value when all that the server may change by itself is taken out, at any depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract_tests.description import Description
from contract_tests.rules.resource import Schema, fields, unwrap


def steady(description: Description, schema: Schema, value: Any) -> Any:
    """The value without the members that are ``x-server-varies``; what nobody describes stays."""
    inner, _ = unwrap(description, schema)
    if isinstance(value, list):
        return [steady(description, inner.get("items", {}), item) for item in value]
    if not isinstance(value, Mapping):
        return value
    known = fields(description, inner)
    kept = {name: item for name, item in value.items() if name not in known or not known[name].varies}
    return {name: steady(description, known[name].schema, kept[name]) if name in known else kept[name] for name in kept}
