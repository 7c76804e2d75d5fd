"""What the mock refuses to start with: a description it could not serve faithfully, and seeds that do not fit it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import Description, load
from contract_tests.mock import behaviours, seeding
from contract_tests.mock.app import create_app
from contract_tests.mock.planner import Planner, id_field
from contract_tests.mock.shape import Shapes, is_nullable, without_read_only
from contract_tests.mock.world import Behaviours
from contract_tests.unit.mock.library import SHELF_ID, Node, document
from scripts.errors import InputError


def spoil(change: Callable[[Node], Any]) -> InputError:
    """The error that the library gives after a change to its description."""
    spec = document()
    change(spec)
    with pytest.raises(InputError) as refused:
        create_app(Description(spec))
    return refused.value


def at(spec: Node, path: str, method: str) -> Node:
    """One operation of a description."""
    found: Node = spec["paths"][path][method]
    return found


def update_property(spec: Node, name: str) -> Node:
    """One property of BookUpdate."""
    found: Node = spec["components"]["schemas"]["BookUpdate"]["properties"][name]
    return found


@pytest.mark.parametrize(
    ("change", "operation", "why"),
    [
        (lambda spec: at(spec, "/books", "get").pop("x-resource"), "listBooks", "no x-resource"),
        (lambda spec: at(spec, "/books", "get")["x-resource"].update(action="shuffle"), "listBooks", "shuffle"),
        (lambda spec: at(spec, "/books", "get")["x-resource"].update(action="compute"), "listBooks", "no behaviour"),
        (lambda spec: at(spec, "/books", "get")["responses"].pop("200"), "listBooks", "no 2xx"),
        (lambda spec: at(spec, "/books/{id}", "patch").pop("x-rule-errors"), "updateBook", "x-references"),
        (lambda spec: at(spec, "/shelves/{id}", "patch").pop("x-rule-errors"), "updateShelf", "x-empty-update"),
        (
            lambda spec: at(spec, "/shelves/{id}", "delete")["x-blocked-by"][0].update(code="99999"),
            "deleteShelf",
            "99999",
        ),
        (lambda spec: update_property(spec, "shelf_id").update({"x-references": "rooms"}), "updateBook", "'rooms'"),
        (
            lambda spec: at(spec, "/shelves/{shelf}/books", "get")["x-resource"]["parent"].update(collection="rooms"),
            "listShelfBooks",
            "'rooms'",
        ),
        (
            lambda spec: at(spec, "/books", "post")["requestBody"].update(content={"text/plain": {}}),
            "createBook",
            "neither application/json nor a form",
        ),
    ],
)
def test_an_operation_that_cannot_be_served_stops_the_start_and_is_named(
    change: Callable[[Node], Any], operation: str, why: str
) -> None:
    problem = spoil(change)
    assert operation in problem.message and why in problem.message
    assert problem.pointer is not None and problem.pointer.startswith("#/paths/~1")
    assert problem.fix


def test_the_actions_that_address_one_record_need_a_key() -> None:
    for path, method in (("/books/{id}", "get"), ("/books/{id}", "patch"), ("/books/{id}", "delete")):
        problem = spoil(lambda spec, path=path, method=method: at(spec, path, method)["x-resource"].pop("key"))  # type: ignore[misc]
        assert "key" in problem.message


def test_a_body_is_needed_where_something_is_written() -> None:
    for path, method in (("/books", "post"), ("/books/{id}", "patch")):
        problem = spoil(lambda spec, path=path, method=method: at(spec, path, method).pop("requestBody"))  # type: ignore[misc]
        assert "request body" in problem.message


def test_every_operation_of_the_effective_description_has_a_plan() -> None:
    description = load()
    plans = Planner(description, behaviours.BEHAVIOURS).plans()
    assert set(plans) == set(description.by_id) and len(plans) >= 12


def test_a_reference_is_refused_by_the_only_other_rule_when_none_is_named_10017() -> None:
    spec = document()
    at(spec, "/books", "post")["x-rule-errors"] = [{"status": 400, "code": "10027", "when": "no such shelf"}]
    plan = Planner(Description(spec), Behaviours()).plans()["createBook"]
    assert plan.reference_refusal is not None and plan.reference_refusal.code == "10027"


def test_the_id_of_a_collection_is_the_generated_one() -> None:
    spec = document()
    assert id_field(Description(spec), "books") == "id"
    properties = spec["components"]["schemas"]["Book"]["properties"]
    spec["components"]["schemas"]["Book"]["properties"] = {"number": properties.pop("id"), **properties}
    assert id_field(Description(spec), "books") == "number"


# --- reading schemas


def test_schemas_that_refer_to_themselves_have_a_shape() -> None:
    spec = document()
    spec["components"]["schemas"]["Tree"] = {
        "type": "object",
        "properties": {
            "size": {"type": "integer", "default": 1},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            "best": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]},
        },
    }
    shape = Shapes(Description(spec)).of({"$ref": "#/components/schemas/Tree"})
    assert shape is not None
    grown = shape.complete({"children": [{"size": 2, "x": 1}, {"best": {"x": 2}}], "best": None})
    assert grown == {
        "size": 1,
        "children": [{"size": 2}, {"size": 1, "best": {"size": 1}}],
        "best": None,
    }


def test_an_open_schema_keeps_unknown_members_and_a_union_is_left_alone() -> None:
    description = Description(document())
    shapes = Shapes(description)
    opened = shapes.of({"properties": {"a": {"default": 1}}, "additionalProperties": {"type": "string"}})
    assert opened is not None and opened.complete({"b": "x"}) == {"a": 1, "b": "x"}
    assert shapes.of({"anyOf": [{"$ref": "#/components/schemas/Shelf"}, {"$ref": "#/components/schemas/Book"}]}) is None


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, False),
        ({"type": ["string", "null"]}, True),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, True),
        ({"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Kind"}]}, False),
        ({"enum": ["a", None]}, True),
        ({"$ref": "#/components/schemas/Kind"}, False),
        ({}, True),
    ],
)
def test_whether_null_may_stand_somewhere(schema: Node, expected: bool) -> None:
    assert is_nullable(Description(document()), schema) is expected


def test_read_only_members_are_opened_and_properties_named_like_keywords_are_not_touched() -> None:
    schema = {
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "name": {"type": "string", "default": {"required": []}},
        },
        "allOf": [{"properties": {"required": {"readOnly": True}}, "required": ["required"]}],
    }
    assert without_read_only(schema) == {
        "required": ["name"],
        "properties": {"id": True, "name": {"type": "string", "default": {"required": []}}},
        "allOf": [{"properties": {"required": True}, "required": []}],
    }


# --- seeds


def left_out(description: Description, collection: str) -> set[str]:
    """The fields that a record of a collection may lack.

    Ones that an update has to bring, that nobody gave at creation, or that the server sets in some states alone.
    """
    found: set[str] = set()
    for update in description.with_action(collection, "update"):
        members = description.properties(description.request_schema(update) or {})
        found |= {name for name, member in members.items() if member.get("x-required-while-unset")}
    for creation in description.with_action(collection, "create"):
        schema = description.request_schema(creation) or {}
        given = description.properties(schema)
        always = set(schema.get("required", ())) | {name for name, member in given.items() if "default" in member}
        record: dict[str, Any] = {}
        for single in (creation, *description.with_action(collection, "retrieve")):
            record |= description.properties(description.record_schema(single) or {})
        for name, member in record.items():
            made = any(way in member for way in ("x-generated", "x-initial", "const"))
            if name not in always and not made and not is_nullable(description, member):
                found.add(name)
    return found


def shown(description: Description, collection: str) -> set[str]:
    """The fields of a record of a collection that some answer shows."""
    mine = [one for one in description.operations if one.resource and one.resource.collection == collection]
    schemas = [
        description.record_schema(one) or {} for one in mine if one.resource and one.resource.action != "compute"
    ]
    return {name for schema in schemas for name in description.properties(schema)}


def test_every_seed_file_belongs_to_a_collection_and_every_seed_is_valid_and_complete() -> None:
    description = load()
    names = {file.stem for file in seeding.FOLDER.glob("*.yaml")}
    assert names == set(description.collections)
    mock = create_app(description)
    for operation in description.operations:
        rule = operation.resource
        if rule and rule.action == "list":
            settle = mock.world.behaviours.settles.get(rule.collection)
            records = [settle(one, mock.world) if settle else one for one in mock.store[rule.collection]]
            schema = description.record_schema(operation)
            assert records and schema is not None
            properties = set(description.properties(schema))
            needed = properties - left_out(description, rule.collection)
            assert all(needed <= set(record) for record in records), "a seed shows every field described"
            assert properties <= set().union(*records), "some seed shows each field that may be left out"
            tie = {rule.parent.field} if rule.parent else set()
            sorts = [description.resolve(one["schema"]) for one in operation.parameters if "x-sort" in one]
            tie |= {str(value).lstrip("-") for schema in sorts for value in schema.get("enum", ())}
            for record in records:
                own = {name for name in record if name.startswith("_")}
                own |= {mock.store[rule.collection].id_field} | tie
                assert set(record) - own <= shown(description, rule.collection), "nothing that no answer shows"


def test_what_the_seeds_refer_to_exists() -> None:
    store = create_app(load()).store
    for name in ("phone_number_messaging_settings", "short_codes"):
        profiles = {record["messaging_profile_id"] for record in store[name]} - {None}
        assert profiles and all(store["messaging_profiles"].get(profile) for profile in profiles)


def load_seeds(folder: Path, text: str) -> list[dict[str, Any]]:
    """The shelves that a seed file gives."""
    (folder / "shelves.yaml").write_text(text, encoding="utf-8")
    planner = Planner(Description(document()), Behaviours())
    return seeding.load(planner, planner.plans(), {"shelves": "id", "books": "id"}, folder)["shelves"]


def test_a_seed_states_what_matters_and_is_completed(tmp_path: Path) -> None:
    (shelf,) = load_seeds(tmp_path, f"- {{id: {SHELF_ID}, label: maps, subjects: [a]}}")
    assert (shelf["kind"], shelf["visits"], shelf["note"], shelf["record_type"]) == ("closed", 0, "", "shelf")


@pytest.mark.parametrize(
    ("text", "message", "pointer"),
    [
        ("{}", "a list of records", None),
        ("- 5", "a record is an object", "/0"),
        ("- {label: maps}", "its own 'id'", "/0/id"),
        (f"- {{id: {SHELF_ID}}}\n- {{id: {SHELF_ID}}}", "its own 'id'", "/1/id"),
        (f"- {{id: {SHELF_ID}, floor: high}}", "not valid", "/0/floor"),
        (f"- {{id: {SHELF_ID}, created_at: 2019-01-01}}", "not valid", "/0"),
        (f"- {{id: {SHELF_ID}, colour: red}}", "'colour'", "/0/colour"),
        ("- {id: [}", "not YAML", None),
    ],
)
def test_a_seed_that_does_not_fit_is_refused_naming_its_place(
    tmp_path: Path, text: str, message: str, pointer: str | None
) -> None:
    with pytest.raises(InputError) as refused:
        load_seeds(tmp_path, text)
    assert message in refused.value.message
    assert refused.value.file == str(tmp_path / "shelves.yaml")
    assert refused.value.pointer == pointer
