"""The generated package, proved on tiny descriptions: what is sent, what is named, what can't get in."""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib.metadata
import importlib.resources
import re
from pathlib import Path
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.pipeline import generate, marks, names, package_scan, prepare, settings
from scripts.pipeline.places import Place

pytestmark = pytest.mark.takes(10)

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "overlays" / "generator" / "templates"
# Macros of our own templates.
SHARED = {"decoders.jinja"}

# Texts that would end a docstring, a string or a line, or start a template's expression.
HOSTILE = [
    '"""\nimport os\nos.system("id")\n"""',
    'a" + __import__("os").system("id") + "',
    "x\n\nimport os",
    "'''",
    "\\",
    '\\"""',
    "\\N{DASH} \\U1 \\x",
    "{{ 7 * 7 }}{% raw %}",
    "{x} ${x} %s",
    "# type: ignore",
    "\u2028import os",
]
# Texts that can't be names on the wire, but may stand in descriptions.
UNPRINTABLE = ["\0", "\x1b[31m", "\u2028import os", "x\n\nimport os"]


def description(text: str, name: str = "") -> dict[str, Any]:
    """A description that holds ``text`` wherever text may stand and ``name`` in every name on the wire."""
    thing = {
        "type": "object",
        "title": text,
        "description": text,
        "example": {"a": text},
        "required": [f"fixed{name}", "level"],
        "properties": {
            f"p{name}": {"type": "string", "description": text, "example": text, "default": text, "x-sensitive": True},
            "kind": {"$ref": "#/components/schemas/Kind", "readOnly": True},
            f"kinds{name}": {"type": "array", "description": text, "items": {"$ref": "#/components/schemas/Kind"}},
            f"when{name}": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}]},
            f"fixed{name}": {"type": "string", "const": f"c{name}", "description": text},
            "level": {"$ref": "#/components/schemas/Level"},
            f"inner{name}": {"anyOf": [{"$ref": "#/components/schemas/Map"}, {"type": "null"}]},
        },
    }
    parameters = [
        {"name": "id", "in": "path", "required": True, "description": text, "schema": {"type": "string"}},
        {"name": f"q{name}", "in": "query", "description": text, "schema": {"type": "string", "default": text}},
        {"name": f"X-{name}", "in": "header", "schema": {"type": "string", "example": text}},
    ]
    operation = {
        "operationId": "getThing",
        "tags": ["things"],
        "summary": text,
        "description": text,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": text,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "security": [{"token": []}],
        "paths": {"/things/{id}": {"get": operation}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Thing": thing,
                "Kind": {"type": "string", "description": text, "enum": [f"a{name}", "b"]},
                "Level": {"type": "integer", "description": text, "enum": [1, 2]},
                "Map": {
                    "type": "object",
                    "description": f"Map: {text}",
                    "additionalProperties": {"type": "string", "default": text},
                },
            },
        },
    }


def build(document: dict[str, Any], folder: Path) -> Path:
    package = folder / "package"
    configured = settings.read(ROOT / "overlays" / "generator" / "config.yaml", "config.yaml")
    generate.generate(prepare.prepare(document), configured, TEMPLATES, package)
    return package


def shape(package: Path) -> dict[str, list[str]]:
    """The kinds of syntax nodes of each module: names and texts may differ, code may not."""
    return {
        path.relative_to(package).as_posix(): [type(node).__name__ for node in ast.walk(ast.parse(path.read_bytes()))]
        for path in sorted(package.rglob("*.py"))
    }


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The shape of the package for a description in which nothing is hostile."""
    return shape(build(description("text"), tmp_path_factory.mktemp("harmless")))


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The same, where no name on the wire is a name in Python."""
    return shape(build(description("text", "-x"), tmp_path_factory.mktemp("renamed")))


@pytest.mark.parametrize("text", [*HOSTILE, *UNPRINTABLE], ids=ascii)
def test_text_of_a_description_never_becomes_code(text: str, harmless: dict[str, list[str]], tmp_path: Path) -> None:
    package = build(description(text), tmp_path / "hostile")
    package_scan.scan(package)
    assert shape(package) == harmless


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.isprintable()], ids=ascii)
def test_names_on_the_wire_never_become_code(name: str, renamed: dict[str, list[str]], tmp_path: Path) -> None:
    document = description("text", name)
    names.check(document, lambda pointer: Place("x", 1))
    package = build(document, tmp_path / "hostile")
    package_scan.scan(package)
    assert shape(package) == renamed
    sent = {
        ast.literal_eval(node.args[0])
        for node in ast.walk(ast.parse((package / "api" / "things" / "get_thing.py").read_bytes()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_wire.query_pairs"
    }
    assert sent == {f"q{name}", f"X-{name}"}


@pytest.mark.parametrize("name", UNPRINTABLE, ids=ascii)
def test_names_that_would_be_altered_on_the_wire_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="not printable"):
        names.check(description("text", name), lambda pointer: Place("x", 1))


@pytest.mark.parametrize("identifier", ['x"; import os', "get-thing", "GetThing", "1st", "get thing", ""])
def test_operation_id_that_is_no_name_is_refused(identifier: str) -> None:
    document = description("text")
    document["paths"]["/things/{id}"]["get"]["operationId"] = identifier
    with pytest.raises(InputError, match="no camelCase name"):
        names.check(document, lambda pointer: Place("x", 1))


@pytest.mark.parametrize("path", ['/a"/{id}', "/a b/{id}", "/a\n/{id}", "things/{id}", "/{Id}", "/{id"])
def test_path_that_is_no_path_is_refused(path: str) -> None:
    document = description("text")
    document["paths"] = {path: document["paths"]["/things/{id}"]}
    with pytest.raises(InputError, match="no path of a URL"):
        names.check(document, lambda pointer: Place("x", 1))


def test_defaults_are_documented_and_never_sent(tmp_path: Path) -> None:
    document = description("Some text.")
    package = build(document, tmp_path)
    model = (package / "models" / "thing.py").read_text()
    assert "p: str | Unset = UNSET" in model
    assert 'server\'s default is "Some text."' in re.sub(r"\s+", " ", model)
    endpoint = (package / "api" / "things" / "get_thing.py").read_text()
    assert "q: str | Unset = UNSET" in endpoint
    assert "default" in document["components"]["schemas"]["Thing"]["properties"]["p"], "the input was changed"


def test_defaults_inside_data_and_properties_called_default_stay() -> None:
    schema = {"type": "object", "properties": {"default": {"type": "string"}}, "examples": [{"default": 1}]}
    document = {"paths": {}, "components": {"schemas": {"A": copy.deepcopy(schema)}}}
    assert prepare.prepare(document)["components"]["schemas"]["A"] == schema


def test_operation_needs_a_token_when_the_whole_api_does() -> None:
    assert prepare.prepare(description("text"))["paths"]["/things/{id}"]["get"]["security"] == [{"token": []}]


def test_operation_with_its_own_security_keeps_it() -> None:
    document = description("text")
    document["paths"]["/things/{id}"]["get"]["security"] = []
    assert prepare.prepare(document)["paths"]["/things/{id}"]["get"]["security"] == []


@pytest.mark.parametrize(
    ("wire", "argument"),
    [
        ("page[number]", "page_number"),
        ("filter[name][contains]", "filter_name_contains"),
        ("filter[messaging_profile_id]", "filter_messaging_profile_id"),
        ("sort[phone_number]", "sort_phone_number"),
        ("filter[created_at][gte]", "filter_created_at_gte"),
    ],
)
def test_query_parameters_get_readable_arguments(wire: str, argument: str, tmp_path: Path) -> None:
    document = description("text")
    document["paths"]["/things/{id}"]["get"]["parameters"][1]["name"] = wire
    endpoint = (build(document, tmp_path) / "api" / "things" / "get_thing.py").read_text()
    assert f"{argument}: str | Unset = UNSET" in endpoint
    assert f'_wire.query_pairs("{wire}", {argument})' in endpoint


def test_arguments_carry_the_description_of_their_parameter(tmp_path: Path) -> None:
    document = description("text")
    document["paths"]["/things/{id}"]["get"]["parameters"][1]["description"] = "Which kind to list."
    endpoint = (build(document, tmp_path) / "api" / "things" / "get_thing.py").read_text()
    assert "q (str | Unset): Which kind to list." in endpoint


def test_marked_properties_stay_out_of_repr(tmp_path: Path) -> None:
    document = description("text")
    document["components"]["schemas"]["Thing"]["properties"]["p"]["x-sensitive"] = True
    document["components"]["schemas"]["Thing"]["properties"]["kind"]["readOnly"] = True
    model = (build(document, tmp_path) / "models" / "thing.py").read_text()
    assert re.search(r'_secret: ClassVar\[frozenset\[str\]\] = frozenset\(\{\s*"p"', model)
    assert re.search(r'_read_only: ClassVar\[frozenset\[str\]\] = frozenset\(\{\s*"kind"', model)


def test_marks_of_a_schema_include_those_of_the_schemas_it_is_made_of() -> None:
    base = {"properties": {"key": {"type": "string", "x-sensitive": True}}}
    made = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"id": {"readOnly": True}}}]}
    loop = {"allOf": [{"$ref": "#/components/schemas/Loop"}], "properties": {"a": {"x-sensitive": True}}}
    found = marks.marks({"components": {"schemas": {"Base": base, "Made": made, "Loop": loop}}})
    assert found["Made"] == marks.Marks(secret=frozenset({"key"}), read_only=frozenset({"id"}))
    assert found["Loop"].secret == {"a"}
    assert found["Nothing"] == marks.Marks()


@pytest.mark.parametrize(
    ("value", "member"),
    [
        ("long-code", "LONG_CODE"),
        ("24h", "VALUE_24H"),
        ("2010-04-01", "VALUE_2010_04_01"),
        ("*", "ASTERISK"),
        ("", "EMPTY"),
        ("é", "LATIN_SMALL_LETTER_E_WITH_ACUTE"),
        ("camelCase", "CAMELCASE"),
    ],
)
def test_members_are_named_after_their_values(value: str, member: str, tmp_path: Path) -> None:
    document = description("text")
    document["components"]["schemas"]["Kind"]["enum"] = [value, "another one"]
    kind = (build(document, tmp_path) / "models" / "kind.py").read_text()
    assert f'    {member} = "{value}"\n    ANOTHER_ONE = "another one"\n' in kind


def test_members_of_one_name_are_refused() -> None:
    document = description("text")
    document["components"]["schemas"]["Kind"]["enum"] = ["1", "+1"]
    with pytest.raises(InputError, match=r"'1' and '\+1' would get one name"):
        names.check(document, lambda pointer: Place("x", 1))


def test_what_templates_share_replaces_no_original() -> None:
    originals = importlib.resources.files("openapi_python_client").joinpath("templates")
    assert all(not originals.joinpath(name).is_file() for name in SHARED)


@pytest.mark.parametrize("template", sorted({path.name for path in TEMPLATES.iterdir()} - SHARED))
def test_template_names_the_version_and_hash_of_the_one_it_replaces(template: str) -> None:
    said = (TEMPLATES / template).read_text(encoding="utf-8")
    original = importlib.resources.files("openapi_python_client").joinpath("templates", template)
    version = importlib.metadata.version("openapi-python-client")
    assert f"openapi-python-client {version}" in said
    assert hashlib.sha256(original.read_bytes()).hexdigest() in said, "compare the template with its new original"
