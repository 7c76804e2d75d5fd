"""Comparisons of whole descriptions: shared parts, slices, documents nobody wrote with us in mind."""

from __future__ import annotations

import copy
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.comparison import cases
from scripts.comparison import description
from scripts.comparison.description import Options
from scripts.pipeline import counts

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = ROOT / "contract_tests" / "golden" / "published_history"
EFFECTIVE = json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
# Schemas in the large description; far more by the environment variable, for a machine that has the time.
SCHEMAS = int(os.environ.get("SCHEMAS", "1500"))


def lines(before: dict[str, Any], after: dict[str, Any], options: Options | None = None) -> list[str]:
    found = description.compare(before, after, options).changes
    return [f"{one.effect.value:<13} {one.kind}: {one.place} ({', '.join(one.operations)})" for one in found]


def test_two_published_versions_of_a_description_that_is_not_ours() -> None:
    """Seven operations of GitHub's description, releases 22.0.0 and 23.0.2, without their texts."""
    before, after = (json.loads((PUBLISHED / f"{name}.json").read_text("utf-8")) for name in ("before", "after"))
    assert lines(before, after) == (PUBLISHED / "expected.txt").read_text("utf-8").splitlines()


def test_one_changed_schema_is_one_change_however_many_operations_reach_it() -> None:
    after = copy.deepcopy(EFFECTIVE)
    after["components"]["schemas"]["Error"]["properties"]["hint"] = {"type": "string"}
    (change,) = description.compare(EFFECTIVE, after).changes
    assert change.place == "Error.hint"
    telling_errors = {"webhook deliveryUpdate", "webhook inboundMessage", "webhook messageRead"}
    assert set(change.operations) == {*counts.operations(EFFECTIVE), *telling_errors}


def test_neither_document_is_changed() -> None:
    before, after = cases.document("several", "before"), cases.document("several", "after")
    kept = copy.deepcopy([before, after])
    description.compare(before, after)
    assert [before, after] == kept


def test_a_slice_has_the_changes_of_its_operations_alone() -> None:
    before, after = cases.document("several", "before"), cases.document("several", "after")
    assert lines(before, after, Options(only=frozenset({"createThing"}))) == [
        "breaking      property-became-required: ThingCreate.note (createThing)",
        "additive      property-added: Thing.colour (createThing)",
    ]
    assert lines(before, after, Options(only=frozenset({"GET /things/{id}"}))) == [
        "additive      property-added: Thing.colour (retrieveThing)"
    ]


def test_names_and_words_can_be_left_out() -> None:
    before, after = cases.document("operation-id", "before"), cases.document("operation-id", "after")
    after["info"]["title"] = "Other things"
    assert lines(before, after, Options(names=False, texts=False)) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"paths": 1},
        {"paths": {"/a": None, "/b": {"get": 1}}},
        {"paths": {"/things": {"get": {"parameters": {}, "responses": []}}}},
        {"paths": {"/things": {"get": {"parameters": [1, {"$ref": "#/nowhere"}], "responses": {"200": 1}}}}},
        {"paths": {"/things": {"get": {"responses": {"200": {"$ref": "#/components/responses/Gone"}}}}}},
        {"components": {"schemas": {"Thing": True}}},
        {"components": {"schemas": {"Thing": {"type": 1, "properties": [], "required": 1, "enum": {}, "allOf": {}}}}},
        {"components": {"schemas": {"Thing": {"allOf": [1, {"$ref": "#/components/schemas/Thing"}]}}}},
        {"components": {"schemas": {"Thing": {"$ref": "#/components/schemas/Thing"}}}},
        {"components": {"schemas": {"Thing": {"oneOf": [{"type": "null"}], "items": 1}}}},
        {"components": {"schemas": {"Thing": {"minimum": "a", "maxLength": None, "additionalProperties": 1}}}},
        {"servers": [1], "security": [1], "tags": 1, "webhooks": {"a": 1}},
    ],
)
def test_a_misshapen_document_is_compared_as_far_as_it_goes(broken: dict[str, Any]) -> None:
    whole = cases.document("nothing", "before")
    damaged = whole | {key: value if key != "components" else {**whole[key], **value} for key, value in broken.items()}
    for before, after in ((whole, damaged), (damaged, whole), (damaged, damaged)):
        description.compare(before, after)


def large(size: int) -> dict[str, Any]:
    """As many schemas, each with a reference to the next two, and an operation for every fifth."""
    names = [f"Schema{number}" for number in range(size)]
    schemas = {
        name: {
            "type": "object",
            "properties": {
                **{f"field{number}": {"type": "string", "maxLength": number + 1} for number in range(12)},
                "next": {"$ref": f"#/components/schemas/{names[(index + 1) % size]}"},
                "list": {"type": "array", "items": {"$ref": f"#/components/schemas/{names[(index * 7 + 3) % size]}"}},
            },
        }
        for index, name in enumerate(names)
    }
    paths = {
        f"/{name}": {
            "post": {
                "operationId": f"send{name}",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}},
                "responses": {"200": {"description": "Taken"}},
            }
        }
        for name in names[::5]
    }
    return {"openapi": "3.1.0", "info": {}, "paths": paths, "components": {"schemas": schemas}}


def test_thousands_of_schemas_that_all_refer_to_each_other_take_seconds() -> None:
    before = large(SCHEMAS)
    after = copy.deepcopy(before)
    after["components"]["schemas"]["Schema7"]["properties"]["field3"]["maxLength"] = 2
    started = time.process_time()
    (change,) = description.compare(before, after).changes
    assert (change.kind, change.place, len(change.operations)) == (
        "limit-tightened",
        "Schema7.field3",
        len(before["paths"]),
    )
    assert time.process_time() - started < 15
