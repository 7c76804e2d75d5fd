"""Generated requests carry the run's token, whatever the machine's user has in files and variables."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from contract_tests.generated_requests import surroundings

HOST = "http://127.0.0.1:1/v2"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user with a password for every host, and a proxy for every address."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password HERS\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:2")
    monkeypatch.setenv("NO_PROXY", "")


def sent() -> tuple[str, dict[str, str]]:
    """The token of a request that a session prepares, and the proxies it would take."""
    with requests.Session() as session:
        session.trust_env = True  # as an engine may, too
        request = session.prepare_request(requests.Request("GET", HOST, headers={"Authorization": "Bearer KEY"}))
        told = session.merge_environment_settings(HOST, {}, None, None, None)
        return str(request.headers["Authorization"]), {**told["proxies"]}


@pytest.mark.usefixtures("machine")
def test_a_password_for_the_host_does_not_take_the_tokens_place_and_no_proxy_is_used() -> None:
    with surroundings.left_out():
        assert sent() == ("Bearer KEY", {})


@pytest.mark.usefixtures("machine")
def test_afterwards_sessions_are_as_they_were() -> None:
    with pytest.raises(ZeroDivisionError), surroundings.left_out():
        raise ZeroDivisionError
    token, proxies = sent()
    assert token.startswith("Basic ")
    assert proxies["http"] == "http://127.0.0.1:2"
