"""A limit that a target keeps to is found by reading alone, exactly, and only where reading can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from contract_tests import limits
from contract_tests.description import load
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.session import Session
from contract_tests.target import Target

BASE = "http://127.0.0.1:1/v2"
LIST = "listMessagingProfiles"


class Lists:
    """Takes page sizes that ``fine`` likes; remembers what it was asked."""

    def __init__(self, fine: Callable[[int], bool]) -> None:
        self.fine = fine
        self.asked: list[int] = []
        self.names: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(urlsplit(str(request.url)).query)
        size = int(query["page[size]"][0])
        self.asked.append(size)
        self.names += query["filter[name]"]
        return httpx.Response(200 if self.fine(size) else 422, json={"data": []})


def stated(lists: Lists, *, operation: str = LIST, seconds: float = 10.0, **changes: Any) -> Finding:
    """The finding after the limits were looked for."""
    session = Session(load(), Target("t", BASE, "KEY"), BASE, [], Findings(), transport=httpx.MockTransport(lists))
    query = [("filter[name]", "a b"), ("page[size]", 250)]
    exchange = session.send("GET", f"{BASE}/messaging_profiles", query=query)
    values: dict[str, Any] = {"kind": "valid-request-refused", "pointer": "query:page[size]", **changes}
    found = Finding(
        operation=operation,
        expected="",
        observed="",
        severity=Severity.BREAKING,
        check="c",
        exchange=exchange,
        **values,
    )
    session.findings.add(found)
    lists.asked.clear()
    limits.state(session, seconds=seconds)
    session.close()
    return session.findings.all()[0]


@pytest.mark.parametrize("limit", [1, 49, 50, 51, 249])
def test_the_greatest_number_that_is_taken_is_found(limit: int) -> None:
    lists = Lists(lambda size: size <= limit)
    assert stated(lists).limit == ("maximum", limit)
    assert len(lists.asked) <= 12


def test_the_rest_of_the_request_stays_as_it_was() -> None:
    lists = Lists(lambda size: size < 9)
    assert stated(lists).limit == ("maximum", 8)
    assert set(lists.names) == {"a b"}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "response-type"},
        {"pointer": "request:/name"},
        {"pointer": "query:filter[name]"},
        {"pointer": "query:unknown"},
        {"operation": "createMessagingProfile"},
        {"pointer": "query:page[number]"},
    ],
    ids=["another kind", "in a body", "a text", "nowhere", "an operation that writes", "not sent"],
)
def test_where_reading_cannot_tell_nothing_is_sent(changes: dict[str, Any]) -> None:
    lists = Lists(lambda size: False)
    assert stated(lists, **changes).limit is None
    assert lists.asked == []


@pytest.mark.parametrize("fine", [lambda size: False, lambda size: True], ids=["refuses all", "refuses none any more"])
def test_what_is_no_limit_is_not_called_one(fine: Callable[[int], bool]) -> None:
    assert stated(Lists(fine)).limit is None


def test_it_ends_in_time() -> None:
    lists = Lists(lambda size: size <= 50)
    assert stated(lists, seconds=-1.0).limit is None
    assert len(lists.asked) <= 2
