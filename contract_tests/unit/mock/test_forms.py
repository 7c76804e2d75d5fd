"""Forms with files as the mock reads them: what clients send, and what is none."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.mock.exchange import Refusal
from contract_tests.mock.forms import is_form, parse


def test_what_a_client_sends_is_read(tmp_path: object) -> None:
    content = bytes(range(256)) + b"\r\n--not-the-boundary\r\n\r\n"
    files = {"loa": ("a.pdf", content, "application/pdf"), "bill": ("b; name=x.pdf", b"", "application/pdf")}
    request = httpx.Request("POST", "http://telnyx.test/", files=files, data={"note": "hellö"})
    kind = request.headers["content-type"].encode()
    assert is_form(kind)
    fields = parse(request.read(), kind)
    assert fields["loa"].encode("latin-1") == content
    assert (fields["bill"], fields["note"].encode("latin-1").decode()) == ("", "hellö")


@pytest.mark.parametrize("boundary", ['"a b"', "ab"])
def test_boundaries_may_be_quoted_and_their_name_in_capitals(boundary: str) -> None:
    mark = boundary.strip('"').encode()
    body = b"--" + mark + b'\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--' + mark + b"--\r\n"
    assert parse(body, f"Multipart/Form-Data; Boundary={boundary}".encode()) == {"x": "1"}


@pytest.mark.parametrize(
    "body", [b"", b"--ab", b'--ab\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--ab\r\n', b"--ab\r\nx--ab--"]
)
def test_what_does_not_end_or_has_no_names_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        parse(body, b"multipart/form-data; boundary=ab")
    assert refused.value.status == 400


@pytest.mark.parametrize("kind", [None, b"", b"application/json", b"multipart/mixed", b"text/multipart/form-data"])
def test_other_content_types_are_no_forms(kind: bytes | None) -> None:
    assert not is_form(kind)
