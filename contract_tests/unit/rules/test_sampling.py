"""Samples: valid ones are valid, faulty ones are not, and what services get wrong is among them."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.description import Description, load
from contract_tests.rules.resource import Field, fields, resources, unwrap
from contract_tests.rules.sampling import PREFIX, Sampler, sampler, uuid4
from contract_tests.unit.rules.stage import LIBRARY, OPERATION, SHELVES


def written(description: Description) -> Iterator[tuple[str, Field, dict[str, Any]]]:
    """Every field that some operation can set, with its raw schema."""
    for resource in resources(description):
        for operation in (resource.create, resource.update):
            if operation is not None:
                raw = (description.request_schema(operation) or {})["properties"]
                for name, field in resource.written(operation).items():
                    yield f"{operation.operation_id}.{name}", field, raw[name]


FIELDS = [(label, field, raw, one) for one in (load(), LIBRARY) for label, field, raw in written(one)]
IDS = [label for label, *_ in FIELDS]


def validator(description: Description, raw: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """A validator for a schema of the description."""
    return jsonschema_rs.Draft202012Validator(description.alone(raw), validate_formats=True)


@pytest.mark.parametrize(("label", "field", "raw", "description"), FIELDS, ids=IDS)
def test_values_are_valid_distinct_and_not_null(
    label: str, field: Field, raw: dict[str, Any], description: Description
) -> None:
    found = Sampler(description, seed=7, extra=3).values(field)
    assert found, "a field without samples is never checked"
    check = validator(description, raw)
    assert [value for value in found if not check.is_valid(value)] == []
    assert None not in found
    assert len({repr(value) for value in found}) == len(found)


@pytest.mark.parametrize(("label", "field", "raw", "description"), FIELDS, ids=IDS)
def test_faults_are_invalid(label: str, field: Field, raw: dict[str, Any], description: Description) -> None:
    found = Sampler(description, seed=7).faults(field)
    check = validator(description, raw)
    assert found
    assert [fault for fault in found if check.is_valid(fault.value)] == []
    assert any(fault.value is None for fault in found) != field.takes_null


def test_the_same_seed_gives_the_same_values() -> None:
    for _, field, _, description in FIELDS:
        assert Sampler(description, 5, 2).values(field) == Sampler(description, 5, 2).values(field)


def test_a_run_makes_its_values_once_and_what_a_test_does_to_them_stays_with_it() -> None:
    description = Description({"paths": {}})
    made = sampler(description, 1, 0, PREFIX)
    assert sampler(description, 1, 0, PREFIX) is made
    assert sampler(description, 2, 0, PREFIX) is not made
    parts = {"type": "object", "properties": {"names": {"type": "array", "items": {"enum": ["a", "b"]}}}}
    for schema in (parts, {"enum": ["a", "b"]}):
        field = fields(description, {"properties": {"field": schema}})["field"]
        first = made.values(field)
        before = repr(first)
        if isinstance(first[0], dict):
            first[0]["names"].append("spoilt")
        first.append("spoilt")
        assert repr(made.values(field)) == before


def sampled(schema: dict[str, Any], name: str = "field") -> list[Any]:
    """The values for a schema."""
    inner, nullable = unwrap(LIBRARY, schema)
    return Sampler(LIBRARY, 1).values(Field(name, inner, nullable, False))


def test_enums_and_booleans_occur_whole() -> None:
    assert sampled({"type": "string", "enum": ["a", "b", None]}) == ["a", "b"]
    assert sampled({"type": "boolean"}) == [True, False]


def test_bounds_and_zero_occur() -> None:
    assert {0, 1, 9} <= set(sampled({"type": "integer", "minimum": 0, "maximum": 9}))
    assert 0 in sampled({"type": "number", "minimum": 0})
    assert sampled({"type": "integer", "minimum": 3, "maximum": 3}) == [3]


def test_plausible_values_lead() -> None:
    assert sampled({"type": "string", "examples": ["acct.fyi"], "default": "x"})[:2] == ["acct.fyi", "x"]


def test_free_texts_show_whose_they_are_and_try_what_is_hard() -> None:
    found = sampled({"type": "string"})
    assert all(text.startswith(PREFIX) for text in found)
    assert any(text.endswith("  ") for text in found)
    assert any(not text.isascii() for text in found)
    assert any(len(text) > 255 for text in found)


def test_lengths_are_kept() -> None:
    assert all(12 <= len(text) <= 15 for text in sampled({"type": "string", "minLength": 12, "maxLength": 15}))


def test_an_empty_text_occurs_where_a_pattern_allows_it() -> None:
    assert "" in sampled({"type": "string", "format": "url", "pattern": "^(https?://[!-~]+)?$"})
    assert "" not in sampled({"type": "string", "format": "url"})


def test_a_pattern_that_is_not_understood_gives_only_examples() -> None:
    assert sampled({"type": "string", "pattern": "(?=x)x", "examples": ["x"]}) == ["x"]
    assert sampled({"type": "string", "pattern": "(?=x)x"}) == []


def test_a_wildcard_stands_alone() -> None:
    schema = {"type": "array", "x-wildcard": "*", "items": {"type": "string", "pattern": r"^([A-Z]{2}|\*)$"}}
    found = sampled(schema)
    assert ["*"] in found
    assert all("*" not in one for one in found if one != ["*"])
    assert {len(one) for one in found} >= {1, 3}


def test_objects_occur_whole_and_with_only_what_is_required_and_never_with_read_only_members() -> None:
    field = SHELVES.written(OPERATION["createShelf"])["lighting"]
    found = Sampler(LIBRARY, 1).values(field)
    assert {frozenset(one) for one in found} == {frozenset({"lux", "dimmed"}), frozenset({"lux"})}
    assert any(one["lux"] == 0 for one in found)


def test_objects_that_cannot_be_made_for_sure_are_left_out() -> None:
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "pattern": "(?=x)x"}}}
    assert sampled(schema) == []


def test_schemas_that_contain_themselves_end() -> None:
    tree = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Tree"}}}
    description = Description({"components": {"schemas": {"Tree": tree}}, "paths": {}})
    inner, nullable = unwrap(description, {"$ref": "#/components/schemas/Tree"})
    assert Sampler(description).values(Field("tree", inner, nullable, False))


def test_value_avoids_what_it_is_told_to() -> None:
    field = fields(LIBRARY, {"properties": {"flag": {"type": "boolean"}}})["flag"]
    sampler = Sampler(LIBRARY)
    assert sampler.value(field, but=[True]) is False
    with pytest.raises(LookupError, match="flag"):
        sampler.value(field, but=[True, False])


def test_uuids_are_version_4() -> None:
    made = uuid.UUID(uuid4(random.Random(4)))
    assert made.version == 4
    assert made.variant == uuid.RFC_4122


def test_a_text_that_is_too_long_has_no_other_fault() -> None:
    for pattern in ("^(https?://[!-~]+)?$", "^[0-9]+$", "^[A-Za-z ]+$"):
        schema = {"type": "string", "pattern": pattern, "maxLength": 40}
        (fault,) = [
            one for one in Sampler(LIBRARY).faults(Field("text", schema, False, False)) if one.label == "too long"
        ]
        assert re.search(pattern, fault.value)
        assert len(fault.value) == 41
