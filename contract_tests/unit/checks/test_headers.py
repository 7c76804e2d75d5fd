"""Described headers are there and have the described form."""

from __future__ import annotations

import pytest

from contract_tests.checks import headers
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make

GOOD = {"x-request-id": "0d9a4f8e", "x-ratelimit-limit": "40, 40;w=60", "x-ratelimit-remaining": "39"}


def test_the_measured_form_passes(description: Description, exchange: Make) -> None:
    assert not list(headers.check(description, description.by_id["listThings"], exchange(200, headers=GOOD)))


@pytest.mark.parametrize(("name", "severity"), [("x-request-id", "degraded"), ("x-ratelimit-remaining", "breaking")])
def test_a_missing_header_is_worse_when_it_is_required(
    description: Description, exchange: Make, name: str, severity: str
) -> None:
    seen = exchange(200, headers={key: value for key, value in GOOD.items() if key != name})
    (finding,) = headers.check(description, description.by_id["listThings"], seen)
    assert (finding.kind, finding.pointer, finding.severity.value) == ("header-missing", f"header:{name}", severity)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-ratelimit-limit", "many"),
        ("x-ratelimit-limit", "40; w=60"),
        ("x-ratelimit-remaining", "-1"),
        ("x-ratelimit-remaining", "3.5"),
        ("x-request-id", " "),
        ("x-ratelimit-remaining", "41"),
    ],
)
def test_another_form_is_reported(description: Description, exchange: Make, name: str, value: str) -> None:
    seen = exchange(200, headers={**GOOD, name: value})
    (finding,) = headers.check(description, description.by_id["listThings"], seen)
    assert (finding.kind, finding.pointer, finding.observed) == ("header-value", f"header:{name}", value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("x-ratelimit-reset", "60", ""),
        ("x-ratelimit-reset", "61", "60 at most, for the quota 40, 40;w=60"),
        ("X-RateLimit-Reset", "1767225600", "60 at most, for the quota 40, 40;w=60"),
        ("x-ratelimit-remaining", "40", ""),
        ("x-ratelimit-reset", "soon", ""),
        ("x-request-id", "99999999", ""),
    ],
)
def test_rate_limits_fit_the_quota_that_stands_beside_them(name: str, value: str, said: str) -> None:
    assert headers.beyond(name, value, GOOD) == said
    assert headers.beyond(name, value, {"x-ratelimit-limit": "40"}) == ""
    assert headers.beyond(name, value, {}) == ""


def test_answers_from_a_gateway_are_left_alone(description: Description, exchange: Make) -> None:
    assert not list(headers.check(description, description.by_id["listThings"], exchange(503, headers={})))
