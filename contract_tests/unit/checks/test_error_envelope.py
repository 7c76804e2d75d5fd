"""A refusal carries ``errors[]`` with string codes and titles, and the codes that 401 and 404 stand for."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contract_tests.checks import error_envelope
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make

GOOD = {"code": "10004", "title": "Missing required parameter"}


def findings(description: Description, exchange: Make, status: int, body: Any) -> list[tuple[str, str]]:
    found = error_envelope.check(description, description.by_id["updateThing"], exchange(status, body))
    return [(one.kind, one.pointer) for one in found]


def test_a_complete_envelope_passes(description: Description, exchange: Make) -> None:
    assert not findings(description, exchange, 422, {"errors": [GOOD, GOOD]})
    assert not findings(description, exchange, 401, {"errors": [{"code": "10009", "title": "Authentication failed"}]})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({}, "/errors"),
        ({"errors": []}, "/errors"),
        ({"errors": "no"}, "/errors"),
        ({"errors": ["no"]}, "/errors/0"),
        ({"errors": [{**GOOD, "code": 10004}]}, "/errors/0/code"),
        ({"errors": [{**GOOD, "code": "E1"}]}, "/errors/0/code"),
        ({"errors": [GOOD, {"code": "10004"}]}, "/errors/1/title"),
        ({"errors": [{**GOOD, "title": " "}]}, "/errors/0/title"),
    ],
)
def test_each_fault_is_reported_at_its_place(description: Description, exchange: Make, body: Any, pointer: str) -> None:
    assert findings(description, exchange, 422, body) == [("error-envelope", pointer)]


def test_the_least_refusal_is_checked_too(description: Description, exchange: Make) -> None:
    operation = description.by_id["updateThing"]
    assert 400 in operation.statuses
    assert findings(description, exchange, 400, {}) == [("error-envelope", "/errors")]


@pytest.mark.parametrize(("status", "code"), [(401, "10005"), (404, "10009"), (404, "10004")])
def test_401_and_404_have_codes_of_their_own(description: Description, exchange: Make, status: int, code: str) -> None:
    body = {"errors": [{"code": code, "title": "Something"}]}
    assert findings(description, exchange, status, body) == [("error-code", "/errors/0/code")]


def test_successes_unlisted_statuses_and_html_are_not_its_business(description: Description, exchange: Make) -> None:
    assert not findings(description, exchange, 200, {})
    assert not findings(description, exchange, 418, {})
    assert not findings(description, exchange, 404, b"<html>")


def test_a_sensitive_field_in_what_is_no_envelope_is_not_shown(description: Description, exchange: Make) -> None:
    answer = exchange(422, [{"secret": "123456789"}])
    (found,) = error_envelope.check(description, description.by_id["updateThing"], answer)
    assert found.observed == 'array [{"secret": "[redacted]"}]'


def with_examples(description: Description, *titles: str) -> Description:
    document = copy.deepcopy(dict(description.document))
    refusal = document["paths"]["/things/{id}"]["patch"]["responses"]["401"]
    refusal["content"]["application/json"]["examples"] = {
        str(number): {"value": {"errors": [{"code": "10009", "title": title}]}} for number, title in enumerate(titles)
    }
    return Description(document)


def test_a_refusal_bears_the_title_of_its_examples(description: Description, exchange: Make) -> None:
    body = {"errors": [{"code": "10009", "title": "Access denied"}]}
    one = with_examples(description, "Authentication failed", "Authentication failed")
    assert findings(one, exchange, 401, body) == [("error-title", "/errors/0/title")]
    assert not findings(one, exchange, 401, {"errors": [{"code": "10009", "title": "Authentication failed"}]})


@pytest.mark.parametrize("titles", [(), ("Authentication failed", "Token expired")])
def test_titles_that_the_examples_leave_open_are_free(
    description: Description, exchange: Make, titles: tuple[str, ...]
) -> None:
    body = {"errors": [{"code": "10009", "title": "Access denied"}]}
    assert not findings(with_examples(description, *titles), exchange, 401, body)
