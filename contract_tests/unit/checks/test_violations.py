"""Violations carry the place of the fault, and open up alternatives."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.checks.violations import Violation, pointer, shown, validators
from contract_tests.description import Description

THING = {"$ref": "#/components/schemas/Thing"}
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def found(description: Description, value: Any, schema: Any = THING) -> list[Violation]:
    return validators(description).violations(schema, value)


def test_a_value_that_conforms_has_none(description: Description) -> None:
    assert found(description, {"id": ID, "size": 3, "box": None, "more": 1}) == []


@pytest.mark.parametrize(
    ("value", "word", "place"),
    [
        ({}, "required", "/id"),
        ({"id": "x"}, "format", "/id"),
        ({"id": ID, "size": "3"}, "type", "/size"),
        ({"id": ID, "size": 10}, "range", "/size"),
        ({"id": ID, "box": {"colour": "green"}}, "enum", "/box/colour"),
        ({"id": ID, "box": 7}, "type", "/box"),
    ],
)
def test_each_fault_names_its_rule_and_its_place(description: Description, value: Any, word: str, place: str) -> None:
    assert [(one.word, one.pointer) for one in found(description, value)] == [(word, place)]


def test_all_faults_of_a_value_are_reported(description: Description) -> None:
    assert {one.pointer for one in found(description, {"size": "3", "box": 7})} == {"/id", "/size", "/box"}


def test_the_texts_say_what_was_expected_and_what_came(description: Description) -> None:
    (one,) = found(description, {"id": ID, "box": {"colour": "green"}})
    assert (one.expected, one.observed) == ('one of "red", "blue"', 'string "green"')
    (one,) = found(description, {"id": ID, "size": 10})
    assert (one.expected, one.observed) == ("maximum 9", "integer 10")


def test_the_value_of_a_sensitive_field_is_never_shown(description: Description) -> None:
    (one,) = found(description, {"id": ID, "secret": 123456789})
    assert (one.pointer, one.observed) == ("/secret", "[redacted]")


def test_nor_is_one_in_a_value_of_the_wrong_type(description: Description) -> None:
    (one,) = found(description, [{"secret": "123456789", "name": "a"}])
    assert (one.pointer, one.observed) == ("", 'array [{"name": "a", "secret": "[redacted]"}]')


def test_that_a_sensitive_field_is_null_is_shown(description: Description) -> None:
    (one,) = found(description, {"id": ID, "secret": None})
    assert (one.pointer, one.observed) == ("/secret", "null")


def test_constants_and_closed_objects_are_told(description: Description) -> None:
    schema = {"properties": {"a": {"const": 3}, "b": False}}
    assert [(one.word, one.pointer, one.expected) for one in found(description, {"a": 4, "b": 1}, schema)] == [
        ("enum", "/a", "3"),
        ("undocumented", "/b", "nothing here"),
    ]


def test_pointers_are_escaped_and_values_carry_their_type() -> None:
    assert pointer(["a/b", "c~d", "0"]) == "/a~1b/c~0d/0"
    assert shown("x") == 'string "x"'
    assert shown(None) == "null"
    assert shown(True) == "true"


def test_of_a_union_the_kind_that_is_meant_by_its_listed_values_is_held_to_account(description: Description) -> None:
    kinds = [
        {"type": "object", "properties": {"kind": {"enum": ["cat", "dog"]}, "legs": {"type": "integer"}}},
        {"type": "object", "properties": {"kind": {"const": "bird"}, "wings": {"type": "integer"}, "legs": False}},
    ]
    (one,) = found(description, {"kind": "dog", "legs": "4"}, {"oneOf": kinds})
    assert (one.word, one.pointer) == ("type", "/legs")
    (one,) = found(description, {"kind": "bird", "wings": "2"}, {"oneOf": kinds})
    assert (one.word, one.pointer) == ("type", "/wings")
