"""The description as the mock and the suite read it."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from contract_tests.description import Description, load

LEAF = {"type": "integer"}
TREE = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}, "maxItems": 2}
PAIR = {"properties": {"one": {"$ref": "#/components/schemas/Tree"}, "two": {"$ref": "#/components/schemas/Leaf"}}}
SCHEMAS: dict[str, Any] = {"Leaf": LEAF, "Tree": TREE, "Pair": PAIR, "Other": {"type": "string"}}
VALUES: tuple[Any, ...] = ({}, {"data": {}}, {"data": [{"id": 1}]}, [], None, "x", 1)
SHELF = Description({"paths": {}, "components": {"schemas": SCHEMAS, "parameters": {}}})


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"type": "string"}, set()),
        ({"$ref": "#/components/schemas/Leaf"}, {"Leaf"}),
        ({"$ref": "#/components/schemas/Tree"}, {"Tree"}),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Pair"}]}, {"Pair", "Tree", "Leaf"}),
        ({"$ref": "#/components/schemas/Pair/properties/two"}, {"Pair", "Tree", "Leaf"}),
        # Of the name of a property, and of a schema that is not there, nothing can be fetched.
        ({"properties": {"$ref": {"type": "string"}}}, set()),
        ({"$ref": "#/components/schemas/Missing"}, set()),
    ],
)
def test_a_schema_alone_has_the_schemas_that_it_leads_to(schema: dict[str, Any], names: set[str]) -> None:
    alone = SHELF.alone(schema)
    assert alone == {**schema, "components": {"schemas": {name: SCHEMAS[name] for name in names}}}


def test_a_schema_alone_judges_as_it_does_in_its_document() -> None:
    description = load()
    whole = jsonschema_rs.Registry([("urn:d", {**description.document})], draft=jsonschema_rs.Draft202012)
    found = 0
    for name in description.document["components"]["schemas"]:
        here, there = ({"$ref": f"{base}#/components/schemas/{name}"} for base in ("", "urn:d"))
        alone = jsonschema_rs.Draft202012Validator(description.alone(here))
        inside = jsonschema_rs.Draft202012Validator(there, registry=whole)
        for value in VALUES:
            said = [error.message for error in alone.iter_errors(value)]
            assert said == [error.message for error in inside.iter_errors(value)]
            found += len(said)
    assert found > 1000
