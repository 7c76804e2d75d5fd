"""The order in which openapi-python-client 0.29.1 looks at the parts of a component schema.

First stage: the schema's own shape, down through arrays. Second: what is inside an object. Members of a union are an
exception: they are looked at with everything inside them at once, so in the first stage when the union itself is.
"""

from __future__ import annotations

from collections.abc import Iterable

# Below these keywords a schema is looked at in the second stage.
_INSIDE = frozenset({"properties", "additionalProperties", "allOf"})
UNION = frozenset({"anyOf", "oneOf"})
# Keywords that the generator does not look at: nothing below them can fail.
IGNORED = frozenset(
    {"not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"}
    | {"contentSchema", "patternProperties", "dependentSchemas", "$defs"}
)


def is_second(tokens: Iterable[str]) -> bool:
    """Whether the part of a component at these tokens (from the component on) is looked at in the second stage."""
    return next((token in _INSIDE for token in tokens if token in _INSIDE | UNION), False)


def in_first_union(tokens: Iterable[str]) -> bool:
    """Whether that part stands in a union which is looked at in the first stage."""
    return next((token in UNION for token in tokens if token in _INSIDE | UNION), False)
