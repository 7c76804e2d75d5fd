"""Invariant 4: nothing gets lost between two stages, and what would be is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.pipeline import counts
from scripts.pipeline.counts import Counted
from scripts.pipeline.package_scan import PackageScan

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/b": {"get": {"operationId": "listThings"}, "parameters": [], "x-note": {}},
        "/a": {"get": {"operationId": "retrieveMessaging10dlcBrand"}, "post": {"operationId": "createThing"}},
        "x-more": {},
    },
    "webhooks": {"thingChanged": {"post": {"operationId": "thingChanged"}}},
    "components": {
        "schemas": {
            "Thing": {"type": "object"},
            "Kind": {"type": "string", "enum": ["a"]},
            "Name": {"type": "string"},
            "Either": {"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]},
            "Names": {"type": "array", "items": {"$ref": "#/components/schemas/Name"}},
        }
    },
}
COMPLETE = PackageScan(
    operations=("api.t.list_things", "api.t.retrieve_messaging_10_dlc_brand", "api.t.create_thing"),
    classes={"Thing": "models.thing", "Kind": "models.kind"},
    exported=frozenset({"Thing", "Kind"}),
)


def test_document_is_counted_by_name() -> None:
    assert counts.operations(DOCUMENT) == ("createThing", "listThings", "retrieveMessaging10dlcBrand")
    assert counts.schemas(DOCUMENT) == ("Either", "Kind", "Name", "Names", "Thing")
    assert counts.webhooks(DOCUMENT) == ("thingChanged",)
    assert counts.count(DOCUMENT).totals() == {"operations": 3, "schemas": 5, "webhooks": 1}


def test_complete_package_offers_everything() -> None:
    assert counts.callable_in(COMPLETE, DOCUMENT) == counts.count(DOCUMENT)
    counts.refuse_unnamed(COMPLETE, DOCUMENT)


def test_operation_is_mapped_to_its_module() -> None:
    assert counts.modules_by_operation(COMPLETE, DOCUMENT) == {
        "createThing": "api.t.create_thing",
        "listThings": "api.t.list_things",
        "retrieveMessaging10dlcBrand": "api.t.retrieve_messaging_10_dlc_brand",
    }


@pytest.mark.parametrize(
    ("package", "lost"),
    [
        (PackageScan(COMPLETE.operations[1:], COMPLETE.classes, COMPLETE.exported), "operations .*: listThings"),
        (PackageScan(COMPLETE.operations, {"Thing": "models.thing"}, COMPLETE.exported), "schemas .*: Kind"),
        (PackageScan(COMPLETE.operations, COMPLETE.classes, frozenset({"Kind"})), "schemas .*: Thing"),
        (PackageScan((), {}, frozenset()), "operations .*: createThing, listThings, retrieve"),
    ],
)
def test_whatever_the_package_lacks_is_named(package: PackageScan, lost: str) -> None:
    with pytest.raises(InputError, match=lost):
        counts.compare(
            "effective description", counts.count(DOCUMENT), "package", counts.callable_in(package, DOCUMENT)
        )


def test_what_a_later_stage_adds_is_fine_and_what_it_lacks_may_be_excused() -> None:
    more, less = Counted(("a", "b"), ("S",), ()), Counted(("a",), ("S",), ())
    counts.compare("first", less, "second", more)
    counts.compare("first", more, "second", less, allowed=["b"])
    with pytest.raises(InputError, match="operations of the first are missing in the second: b"):
        counts.compare("first", more, "second", less)


def test_class_without_a_component_is_refused() -> None:
    package = PackageScan(COMPLETE.operations, {**COMPLETE.classes, "ThingType0": "models.thing_type_0"}, frozenset())
    with pytest.raises(InputError, match="a class ThingType0 that no component schema is called"):
        counts.refuse_unnamed(package, DOCUMENT)


def test_committed_lock_holds_equal_counts_for_every_stage() -> None:
    lock = json.loads((Path(__file__).resolve().parents[3] / "generated" / "BUILD.lock").read_text(encoding="utf-8"))
    stages = lock["counts"]
    assert list(stages) == ["described", "bundled", "effective", "callable"]
    assert stages["described"] == stages["bundled"]
    assert stages["effective"] == stages["callable"]
    assert {stage["operations"] for stage in stages.values()} == {stages["described"]["operations"]}
    assert stages["described"]["operations"] >= 12
    assert all(action["hits"] >= 1 for overlay in lock["overlays"] for action in overlay["actions"])
