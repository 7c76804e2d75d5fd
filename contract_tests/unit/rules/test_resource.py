"""Resources and fields are what the description says of them."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.description import Description, load
from contract_tests.rules.resource import by_collection, fields, path_parameter, resources, shown_by, unwrap
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


def test_a_union_has_the_fields_of_all_its_members_and_requires_none() -> None:
    members: list[dict[str, Any]] = [
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "kind": {"const": "one"}}},
        {"type": "object", "properties": {"b": {"type": "integer", "readOnly": True}, "kind": {"const": "two"}}},
    ]
    found = fields(LIBRARY, {"oneOf": members})
    assert found.keys() == {"a", "b", "kind"}
    assert found["kind"].schema["const"] == "one"
    assert found["b"].read_only
    assert not any(field.required for field in found.values())


def test_what_takes_a_record_out_of_use_is_its_deletion_or_another_delete() -> None:
    assert SHELVES.ending is OPERATION["deleteShelf"]
    campaigns = by_collection(load(), "campaigns")
    assert campaigns.delete is None
    assert campaigns.ending is not None and campaigns.ending.method == "delete"
    assert by_collection(load(), "brand_external_vettings").ending is None


def test_what_makes_a_record_answers_one_with_an_id_of_its_own() -> None:
    made = {one.collection: one.maker.operation_id for one in resources(load()) if one.maker}
    assert made == {
        "messages": "sendMessage",
        "messaging_hosted_number_orders": "createMessagingHostedNumberOrder",
        "messaging_numbers_bulk_updates": "createMessagingNumbersBulkUpdate",
    }
    assert SHELVES.maker is None


def test_an_operation_shows_the_members_that_it_describes() -> None:
    assert shown_by(LIBRARY, "listShelves") == shown_by(LIBRARY, "createShelf") == SHELVES.record.keys()
    assert shown_by(LIBRARY, "deleteBook") == frozenset()
    assert shown_by(load(), "listBrands") < shown_by(load(), "retrieveBrand") | {"assignedCampaingsCount"}
