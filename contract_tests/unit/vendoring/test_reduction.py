"""Cutting a description down: the operations asked for, what they lead to, and nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scripts.pipeline import counts, references
from scripts.vendoring.reduction import reduce

ROOT = Path(__file__).resolve().parents[3]
EFFECTIVE = json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))


def ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def content(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": ref("schemas", schema)}}}


def operation(name: str, tag: str, schema: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": [tag], "responses": {"200": {"description": "", **content(schema)}}, **more}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "tags": [{"name": "cats"}, {"name": "dogs"}],
    "paths": {
        "/cats": {
            "parameters": [ref("parameters", "Page")],
            "get": operation("listCats", "cats", "CatList"),
            "post": operation("createCat", "cats", "Cat", requestBody=ref("requestBodies", "NewCat")),
        },
        "/dogs": {"get": operation("listDogs", "dogs", "Dog")},
        "x-note": {},
    },
    "webhooks": {"cat.born": {"post": {"requestBody": content("Event"), "responses": {}}}},
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": ref("schemas", "Number")}},
        "requestBodies": {"NewCat": content("CatCreate")},
        "responses": {"Unused": {"description": "", **content("Dog")}},
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Number": {"type": "integer"},
            "Cat": {
                "type": "object",
                "properties": {"parent": ref("schemas", "Cat"), "colour": ref("schemas", "Colour")},
            },
            "CatList": {"type": "object", "properties": {"data": {"type": "array", "items": ref("schemas", "Animal")}}},
            "CatCreate": {"type": "object", "example": {"$ref": "not a reference"}},
            "Animal": {
                "oneOf": [ref("schemas", "Cat")],
                "discriminator": {"propertyName": "kind", "mapping": {"lynx": "#/components/schemas/Lynx"}},
            },
            "Lynx": {"type": "object"},
            "Colour": {"type": "string"},
            "Dog": {"type": "object"},
            "Event": {"type": "object", "properties": {"data": ref("schemas", "Cat")}},
        },
    },
}


def schemas(document: dict[str, Any]) -> set[str]:
    return set(document["components"].get("schemas", {}))


@pytest.mark.parametrize(
    ("wanted", "webhooks", "found"),
    [
        ({"createCat"}, False, {"Cat", "CatCreate", "Colour", "Number"}),
        ({"listCats"}, False, {"CatList", "Animal", "Cat", "Lynx", "Colour", "Number"}),
        ({"listDogs"}, False, {"Dog"}),
        ({"listDogs"}, True, {"Dog", "Event", "Cat", "Colour"}),
        (set(), True, {"Event", "Cat", "Colour"}),
    ],
)
def test_just_the_components_that_the_operations_lead_to_stay(
    wanted: set[str], webhooks: bool, found: set[str]
) -> None:
    before = copy.deepcopy(DOCUMENT)
    reduced = reduce(DOCUMENT, frozenset(wanted), webhooks=webhooks)
    assert schemas(reduced) == found
    assert set(counts.operations(reduced)) == wanted
    assert bool(reduced.get("webhooks")) == webhooks
    assert before == DOCUMENT, "the description itself was changed"


def test_tags_and_kinds_of_components_without_use_go_and_security_stays() -> None:
    reduced = reduce(DOCUMENT, frozenset({"listDogs"}), webhooks=False)
    assert reduced["tags"] == [{"name": "dogs"}]
    assert reduced["components"].keys() == {"securitySchemes", "schemas"}
    assert reduced["paths"].keys() == {"/dogs", "x-note"}


@pytest.mark.parametrize("name", counts.operations(EFFECTIVE))
def test_every_operation_of_ours_stands_alone(name: str) -> None:
    reduced = reduce(EFFECTIVE, frozenset({name}), webhooks=False)
    assert counts.operations(reduced) == (name,)
    assert list(references.dangling(reduced)) == []
    assert len(schemas(reduced)) < len(schemas(EFFECTIVE))


def test_reducing_to_everything_keeps_every_schema() -> None:
    reduced = reduce(EFFECTIVE, frozenset(counts.operations(EFFECTIVE)), webhooks=True)
    assert schemas(reduced) == schemas(EFFECTIVE)
