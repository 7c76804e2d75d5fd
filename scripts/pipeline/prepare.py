"""What the generator gets to see: the effective description without the things it would misread."""

from __future__ import annotations

import copy

from scripts.pipeline import grammar
from scripts.pipeline.load import JsonObject


def prepare(document: JsonObject) -> JsonObject:
    """A copy of ``document`` for the generator: security on every operation, no defaults."""
    result = copy.deepcopy(document)
    _spread_security(result)
    _drop_defaults(result)
    return result


def _spread_security(document: JsonObject) -> None:
    """Write the root's security into each operation that has none of its own, in place.

    The generator looks at operations only; without this a protected operation would accept a client without token.
    """
    if "security" not in document:
        return
    for node in grammar.walk(document):
        if node.kind == "operation":
            node.value.setdefault("security", copy.deepcopy(document["security"]))


def _drop_defaults(document: JsonObject) -> None:
    """Remove the ``default`` of every schema, in place.

    A default says what the server does when a field is absent. The generator makes it a constructor argument and
    sends it with every request, which on a PATCH resets what nobody meant to touch.
    """
    for node in grammar.walk(document):
        if node.kind == "schemas":
            node.value.pop("default", None)
