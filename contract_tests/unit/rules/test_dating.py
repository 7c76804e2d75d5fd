"""Times that the server makes lie in the present: of the answer, in whatever zone, whoever's clock is off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from contract_tests.exchange import Exchange
from contract_tests.rules import creation, references, updating
from contract_tests.rules.dating import APART, clock_of
from contract_tests.unit.rules.stage import BOOKS, SHELVES, Place, places_of

Rule = Callable[..., None]
Spoil = Callable[[httpx.Request, int, dict[str, Any]], None]
CREATED, UPDATED = "/data/created_at", "/data/updated_at"
AN_HOUR_EAST = timezone(timedelta(hours=1))


def moved(by: timedelta, *methods: str, shown: Callable[[datetime], str] = datetime.isoformat) -> Spoil:
    """A server whose records tell other times, to some methods."""

    def spoil(request: httpx.Request, status: int, answer: dict[str, Any]) -> None:
        if status < 300 and request.method in methods and isinstance(answer["data"], dict):
            for name in ("created_at", "updated_at"):
                answer["data"][name] = shown(datetime.fromisoformat(answer["data"][name]) + by)

    return spoil


ALL = ("GET", "POST", "PATCH")
FAULTY: list[tuple[str, Rule, tuple[Any, ...], timedelta, tuple[str, ...], set[Place]]] = [
    (
        "a creation two hours ahead",
        creation.generated_fields_are_made,
        (SHELVES,),
        timedelta(hours=2),
        ALL,
        {("time-not-now", "createShelf", CREATED), ("time-not-now", "createShelf", UPDATED)},
    ),
    (
        "a creation six minutes behind",
        creation.generated_fields_are_made,
        (BOOKS,),
        -timedelta(minutes=6),
        ALL,
        {("time-not-now", "createBook", CREATED), ("time-not-now", "createBook", UPDATED)},
    ),
    (
        "a change of one field",
        updating.one_field_changes,
        (SHELVES, "floor"),
        timedelta(hours=2),
        ALL,
        {("time-not-now", "updateShelf", UPDATED)},
    ),
    (
        "a change of all fields",
        updating.fields_change_together,
        (SHELVES,),
        timedelta(hours=2),
        ALL,
        {("time-not-now", "updateShelf", UPDATED)},
    ),
    (
        "an assignment",
        references.assigns_and_unassigns,
        (BOOKS, "shelf_id"),
        timedelta(hours=2),
        ALL,
        {("time-not-now", "updateBook", UPDATED)},
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "by", "methods", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_time_of_another_zone_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], by: timedelta, methods: tuple[str, ...], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, after=moved(by, *methods)) == expected


@pytest.mark.parametrize(("rule", "arguments"), [one[1:3] for one in FAULTY], ids=[one[0] for one in FAULTY])
def test_clocks_may_be_some_minutes_apart(rule: Rule, arguments: tuple[Any, ...]) -> None:
    for by in (APART, -APART):
        assert places_of(rule, *arguments, after=moved(by * 0.9, *ALL)) == set()


def test_the_same_moment_in_another_zone_is_the_same_moment() -> None:
    there = moved(timedelta(), *ALL, shown=lambda moment: moment.astimezone(AN_HOUR_EAST).isoformat())
    assert places_of(creation.generated_fields_are_made, SHELVES, after=there) == set()


def test_a_time_without_a_zone_names_no_moment() -> None:
    bare = moved(timedelta(hours=2), *ALL, shown=lambda moment: moment.replace(tzinfo=None).isoformat())
    assert places_of(creation.generated_fields_are_made, SHELVES, after=bare) == set()


def test_a_time_that_stands_still_is_said_once() -> None:
    still = moved(timedelta(), *ALL, shown=lambda _: "2021-01-01T00:00:00.000Z")
    found = places_of(updating.one_field_changes, SHELVES, "floor", after=still)
    assert found == {("updated-at-not-advanced", "updateShelf", UPDATED)}


def answer(headers: dict[str, str]) -> Exchange:
    return Exchange("createShelf", "POST", "http://x/v2/shelves", {}, b"", 200, headers, b"{}", 0.1)


def test_the_clock_is_that_of_the_answer_else_that_of_this_machine() -> None:
    then = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert clock_of(answer({"date": format_datetime(then, usegmt=True)})) == then
    assert clock_of(answer({"date": "Tue, 06 May 2031 07:08:09 -0000"})) == then
    for without in ({}, {"date": ""}, {"date": "yesterday"}, {"date": "Tue, 99 May 2031 99:08:09 GMT"}):
        assert abs(clock_of(answer(without)) - datetime.now(UTC)) < timedelta(seconds=5)
