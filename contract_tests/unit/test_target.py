"""Where a run may go, and that whatever is off loopback is live."""

from __future__ import annotations

import pytest

from contract_tests import target
from contract_tests.description import load
from scripts.errors import InputError


def test_the_mock_is_the_default_kind_and_gets_a_token_of_its_own() -> None:
    first, second = target.parse("mock", {}), target.parse("mock", {"TELNYX_API_KEY": "KEY_of_a_person"})
    assert first.starts_mock
    assert first.token != second.token
    assert "KEY_of_a_person" not in second.token


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/v2", "http://localhost:1/v2/", "https://[::1]:9/v2"])
def test_a_loopback_address_is_a_target_with_the_token_of_the_environment(address: str) -> None:
    found = target.parse(address, {"TELNYX_API_KEY": "KEY_a"})
    assert found.base_url == address.rstrip("/")
    assert found.token == "KEY_a"


def test_the_token_is_not_in_the_repr() -> None:
    assert "KEY_marker" not in repr(target.parse("http://127.0.0.1:1/v2", {"TELNYX_API_KEY": "KEY_marker"}))


OFF_LOOPBACK = [
    "https://api.telnyx.com/v2",
    "https://10.0.0.1/v2",
    "https://127.0.0.1.example.com/v2",
    "https://localhost.example.com/v2",
    "https://0.0.0.0:8080/v2",
    "https://2130706433/v2",
    "https://mock/v2",
]


@pytest.mark.parametrize("address", OFF_LOOPBACK)
def test_whatever_is_not_loopback_by_name_is_live_and_needs_a_key(address: str) -> None:
    assert target.parse(address, {"TELNYX_API_KEY": "KEY_a"}).live
    assert target.is_live(address)
    with pytest.raises(InputError, match="needs a key"):
        target.parse(address, {})


@pytest.mark.parametrize("address", OFF_LOOPBACK)
def test_a_token_never_travels_unencrypted_to_another_machine(address: str) -> None:
    with pytest.raises(InputError, match="unencrypted"):
        target.parse(address.replace("https:", "http:"), {"TELNYX_API_KEY": "KEY_a"})


def test_live_is_where_the_description_says() -> None:
    found = target.parse("live", {"TELNYX_API_KEY": "KEY_a"}, live_url=load().document["servers"][0]["url"])
    assert (found.base_url, found.live, found.starts_mock) == ("https://api.telnyx.com/v2", True, False)
    assert target.is_live("live")


def test_loopback_is_live_only_when_told_so() -> None:
    address = "http://127.0.0.1:8080/v2"
    assert not target.parse(address, {}).live
    assert not target.is_live(address)
    assert not target.is_live("mock")
    assert target.parse(address, {}, treat_as_live=True).live
    assert target.is_live(address, treat_as_live=True)


def test_a_key_that_is_given_replaces_the_one_of_the_environment() -> None:
    found = target.parse("https://api.example.com/v2", {"TELNYX_API_KEY": "KEY_a"}, key="KEY_b")
    assert found.token == "KEY_b"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mokc",
        "127.0.0.1:8080",
        "ftp://127.0.0.1/",
        "http:///v2",
        "http://127.0.0.1:99999/v2",
        "http://user:word@127.0.0.1/v2",
        "http://127.0.0.1/v2?token=KEY_a",
    ],
)
def test_what_is_no_target_is_wrong_usage_with_a_fix(address: str) -> None:
    with pytest.raises(InputError) as caught:
        target.parse(address, {})
    assert caught.value.fix
