"""A description full of quotes, newlines and templates becomes a package that runs none of it and keeps every name."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.pipeline import facade, generate, names, package_scan, prepare, settings
from scripts.pipeline.assemble import assemble
from scripts.pipeline.layout import Layout
from scripts.pipeline.places import Place

ROOT = Path(__file__).resolve().parents[3]
# Whatever of these is run as code leaves a mark in builtins.
MARK = "hostile_code_has_run"
RUN = f"__import__('builtins').__dict__.__setitem__('{MARK}', True)"
NAMES = [
    f'a" + str({RUN}) + "',
    f"b') or {RUN} or ('",
    f"c{{{RUN}}}",
    "d{{ 7 * 7 }}{% raw %}",
    f'e"""; {RUN}; """',
    "f\\",
    'g\\"""',
    "h\\N{DASH} \\U1 \\x",
    "i${x} %s # type: ignore",
    "j ünïcödé 名前 🙂",
    "k'''",
    "l*/<script>--",
]
TEXT = "\n".join([*NAMES, '"""', f"{RUN}\n\n{RUN}", "\0\x1b[31m\u2028", "\\"])


def description() -> dict[str, Any]:
    kind = {"type": "string", "description": TEXT, "enum": [*NAMES, ""], "x-enum-varnames": []}
    kind["x-enum-varnames"] = [f"N{number}" for number in range(len(NAMES) + 1)]
    text = {"type": "string", "description": TEXT, "default": TEXT, "example": TEXT}
    shapes: list[dict[str, Any]] = [
        text,
        {"type": "string", "const": NAMES[0], "description": TEXT},
        {"type": "array", "items": {"$ref": "#/components/schemas/Kind"}, "description": TEXT},
        {"$ref": "#/components/schemas/Kind", "readOnly": True},
        {"type": ["string", "null"], "x-sensitive": True, "description": TEXT},
        {"type": "string", "format": "date-time", "description": TEXT},
    ]
    thing = {
        "type": "object",
        "title": TEXT,
        "description": TEXT,
        "example": {"a": TEXT},
        "required": NAMES[::2],
        "properties": {name: shapes[number % len(shapes)] for number, name in enumerate(NAMES)},
    }
    answer = {"description": TEXT, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    operation = {
        "operationId": "getThing",
        "x-sdk-method": "things.retrieve",
        "tags": ["things"],
        "summary": TEXT,
        "description": TEXT,
        "parameters": [{"name": name, "in": "query", "description": TEXT, "schema": text} for name in NAMES],
        "responses": {"200": answer},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": TEXT, "version": TEXT, "description": TEXT},
        "paths": {"/things": {"get": operation}},
        "components": {"schemas": {"Thing": thing, "Kind": kind}},
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The models of the package, finished and imported."""
    document = description()
    names.check(document, lambda pointer: Place("x", 1))
    layout = Layout(ROOT)
    folder = tmp_path_factory.mktemp("hostile") / "hostile_package"
    generate.generate(
        prepare.prepare(document), settings.read(layout.generator_config, "config.yaml"), layout.templates, folder
    )
    facade.write(folder, document, {"getThing": "api.things.get_thing"})
    assemble(folder, layout, "0")
    package_scan.scan(folder)
    sys.path.insert(0, str(folder.parent))
    try:
        for module in ("models.thing", "models.kind", "api.things.get_thing", "resources.things"):
            importlib.import_module(f"hostile_package.{module}")
        yield importlib.import_module("hostile_package.models")
    finally:
        sys.path.remove(str(folder.parent))
        for name in [name for name in sys.modules if name.partition(".")[0] == "hostile_package"]:
            del sys.modules[name]


def payload() -> dict[str, Any]:
    values: list[Any] = ["x", NAMES[0], NAMES, NAMES[3], None, "2026-02-03T04:05:06Z"]
    return {name: values[number % len(values)] for number, name in enumerate(NAMES)}


def test_names_survive_and_nothing_of_them_runs(package: Any) -> None:
    observer = importlib.import_module("hostile_package.runtime.drift").Observer()
    made = package.Thing.from_dict(payload(), observer)
    assert observer.observations(payload(), "getThing") == ()
    assert made.to_dict() == payload()
    assert repr(made)
    assert package.Thing._required == set(NAMES[::2])
    assert [member.value for member in package.Kind] == [*NAMES, ""]
    assert not hasattr(builtins, MARK)


def test_deviations_and_errors_of_them_run_nothing(package: Any) -> None:
    observer = importlib.import_module("hostile_package.runtime.drift").Observer()
    document = {name: {"a": 1} for name in NAMES}
    package.Thing.from_dict(document, observer)
    assert len(observer.observations(document, "getThing")) == len(NAMES)
    assert not hasattr(builtins, MARK)
