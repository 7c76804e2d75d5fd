"""Which addresses are tried, how often and after which waits; and that nothing but this machine is ever an address."""

from __future__ import annotations

import pytest

from contract_tests.mock.webhooks.schedule import plan, unusable

FIRST, SECOND, FAR = "http://127.0.0.1:9/a", "http://localhost/b", "https://www.example.com/hooks"


def test_each_address_gets_three_tries_and_the_waits_double() -> None:
    tries = plan([FIRST, SECOND])
    assert [one.url for one in tries] == [FIRST] * 3 + [SECOND] * 3
    assert [one.wait for one in tries] == [0, 1, 2, 4, 8, 16]
    assert all(one.reason is None for one in tries)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_address_that_is_not_set_is_no_try(nothing: str | None) -> None:
    assert plan([nothing, nothing]) == ()
    assert [one.url for one in plan([nothing, SECOND])] == [SECOND] * 3


def test_an_address_elsewhere_is_named_once_and_costs_no_time() -> None:
    tries = plan([FAR, SECOND])
    assert [(one.url, one.reason) for one in tries] == [(FAR, "not loopback"), *[(SECOND, None)] * 3]
    assert [one.wait for one in tries] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/hooks",
        "https://127.8.9.10/hooks",
        "http://[::1]:8000/",
        "http://localhost",
        "http://LOCALHOST.:80/x?y=z",
        "http://user:secret@127.0.0.1/",
    ],
)
def test_this_machine_may_be_contacted(url: str) -> None:
    assert unusable(url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (FAR, "not loopback"),
        ("http://192.168.0.1/", "not loopback"),
        ("http://0.0.0.0/", "not loopback"),
        ("http://[::]/", "not loopback"),
        ("http://127.0.0.1.example.com/", "not loopback"),
        ("http://localhost.example.com/", "not loopback"),
        ("http://127.0.0.1@example.com/", "not loopback"),
        ("http://example.com#@127.0.0.1/", "not loopback"),
        ("http://2130706433/", "not loopback"),
        ("http://[::ffff:8.8.8.8]/", "not loopback"),
        ("ftp://127.0.0.1/", "no http address"),
        ("file:/etc/passwd", "no http address"),
        ("http:///hooks", "no http address"),
        ("hooks", "no http address"),
        ("http://[::1/", "no address"),
        ("http://127.0.0.1:99999/", "no address"),
    ],
)
def test_nothing_else_is_contacted(url: str, reason: str) -> None:
    assert unusable(url) == reason
    inside = unusable(url, anywhere=True)
    assert inside == (None if reason == "not loopback" else reason)
