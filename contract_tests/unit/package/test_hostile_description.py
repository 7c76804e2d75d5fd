"""A description full of quotes, newlines and templates becomes a package that runs none of it and keeps every name."""

from __future__ import annotations

import builtins
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.unit.package.made import made

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
    hook = {"post": {"description": TEXT, "requestBody": {"content": answer["content"]}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": TEXT, "version": TEXT, "description": TEXT},
        "paths": {"/things": {"get": operation}},
        "webhooks": dict.fromkeys(NAMES, hook),
        "components": {"schemas": {"Thing": thing, "Kind": kind}},
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The models of the package, finished and imported."""
    with made(description(), tmp_path_factory.mktemp("hostile"), "hostile_package") as module:
        yield module.models


def payload() -> dict[str, Any]:
    values: list[Any] = ["x", NAMES[0], NAMES, NAMES[3], None, "2026-02-03T04:05:06Z"]
    return {name: values[number % len(values)] for number, name in enumerate(NAMES)}


def test_names_survive_and_nothing_of_them_runs(package: Any) -> None:
    observer = importlib.import_module("hostile_package.runtime.drift").Observer()
    thing = package.Thing.from_dict(payload(), observer)
    assert observer.observations(payload(), "getThing") == ()
    assert thing.to_dict() == payload()
    assert repr(thing)
    assert package.Thing._required == set(NAMES[::2])
    assert [member.value for member in package.Kind] == [*NAMES, ""]
    assert not hasattr(builtins, MARK)


def test_types_of_events_survive_too(package: Any) -> None:
    assert set(importlib.import_module("hostile_package.event_classes").EVENTS) == set(NAMES)
    parse = importlib.import_module("hostile_package.webhooks").parse
    for name in NAMES:
        event = parse(json.dumps({"data": {"event_type": name}, NAMES[0]: "x"}).encode())
        assert event.event_type == name
        assert type(event.record) is package.Thing
    assert not hasattr(builtins, MARK)


def test_deviations_and_errors_of_them_run_nothing(package: Any) -> None:
    observer = importlib.import_module("hostile_package.runtime.drift").Observer()
    document = {name: {"a": 1} for name in NAMES}
    package.Thing.from_dict(document, observer)
    assert len(observer.observations(document, "getThing")) == len(NAMES)
    assert not hasattr(builtins, MARK)
