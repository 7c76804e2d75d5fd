"""An entry is added to a hand-kept YAML file; everything else in it stays as it was, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.errors import InputError
from scripts.pipeline import load
from scripts.scaffold import table

TAG = "- name: mm\n  description: New.\n"
PATH = "/mm/{id}:\n  $ref: mm.yaml\n"


def add(text: str, section: str, entry: str, by: str | None = None, *, last: bool = False) -> str:
    return table.add(load.parse(text, Path("file.yaml"), "file.yaml"), section, entry, by=by, last=last).text


def test_an_entry_of_an_object_stands_before_the_first_that_sorts_after_it() -> None:
    before = "paths:\n  /aa:\n    $ref: aa.yaml\n  /zz:\n    $ref: zz.yaml\nother: 1\n"
    assert add(before, "paths", PATH) == (
        "paths:\n  /aa:\n    $ref: aa.yaml\n  /mm/{id}:\n    $ref: mm.yaml\n  /zz:\n    $ref: zz.yaml\nother: 1\n"
    )


def test_an_entry_of_a_list_is_placed_by_its_name() -> None:
    before = "tags:\n  - description: A.\n    name: aa\n  - name: zz\n"
    assert add(before, "tags", TAG, "name") == (
        "tags:\n  - description: A.\n    name: aa\n  - name: mm\n    description: New.\n  - name: zz\n"
    )


def test_a_list_that_is_not_indented_stays_so() -> None:
    assert add("tags:\n- name: aa\nother: 1\n", "tags", TAG, "name") == (
        "tags:\n- name: aa\n- name: mm\n  description: New.\nother: 1\n"
    )


def test_the_last_entry_stands_before_the_blank_lines_and_comments_of_the_next_section() -> None:
    before = "tags:\n  - name: aa\n    description: >-\n      Folded\n      text.\n\n# About other.\nother: 1\n"
    assert add(before, "tags", TAG, "name") == (
        "tags:\n  - name: aa\n    description: >-\n      Folded\n      text.\n"
        "  - name: mm\n    description: New.\n\n# About other.\nother: 1\n"
    )


def test_comments_stay_with_the_entry_they_stand_above() -> None:
    before = "paths:\n  # About aa.\n  /aa: {}\n  # About zz,\n  # in two lines.\n  /zz: {}  # beside it\n"
    assert add(before, "paths", PATH) == (
        "paths:\n  # About aa.\n  /aa: {}\n  /mm/{id}:\n    $ref: mm.yaml\n"
        "  # About zz,\n  # in two lines.\n  /zz: {}  # beside it\n"
    )


def test_an_entry_can_be_put_last_whatever_its_name() -> None:
    assert add("tags:\n  - name: zz\n", "tags", TAG, "name", last=True).endswith("- name: mm\n    description: New.\n")


@pytest.mark.parametrize("section", ["tags:\n  - name: aa", "tags:\n  - name: zz"], ids=["last", "first"])
def test_a_file_without_a_final_line_end_is_read_all_the_same(section: str) -> None:
    after = add(section, "tags", TAG, "name")
    assert [one["name"] for one in load.parse(after, Path("a.yaml"), "a.yaml").contents["tags"]] == sorted(
        ["mm", section[-2:]]
    )


@pytest.mark.parametrize(
    "before",
    [
        "other: 1\n",
        "paths: {}\n",
        "paths: {/aa: {$ref: aa.yaml}}\n",
        "paths:\n  - a list\n",
        "paths:\n",
        "- no object\n",
    ],
    ids=["missing", "empty", "flow style", "list", "null", "root"],
)
def test_a_section_of_another_form_is_refused(before: str) -> None:
    with pytest.raises(InputError, match="block style") as problem:
        add(before, "paths", PATH)
    assert problem.value.file == "file.yaml" and problem.value.fix


def test_an_entry_that_is_there_is_refused() -> None:
    with pytest.raises(InputError, match=r"has an entry /mm/\{id\} already"):
        add("paths:\n  /mm/{id}: {}\n", "paths", PATH)


def test_an_entry_without_a_name_is_refused() -> None:
    with pytest.raises(InputError, match="an entry of tags has no name"):
        add("tags:\n  - description: A.\n", "tags", TAG, "name")


@pytest.mark.parametrize(
    "before",
    [
        "paths:\n  ? /aa\n  : {}\n",
        "paths:\n  /aa:\n    text: |+\n      The blank lines below are text.\n\n\nother: 1\n",
    ],
    ids=["explicit key", "kept blank lines"],
)
def test_a_file_in_which_nothing_can_be_added_without_harm_is_refused(before: str) -> None:
    with pytest.raises(InputError, match="can't be added without changing other entries"):
        add(before, "paths", PATH)
