"""Documents that mean harm, or are plainly broken: a clear error or findings, never a traceback, never the network."""

from __future__ import annotations

import copy
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.lint import any_document, command, consequences
from scripts.lint.document import Document
from scripts.lint.rule import discover
from scripts.lint.subject import Subject
from scripts.pipeline import load
from scripts.pipeline.places import Place

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "lint"
HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
WRONG: tuple[Any, ...] = (None, True, 7, "x", [], {}, [None], {"$ref": 3}, {"$ref": "#/paths"}, -1.5)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to open a connection fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("lint opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def refused(path: Path) -> str:
    """The message with which a file is refused, within seconds."""
    started = time.process_time()
    with pytest.raises(InputError) as problem:
        command.main([str(path)])
    assert time.process_time() - started < 20
    return problem.value.render()


def billion_laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return HEAD + "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("laughs.yaml", billion_laughs(), "once its aliases are written out"),
        ("self.yaml", f"{HEAD}x-a: &a [*a]\n", "an alias stands inside the value it stands for"),
        ("deep.json", '{"openapi": "3.1.0", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ("deep.yaml", HEAD + "x: " + "[" * 20_000 + "]" * 20_000, "nested"),
        ("deeper.json", '{"openapi": "3.1.0", "x": ' + "[" * 400 + "]" * 400 + "}", "levels deep"),
        ("latin.yaml", b"openapi: 3.1.0\ninfo: {title: caf\xe9}\n", "is not UTF-8"),
        ("utf16.json", '{"openapi": "3.1.0"}'.encode("utf-16"), "is not UTF-8"),
        ("empty.yaml", "", "is empty"),
        ("broken.yaml", f"{HEAD}paths: {{", "is not valid YAML"),
        ("broken.json", '{"openapi": "3.1.0",', "is not valid JSON"),
        ("twice.yaml", f"{HEAD}paths: {{}}\npaths: {{}}\n", "stands twice"),
        ("list.json", "[]", "holds no object"),
        ("number.json", '{"openapi": "3.1.0", "x": ' + "9" * 5000 + "}", "number"),
        ("nan.json", '{"openapi": "3.1.0", "x": NaN}', "is not a number that JSON can hold"),
        ("control.yaml", f"{HEAD}x: a\x00b\n", "which YAML forbids"),
        ("tag.yaml", f"{HEAD}x: !!python/object/apply:os.system [id]\n", "has no counterpart in JSON"),
        ("half.json", '{"openapi": "3.1.0", "x": {"y": "a\\ud800"}}', "half of a surrogate pair"),
        ("half-key.json", '{"openapi": "3.1.0", "x": [{"\\uDFFF": 1}]}', "half of a surrogate pair"),
        ("half.yaml", f'{HEAD}x: "\\ud800"\n', "invalid Unicode character"),
        ("swagger.yaml", "swagger: '2.0'\npaths: {}\n", "is a Swagger 2.0 document"),
        ("future.yaml", "openapi: 4.0.0\npaths: {}\n", "does not say openapi: 3.0.x or 3.1.x"),
        ("nothing.yaml", "a: b\n", "does not say openapi: 3.0.x or 3.1.x"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith((".yaml", ".json")) else "",
)
def test_what_is_no_readable_document_is_refused(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    message = refused(path)
    assert said in message
    assert str(path) in message
    assert len(message) < 500


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "absent.yaml")
    assert "is not a file" in refused(tmp_path)
    assert "no such file" in refused(Path("a\0b.yaml"))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(HEAD)
    monkeypatch.setattr(any_document, "MOST_YAML_BYTES", 10)
    monkeypatch.setattr(load, "read", lambda *_: pytest.fail("it was read"))
    assert "is larger than" in refused(path)


def test_references_in_circles_and_to_hosts_are_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "circles.json"
    schemas = {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
        "C": {"allOf": [{"$ref": "#/components/schemas/C"}, {"$ref": "#/components/schemas/D"}]},
        "D": {"allOf": [{"$ref": "#/components/schemas/C"}], "properties": {"d": {"$ref": "#/components/schemas/D"}}},
        "E": {"anyOf": [{"$ref": "#/components/schemas/E"}], "items": {"$ref": "#"}},
        "F": {"$ref": "http://127.0.0.1:9/f.json"},
        "G": {"$ref": "file:" + "//" + "/etc/hostname"},
        "H": {"$dynamicRef": "#x", "$id": "http://127.0.0.1:9/h", "type": "array", "items": {"$ref": "#/"}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    path.write_text(json.dumps(document))
    assert command.main([str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["problems"]
    assert {"A", "B", "F", "G"} <= {p["pointer"].split("/")[3] for p in found if p["rule"] == "reference_resolves"}


def test_ways_that_double_at_every_level_are_gone_once() -> None:
    def reference(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    schemas: dict[str, Any] = {"T0": {"type": "object", "properties": {"a": {"type": "string"}}}}
    schemas |= {f"T{n}": {"allOf": [reference(f"T{n - 1}")] * 2} for n in range(1, 61)}
    schemas |= {"H": {"oneOf": [reference("H")] * 50 + [reference("H")]}, "L": {"type": "array", "items": {}}}
    schemas["L"]["items"] = reference("L")
    lists = {"properties": {"l": reference("L")}}
    schemas["M"] = {"allOf": [{"type": "object", **lists}, {"type": "object", **lists}]}
    header = {"name": "h", "in": "header", "schema": reference("H")}
    started = time.process_time()
    document = {"openapi": "3.1.0", "components": {"schemas": schemas}}
    apply_rules({**document, "paths": {"/a": {"get": {"parameters": [header]}}}})
    assert time.process_time() - started < 10


def test_ten_megabytes_take_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = {"type": "object", "properties": {f"p{n}": {"type": "string", "description": "x" * 500} for n in range(20)}}
    schemas = {f"Schema{number}": item for number in range(950)}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    path = tmp_path / "large.json"
    path.write_text(json.dumps(document))
    assert path.stat().st_size > 10_000_000
    started = time.process_time()
    assert command.main([str(path)]) == 0
    assert time.process_time() - started < 20
    assert "no problems" in capsys.readouterr().out


def every_way(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each value of a document."""
    yield way
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from every_way(member, (*way, key))


@pytest.mark.parametrize("name", ["operations", "schemas", "older"])
def test_no_value_of_a_wrong_type_makes_a_rule_fail(name: str) -> None:
    document = load.read(GOLDEN / f"{name}.yaml").contents
    for number, way in enumerate(every_way(document)):
        apply_rules(spoilt(document, way, WRONG[number % len(WRONG)]))


@pytest.mark.parametrize("wrong", WRONG[::3], ids=repr)
def test_no_rule_fails_wherever_this_value_stands(wrong: Any) -> None:
    document = load.read(Path(__file__).with_name("rich.yaml")).contents
    for way in every_way(document):
        apply_rules(spoilt(document, way, wrong))


def spoilt(document: Any, way: tuple[str | int, ...], wrong: Any) -> Any:
    """A copy of the document with a wrong value in one place."""
    if not way:
        return wrong
    copied = copy.deepcopy(document)
    holder = copied
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = wrong
    return copied


def apply_rules(document: Any) -> None:
    """Apply every rule for documents of others, and foresee what the generator does; only exceptions matter."""
    subject = Subject(Document(document), lambda pointer: Place("spoilt.yaml", None))
    rules = [rule for rule in discover().values() if rule.applies(subject) and rule.id != "openapi_shape"]
    findings = [finding for rule in rules for finding in rule.check(subject)]
    consequences.foresee(subject.document, findings)
