"""The line of a pointer in a JSON text is that of its key, and agrees with what a YAML reader says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.lint.positions import Positions, scan, scan_yaml
from scripts.pipeline import load, pointers

TEXT = """{
  "a": {"b": [1, {"c": "x, \\"y\\" {["}, []],
    "a/b~c": null},
  "list": [
    {"deep": true},

    [ "p",
      "q" ]
  ],
  "empty": {},
  "": 3
}
"""


def every_pointer(value: Any, pointer: str = "") -> Iterator[str]:
    yield pointer
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from every_pointer(member, pointers.join(pointer, key))


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("", 1),
        ("/a", 2),
        ("/a/b/1/c", 2),
        ("/a/a~1b~0c", 3),
        ("/list/0/deep", 5),
        ("/list/1", 7),
        ("/list/1/1", 8),
        ("/", 11),
    ],
)
def test_a_pointer_has_the_line_of_its_key_or_entry(pointer: str, line: int) -> None:
    assert scan(TEXT, {pointer}) == {pointer: line}


def test_all_lines_are_those_of_a_yaml_reader() -> None:
    source = load.parse(TEXT, Path("x.yaml"), "x.yaml")
    wanted = set(every_pointer(json.loads(TEXT)))
    assert len(wanted) == 16
    lines = {pointer: source.line(pointer) for pointer in wanted}
    assert scan(TEXT, wanted) == lines
    assert scan_yaml(TEXT, wanted) == lines


@pytest.mark.parametrize(("pointer", "line"), [("/list/7/x", 4), ("/a/nothing", 2), ("/absent", 1), ("/empty/x", 10)])
def test_a_pointer_to_nothing_has_the_line_of_what_exists(pointer: str, line: int) -> None:
    assert scan(TEXT, {pointer}) == {pointer: line}
    assert scan_yaml(TEXT, {pointer}) == {pointer: line}


@pytest.mark.parametrize("text", ["[]", "{}", "7", '"x"', " \n [1]"])
def test_small_texts_have_lines_as_well(text: str) -> None:
    assert scan(text, {"", "/0"}) == {"": 1 + text.count("\n"), "/0": 1 + text.count("\n")}


def test_places_are_found_in_json_and_yaml_alike(tmp_path: Path) -> None:
    found = []
    for name, text in (("d.json", TEXT), ("d.yaml", "a:\n  b: 1\nlist: [1]\n")):
        path = tmp_path / name
        path.write_text(text)
        found.append(str(Positions(load.read(path, name)).place("/list/0")))
    assert found == ["d.json:5", "d.yaml:3"]
