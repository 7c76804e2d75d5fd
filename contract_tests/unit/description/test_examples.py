"""Examples are valid, complete and usable: what they show can be sent and expected as it stands."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.description import JSON, Description, Operation

DOCUMENTED = Path(__file__).resolve().parents[2] / "golden" / "description"
DOCUMENT = "urn:document"  # nothing is fetched from an address
ERRORS = {"400", "401", "404", "422", "429", "default"}


@functools.cache
def registry(description: Description) -> jsonschema_rs.Registry:
    """The document as references lead to it, taken apart once and not for each value."""
    return jsonschema_rs.Registry([(DOCUMENT, {**description.document})], draft=jsonschema_rs.Draft202012)


def valid(description: Description, schema: Any, value: Any) -> list[str]:
    """What is wrong with a value, formats included."""
    absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{DOCUMENT}#/'))
    validator = jsonschema_rs.Draft202012Validator(absolute, registry=registry(description), validate_formats=True)
    return [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(value)]


def bodies(description: Description, operation: Operation) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """The request and every response of an operation: what it is, its schema, its examples by name.

    Answers without content have none.
    """
    if "requestBody" in operation.raw:
        (content,) = operation.raw["requestBody"]["content"].values()
        yield "request", content["schema"], content["examples"]
    for status, response in operation.raw["responses"].items():
        found = description.resolve(response)
        if "content" in found:
            content = found["content"][JSON]
            yield status, content["schema"], content["examples"]


def test_every_example_of_a_body_is_valid(description: Description) -> None:
    checked = 0
    for operation in description.operations:
        for where, schema, examples in bodies(description, operation):
            for name, example in examples.items():
                problems = valid(description, schema, description.resolve(example)["value"])
                assert problems == [], f"{operation.label} {where} {name}"
                checked += 1
    assert checked > 500


def test_an_example_that_breaks_its_schema_would_be_noticed(description: Description) -> None:
    schema = {"$ref": "#/components/schemas/MessagingProfileResponse"}
    example = description.document["components"]["examples"]["create_messaging_profile.documented.response"]["value"]
    for field, wrong in {"id": "no-uuid", "created_at": "yesterday", "number_pool_settings": {}, "enabled": 1}.items():
        assert valid(description, schema, {"data": {**example["data"], field: wrong}}) != [], field


def test_every_body_has_an_example(description: Description) -> None:
    for operation in description.operations:
        for where, _, examples in bodies(description, operation):
            assert examples, f"{operation.label} {where}"


def test_every_example_file_is_used(bundled: dict[str, Any], effective: dict[str, Any]) -> None:
    text = json.dumps(effective)
    unused = [name for name in effective["components"]["examples"] if f'"#/components/examples/{name}"' not in text]
    assert unused == []
    folder = Path(__file__).resolve().parents[3] / "openapi"
    files = {path.stem for path in folder.glob("**/examples/*.yaml")}
    assert files == set(bundled["components"]["examples"])


def test_every_parameter_has_a_valid_example(description: Description) -> None:
    for operation in description.operations:
        for parameter in operation.parameters:
            assert valid(description, parameter["schema"], parameter["example"]) == [], parameter["name"]


def test_defaults_and_inline_examples_satisfy_their_schema(description: Description) -> None:
    checked = 0
    for name, schema in description.document["components"]["schemas"].items():
        for field, node in {"": schema, **schema.get("properties", {})}.items():
            shown = [*node.get("examples", ()), *([node["default"]] if "default" in node else ())]
            for value in [*shown, *([node["x-initial"]] if "x-initial" in node else ())]:
                assert valid(description, node, value) == [], f"{name}.{field}: {value!r}"
                checked += 1
    assert checked > 30


def test_examples_are_named_after_their_operation_and_place(description: Description) -> None:
    for operation in description.operations:
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", operation.operation_id).lower()
        for where, _, examples in bodies(description, operation):
            for key, example in examples.items():
                name = example["$ref"].rpartition("/")[2]
                if where in ERRORS:
                    assert re.fullmatch(r"[a-z_]+\.[a-z-]+", name), name
                    assert name.endswith(f".{key}")
                else:
                    suffix = "" if where == "request" else r"\.response"
                    assert re.fullmatch(rf"{snake}\.[a-z-]+{suffix}", name), f"{operation.label}: {name}"


def test_a_path_example_addresses_a_record_that_an_answer_shows(description: Description) -> None:
    """Else an examples run would meet 404 where it should meet 200."""
    shown = json.dumps([example["value"] for example in description.document["components"]["examples"].values()])
    schemas = description.document["components"]["schemas"].values()
    identifying = {
        name
        for schema in schemas
        for name, field in schema.get("properties", {}).items()
        if field.get("x-generated") in {"id", "key"}
    }
    for operation in description.operations:
        rule = operation.resource
        assert rule is not None
        addressed = {rule.key, rule.parent.parameter if rule.parent else None}
        for parameter in operation.parameters:
            if parameter["in"] == "path" and parameter["name"] in addressed:
                wanted = [f'"{name}": "{parameter["example"]}"' for name in {"id", *identifying}]
                assert any(one in shown for one in wanted), operation.label


def test_no_profile_is_deleted_that_other_examples_need(description: Description) -> None:
    deleted = {parameter["example"] for parameter in description.by_id["deleteMessagingProfile"].parameters}
    for operation in description.operations:
        if operation.operation_id != "deleteMessagingProfile":
            assert not deleted & {parameter["example"] for parameter in operation.parameters}, operation.label
    assert deleted.isdisjoint(
        example["value"].get("messaging_profile_id")
        for name, example in description.document["components"]["examples"].items()
        if name.startswith("update_phone_number_messaging_settings.") and not name.endswith(".response")
    )


@pytest.mark.parametrize("file", sorted(DOCUMENTED.glob("*.json")), ids=lambda path: path.stem)
def test_the_documents_own_examples_stand_unchanged(description: Description, file: Path) -> None:
    example = description.document["components"]["examples"][file.stem]["value"]
    assert example == json.loads(file.read_text(encoding="utf-8"))


def test_there_are_documented_examples_to_compare_with() -> None:
    assert len(list(DOCUMENTED.glob("*.json"))) == 6


def test_request_examples_of_creation_cover_every_field(description: Description) -> None:
    create = description.by_id["createMessagingProfile"]
    fields = description.properties(description.request_schema(create) or {})
    sent: set[str] = set()
    for where, _, examples in bodies(description, create):
        if where == "request":
            sent |= {name for example in examples.values() for name in description.resolve(example)["value"]}
    assert sent == set(fields)


def test_example_errors_use_codes_as_strings_and_name_the_page_about_them(description: Description) -> None:
    checked = 0
    for name, example in description.document["components"]["examples"].items():
        value = example["value"]
        for error in value.get("errors", ()) if isinstance(value, dict) else ():
            if "meta" not in error:
                # What an answer tells of one number beside others is no refusal of the request.
                assert name.endswith(".response"), name
                continue
            assert error["meta"]["url"].endswith("/" + error["code"]), name
            checked += 1
    assert checked > 10
