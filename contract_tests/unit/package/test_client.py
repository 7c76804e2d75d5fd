"""The clients: where settings come from, what they refuse, what they show, and the way to what is not described."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from telnyx_bindings import AsyncTelnyx, Telnyx, errors
from telnyx_bindings.runtime import decode, logs, tls
from telnyx_bindings.runtime.answer import Answer
from telnyx_bindings.runtime.call import Operation
from telnyx_bindings.runtime.drift import DriftObservation
from telnyx_bindings.runtime.settings import VERSION, Settings

from contract_tests.unit.package.network import BASE, ID, TOKEN, Script, profile, telnyx

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's environment."""
    for name in ("TELNYX_API_KEY", "TELNYX_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_key_and_address_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", "KEY_env")
    assert Telnyx().session.settings.base_url == "https://api.telnyx.com/v2"
    monkeypatch.setenv("TELNYX_BASE_URL", "http://127.0.0.1:9/v2/")
    assert Telnyx().session.settings.base_url == "http://127.0.0.1:9/v2"
    assert AsyncTelnyx().session.settings.token == "KEY_env"
    assert Telnyx("KEY_given", base_url=BASE).session.settings.token == "KEY_given"


@pytest.mark.parametrize("client", [Telnyx, AsyncTelnyx])
def test_without_a_key_there_is_no_client(client: type[Telnyx | AsyncTelnyx]) -> None:
    with pytest.raises(ValueError, match="TELNYX_API_KEY"):
        client()
    with pytest.raises(ValueError, match="TELNYX_API_KEY"):
        client("")


@pytest.mark.parametrize(
    "address",
    ["", "api.telnyx.com", "ftp://a/", "https://", "https://a/?b=c", "https://a/#b", "https://u:p@a/", "http://[::1"],
)
def test_an_address_that_nothing_can_be_sent_below_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        Telnyx(TOKEN, base_url=address)


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_a_timeout_is_finite(seconds: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        Telnyx(TOKEN, timeout=seconds)


def test_an_unknown_option_is_a_type_error() -> None:
    unknown: dict[str, Any] = {"time_out": 3}
    for client in (Telnyx, AsyncTelnyx):
        with pytest.raises(TypeError, match="a client has no option 'time_out': did you mean 'timeout'"):
            client(TOKEN, **unknown)
        with pytest.raises(TypeError, match=r"with_options\(\) has no option 'time_out': did you mean 'timeout'"):
            client(TOKEN).with_options(**unknown)
    others: dict[str, dict[str, Any]] = {
        "'apikey': did you mean 'api_key'": {"apikey": "x"},
        "'zzz'; it has base_url, timeout": {"zzz": 1},
        "'token'": {"token": "x"},
    }
    for said, wrong in others.items():
        with pytest.raises(TypeError, match=f"no option {said}"):
            Telnyx(TOKEN, **wrong)


def test_no_repr_shows_a_secret() -> None:
    secret = "KEY-do-not-show"
    client = Telnyx(secret, base_url=BASE, headers={"X-Key": secret}, proxy=f"http://user:{secret}@127.0.0.1:3128")
    shown = [repr(one) for one in (client, client.session, client.session.settings, client.messaging_profiles)]
    assert not [one for one in shown if secret in one]
    assert BASE in shown[0]
    assert BASE in shown[2]


@pytest.mark.parametrize("parsed", ['{"data": {"v1_secret": "hidden"}}', '[["hidden"]]', "hidden", '"hidden"'])
def test_no_repr_of_a_response_shows_what_has_no_model(parsed: str) -> None:
    response = telnyx(Script(httpx.Response(200, text=parsed))).request("GET", "/x")
    assert "hidden" in str(response.parsed)
    assert "hidden" not in repr(response)


def test_options_make_another_client_and_leave_this_one() -> None:
    script = Script(profile())
    client = telnyx(script)
    other = client.with_options(api_key="KEY_other", headers={"X-Other": "1"})
    other.messaging_profiles.retrieve(ID)
    client.messaging_profiles.retrieve(ID)
    assert [one.headers["authorization"] for one in script.requests] == ["Bearer KEY_other", f"Bearer {TOKEN}"]
    assert "x-other" not in script.requests[1].headers


def test_the_version_in_the_user_agent_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def test_the_logger_is_that_of_the_copy(tmp_path: Path) -> None:
    (tmp_path / "vendored").symlink_to(ROOT / "generated" / "telnyx_bindings", target_is_directory=True)
    code = "from vendored.runtime import logs; print(logs.LOGGER.name)"
    copy = subprocess.run([sys.executable, "-B", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert copy.stdout.strip() == "vendored"
    assert logs.LOGGER.name == "telnyx_bindings"


# What is not described


def test_anything_can_be_sent_with_the_same_session() -> None:
    script = Script(httpx.Response(201, json={"data": 1}, headers={"x-request-id": "r"}))
    response = telnyx(script).request("post", "/new/things", query={"page[size]": 2, "a": [1, True]}, json={"b": None})
    (request,) = script.requests
    assert (request.method, request.content) == ("POST", b'{"b":null}')
    assert str(request.url) == f"{BASE}/new/things?page%5Bsize%5D=2&a=1&a=true"
    assert (response.status, response.parsed, response.request_id) == (201, {"data": 1}, "r")


@pytest.mark.parametrize(
    ("content", "headers", "expected"),
    [
        (b"", {}, None),
        (b"plain", {}, "plain"),
        (b"\xe9", {"content-type": "text/plain; charset=latin-1"}, "é"),
        (b"\xe9", {"content-type": "text/plain; charset=nonsense"}, "\ufffd"),
        (b"\xe9", {"content-type": "text/plain; charset=base64"}, "\ufffd"),
        (b"[1]", {"content-type": "text/html"}, [1]),
    ],
)
def test_what_comes_is_json_or_text_or_nothing(content: bytes, headers: dict[str, str], expected: Any) -> None:
    script = Script(httpx.Response(200, content=content, headers=headers))
    assert telnyx(script).request("GET", "/x").parsed == expected


def test_what_is_not_described_is_refused_with_the_same_errors() -> None:
    with pytest.raises(errors.NotFound, match=r"GET /things/\{\} answered 404"):
        telnyx(Script(httpx.Response(404))).request("GET", "/things/4031aa")


@pytest.mark.parametrize(
    "path",
    [
        *("x", "", "//evil.example/x", "/a/../b", "/a/%2e%2E/b", "/a/.", "/a?b=c", "/a#b", "/a\\b", "http://evil/"),
        *("/a/..%2fb", "/a%2f..%5Cb", "/..;/a", "@evil.example/", ":80/x", ".evil.example/x"),
    ],
)
def test_a_path_stays_below_the_base_url(path: str) -> None:
    script = Script(profile())
    with pytest.raises(ValueError, match="path"):
        telnyx(script).request("GET", path)
    assert script.requests == []


@pytest.mark.parametrize("method", ["", "GET /", "GET\r\nX: y", "GÉT", "CONNECT", "trace"])
def test_a_method_is_a_word(method: str) -> None:
    with pytest.raises(ValueError, match="method"):
        telnyx(Script()).request(method, "/x")


# Deviations


def test_deviations_reach_the_callback_and_strict_raises_for_them() -> None:
    answer = profile(name=7, enabled=None, invented="x")
    seen: list[DriftObservation] = []
    found = telnyx(Script(answer), on_drift=seen.append).messaging_profiles.retrieve(ID)
    assert found.to_dict()["data"]["name"] == 7
    assert {("/data/name", "type"), ("/data/enabled", "null"), ("/data/invented", "unknown-field")} <= {
        (one.pointer, one.kind) for one in seen
    }
    assert {one.operation_id for one in seen} == {"retrieveMessagingProfile"}
    with pytest.raises(errors.AnswerUnreadable, match="strict: /data/") as caught:
        telnyx(Script(answer), strict=True).messaging_profiles.retrieve(ID)
    assert caught.value.body == answer.content


def test_a_drift_callback_that_fails_does_not_lose_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def broken(observation: DriftObservation) -> None:
        raise RuntimeError("broken callback")

    found = telnyx(Script(profile(name=7)), on_drift=broken).messaging_profiles.retrieve(ID)
    assert found.to_dict()["data"]["name"] == 7
    assert "a callback of the application failed" in caplog.text


def test_a_decoder_that_fails_is_an_unreadable_answer() -> None:
    answer = Answer(Operation("readThing", "GET", "/t"), 200, httpx.Headers(), b"[1]")
    settings = Settings(token=TOKEN)

    def broken(document: Any, tolerance: object) -> None:
        raise KeyError(document)

    with pytest.raises(errors.AnswerUnreadable, match="KeyError"):
        decode.parse(answer, broken, settings, list)
    assert decode.parse(answer, decode.each(decode.as_it_is), settings, list) == [1]


def test_deviations_name_no_credentials() -> None:
    seen: list[DriftObservation] = []
    named = {"KEY0123456789abcdef": 1, f"my {TOKEN}": 2, "webhook_api_version": "KEY0123456789abcdef"}
    telnyx(Script(profile(**named)), on_drift=seen.append).messaging_profiles.retrieve(ID)
    assert {"/data/***", "/data/my ***", "/data/webhook_api_version"} <= {one.pointer for one in seen}
    assert "***" in {one.sample for one in seen}
    assert "0123456789" not in repr(seen)
    assert TOKEN not in repr(seen)


# The network side


def test_nothing_is_trusted_or_loaded_where_there_is_no_tls() -> None:
    plain = Settings(token=TOKEN, base_url=BASE)
    assert tls.context(plain, None).cert_store_stats()["x509_ca"] == 0
    secure = Settings(token=TOKEN)
    assert tls.context(secure, None) is tls.context(secure, None) is tls.trusted()
    assert tls.context(plain, "http://127.0.0.1:3128") is tls.trusted()


def test_the_proxy_is_the_clients_own_or_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = Settings(token=TOKEN)
    assert tls.proxy(remote) is None
    monkeypatch.setenv("HTTPS_PROXY", "127.0.0.1:3128")
    assert tls.proxy(remote) == "http://127.0.0.1:3128"
    assert tls.proxy(Settings(token=TOKEN, trust_env=False)) is None
    assert tls.proxy(Settings(token=TOKEN, proxy="http://127.0.0.1:1")) == "http://127.0.0.1:1"
    monkeypatch.setenv("NO_PROXY", "api.telnyx.com")
    assert tls.proxy(remote) is None
