"""The extensions in words: all that the description uses, and none hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.pipeline import grammar, load
from scripts.reference import semantics

EFFECTIVE = Path(__file__).resolve().parents[3] / "generated" / "openapi.effective.json"


def used() -> dict[str, list[Any]]:
    """Extension → its values on the operations, parameters and schemas of the description."""
    found: dict[str, list[Any]] = {}
    for node in grammar.walk(load.read(EFFECTIVE).contents):
        if node.kind in {"operation", "parameters", "schemas"}:
            for key, value in node.value.items():
                if key.startswith("x-"):
                    found.setdefault(key, []).append(value)
    return found


def test_every_extension_of_the_description_has_words() -> None:
    extensions = used()
    assert len(extensions) > 15
    assert semantics.sentences({"x-enum-varnames": ["A"]}) == []  # names in the package, not on the wire
    silent = {
        key: value
        for key, values in extensions.items()
        for value in values
        for said in semantics.sentences({key: value})
        if said.startswith(f"`{key}`")
    }
    assert silent == {}


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"x-effect": ["read"]}, "Effect: Reads only; nothing changes."),
        ({"x-effect": ["write"]}, "Effect: Changes data, free of charge, and can be undone by another call."),
        ({"x-effect": ["write", "irreversible"]}, "Effect: Changes data. Can't be undone."),
        (
            {"x-effect": ["costs", "contacts-people"]},
            "May cost money. May reach people: a message, a call or a letter.",
        ),
        ({"x-on-null": "keep"}, "On update, null keeps the value."),
        ({"x-on-null": "clear"}, "On update, null clears the value."),
        ({"x-on-empty-string": "clear"}, 'On update, `""` clears the value: it becomes null.'),
        ({"x-references": "pets"}, "A text in it is the id of a record of `pets`."),
        ({"x-missing-error": {"status": 400, "code": "40331"}}, "refused with 400 and code `40331`"),
        ({"x-resource": {"collection": "pets", "action": "list", "order": "-born"}}, "Sorted by `born`, descending."),
        (
            {"x-resource": {"collection": "pets", "action": "retrieve", "key": "id", "lookup": ["chip", "name"]}},
            "`id` in the path may also be the record's `chip` or `name`.",
        ),
        (
            {"x-filter": {"field": "kind", "operator": "eq", "values": {"c": ["cat", "kitten"]}}},
            "Lists records whose `kind` is the given value. `c` stands for `cat` or `kitten`.",
        ),
        (
            {"x-filter": {"field": "codes", "operator": "holds"}},
            "Lists records whose `codes` is a list with an entry that is the given value.",
        ),
        (
            {"x-filter": {"field": "numbers", "operator": "holds", "member": "phone"}},
            "Lists records whose `numbers` is a list with an entry whose `phone` is the given value.",
        ),
        ({"x-filter": {"field": "made", "operator": "gte"}}, "`made` is at least, or not before, the given value."),
        ({"x-sort": {"by": "value"}}, "Sorts by the field that the value names, descending after a minus."),
        (
            {"x-envelope": {"records": "items", "total": "count"}},
            "stand under `items`; the page is told by `count` (total).",
        ),
        (
            {"x-sent-after": [{"operation": "buyCat", "address": "url", "events": ["cat.sold", "cat.home"]}]},
            "Sent after `buyCat`: `cat.sold` and `cat.home`.",
        ),
        (
            {
                "x-sent-after": [
                    {
                        "operation": "buyCat",
                        "address": "url",
                        "events": ["cat.home"],
                        "outside": "follow_link",
                        "course": {"at": "/state", "through": ["sold"], "ends": ["home", "lost"]},
                    }
                ]
            },
            "and the recipient follows a link: `cat.home`. `/state` ends as `home` or `lost`.",
        ),
        ({"x-generated": "key"}, "the client gives it at creation"),
        ({"x-initial": None}, "At creation it is `null` unless it is given."),
    ],
)
def test_an_extension_reads_as_a_sentence(part: dict[str, Any], said: str) -> None:
    assert said in " ".join(semantics.sentences(part))


@pytest.mark.parametrize("part", [{"x-new": {"a": 1}}, {"x-on-null": "explode"}, {"x-resource": 7}, {"x-effect": None}])
def test_what_is_not_understood_is_shown_as_it_stands(part: dict[str, Any]) -> None:
    (key,) = part
    (said,) = semantics.sentences(part)
    assert said.startswith(f"`{key}`: ")


def test_refusals_are_a_table_and_no_sentence() -> None:
    operation = {"x-rule-errors": [{"status": 422, "code": "40158", "when": "numbers are assigned"}]}
    assert semantics.refusals(operation) == [("422", "40158", "numbers are assigned")]
    assert semantics.sentences(operation) == []
    assert semantics.refusals({"x-rule-errors": "nonsense"}) == semantics.refusals({}) == []
