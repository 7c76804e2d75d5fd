"""How the description is laid out and named, and what the code generator must never meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from contract_tests.description import METHODS, Description

OPENAPI = Path(__file__).resolve().parents[3] / "openapi"
PASCAL = re.compile(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*")
# Names that break the generated models or functions (openapi-python-client 0.29.1).
BREAKING_PROPERTIES = {"cls", "d", "cast", "to_dict", "from_dict", "field_dict", "additional_properties"}
BREAKING_PARAMETERS = {"body", "params", "headers", "quote"}
LONGEST_DESCRIPTION = 300
SENT = {"post": ("Create", "Action"), "put": ("Create", "Replace", "Update"), "patch": ("Update",)}

Schema = dict[str, Any]


def inside(schema: Schema, pointer: str) -> Iterator[tuple[str, Schema]]:
    """The schemas within a component schema, itself left out; references are not followed."""
    children = [(f"{pointer}/properties/{name}", node) for name, node in schema.get("properties", {}).items()]
    children += [(f"{pointer}/anyOf/{index}", node) for index, node in enumerate(schema.get("anyOf", ()))]
    if "items" in schema:
        children.append((f"{pointer}/items", schema["items"]))
    for where, node in children:
        yield where, node
        yield from inside(node, where)


def schemas(document: dict[str, Any]) -> Iterator[tuple[str, Schema]]:
    """Every schema that is no component itself, with its place."""
    for name, schema in document["components"]["schemas"].items():
        yield from inside(schema, name)
    for name, parameter in document["components"]["parameters"].items():
        yield name, parameter["schema"]
        yield from inside(parameter["schema"], name)


@pytest.mark.parametrize("which", ["bundled", "effective"])
def test_the_document_is_valid_openapi(which: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(which)
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_object_and_every_enum_is_a_component_of_its_own(effective: dict[str, Any]) -> None:
    inline = [where for where, node in schemas(effective) if node.get("type") == "object" or "enum" in node]
    assert inline == []


def test_nothing_but_what_the_generator_understands_is_used(effective: dict[str, Any]) -> None:
    components = effective["components"]["schemas"].items()
    for where, node in [*schemas(effective), *components]:
        assert isinstance(node, dict), where
        assert {"allOf", "not", "if", "patternProperties", "nullable"}.isdisjoint(node), where
        if node.get("type") == "array":
            assert "items" in node, where
        if where == "RegistryEnumResponse":  # the one answer whose kind depends on what is asked for
            assert all(list(branch) == ["$ref"] for branch in node["anyOf"])
        elif "anyOf" in node:
            assert [sorted(branch) for branch in node["anyOf"]] == [["$ref"], ["type"]], where
            assert node["anyOf"][1] == {"type": "null"}, where


def test_each_member_of_a_union_refuses_what_a_later_one_describes(effective: dict[str, Any]) -> None:
    """Readers take the first that fits: it has to require a member that the later ones have not, or not so."""
    components = effective["components"]["schemas"]
    unions = [(where, node["oneOf"]) for where, node in [*schemas(effective), *components.items()] if "oneOf" in node]
    assert len(unions) >= 4
    for where, listed in unions:
        assert all(list(member) == ["$ref"] for member in listed), where
        members = [components[member["$ref"].rpartition("/")[2]] for member in listed]
        for index, first in enumerate(members):
            assert all(refuses(components, first, later) for later in members[index + 1 :]), where


def refuses(components: dict[str, Any], first: Schema, later: Schema) -> bool:
    """Whether every value of ``later`` breaks ``first`` by a required member that is missing or has another value."""

    def values(node: Schema) -> set[str] | None:
        node = components[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        return {node["const"]} if "const" in node else set(node["enum"]) if "enum" in node else None

    for name in first.get("required", ()):
        if name not in later["properties"]:
            return True
        here, there = values(first["properties"][name]), values(later["properties"][name])
        if here is not None and there is not None and here.isdisjoint(there):
            return True
    return False


def test_enum_members_stay_apart_as_python_names(effective: dict[str, Any]) -> None:
    for name, schema in effective["components"]["schemas"].items():
        members = [re.sub(r"\W", "_", value).upper() for value in schema.get("enum", ())]
        assert len(set(members)) == len(members), name


def test_no_name_breaks_the_generated_code(effective: dict[str, Any]) -> None:
    for name, schema in effective["components"]["schemas"].items():
        assert BREAKING_PROPERTIES.isdisjoint(schema.get("properties", {})), name
    wire = {parameter["name"] for parameter in effective["components"]["parameters"].values()}
    assert BREAKING_PARAMETERS.isdisjoint(wire)


def test_every_schema_says_what_it_is_in_a_short_sentence(effective: dict[str, Any]) -> None:
    components = effective["components"]
    described = {f"schema {name}": schema for name, schema in components["schemas"].items()}
    described |= {
        where: node
        for where, node in schemas(effective)
        if "/properties/" in where and "$ref" not in node and "/anyOf/" not in where and not where.endswith("/items")
    }
    for kind in ("parameters", "headers", "responses", "links"):
        described |= {f"{kind} {name}": node for name, node in components[kind].items()}
    for path, item in effective["paths"].items():
        described |= {f"{method} {path}": item[method] for method in METHODS if method in item}
    for where, node in described.items():
        text = node["description"]
        assert len(text) < LONGEST_DESCRIPTION, where
        assert text[0].isupper() or text[0] in '"`', where
        assert text.endswith("."), where


def test_components_are_named_by_what_they_are(effective: dict[str, Any]) -> None:
    for kind in ("schemas", "parameters", "responses", "headers", "links"):
        for name in effective["components"][kind]:
            assert PASCAL.fullmatch(name), f"{kind}/{name}"
    assert effective["components"]["schemas"].keys() & {"Errors"} == set()  # its module would shadow a local name


def test_every_file_of_the_description_is_part_of_it(bundled: dict[str, Any]) -> None:
    components = bundled["components"]
    for path in sorted(OPENAPI.glob("**/*.yaml")):
        kind = path.parent.name
        if kind in components:
            assert path.stem in components[kind], path
        elif kind == "paths":
            assert "/" + path.stem.replace(".", "/") in bundled["paths"], path
        elif kind == "webhooks":
            assert path.stem in bundled["webhooks"], path
        else:
            assert kind in {"openapi", "evidence"}, path


def test_a_path_file_lies_in_the_folder_of_its_tag(description: Description) -> None:
    for operation in description.operations:
        name = operation.path.removeprefix("/").replace("/", ".") + ".yaml"
        assert (OPENAPI / "resources" / operation.tag / "paths" / name).is_file(), operation.label


def test_requests_and_answers_of_a_resource_do_not_share_a_schema(description: Description) -> None:
    for operation in description.operations:
        if "requestBody" in operation.raw:
            (content,) = operation.raw["requestBody"]["content"].values()
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert name.endswith(SENT[operation.method]), operation.label
            answered = description.response_schema(operation, min(operation.success_statuses))
            assert answered is None or answered["$ref"].rpartition("/")[2] != name, operation.label


def test_a_default_stands_only_where_something_comes_into_being(description: Description) -> None:
    for name, schema in description.document["components"]["schemas"].items():
        with_default = {field for field, node in schema.get("properties", {}).items() if "default" in node}
        if name.endswith("Create"):
            continue
        # Objects that creation and update share: the default speaks of the moment they come into being.
        assert not with_default or name == "NumberPoolSettings", name


def test_read_only_fields_are_no_part_of_a_request(description: Description) -> None:
    for name, schema in description.document["components"]["schemas"].items():
        if name.endswith(("Create", "Update", "Replace", "Action")):
            fields = description.properties(schema)
            assert [field for field, node in fields.items() if node.get("readOnly") or "x-generated" in node] == []
