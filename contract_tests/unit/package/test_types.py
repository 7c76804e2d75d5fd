"""UNSET is one object everywhere and never travels; responses and files show no contents."""

from __future__ import annotations

import copy
import io
import json
import pickle

import pytest
from telnyx_bindings.types import UNSET, File, Response, Unset


def test_unset_stays_one_object() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps({"a": UNSET}, protocol))["a"] is UNSET
    assert copy.copy(UNSET) is UNSET
    assert copy.deepcopy([UNSET])[0] is UNSET


def test_unset_is_false_and_says_its_name() -> None:
    assert not UNSET
    assert (repr(UNSET), str(UNSET)) == ("UNSET", "UNSET")
    assert isinstance(UNSET, Unset)
    assert UNSET is not None


def test_unset_has_no_form_in_json() -> None:
    with pytest.raises(TypeError):
        json.dumps({"a": UNSET})
    with pytest.raises(TypeError):
        json.dumps({"a": UNSET.value})


def test_response_keeps_headers_and_body_out_of_its_repr() -> None:
    response = Response(
        status=200,
        headers={"set-cookie": "hidden-1"},
        request_id="abc",
        rate_limit=None,
        parsed=7,
        body=b"hidden-2",
        attempts=2,
        elapsed=0.5,
    )
    assert "hidden" not in repr(response)
    assert "request_id='abc'" in repr(response)
    assert pickle.loads(pickle.dumps(response)).field_values() == response.field_values()


def test_file_is_a_tuple_for_httpx() -> None:
    payload = io.BytesIO(b"x")
    assert File(payload, "a.txt", "text/plain").to_tuple() == ("a.txt", payload, "text/plain")
    for content in (b"x", bytearray(b"x"), memoryview(b"x")):
        assert File(content).to_tuple() == (None, b"x", None)
        assert type(File(content).to_tuple()[1]) is bytes  # httpx takes no other
