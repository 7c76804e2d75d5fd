"""Resources and fields are what the description says of them."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.description import Description
from contract_tests.rules.resource import by_collection, path_parameter, resources, unwrap
from contract_tests.unit.rules.stage import BOOKS, LIBRARY, OPERATION, SHELVES


def test_operations_are_sorted_by_what_they_do() -> None:
    assert SHELVES.create is OPERATION["createShelf"]
    assert SHELVES.list is OPERATION["listShelves"]
    assert SHELVES.children == ()
    assert BOOKS.children == (OPERATION["listShelfBooks"],)
    assert [one.collection for one in resources(LIBRARY)] == ["books", "shelves"]
    assert by_collection(LIBRARY, "books") is BOOKS


def test_read_only_properties_are_not_written() -> None:
    assert "id" not in SHELVES.written(OPERATION["createShelf"])
    assert SHELVES.record["id"].read_only
    assert SHELVES.id_field == "id"
    assert SHELVES.generated("updated-at") == ("updated_at",)


def test_fields_carry_their_extensions() -> None:
    written = BOOKS.written(OPERATION["updateBook"])
    assert written["shelf_id"].references == "shelves"
    assert (written["shelf_id"].on_null, written["shelf_id"].on_empty_string) == ("keep", "clear")
    assert written["language"].ignored_unless_in == "languages"
    shelf = SHELVES.written(OPERATION["updateShelf"])
    assert shelf["subjects"].required_while_unset
    assert shelf["subjects"].missing_error == (400, "40331")
    assert shelf["lighting"].on_object == "merge"
    assert shelf["lighting"].nullable
    assert not shelf["label"].takes_null


@pytest.mark.parametrize(
    ("schema", "kind", "nullable"),
    [
        ({"type": ["string", "null"]}, "string", True),
        ({"type": "string"}, "string", False),
        ({"type": "null"}, "null", False),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, "integer", True),
        ({"oneOf": [{"type": "null"}, {"type": "boolean"}]}, "boolean", True),
        ({"$ref": "#/components/schemas/A"}, "integer", False),
        ({"$ref": "#/components/schemas/B"}, "integer", True),
    ],
)
def test_schemas_are_unwrapped(schema: dict[str, Any], kind: str, nullable: bool) -> None:
    document = {
        "paths": {},
        "components": {
            "schemas": {
                "A": {"type": "integer", "description": "inner"},
                "B": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/A"}]},
            }
        },
    }
    inner, may_be_null = unwrap(Description(document), {**schema, "x-mark": 1})
    assert (inner["type"], may_be_null, inner["x-mark"]) == (kind, nullable, 1)
    assert "anyOf" not in inner


def test_only_one_path_parameter_can_be_addressed() -> None:
    assert path_parameter(OPERATION["listShelfBooks"]) == "shelf"
    with pytest.raises(ValueError, match="0 path parameters"):
        path_parameter(OPERATION["listShelves"])
