"""JSON values for the models of the package: as described, arbitrary, and as described but for a few changes.

Everything is made from a seed by ``random``, which is fifty times faster than drawing each part of a value; a failing
test prints the seed with the payload.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]

# What servers have been seen to send in place of something else, and the ends of what JSON can say.
TEXTS = (
    "", " ", "null", "true", "0", "-1", "1e999", "2026-02-03", "2026-02-03t04:05:06z", "2026-02-03T24:00:00Z",
    "2026-06-30T23:59:60Z", "2026-02-03T04:05:06.123456789+05:30", "2026-02-03 04:05:06", "2026-02-03T04:05:06",
    "9999-12-31T24:00:00Z", "0001-01-01T00:00:00+14:00", "Tue, 03 Feb 2026 04:05:06 GMT", "1770091506",
    "3FA85F64-5717-4562-B3FC-2C963F66AFA6", "3fa85f6457174562b3fc2c963f66afa6", "3fa85f64-5717-4562-b3fc-2c963f66afa",
    "3fa85f64-5717-4562-b3fc-2c963f66 fa6", "________-____-____-____-____________", "\0", "\ud800", "\u2028", "🙂" * 3,
    "__class__", "{x}", "<html>", "x" * 5000,
)  # fmt: skip
NUMBERS = (0, -0.0, 1, -1, 1.5, 1e308, -1e-308, 2**53 + 1, 2**64, -(10**40), 1770091506, 1770091506000)
NAMES = (
    "",
    "id",
    "data",
    "meta",
    "errors",
    "record_type",
    "v1_secret",
    "__dict__",
    "self",
    "a/b~c",
    "new",
    "tolerance",
)


def described(schema: Any, chance: random.Random, depth: int = 0) -> Any:
    """A value as ``schema`` describes it, with every property that it has."""
    if "$ref" in schema:
        return described(SCHEMAS[schema["$ref"].rpartition("/")[2]], chance, depth)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return described(chance.choice(options), chance, depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return chance.choice(schema["enum"])
    kind = schema.get("type")
    kind = chance.choice(kind) if isinstance(kind, list) else kind
    if kind == "object":
        return {name: described(inner, chance, depth + 1) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [described(schema["items"], chance, depth + 1) for _ in range(chance.randrange(3))]
    if kind == "string":
        return {"uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "date-time": "2026-02-03T04:05:06.789Z"}.get(
            schema.get("format", ""), "text"
        )
    return {"boolean": True, "integer": 7, "number": 1.5}.get(kind)


def arbitrary(chance: random.Random, depth: int = 0) -> Any:
    """Any JSON value, not too deep."""
    match chance.randrange(9 if depth < 4 else 6):
        case 0:
            return None
        case 1:
            return chance.random() < 0.5
        case 2 | 3:
            return chance.choice(NUMBERS)
        case 4 | 5:
            return chance.choice(TEXTS)
        case 6:
            return [arbitrary(chance, depth + 1) for _ in range(chance.randrange(4))]
        case _:
            return {chance.choice(NAMES): arbitrary(chance, depth + 1) for _ in range(chance.randrange(4))}


def mutated(value: Any, chance: random.Random) -> Any:
    """``value`` with one to four changes somewhere within it, in place where possible."""
    for _ in range(chance.randrange(1, 5)):
        places = list(_containers(value))
        if not places:
            return arbitrary(chance)
        _change(chance.choice(places), chance)
    return value


def _containers(value: Any) -> Any:
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _containers(inner)


def _change(container: Any, chance: random.Random) -> None:
    if isinstance(container, list):
        if container and chance.random() < 0.5:
            container[chance.randrange(len(container))] = arbitrary(chance)
        else:
            container.insert(chance.randrange(len(container) + 1), arbitrary(chance))
        return
    name = chance.choice([*container, chance.choice(NAMES)])
    match chance.randrange(5):
        case 0:
            container.pop(name, None)
        case 1:
            container[name] = None
        case 2:
            container[name] = [container.get(name)]
        case _:
            container[name] = arbitrary(chance)
