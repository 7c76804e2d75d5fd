"""The facade's stage on small descriptions: names, arguments, texts that stay texts, clashes that stop the build."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contract_tests.unit.pipeline import test_generate
from scripts.errors import InputError
from scripts.pipeline import counts, docstrings, facade, generate, package_scan, prepare, settings, signatures
from scripts.pipeline.signatures import Typed

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = test_generate.HOSTILE


def operation(name: str, method: str | None, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An operation that answers with a Thing."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ThingResponse"}}}
    return {
        "operationId": name,
        "tags": ["things"],
        "parameters": list(parameters),
        "responses": {"200": {"description": "A thing.", "content": content}},
        **({"x-sdk-method": method} if method else {}),
        **more,
    }


def document(**paths: dict[str, Any]) -> dict[str, Any]:
    """A description with the operations given as ``things__id={"get": …}`` for ``/things/{id}``."""
    thing = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid", "readOnly": True, "x-generated": "id"},
            "list": {"type": "array", "items": {"type": "string"}},
        },
    }
    update = {
        "type": "object",
        "required": ["label"],
        "properties": {
            "label": {"type": "string", "description": "What it is called."},
            "id": {"type": "string", "x-references": "things"},
            "timeout": {"type": "integer", "default": 5},
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {f"/{name.replace('__id', '/{id}').replace('__', '/')}": item for name, item in paths.items()},
        "components": {
            "schemas": {
                "Thing": thing,
                "ThingResponse": {"type": "object", "properties": {"data": {"$ref": "#/components/schemas/Thing"}}},
                "ThingUpdate": update,
            }
        },
    }


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
BODY = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingUpdate"}}}}


def build(described: dict[str, Any], folder: Path) -> tuple[Path, dict[str, str]]:
    """The generated package with its facade, and the methods by operationId."""
    package = folder / "package"
    configured = settings.read(ROOT / "overlays" / "generator" / "config.yaml", "config.yaml")
    generate.generate(prepare.prepare(described), configured, ROOT / "overlays" / "generator" / "templates", package)
    scanned = package_scan.scan(package)
    return package, facade.write(package, described, counts.modules_by_operation(scanned, described))


def methods(package: Path, module: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of the first class of a module."""
    tree = ast.parse((package / module).read_bytes())
    first = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    return {node.name: node for node in first.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_dotted_names_become_resources_within_resources(tmp_path: Path) -> None:
    described = document(
        things__id={"get": operation("retrieveThing", "things.retrieve", ID)},
        things__id__parts={"get": operation("listParts", "things.parts.list", ID)},
        things__id__parts__old={"get": operation("listOldParts", "things.parts.old.list", ID)},
    )
    package, found = build(described, tmp_path)
    assert found == {
        "retrieveThing": "things.retrieve",
        "listParts": "things.parts.list",
        "listOldParts": "things.parts.old.list",
    }
    for folder, prefix in (("resources", ""), ("async_resources", "Async")):
        files = {path.relative_to(package / folder).as_posix() for path in (package / folder).rglob("*.py")}
        assert files == {"__init__.py", "things/__init__.py", "things/parts/__init__.py", "things/parts/old.py"}
        tree = ast.parse((package / folder / "things/parts/old.py").read_bytes())
        assert next(node.name for node in tree.body if isinstance(node, ast.ClassDef)) == f"{prefix}ThingsPartsOld"
    package_scan.scan(package)


def test_operation_that_names_no_method_is_reached_by_its_tag_and_id(tmp_path: Path) -> None:
    package, found = build(document(things__id={"get": operation("retrieveThing", None, ID)}), tmp_path)
    assert found == {"retrieveThing": "things.retrieve_thing"}
    assert "retrieve_thing" in methods(package, "resources/things.py")


def test_arguments_are_those_of_path_query_and_body(tmp_path: Path) -> None:
    query = {"name": "filter[kind][eq]", "in": "query", "schema": {"type": "string"}}
    described = document(things__id={"patch": operation("updateThing", "things.update", ID, query, requestBody=BODY)})
    package, _ = build(described, tmp_path)
    update = methods(package, "resources/things.py")["update"]
    assert [one.arg for one in update.args.args] == ["self", "id"]
    assert [one.arg for one in update.args.kwonlyargs] == [
        "filter_kind_eq",
        "label",
        "body_id",
        "body_timeout",
        "extra_body",
        "timeout",
    ], "a field whose name is taken is told apart"
    required = [
        one.arg for one, given in zip(update.args.kwonlyargs, update.args.kw_defaults, strict=True) if not given
    ]
    assert required == ["label"]
    said = ast.get_docstring(update) or ""
    assert "label: What it is called." in said
    assert "body_timeout: The server's default is 5." in said
    source = (package / "resources/things.py").read_text()
    assert "UUID | str | Unset" in ast.unparse(update), "an id of another record may be a UUID"
    assert "id=_identifier(body_id)" in source
    assert "timeout=body_timeout" in source


def test_method_called_like_a_type_does_not_hide_it(tmp_path: Path) -> None:
    listed = {**BODY, "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}}
    described = document(
        things={
            "get": operation("listThings", "things.list"),
            "put": operation("replaceThings", "things.replace", requestBody=listed),
        }
    )
    package, _ = build(described, tmp_path)
    replace = methods(package, "resources/things.py")["replace"]
    assert [(one.arg, ast.unparse(one.annotation or ast.Constant(None))) for one in replace.args.kwonlyargs] == [
        ("body", "builtins.list[str]"),
        ("timeout", "float | httpx.Timeout | None"),
    ]


def test_body_that_may_be_left_out_is_left_out_when_nothing_is_given(tmp_path: Path) -> None:
    optional = {**BODY, "required": False}
    package, _ = build(document(things={"post": operation("makeThing", "things.make", requestBody=optional)}), tmp_path)
    assert "body=_body if _body.to_dict() else UNSET" in (package / "resources/things.py").read_text()


def saying(said: str) -> dict[str, Any]:
    """A description that holds ``said`` wherever the facade repeats a text."""
    made = document(things__id={"patch": operation("updateThing", "things.update", ID)})
    one = made["paths"]["/things/{id}"]["patch"]
    one |= {"summary": said, "description": f"{said}\n\n{said}", "requestBody": {**BODY, "description": said}}
    one["parameters"] = [{**ID, "description": said}]
    one["responses"]["404"] = {"description": said}
    one["x-rule-errors"] = [{"status": 404, "code": said, "when": said}]
    properties = made["components"]["schemas"]["ThingUpdate"]["properties"]
    properties["label"] = {"type": "string", "description": said, "default": said}
    return made


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for a description in which nothing is hostile."""
    return build(saying("text"), tmp_path_factory.mktemp("harmless"))[0]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_text_of_a_description_never_becomes_code(text: str, harmless: Path, tmp_path: Path) -> None:
    hostile, _ = build(saying(text), tmp_path / "hostile")
    for folder in facade.FOLDERS:
        for path in sorted((harmless / folder).rglob("*.py")):
            assert shape(hostile / path.relative_to(harmless)) == shape(path)


def shape(path: Path) -> list[str]:
    return [type(node).__name__ for node in ast.walk(ast.parse(path.read_bytes()))]


@pytest.mark.parametrize("text", [*HOSTILE, 'ends with "', 'ends with """', "ends with \\", '"', "\\" * 3], ids=ascii)
def test_docstring_reads_back_as_the_text_that_was_meant(text: str) -> None:
    said = docstrings.compose(docstrings.paragraphs(text), [("Args", [("name", docstrings.plain(text))])])
    source = f"def f():\n    {docstrings.literal(said, '    ')}\n"
    found = ast.parse(source).body[0]
    assert isinstance(found, ast.FunctionDef)
    assert len(found.body) == 1
    assert inspect.cleandoc(ast.get_docstring(found, clean=False) or "") == inspect.cleandoc(said)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("things.list", "things.list", "listOther and listThings would both be things.list"),
        ("things.list", "things.list.all", "things.list is a method and a resource"),
        ("things.with_response", None, "'with_response' can't be the name"),
        ("things.import", None, "'import' can't be the name"),
        ("things", None, "no resource and method"),
        ("Things.list", None, "no resource and method"),
        ("things.list; import os", None, "no resource and method"),
    ],
)
def test_names_that_can_not_be_are_refused(first: str, second: str | None, said: str, tmp_path: Path) -> None:
    described = document(
        others={"get": operation("listOther", second or "others.list")},
        things={"get": operation("listThings", first)},
    )
    with pytest.raises(InputError, match=said):
        build(described, tmp_path)


def test_facade_that_misses_an_operation_is_an_error(tmp_path: Path) -> None:
    package, _ = build(document(things={"get": operation("listThings", "things.list")}), tmp_path)
    with pytest.raises(InputError, match=r"listThings is reached by 0 methods of resources/"):
        facade._refuse_gaps(package / "resources", {"listThings": "api.things.elsewhere"})


def test_lists_are_walked_when_the_description_says_which_parameter_is_the_page(tmp_path: Path) -> None:
    number = {"name": "page[number]", "in": "query", "x-page": "number", "schema": {"type": "integer"}}
    described = document(things={"get": operation("listThings", "things.list", number)})
    schemas = described["components"]["schemas"]
    schemas["ThingResponse"]["properties"]["data"] = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
    package, _ = build(described, tmp_path)
    walked = methods(package, "async_resources/things.py")["list"]
    assert ast.unparse(walked.returns or ast.Constant(None)) == "AsyncPages[Thing, ThingResponse]"
    assert isinstance(walked, ast.FunctionDef), "walking is asynchronous, asking for the walk is not"
    assert "max_pages" in {one.arg for one in walked.args.kwonlyargs}


@pytest.mark.parametrize(
    ("text", "taken", "expected"),
    [
        ("list[str] | None", {"list"}, "builtins.list[str] | None"),
        ("list[str] | None", {"delete"}, "list[str] | None"),
        ("dict[str, list[int]]", {"list", "dict"}, "builtins.dict[str, builtins.list[int]]"),
        ("list", {"list"}, "builtins.list"),
    ],
)
def test_annotation_names_builtins_where_methods_hide_them(text: str, taken: set[str], expected: str) -> None:
    assert Typed(text).spelled(taken) == expected


def test_signature_is_read_from_source_with_the_origin_of_each_name(tmp_path: Path) -> None:
    source = (
        "import datetime\nfrom uuid import UUID\nfrom ...models.thing import Thing\n"
        "def f(id: UUID, *, since: 'datetime.date' = X, thing: Thing) -> list[Thing]: ...\n"
    )
    (tmp_path / "api" / "things").mkdir(parents=True)
    (tmp_path / "api" / "things" / "f.py").write_text(source)
    read = signatures.read(tmp_path, "api.things.f").functions["f"]
    assert [(one.name, one.type.origins) for one in (*read.positional, *read.keyword)] == [
        ("id", {"UUID": ("uuid", "UUID")}),
        ("since", {"datetime": ("datetime", "")}),
        ("thing", {"Thing": (".models.thing", "Thing")}),
    ]
    assert [one.default for one in (*read.positional, *read.keyword)] == [None, "X", None]
    assert read.returns.text == "list[Thing]"


def event(name: str, **event_type: Any) -> dict[str, Any]:
    """An event's schema."""
    data = {"type": "object", "properties": {"event_type": {"type": "string", **event_type}}}
    return {f"{name}Data": data, name: {"properties": {"data": {"$ref": f"#/components/schemas/{name}Data"}}}}


def hook(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"post": {"requestBody": {"content": content}}}


def events_of(described: dict[str, Any], folder: Path) -> Any:
    """What the written module says."""
    from scripts.pipeline import events

    events.write(folder, described, {name: f"models.{name.lower()}" for name in described["components"]["schemas"]})
    spec = importlib.util.spec_from_file_location("made_events", folder / events.FILE)
    assert spec
    assert spec.loader
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules.pop("made_events", None)
    return module.EVENTS


def test_events_are_found_by_their_type(tmp_path: Path) -> None:
    described = {
        "webhooks": {"inbound": hook("Inbound"), "delivery": hook("Delivery"), "plain.one": hook("Plain")},
        "components": {
            "schemas": {
                **event("Inbound", const="message.received"),
                **event("Delivery", enum=["message.sent", "message.finalized"]),
                **event("Plain"),
            }
        },
    }
    assert events_of(described, tmp_path) == {
        "message.received": (".models.inbound", "Inbound"),
        "message.sent": (".models.delivery", "Delivery"),
        "message.finalized": (".models.delivery", "Delivery"),
        "plain.one": (".models.plain", "Plain"),
    }


def test_event_type_that_two_webhooks_claim_is_refused(tmp_path: Path) -> None:
    described = {
        "webhooks": {"a": hook("A"), "b": hook("B")},
        "components": {"schemas": {**event("A", const="x"), **event("B", const="x")}},
    }
    with pytest.raises(InputError, match="A and B both claim the event type x"):
        events_of(described, tmp_path)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_event_type_stays_a_text(text: str, tmp_path: Path) -> None:
    described = {"webhooks": {"a": hook("A")}, "components": {"schemas": event("A", const=text)}}
    assert events_of(described, tmp_path) == {text: (".models.a", "A")}
