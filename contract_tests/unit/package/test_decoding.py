"""Kinds of fields that the description of today does not have: lists of anything, alternatives, maps, constants."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telnyx_bindings.runtime.decoding import parse_uuid

from scripts.pipeline import generate, prepare, settings
from scripts.pipeline.assemble import assemble
from scripts.pipeline.layout import Layout

ROOT = Path(__file__).resolve().parents[3]
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
TEXT = {"type": "string"}
CAT = {
    "type": "object",
    "required": ["kind", "lives"],
    "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
}
DOG = {
    "type": "object",
    "required": ["kind", "tricks"],
    "properties": {"kind": {"const": "dog"}, "tricks": {"type": "integer"}},
}
PROPERTIES = {
    "days": {"type": "array", "items": {"type": "string", "format": "date"}},
    "moments": {"type": "array", "items": {"type": ["string", "null"], "format": "date-time"}},
    "ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "levels": {"type": "array", "items": {"$ref": "#/components/schemas/Level"}},
    "level": {"$ref": "#/components/schemas/Level"},
    "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
    "day": {"type": "string", "format": "date"},
    "pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}, {"type": "null"}]},
    "pets": {
        "type": "array",
        "items": {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
    },
    "when": {"anyOf": [{"type": "string", "format": "date-time"}, TEXT, {"type": "integer"}]},
    "fixed": {"const": "this"},
    "anything": {},
    "labels": {"$ref": "#/components/schemas/Labels"},
    "tree": {"$ref": "#/components/schemas/Box"},
    "class": TEXT,
    **dict.fromkeys(("self", "cls", "d", "v", "m", "get", "src", "absent", "cast", "plain", "models"), TEXT),
}
SCHEMAS = {
    "Level": {"type": "integer", "enum": [1, 2]},
    "Cat": CAT,
    "Dog": DOG,
    "Labels": {"type": "object", "additionalProperties": {"type": "string", "format": "date"}},
    "Loose": {"type": "object", "additionalProperties": True},
    "Box": {"type": "object", "required": ["anything"], "properties": PROPERTIES},
}


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The models of a package that is generated for these schemas, imported under another name."""
    answer = {
        "description": "A box.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Box"}}},
    }
    operation = {"operationId": "getBox", "tags": ["boxes"], "responses": {"200": answer}}
    upload = {
        "operationId": "putBox",
        "tags": ["boxes"],
        "requestBody": {"content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Upload"}}}},
        "responses": {"200": answer},
    }
    file = {
        "type": "object",
        "properties": {"scan": {"type": "string", "format": "binary"}, "tags": {"type": "array", "items": TEXT}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Boxes", "version": "1"},
        "paths": {"/boxes": {"get": operation, "put": upload}},
        "components": {"schemas": {**SCHEMAS, "Upload": file}},
    }
    folder = tmp_path_factory.mktemp("boxes")
    layout = Layout(ROOT)
    package = folder / "boxes_package"
    configured = settings.read(layout.generator_config, "config.yaml")
    generate.generate(prepare.prepare(document), configured, layout.templates, package)
    assemble(package, layout, "0")
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("boxes_package.models")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "boxes_package"]:
            del sys.modules[name]


GOOD: dict[str, Any] = {
    "days": ["2026-02-03"],
    "moments": ["2026-02-03T04:05:06Z", None],
    "ids": [ID],
    "levels": [1, 2],
    "level": 2,
    "grid": [[1], []],
    "day": "2026-02-03",
    "pet": {"kind": "dog", "tricks": 3},
    "pets": [{"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": 1}],
    "when": "2026-02-03T04:05:06Z",
    "fixed": "this",
    "anything": {"a": [1]},
    "labels": {"made": "2026-02-03"},
    "tree": {"anything": None, "class": "inner"},
    "class": "outer",
    **dict.fromkeys(("self", "cls", "d", "v", "m", "get", "src", "absent", "cast", "plain", "models"), "a name"),
}


def test_described_values_become_their_types_and_go_back(boxes: Any) -> None:
    made = boxes.Box.from_dict(GOOD)
    assert made.days == [date(2026, 2, 3)]
    assert made.moments == [datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), None]
    assert made.ids == [UUID(ID)]
    assert made.levels == [boxes.Level(1), boxes.Level(2)]
    assert made.level is boxes.Level.VALUE_2
    assert made.grid == [[1], []]
    assert made.pet == boxes.Dog(kind="dog", tricks=3)
    assert made.pets == [boxes.Cat(kind="cat", lives=9), boxes.Dog(kind="dog", tricks=1)]
    assert made.when == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert made.labels["made"] == date(2026, 2, 3)
    assert made.tree.class_ == "inner"
    assert made.to_dict() == GOOD


@pytest.mark.parametrize(
    ("document", "chosen"),
    [
        ({"kind": "dog", "lives": 1, "tricks": 1}, "Dog"),
        ({"kind": "dog"}, "Dog"),
        ({"kind": "dog", "lives": 9}, "Dog"),
        ({"tricks": 2}, "Dog"),
        ({"kind": "fish", "tricks": 2}, "Dog"),
        ({}, "Cat"),
    ],
)
def test_alternative_that_fits_best_is_chosen(boxes: Any, document: dict[str, Any], chosen: str) -> None:
    made = boxes.Box.from_dict({"pet": document})
    assert type(made.pet).__name__ == chosen
    assert made.to_dict() == {"pet": document}


@pytest.mark.parametrize(("value", "stored"), [("soon", "soon"), (7, 7), (None, None), ([1], [1])])
def test_alternative_of_another_type_keeps_the_value(boxes: Any, value: Any, stored: Any) -> None:
    assert boxes.Box.from_dict({"when": value}).when == stored


def told(boxes: Any, document: Any) -> dict[str, tuple[str, str]]:
    observer = importlib.import_module("boxes_package.runtime.drift").Observer()
    made = boxes.Box.from_dict(document, observer)
    assert json.dumps(made.to_dict(), sort_keys=True) == json.dumps(document, sort_keys=True)
    return {one.pointer: (one.kind, one.expected) for one in observer.observations(document, "getBox")}


def test_described_values_pass_without_a_remark(boxes: Any) -> None:
    assert told(boxes, GOOD) == {}


@pytest.mark.parametrize(
    ("document", "observations"),
    [
        ({"days": ["x", None]}, {"/days/0": ("format", "date"), "/days/1": ("null", "date")}),
        ({"levels": [3, "1"]}, {"/levels/0": ("unknown-member", "enum Level")}),
        ({"level": 3}, {"/level": ("unknown-member", "enum Level")}),
        ({"grid": [[1, "x"], 2]}, {"/grid/0/1": ("type", "integer"), "/grid/1": ("type", "array")}),
        ({"fixed": "that"}, {"/fixed": ("unknown-member", "const 'this'")}),
        ({"fixed": 1.5}, {"/fixed": ("type", "const 'this'")}),
        ({"pet": "x"}, {"/pet": ("type", "object or null")}),
        ({"pets": 7}, {"/pets": ("type", "array")}),
        ({"when": 1.5}, {"/when": ("type", "date-time or string or integer")}),
        ({"labels": {"a": "x", "b": 1}}, {"/labels/a": ("format", "date"), "/labels/b": ("type", "date")}),
        ({"pet": {"kind": "bird", "lives": 1}}, {"/pet/kind": ("unknown-member", "const 'cat'")}),
    ],
)
def test_deviation_in_them_is_told(boxes: Any, document: Any, observations: dict[str, tuple[str, str]]) -> None:
    assert told(boxes, {"anything": None, **document}) == observations


def test_any_value_is_described_but_may_not_be_missing(boxes: Any) -> None:
    assert told(boxes, {}) == {"/anything": ("missing", "any value")}


def test_names_of_a_map_are_no_deviation(boxes: Any) -> None:
    observer = importlib.import_module("boxes_package.runtime.drift").Observer()
    assert boxes.Loose.from_dict({"a": 1}, observer)["a"] == 1
    assert not observer.deviated


def test_parts_of_an_upload(boxes: Any) -> None:
    file = importlib.import_module("boxes_package.types").File(b"bytes", "a.pdf", "application/pdf")
    made = boxes.Upload(scan=file, tags=["x", "y"], additional_properties={"more": {"a": 1}, "yes": True, "no": None})
    assert sorted(made.to_multipart(), key=str) == sorted(
        [
            ("scan", ("a.pdf", b"bytes", "application/pdf")),
            ("tags", (None, b"x", "text/plain")),
            ("tags", (None, b"y", "text/plain")),
            ("more", (None, b'{"a": 1}', "application/json")),
            ("yes", (None, b"true", "text/plain")),
        ],
        key=str,
    )


@given(st.uuids(allow_nil=True))
def test_uuid_is_read_like_the_standard_library_does(identifier: UUID) -> None:
    for text in (str(identifier), str(identifier).upper()):
        found = parse_uuid(text)
        assert found == identifier
        assert found is not None
        assert (str(found), found.is_safe, hash(found)) == (str(identifier), identifier.is_safe, hash(identifier))


@pytest.mark.parametrize(
    "text",
    ["", ID[:-1], f"{ID}0", ID.replace("-", ""), f"{{{ID[1:-1]}}}", ID.replace("3", "g"), ID.replace("3fa", " fa"),
     ID.replace("8", "-"), f"urn:uuid:{ID}", "3fa85f6-45717-4562-b3fc-2c963f66afa6", "+" + ID[1:],
     ID.replace("3", "３"), "3_a85f64-5717-4562-b3fc-2c963f66afa6"],
)  # fmt: skip
def test_what_is_no_uuid_in_its_standard_form_is_none(text: str) -> None:
    assert parse_uuid(text) is None


@given(st.text(alphabet="0123456789abcdefABCDEF-_ +x", min_size=36, max_size=36))
def test_nothing_but_a_uuid_is_read_as_one(text: str) -> None:
    found = parse_uuid(text)
    assert found is None or str(found) == text.lower()
