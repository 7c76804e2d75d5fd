"""What plainly breaks the description must not be answered with success."""

from __future__ import annotations

from contract_tests.checks import rejection
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make


def test_success_for_an_invalid_request_names_each_place(description: Description, exchange: Make) -> None:
    seen = exchange(200, {}, method="PATCH", sent={"name": "too long", "places": [3]})
    findings = list(rejection.check(description, description.by_id["updateThing"], seen))
    assert sorted((one.kind, one.pointer) for one in findings) == [
        ("invalid-accepted", "request:/name"),
        ("invalid-accepted", "request:/places/0"),
    ]


def test_a_refusal_of_an_invalid_request_passes(description: Description, exchange: Make) -> None:
    seen = exchange(422, {}, method="PATCH", sent={"name": "too long"})
    assert not list(rejection.check(description, description.by_id["updateThing"], seen))


def test_success_for_a_valid_or_unclear_request_passes(description: Description, exchange: Make) -> None:
    for sent in ({"name": "short"}, {"name": "\x00"}):
        seen = exchange(200, {}, method="PATCH", sent=sent)
        assert not list(rejection.check(description, description.by_id["updateThing"], seen))
