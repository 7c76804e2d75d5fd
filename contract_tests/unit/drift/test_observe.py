"""Fields that never come and fields that nobody described are seen, where JSON Schema sees neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.description import Description
from contract_tests.drift.finding import Finding, Findings
from contract_tests.drift.observe import NEW_VALUES, Observer
from contract_tests.drift.text_forms import form_of
from contract_tests.exchange import Exchange

THING = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "box": {"anyOf": [{"$ref": "#/components/schemas/Box"}, {"type": "null"}]},
        "kind": {"$ref": "#/components/schemas/Kind"},
        "free": {"type": "object"},
        "open": {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
    },
}
BODY = {"properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "responses": {
                    "200": {"description": "Fine.", "content": {"application/json": {"schema": BODY}}},
                    "default": {"description": "Not.", "content": {"application/json": {"schema": {"type": "object"}}}},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": THING,
            "Box": {"properties": {"colour": {"type": "string"}}},
            "Kind": {"enum": ["a", None]},
        }
    },
}
FULL = {"id": "1", "note": None, "kind": "a", "box": {"colour": "red"}, "free": {"x": 1}, "open": {"a": 1, "b": 2}}


class Look:
    """An observer with its findings and a short way to show it an answer."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.description = Description(DOCUMENT)
        self.operation = self.description.by_id["listThings"]
        self.observer = Observer(self.description, self.findings)

    def at(self, *records: Any, status: int = 200) -> Look:
        body = json.dumps({"data": list(records)}).encode()
        self.observer(self.operation, Exchange("listThings", "GET", "/", {}, b"", status, {}, body, 0.0))
        return self

    def never(self) -> list[str]:
        return [finding.pointer for finding in self.observer.never_sent(self.operation)]


def undocumented(look: Look) -> list[tuple[str, str]]:
    return [(finding.kind, finding.pointer) for finding in look.findings.all()]


def test_answers_with_every_field_are_silent() -> None:
    look = Look().at(FULL)
    assert (look.never(), undocumented(look)) == ([], [])


@pytest.mark.parametrize("field", ["id", "note", "box", "free"])
def test_a_field_that_no_answer_holds_is_found_though_nothing_requires_it(field: str) -> None:
    record = {name: value for name, value in FULL.items() if name != field}
    look = Look().at(record).at(record, record)
    (finding,) = look.observer.never_sent(look.operation)
    assert (finding.kind, finding.operation, finding.pointer) == ("field-never-sent", "listThings", f"/data/*/{field}")
    assert finding.observed == "absent from all 3 objects"
    assert isinstance(finding, Finding)
    assert finding.exchange is not None


def test_a_field_inside_a_nullable_object_is_found_only_when_the_object_came() -> None:
    assert Look().at({**FULL, "box": {}}).never() == ["/data/*/box/colour"]
    assert Look().at({**FULL, "box": None}).never() == []


def test_once_is_enough_and_null_counts() -> None:
    assert Look().at({}, FULL).never() == []
    assert Look().at({**FULL, "note": None}).never() == []


def test_a_field_that_was_only_null_or_never_there_is_still_unseen() -> None:
    full = {**FULL, "note": "x"}
    look = Look().at({**full, "box": None})
    assert look.observer.unseen(look.operation)
    assert not look.at(full).observer.unseen(look.operation)
    bare = {name: value for name, value in full.items() if name != "note"}
    assert Look().at(bare).observer.unseen(look.operation)
    assert not Look().observer.unseen(look.operation)


def test_without_an_object_nothing_can_be_said() -> None:
    look = Look().at()
    assert look.never() == []
    assert look.observer.fields["listThings"].keys() == {"/data"}


def test_a_field_that_nobody_described_is_found_at_its_place_without_its_value() -> None:
    look = Look().at({**FULL, "tf_weight": "secret-value", "box": {"colour": "red", "lid": 1}})
    assert undocumented(look) == [
        ("field-undocumented", "/data/*/box/lid"),
        ("field-undocumented", "/data/*/tf_weight"),
    ]
    assert all("secret-value" not in finding.headline() for finding in look.findings.all())


def test_open_objects_may_hold_anything() -> None:
    assert undocumented(Look().at({**FULL, "free": {"any": 1}, "open": {"a": 1, "any": 2}})) == []


def test_only_listed_successes_count() -> None:
    look = Look().at({"new": 1}, status=404).at({"new": 1}, status=201)
    assert (look.observer.fields, undocumented(look)) == ({}, [])


def test_counts_are_kept_per_field() -> None:
    look = Look().at(FULL, {"id": "2", "note": "x"})
    seen = look.observer.fields["listThings"]
    assert (seen["/data/*/note"].present, seen["/data/*/note"].null, seen["/data/*/note"].absent) == (2, 1, 0)
    assert (seen["/data/*/box"].present, seen["/data/*/box"].absent) == (1, 1)


def test_types_and_forms_are_counted_and_null_is_no_type() -> None:
    uuid = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    look = Look().at(FULL, {**FULL, "id": uuid}, {**FULL, "id": 5}, {**FULL, "id": None})
    seen = look.observer.fields["listThings"]["/data/*/id"]
    assert (seen.types, seen.formats, seen.null) == ({"string": 2, "integer": 1}, {"decimal": 1, "uuid": 1}, 1)


def test_values_that_an_enum_lacks_are_kept_once_each() -> None:
    look = Look().at(*({**FULL, "kind": kind} for kind in ("a", None, "b", "b", 7)))
    assert look.observer.fields["listThings"]["/data/*/kind"].new_values == ['"b"', "7"]
    look = Look().at(*({**FULL, "kind": f"new {number}"} for number in range(50)))
    assert len(look.observer.fields["listThings"]["/data/*/kind"].new_values) == NEW_VALUES


@pytest.mark.parametrize(
    ("field", "values", "note"),
    [
        ("note", ["x", "y"], "nullable, never null"),
        ("note", [None, None], "always null"),
        ("note", ["x", None], ""),
        ("id", ["x"], ""),
        ("new", ["x"], "not described"),
    ],
)
def test_what_is_odd_about_a_field_is_noted(field: str, values: list[Any], note: str) -> None:
    look = Look().at(*({**FULL, field: value} for value in values))
    assert look.observer.fields["listThings"][f"/data/*/{field}"].note == note
    gone = Look().at({name: value for name, value in FULL.items() if name != "id"})
    assert gone.observer.fields["listThings"]["/data/*/id"].note == "never sent"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "empty"),
        ("2026-11-20T02:00:00.5Z", "date-time"),
        ("2026-11-20 02:00:00", "text"),
        ("2026-11-20", "date"),
        ("+14805550199", "phone-number"),
        ("-1.50", "decimal"),
        ("https://example.com/a", "uri"),
        ("a@example.com", "email"),
        ("x" * 1000, "text"),
    ],
)
def test_texts_have_forms(text: str, form: str) -> None:
    assert form_of(text) == form


def kinds() -> Look:
    """An observer of things that are either in or out, told apart by a constant."""
    look = Look()
    document = json.loads(json.dumps(DOCUMENT))
    box = {"properties": {"way": {"type": "string"}, "size": {"type": "integer"}}}
    into = {"properties": {"way": {"const": "in"}, "sender": {}, "box": {"properties": {"mark": {}}}}}
    out = {"properties": {"way": {"enum": ["out"]}, "to": {}, "box": box}}
    document["components"]["schemas"]["Thing"] = {"oneOf": [into, out]}
    look.description = Description(document)
    look.operation = look.description.by_id["listThings"]
    look.observer = Observer(look.description, look.findings)
    return look


def test_an_object_of_a_union_owes_the_fields_of_its_own_kind() -> None:
    look = kinds().at({"way": "out", "to": "x", "box": {"way": "a", "size": 1}})
    assert look.never() == []
    assert undocumented(look) == []
    assert look.at({"way": "in", "box": {"mark": 1}}).never() == ["/data/*/sender"]


def test_a_field_of_another_kind_is_not_described_for_this_one() -> None:
    look = kinds().at({"way": "out", "to": "x", "sender": "y", "box": {"way": "a", "size": 1, "mark": 1}})
    assert undocumented(look) == [
        ("field-undocumented", "/data/*/box/mark"),
        ("field-undocumented", "/data/*/sender"),
    ]


def test_an_object_of_no_kind_is_held_to_all_of_them() -> None:
    look = kinds().at({"way": "sideways", "new": 1})
    assert ("field-undocumented", "/data/*/new") in undocumented(look)
    assert "/data/*/to" in look.never()
