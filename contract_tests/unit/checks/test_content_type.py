"""The media type is the described one, whatever its parameters, and the charset UTF-8."""

from __future__ import annotations

import pytest

from contract_tests.checks import content_type
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make


@pytest.mark.parametrize(
    "value",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'Application/JSON; charset="utf-8"',
    ],
)
def test_json_in_utf_8_passes(description: Description, exchange: Make, value: str) -> None:
    seen = exchange(200, headers={"content-type": value})
    assert not list(content_type.check(description, description.by_id["listThings"], seen))


@pytest.mark.parametrize(
    ("value", "observed"),
    [
        ("text/html", "text/html"),
        ("application/problem+json", "application/problem+json"),
        ("application/json; charset=latin-1", "charset latin-1"),
    ],
)
def test_anything_else_is_reported(description: Description, exchange: Make, value: str, observed: str) -> None:
    seen = exchange(404, headers={"content-type": value})
    (finding,) = content_type.check(description, description.by_id["listThings"], seen)
    assert (finding.kind, finding.pointer, finding.observed) == ("content-type", "header:content-type", observed)


def test_a_missing_header_is_reported_but_not_that_of_a_gateway(description: Description, exchange: Make) -> None:
    operation = description.by_id["listThings"]
    (finding,) = content_type.check(description, operation, exchange(200, headers={}))
    assert finding.observed == "no content-type"
    assert not list(content_type.check(description, operation, exchange(502, headers={"content-type": "text/html"})))
