"""What keeps to the description is accepted, or refused for a reason that the description names."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.checks import acceptance
from contract_tests.description import Description
from contract_tests.drift.finding import Finding
from contract_tests.unit.checks.conftest import Make

ONE = "http://127.0.0.1:1/v2/things/7"


def refused(
    description: Description, exchange: Make, status: int, *codes: str, sent: Any = None, source: Any = None
) -> list[Finding]:
    errors = [{"code": code, "title": "No", **({"source": source} if source else {})} for code in codes]
    seen = exchange(status, {"errors": errors}, url=ONE, method="PATCH", sent={} if sent is None else sent)
    return list(acceptance.check(description, description.by_id["updateThing"], seen))


def test_a_valid_request_that_is_refused_is_reported_where_the_answer_points(
    description: Description, exchange: Make
) -> None:
    (finding,) = refused(description, exchange, 422, "10015", sent={"name": "a"}, source={"pointer": "/name"})
    assert (finding.kind, finding.pointer, finding.observed) == ("valid-request-refused", "request:/name", "422 10015")
    assert finding.expected == "a valid request to be accepted, or refused with 400 40331, 422 10017"


@pytest.mark.parametrize(
    ("status", "code"), [(422, "10017"), (400, "40331"), (404, "10005"), (401, "10009"), (429, "1")]
)
def test_named_reasons_and_those_that_may_always_hold_pass(
    description: Description, exchange: Make, status: int, code: str
) -> None:
    assert not refused(description, exchange, status, code)


@pytest.mark.parametrize(("status", "codes"), [(400, ("10017",)), (422, ("40331",)), (422, ("10017", "10015"))])
def test_status_and_code_have_to_fit_each_other(
    description: Description, exchange: Make, status: int, codes: tuple[str, ...]
) -> None:
    assert refused(description, exchange, status, *codes)


def test_invalid_requests_successes_and_unlisted_statuses_are_not_its_business(
    description: Description, exchange: Make
) -> None:
    assert not refused(description, exchange, 422, "10015", sent={"name": 5})
    assert not refused(description, exchange, 418, "10015")
    assert not refused(description, exchange, 200)


def test_404_needs_an_id_in_the_path(description: Description, exchange: Make) -> None:
    seen = exchange(404, {"errors": [{"code": "10005", "title": "No"}]})
    (finding,) = acceptance.check(description, description.by_id["listThings"], seen)
    assert finding.kind == "valid-request-refused"


@pytest.mark.parametrize(
    ("source", "pointer"),
    [
        ({"parameter": "page[size]"}, "query:page[size]"),
        ({"pointer": "page/size"}, "request:/page/size"),
        ("nonsense", "request:"),
        (None, "request:"),
    ],
)
def test_the_blame_is_read_from_the_first_error(exchange: Make, source: Any, pointer: str) -> None:
    assert acceptance.blamed(exchange(422, {"errors": [{"source": source}]})) == pointer
    assert acceptance.blamed(exchange(422, b"<html>")) == "request:"
