"""A request is valid, invalid at named places, or unclear where servers may read it either way."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.checks.request_validity import Verdict, judge
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make

LIST = "http://127.0.0.1:1/v2/things"
ONE = "http://127.0.0.1:1/v2/things/7"


@pytest.mark.parametrize(
    ("query", "verdict", "places"),
    [
        ("", Verdict.VALID, []),
        ("?page[size]=50&page[number]=1&kind=a&deep=true", Verdict.VALID, []),
        ("?page%5Bsize%5D=50", Verdict.VALID, []),
        ("?unknown=1&unknown=2", Verdict.VALID, []),
        ("?page[size]=51", Verdict.INVALID, ["query:page[size]"]),
        ("?page[size]=0&kind=c", Verdict.INVALID, ["query:page[size]", "query:kind"]),
        ("?page[size]=many", Verdict.INVALID, ["query:page[size]"]),
        ("?page[size]=1.0", Verdict.UNCLEAR, []),
        ("?page[size]=%201", Verdict.UNCLEAR, []),
        ("?page[size]=", Verdict.UNCLEAR, []),
        ("?page[size]=1&page[size]=2", Verdict.UNCLEAR, []),
        ("?deep=1", Verdict.UNCLEAR, []),
        ("?kind=%00", Verdict.UNCLEAR, []),
        ("?kind=%FF", Verdict.UNCLEAR, []),
    ],
)
def test_query_values_are_judged_by_what_they_plainly_mean(
    description: Description, exchange: Make, query: str, verdict: Verdict, places: list[str]
) -> None:
    found = judge(description, description.by_id["listThings"], exchange(200, url=LIST + query))
    assert (found.verdict, sorted(fault.pointer for fault in found.faults)) == (verdict, sorted(places))


@pytest.mark.parametrize(
    ("sent", "verdict", "places"),
    [
        ({}, Verdict.VALID, []),
        ({"name": "abc", "unknown": 1, "owner": None}, Verdict.VALID, []),
        ({"name": "abcdef", "places": [1]}, Verdict.INVALID, ["request:/name", "request:/places/0"]),
        ([], Verdict.INVALID, ["request:"]),
        (None, Verdict.INVALID, ["request:"]),
        (b"{", Verdict.INVALID, ["request:"]),
        (b'{"name": NaN}', Verdict.INVALID, ["request:"]),
        (b"\xff", Verdict.INVALID, ["request:"]),
        ({"name": "\x00"}, Verdict.UNCLEAR, []),
        (b'{"name": "\\ud800"}', Verdict.UNCLEAR, []),
        (b'{"extra": 12345678901234567890}', Verdict.UNCLEAR, []),
    ],
)
def test_bodies_are_judged_by_the_request_schema(
    description: Description, exchange: Make, sent: Any, verdict: Verdict, places: list[str]
) -> None:
    found = judge(description, description.by_id["updateThing"], exchange(200, url=ONE, method="PATCH", sent=sent))
    assert (found.verdict, sorted(fault.pointer for fault in found.faults)) == (verdict, places)


def test_another_media_type_and_a_body_nobody_asked_for_are_unclear(description: Description, exchange: Make) -> None:
    form = exchange(200, url=ONE, sent=b"name=1", content_type="application/x-www-form-urlencoded")
    assert judge(description, description.by_id["updateThing"], form).verdict is Verdict.UNCLEAR
    assert judge(description, description.by_id["listThings"], exchange(200, sent={})).verdict is Verdict.UNCLEAR


def test_a_required_query_parameter_is_missed(exchange: Make) -> None:
    parameters = [{"name": "who", "in": "query", "required": True, "schema": {"type": "string"}}]
    made = Description({"paths": {"/a": {"get": {"operationId": "a", "parameters": parameters, "responses": {}}}}})
    (fault,) = judge(made, made.by_id["a"], exchange(200, url="http://127.0.0.1:1/a")).faults
    assert (fault.word, fault.pointer) == ("required", "query:who")


FORM = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("sent", "media", "verdict"),
    [
        (PART, FORM, Verdict.VALID),
        (PART.replace(b"file", b"other"), FORM, Verdict.INVALID),
        (b"--b\r\nno form", FORM, Verdict.UNCLEAR),
        (b'{"file": "x"}', "application/json", Verdict.UNCLEAR),
        (b"", FORM, Verdict.INVALID),
    ],
)
def test_forms_are_judged_by_their_fields(exchange: Make, sent: bytes, media: str, verdict: Verdict) -> None:
    schema = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    body = {"content": {"multipart/form-data": {"schema": schema}}}
    operation = {"operationId": "upload", "requestBody": body, "responses": {"200": {"description": "Fine."}}}
    forms = Description({"paths": {"/files": {"post": operation}}})
    made = exchange(200, method="POST", content_type=media, sent=sent)
    assert judge(forms, forms.by_id["upload"], made).verdict is verdict
