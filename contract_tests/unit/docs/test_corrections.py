"""What overlay actions are said to have changed is what they changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.reference.corrections import Change, Citation, How, changes, replay

ADDED, CHANGED, REMOVED = How.ADDED, How.CHANGED, How.REMOVED


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("#/a", CHANGED)]),
        ({"a": 1}, {"a": True}, [("#/a", CHANGED)]),
        ({"a": 1}, {"a": 1, "b": {"c": 1}}, [("#/b", ADDED)]),
        ({"a": 1, "b": 2}, {"a": 1}, [("#/b", REMOVED)]),
        ({"a/b": {"c~d": 1}}, {"a/b": {"c~d": 2}}, [("#/a~1b/c~0d", CHANGED)]),
        ({"a": [1]}, {"a": [1, 2, 3]}, [("#/a/1", ADDED), ("#/a/2", ADDED)]),
        ({"a": [1, 2]}, {"a": [2]}, [("#/a", CHANGED)]),
        ({"a": {"b": 1}}, {"a": [1]}, [("#/a", CHANGED)]),
        ({"a": None}, {"a": {}}, [("#/a", CHANGED)]),
    ],
)
def test_the_topmost_difference_is_told(before: Any, after: Any, found: list[tuple[str, How]]) -> None:
    assert list(changes(before, after)) == [Change(pointer, how) for pointer, how in found]


OVERLAYS = {
    "010-first.overlay.yaml": """overlay: 1.0.0
info: {title: First, version: 1.0.0}
actions:
  - target: $.components.schemas.Pet.properties
    description: Pets have a colour.
    x-date: 2026-01-02
    x-reason: It came later.
    x-evidence: [{document: D, note: on page 3}]
    update: {colour: {$ref: "#/components/schemas/Colour"}}
  - target: $.components.schemas
    update: {Colour: {type: string}}
""",
    "020-second.overlay.yaml": """overlay: 1.0.0
info: {title: Second, version: 1.0.0}
actions:
  - target: $.components.schemas.Pet.properties.age
    remove: true
""",
}


def folder(root: Path) -> Path:
    overlays = root / "overlays" / "description"
    overlays.mkdir(parents=True)
    for name, text in OVERLAYS.items():
        (overlays / name).write_text(text, encoding="utf-8")
    return overlays


def test_each_action_is_told_alone_also_where_only_the_next_makes_its_reference_lead_somewhere(tmp_path: Path) -> None:
    bundled = {"components": {"schemas": {"Pet": {"properties": {"age": {"type": "integer"}}}}}}
    document, (colour, schema, age) = replay(bundled, folder(tmp_path), tmp_path)
    assert colour.place == "overlays/description/010-first.overlay.yaml:4"
    assert (colour.number, colour.date, colour.reason) == (1, "2026-01-02", "It came later.")
    assert colour.citations == (Citation("D", "on page 3"),)
    assert colour.changes == (Change("#/components/schemas/Pet/properties/colour", ADDED),)
    assert schema.changes == (Change("#/components/schemas/Colour", ADDED),)
    assert (schema.date, schema.citations) == ("", ())
    assert age.changes == (Change("#/components/schemas/Pet/properties/age", REMOVED),)
    assert document["components"]["schemas"]["Pet"]["properties"] == {"colour": {"$ref": "#/components/schemas/Colour"}}
    assert bundled["components"]["schemas"]["Pet"]["properties"] == {"age": {"type": "integer"}}


def test_an_action_that_matches_nothing_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="matches nothing"):
        replay({"components": {}}, folder(tmp_path), tmp_path)
