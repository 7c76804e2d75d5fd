"""Strict reading: what YAML may say, what it must not, and on which line it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.pipeline import load

YAML = Path("case.yaml")
JSON = Path("case.json")


def parse(text: str, path: Path = YAML) -> Any:
    return load.parse(text, path, path.name).contents


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200: ok", {"200": "ok"}),
        ("no: yes", {"no": "yes"}),
        ("a: 2024-01-01", {"a": "2024-01-01"}),
        ("a: 010", {"a": "010"}),
        ("a: 12:30:00", {"a": "12:30:00"}),
        ("a: 1.0", {"a": 1.0}),
        ("a: 1.0.0", {"a": "1.0.0"}),
        ("a: 1e3", {"a": 1000.0}),
        ("a: -0.5", {"a": -0.5}),
        ("a: '1'", {"a": "1"}),
        ("a: |\n  1\n", {"a": "1\n"}),
        ("a:", {"a": None}),
        ("a: ''", {"a": ""}),
        ("true: true", {"true": True}),
        ("? a\n: b", {"a": "b"}),
        ('"<<": 1', {"<<": 1}),
        ("a: 123456789012345678901234567890", {"a": 123456789012345678901234567890}),
        ("a: !!str 1", {"a": "1"}),
        ("[]", []),
    ],
)
def test_scalars_mean_what_json_would_mean(text: str, value: Any) -> None:
    got = parse(text)
    assert got == value
    assert json.dumps(got) == json.dumps(value)  # tells 1 from 1.0 and from true


def test_numbers_are_equal_in_yaml_and_json() -> None:
    document = {"a": [1, -2, 1.5, 1e300, 0.1, 10**30], "b": {"c": [True, False, None, "x", ""]}}
    assert parse(json.dumps(document), JSON) == document
    assert parse(json.dumps(document), YAML) == document


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' stands twice", 3),
        ("a:\n  b: 1\n  'b': 2\n", "'b' stands twice", 3),
        ("a: 1\n1: x\n'1': y\n", "'1' stands twice", 3),
        ("a: 1\n[b]: 2\n", "must be a plain string", 2),
        ("a: 1\nb: !custom 2\n", "no counterpart in JSON", 2),
        ("a: !!binary aGk=\n", "no counterpart in JSON", 1),
        ("a: !!set {x}\n", "no counterpart in JSON", 1),
        ("a: !!int x\n", "not a number that JSON can hold", 1),
        ("a: &x [1, *x]\n", "inside the value it stands for", 1),
        ("a: *nowhere\n", "undefined alias", 1),
        ("a: 1\n\nb: \x07\n", "U\\+0007", 3),
        ("a: [1\nb: 2\n", "not valid YAML", 2),
        ("", "is empty", 1),
        ("a: 1\n---\nb: 2\n", "single document", 2),
    ],
)
def test_faults_are_reported_with_their_line(text: str, message: str, line: int) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse(text)
    assert (caught.value.file, caught.value.line) == ("case.yaml", line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": 1e999}', "1e999 is not a number"),
        ('{"a": }', "not valid JSON"),
        ("", "not valid JSON"),
    ],
)
def test_json_is_as_strict(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse(text, JSON)


def test_duplicate_key_in_json_has_its_line() -> None:
    with pytest.raises(InputError) as caught:
        parse('{"a": {"x": 1},\n "b": {"y": 1,\n  "y": 2}}', JSON)
    assert caught.value.line == 3


def test_aliases_that_multiply_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    monkeypatch.setattr(load, "MOST_VALUES", 20_000)
    with pytest.raises(InputError, match="once its aliases are written out"):
        parse("\n".join(levels))


@pytest.mark.parametrize(("path", "levels"), [(YAML, 5_000), (JSON, 200_000)])
def test_nesting_without_end_is_an_input_error(path: Path, levels: int) -> None:
    with pytest.raises(InputError, match="nested"):
        parse("[" * levels + "]" * levels, path)


def test_file_that_is_missing_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load.read(tmp_path / "none.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(InputError, match="not UTF-8") as caught:
        load.read(path, "latin.yaml")
    assert caught.value.line == 2


def test_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: |\r\n  x\r\n  y\r\n".encode())
    assert load.read(path).contents == {"a": "x\ny\n"}


@pytest.mark.parametrize("path", [YAML, JSON])
def test_line_of_a_pointer(path: Path) -> None:
    text = '{"a": {\n  "b/c": [\n   1,\n   {"d": 2}]},\n "e": 3}\n'
    source = load.parse(text, path, "x")
    lines = {"": 1, "/a": 1, "/a/b~1c": 2, "/a/b~1c/0": 3, "/a/b~1c/1/d": 4, "/e": 5, "/a/none/below": 1}
    assert {pointer: source.line(pointer) for pointer in lines} == lines


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000 + "]" * 30_000,
        "[\n" * 30_000 + "]" * 30_000,
        "a: " + "{a: " * 30_000 + "1" + "}" * 30_000,
        "- " * 30_000 + "1",
        "? " * 30_000 + "1",
        "[" * 30_000,
    ],
)
def test_nesting_that_would_end_the_process_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is nested more than 200 levels deep") as caught:
        load.parse(text, Path("a.yaml"), "a.yaml")
    assert caught.value.line


def test_many_shallow_brackets_are_fine() -> None:
    assert load.parse("[" + "[a], " * 5000 + "{}]", Path("a.yaml"), "a.yaml").contents[0] == ["a"]


@pytest.mark.parametrize("padding", [0, load._SMALL], ids=["kept", "read anew"])
def test_what_one_reader_does_to_a_value_no_other_sees(padding: int) -> None:
    text = f"a: [1, 2.5, null, true, text]\nb: {{c: {'x' * padding}}}\n"
    first, second = (load.parse(text, Path("a.yaml"), "a.yaml").contents for _ in range(2))
    assert first == second == {"a": [1, 2.5, None, True, "text"], "b": {"c": "x" * padding or None}}
    first["a"].append(3)
    first["b"]["d"] = 1
    assert second == load.parse(text, Path("a.yaml"), "a.yaml").contents != first
