"""Bodies go out as the description takes them, and are read back as what they hold."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests import bodies
from contract_tests.description import Description, Operation, load
from contract_tests.mock import forms

UPLOAD = "uploadMessagingHostedNumberOrderFile"


def sends(content: dict[str, Any]) -> tuple[Description, Operation]:
    """A description of one operation that takes this content."""
    operation = {"operationId": "send", "requestBody": {"content": content}, "responses": {"200": {}}}
    description = Description({"paths": {"/things": {"post": operation}}})
    return description, description.by_id["send"]


def test_json_is_sent_where_it_may_be_and_a_form_where_nothing_else_is_taken() -> None:
    ours = load()
    assert bodies.media_of(ours, ours.by_id["createMessagingProfile"]) == "application/json"
    assert bodies.media_of(ours, ours.by_id[UPLOAD]) == bodies.FORM
    assert bodies.media_of(ours, ours.by_id["listMessagingProfiles"]) is None
    assert bodies.media_of(*sends({bodies.FORM: {}, "application/json": {}})) == "application/json"


def test_examples_come_in_the_order_of_the_description() -> None:
    shown = {"b": {"value": {"n": 1}}, "a": {"value": {"n": 2}}, "elsewhere": {"externalValue": "http://x"}}
    assert bodies.examples(*sends({"application/json": {"schema": {}, "examples": shown}})) == ({"n": 1}, {"n": 2})
    assert bodies.examples(*sends({"application/json": {"schema": {}, "example": 7}})) == (7,)
    assert bodies.examples(*sends({"application/json": {"schema": {}}})) == ()
    ours = load()
    assert bodies.examples(ours, ours.by_id["listMessagingProfiles"]) == ()


def test_a_form_holds_its_files_by_name_and_media_type_and_the_mock_reads_it() -> None:
    ours = load()
    sent = {"loa": "%PDF-1.7 ü", "bill": b"\x00\r\n--contract\r\n\xff"}
    body, media = bodies.encoded(ours, ours.by_id[UPLOAD], sent)
    assert b'name="loa"; filename="loa"\r\nContent-Type: application/pdf' in body
    # Its boundary stands in none of the files.
    assert media == f"{bodies.FORM}; boundary=contract-"
    text = {"loa": "%PDF-1.7 Ã¼", "bill": "\x00\r\n--contract\r\nÿ"}
    assert bodies.fields_of(body, media) == forms.parse(body, media.encode()) == text


def test_what_is_no_text_travels_in_a_form_as_json() -> None:
    body, media = bodies.form({"count": 3, "all": True}, {})
    assert bodies.fields_of(body, media) == {"count": "3", "all": "true"}
    assert b"filename" not in body


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"no form", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n1\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n1\r\n--x--\r\n", "multipart/form-data"),
        (b"{}", "application/json"),
    ],
)
def test_what_is_no_form_has_no_fields(body: bytes, media: str) -> None:
    assert bodies.fields_of(body, media) is None


def test_an_operation_that_takes_json_gets_json() -> None:
    ours = load()
    body, media = bodies.encoded(ours, ours.by_id["createMessagingProfile"], {"name": "ü"})
    assert (body, media) == ('{"name": "ü"}'.encode(), "application/json")
