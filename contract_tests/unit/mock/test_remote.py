"""The controls over HTTP: every one of them, wrong calls, and that the API beside them is as without them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telnyx_bindings import webhooks

from contract_tests.mock import TelnyxMock
from contract_tests.mock.remote import Remote
from contract_tests.mock.server import serve
from contract_tests.unit.mock.webhooks.receiver import listening

ROOT = Path(__file__).resolve().parents[3]
NUMBERS = "phone_number_messaging_settings"
PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
HEADERS = {"Authorization": "Bearer KEY_any"}


@pytest.fixture
def mock() -> Iterator[TelnyxMock]:
    """A mock whose webhooks are taken by a function."""
    with TelnyxMock() as mock:
        mock.webhooks.through(httpx.MockTransport(lambda request: httpx.Response(200)))
        yield mock


@pytest.fixture
def http(mock: TelnyxMock) -> Iterator[httpx.Client]:
    """A client of a server with controls."""
    with serve(Remote(mock)) as address, httpx.Client(base_url=address.removesuffix("/v2")) as client:
        yield client


def result(answer: httpx.Response) -> Any:
    """What a control that was understood gives."""
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_what_is_put_in_can_be_read_by_both_sides(http: httpx.Client) -> None:
    numbers = [{"phone_number": "+12025550199"}]
    (record,) = result(http.post("/mock/seed", json={"collection": NUMBERS, "records": numbers}))
    assert result(http.get("/mock/records", params={"collection": NUMBERS}))[-1] == record
    shown = http.get("/v2/phone_numbers/+12025550199/messaging", headers=HEADERS)
    assert shown.json()["data"]["id"] == record["id"]


def test_what_the_service_asked_can_be_read_without_its_token(http: httpx.Client) -> None:
    http.post("/v2/messaging_profiles?x=1", json={"name": "Shop"}, headers=HEADERS)
    http.post("/v2/messaging_profiles", content=b"{", headers={**HEADERS, "content-type": "application/json"})
    first, second = result(http.get("/mock/requests"))
    assert (first["method"], first["path"], first["status"]) == ("POST", "/v2/messaging_profiles", 400)
    assert (first["body"], second["body"]) == ({"name": "Shop"}, "{")
    assert first["headers"]["authorization"] == "Bearer [redacted]"


def test_faults_strike_the_api_and_not_the_controls(http: httpx.Client) -> None:
    assert result(http.post("/mock/fail_next", json={"fault": "error", "status": 502})) is None
    assert result(http.get("/mock/requests")) == []
    assert http.get("/v2/messaging_profiles", headers=HEADERS).status_code == 502
    assert http.get("/v2/messaging_profiles", headers=HEADERS).status_code == 200


def test_time_is_told(http: httpx.Client) -> None:
    told = {"set": "2026-03-01T12:00:00+00:00", "advance": 1.5}
    assert result(http.post("/mock/clock", json=told)) == {"now": "2026-03-01T12:00:01.500000+00:00", "frozen": True}
    assert result(http.get("/mock/clock"))["now"].startswith("2026-03-01T12:00:01.5")
    result(http.post("/mock/reset", json={}))
    assert result(http.get("/mock/clock"))["frozen"] is False
    assert result(http.post("/mock/clock", json={"freeze": True}))["frozen"] is True


def test_webhooks_are_sent_and_can_be_followed(http: httpx.Client, mock: TelnyxMock) -> None:
    sent = result(http.post("/mock/receive_message", json={"to": "+18005550001", "text": "hello"}))
    assert sent["event"]["payload"]["text"] == "hello"
    result(http.post("/mock/deliver", json={"event_type": "x", "payload": {}, "profile_id": PROFILE}))
    mock.webhooks.settle()
    first, second = result(http.get("/mock/deliveries"))
    assert (first["event"], first["state"], second["event"]["event_type"]) == (sent["event"], "delivered", "x")
    assert [(one["number"], one["outcome"]) for one in first["attempts"]] == [(1, 200)]
    assert result(http.get("/mock/public_key")) == mock.public_key
    result(http.post("/mock/reset", json={}))
    assert result(http.get("/mock/deliveries")) == []


@pytest.mark.parametrize(
    ("method", "name", "sent", "status", "said"),
    [
        ("POST", "seed", {"json": {"collection": "sims", "records": []}}, 400, "there are no 'sims'"),
        ("POST", "seed", {"json": {"collection": NUMBERS}}, 400, "missing a required argument: 'records'"),
        ("POST", "seed", {"json": {"collection": NUMBERS, "records": {}}}, 400, "no list of objects"),
        ("POST", "seed", {"json": {"collection": NUMBERS, "records": [5]}}, 400, "no list of objects"),
        ("POST", "clock", {"json": {"advance": 1e18}}, 400, "time ends"),
        ("POST", "deliver", {"json": {}}, 400, "missing a required argument: 'event_type'"),
        ("GET", "clock", {"params": {"freeze": "1"}}, 400, "unexpected keyword"),
        ("POST", "fail_next", {"json": {"fault": "explosion"}}, 400, "there is no fault 'explosion'"),
        ("POST", "fail_next", {"json": {"fault": 5}}, 400, "the name of a fault"),
        ("POST", "clock", {"json": {"set": "noon"}}, 400, "Invalid isoformat"),
        ("POST", "receive_message", {"json": {"to": "+18005550001", "text": 5}}, 400, "TypeError"),
        ("POST", "reset", {"json": []}, 400, "the body is no object"),
        ("POST", "reset", {"content": b"{}"}, 400, "content-type must be application/json"),
        ("GET", "records", {"params": {"nothing": "1"}}, 400, "missing a required argument"),
        ("GET", "requests", {"params": {"nothing": "1"}}, 400, "unexpected keyword"),
        ("GET", "reset", {}, 404, "there is no control GET /mock/reset"),
        ("POST", "nothing", {"json": {}}, 404, "there is no control POST /mock/nothing"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(
    http: httpx.Client, method: str, name: str, sent: dict[str, Any], status: int, said: str
) -> None:
    answer = http.request(method, f"/mock/{name}", **sent)
    assert answer.status_code == status and said.lower() in answer.json()["error"].lower(), answer.text


def test_the_api_beside_them_is_as_without_them(http: httpx.Client) -> None:
    assert http.get("/v2/messaging_profiles").json()["errors"][0]["code"] == "10009"
    assert http.get("/nothing").json()["errors"][0]["code"] == "10005"
    assert http.get("/mock").json()["errors"][0]["code"] == "10005"


def test_the_command_serves_them_only_when_asked_to() -> None:
    command = [sys.executable, "-m", "contract_tests.mock", "--port", "0", "--seed", "3"]
    with (
        listening() as hooks,
        subprocess.Popen([*command, "--controls"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        address, controls, key = (process.stdout.readline().split()[-1] for _ in range(3))
        assert controls == f"{address.removesuffix('/v2')}/mock/" and re.fullmatch(r"[A-Za-z0-9+/]{43}=", key)
        with httpx.Client(headers=HEADERS) as client:
            client.patch(f"{address}/messaging_profiles/{PROFILE}", json={"webhook_url": hooks.url})
            hooks.before_answer = lambda: client.get(f"{address}/messaging_profiles")  # a receiver may call the mock
            client.post(f"{controls}receive_message", json={"to": "+18005550001", "text": "hello"})
            while client.get(f"{controls}deliveries").json()["result"][0]["state"] == "pending":
                pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    ((headers, body),) = hooks.received
    assert webhooks.unwrap(body, headers, key).payload["text"] == "hello"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        answer = httpx.get(f"{address.removesuffix('/v2')}/mock/public_key")
        assert answer.status_code == 404 and json.loads(answer.text)["errors"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
