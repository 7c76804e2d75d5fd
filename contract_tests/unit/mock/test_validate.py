"""Validation: every violation is one entry, with the code of its kind and the place where it stands."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.mock.validate import INTEGER, NUMBER, REPORT_LIMIT, pointer_to
from contract_tests.unit.mock.conversation import Ask

GOOD: dict[str, Any] = {"label": "maps", "subjects": ["a"]}


@pytest.mark.parametrize(
    ("change", "status", "places"),
    [
        ({"label": 5}, 422, [("10026", "/label")]),
        ({"label": None}, 422, [("10026", "/label")]),
        ({"label": "Maps!"}, 422, [("10015", "/label")]),
        ({"label": "a" * 13}, 422, [("10015", "/label")]),
        ({"label": "A" * 13}, 422, [("10015", "/label"), ("10015", "/label")]),
        ({"kind": "ajar"}, 422, [("10032", "/kind")]),
        ({"kind": True}, 422, [("10026", "/kind"), ("10032", "/kind")]),
        ({"floor": 10}, 422, [("10033", "/floor")]),
        ({"floor": -1}, 422, [("10033", "/floor")]),
        ({"floor": 1.5}, 422, [("10026", "/floor")]),
        ({"floor": True}, 422, [("10026", "/floor")]),
        ({"floor": "1"}, 422, [("10026", "/floor")]),
        ({"subjects": "a"}, 422, [("10026", "/subjects")]),
        ({"subjects": ["a", 2, None]}, 422, [("10026", "/subjects/1"), ("10026", "/subjects/2")]),
        ({"lighting": 5}, 422, [("10026", "/lighting")]),
        ({"lighting": {}}, 422, [("10004", "/lighting/lux")]),
        ({"lighting": {"lux": -1, "dimmed": "no"}}, 422, [("10033", "/lighting/lux"), ("10026", "/lighting/dimmed")]),
        (
            {"lighting": [], "floor": 99, "note": 1},
            422,
            [("10033", "/floor"), ("10026", "/lighting"), ("10026", "/note")],
        ),
    ],
)
def test_each_violation_is_an_entry_with_code_and_pointer(
    ask: Ask, change: dict[str, Any], status: int, places: list[tuple[str, str]]
) -> None:
    reply = ask("POST", "/shelves", {**GOOD, **change})
    assert (reply.status, sorted(reply.places)) == (status, sorted(places))
    assert ask("GET", "/shelves").data == [], "nothing was stored"


def test_missing_fields_have_the_status_and_code_of_the_description(ask: Ask) -> None:
    only_subjects = ask("POST", "/shelves", {"label": "maps"})
    assert (only_subjects.status, only_subjects.places) == (400, [("40331", "/subjects")])
    only_label = ask("POST", "/shelves", {"subjects": ["a"]})
    assert (only_label.status, only_label.places) == (422, [("10004", "/label")])
    both = ask("POST", "/shelves", {})
    assert (both.status, sorted(both.places)) == (422, [("10004", "/label"), ("40331", "/subjects")])


@pytest.mark.parametrize("body", [[], [{}], "text", 5, True, None])
def test_a_body_that_is_no_object_is_refused_as_a_whole(ask: Ask, body: Any) -> None:
    reply = ask("POST", "/shelves", content=orjson.dumps(body))
    assert (reply.status, reply.places) == (422, [("10026", "/")])


def test_titles_and_details_say_what_is_wrong_without_repeating_the_value(ask: Ask) -> None:
    reply = ask("POST", "/shelves", {**GOOD, "label": "S3CRET!", "kind": "hunter2", "lighting": "pass"})
    text = reply.content.decode()
    assert not any(value in text for value in ("S3CRET!", "hunter2", '"pass'))
    assert [error["title"] for error in reply.errors] == [
        "Bad Request",
        "Invalid enumerated value",
        "Invalid parameter type",
    ]
    assert "open-stack, openstack, closed" in text
    assert "'null or object'" in text


def test_a_flood_of_violations_is_cut(ask: Ask) -> None:
    reply = ask("POST", "/shelves", {"label": "maps", "subjects": [1] * 5000})
    assert (reply.status, len(reply.errors)) == (422, REPORT_LIMIT)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("page[size]=0", [("10015", "page[size]")]),
        ("page[size]=51", [("10015", "page[size]")]),
        ("page[size]=", [("10015", "page[size]")]),
        ("page[size]=1.0", [("10015", "page[size]")]),
        ("page[size]=%D9%A3", [("10015", "page[size]")]),
        ("page[number]=0&page[size]=x", [("10015", "page[number]"), ("10015", "page[size]")]),
        ("page[number]=99999999999999999999", [("10015", "page[number]")]),
        ("page[number]=" + "9" * 5000, [("10015", "page[number]")]),
        ("filter[floor]=first", [("10026", "filter[floor]")]),
        ("filter[floor]=+1", [("10026", "filter[floor]")]),
        ("sort[label]=up", [("10032", "sort[label]")]),
        ("filter[kind]=&sort[label]=", [("10032", "filter[kind]"), ("10032", "sort[label]")]),
    ],
)
def test_query_violations_name_their_parameter(ask: Ask, query: str, places: list[tuple[str, str]]) -> None:
    reply = ask("GET", f"/shelves?{query}")
    assert (reply.status, reply.places) == (422, places)


def test_a_required_query_parameter_is_missed(ask: Ask) -> None:
    reply = ask("GET", "/books?filter[lent]=maybe")
    assert (reply.status, reply.places) == (422, [("10026", "filter[lent]"), ("10004", "reader")])


def test_unknown_query_parameters_are_ignored_and_the_last_of_several_values_counts(ask: Ask) -> None:
    assert ask("GET", "/shelves?colour=red&page[zise]=0").status == 200
    assert ask("GET", "/shelves?page[size]=x&page[size]=2").json["meta"]["page_size"] == 2


def test_brackets_may_be_percent_encoded(ask: Ask) -> None:
    assert ask("GET", "/shelves?page%5Bsize%5D=2").json["meta"]["page_size"] == 2
    assert ask("GET", "/shelves?page%5bsize%5d=0").places == [("10015", "page[size]")]


def test_a_valid_body_with_every_kind_of_null_is_accepted(ask: Ask) -> None:
    assert ask("POST", "/shelves", {**GOOD, "note": None, "lighting": None}).status == 201


@settings(derandomize=True, database=None, max_examples=300, deadline=None)
@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_integer_of_up_to_18_digits_is_read_as_itself(value: int) -> None:
    assert INTEGER.fullmatch(str(value))
    assert NUMBER.fullmatch(str(value))


@settings(derandomize=True, database=None, max_examples=300, deadline=None)
@given(st.text(max_size=8))
def test_what_passes_for_a_number_is_one(text: str) -> None:
    if INTEGER.fullmatch(text):
        assert str(int(text)) in {text, text.removeprefix("-")}
    if NUMBER.fullmatch(text):
        assert float(text) == float(text)


@settings(derandomize=True, database=None, max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=5), st.integers(0, 99)), min_size=1, max_size=4))
def test_pointers_can_be_read_back(path: list[str | int]) -> None:
    parts = pointer_to(path).split("/")[1:]
    assert [part.replace("~1", "/").replace("~0", "~") for part in parts] == [str(part) for part in path]
