"""Where a run may go, and that nothing off loopback is ever a target."""

from __future__ import annotations

import pytest

from contract_tests import target
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


@pytest.mark.parametrize(
    "address",
    [
        "live",
        "https://api.telnyx.com/v2",
        "http://10.0.0.1/v2",
        "http://127.0.0.1.example.com/v2",
        "http://localhost.example.com/v2",
        "http://0.0.0.0:8080/v2",
        "http://2130706433/v2",
    ],
)
def test_whatever_is_not_loopback_by_name_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="effect gate"):
        target.parse(address, {"TELNYX_API_KEY": "KEY_a"})


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
