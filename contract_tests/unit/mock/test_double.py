"""The mock in a test's hand: records put in, requests read, faults planted, the state at start restored."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from telnyx_bindings import RetryPolicy, Telnyx
from telnyx_bindings.errors import RateLimited, ServerError, Unauthorized

from contract_tests.mock import Fault, TelnyxMock
from contract_tests.mock.double import HOST
from scripts.errors import InputError

NUMBERS = "phone_number_messaging_settings"
ONCE = RetryPolicy(attempts=1)
PATIENCE = 30.0  # seconds, far more than anything here takes


@pytest.fixture
def mock() -> TelnyxMock:
    """A mock with the seeds."""
    return TelnyxMock()


def test_a_record_is_completed_as_the_server_would(mock: TelnyxMock) -> None:
    mock.clock.freeze()
    (profile,) = mock.seed("messaging_profiles", {"name": "Shop", "whitelisted_destinations": ["US"]})
    with Telnyx(**mock.options) as telnyx:
        assert telnyx.messaging_profiles.retrieve(profile["id"]).data.name == "Shop"
        telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"])
    made = mock.records("messaging_profiles")[-1]
    assert profile.keys() == made.keys()
    assert {name for name, value in made.items() if profile[name] != value} == {
        "id",
        "v1_secret",
        "created_at",
        "updated_at",
    }


def test_several_records_are_put_in_in_their_order(mock: TelnyxMock) -> None:
    mock.seed(NUMBERS, {"phone_number": "+12025550198"}, {"phone_number": "+12025550199", "id": "77"})
    assert [one["phone_number"] for one in mock.records(NUMBERS)][-2:] == ["+12025550198", "+12025550199"]
    assert mock.records(NUMBERS)[-1]["id"] == "77" and len(mock.records(NUMBERS)[-2]["id"]) == 19


@pytest.mark.parametrize(
    ("collection", "records", "said"),
    [
        ("sims", [{}], "there are no 'sims'.*\n.*messaging_profiles"),
        (NUMBERS, [{"colour": "red"}], "/0/colour: the description has no 'colour'"),
        (NUMBERS, [{"phone_number": "+12025550199"}, {"type": "satellite"}], "/1/type: not valid"),
        (NUMBERS, [{"id": "1293384261075731499"}], "/0/id: there is a record with this 'id' already"),
        (NUMBERS, [{"id": "77"}, {"id": "77"}], "/1/id: there is a record with this 'id' already"),
        (NUMBERS, [{"phone_number": "+18005550001"}], "/0/phone_number: there is a record with this 'phone_number'"),
        (NUMBERS, [{"phone_number": "+12025550199"}] * 2, "/1/phone_number: there is a record with this"),
        (NUMBERS, [{"messaging_profile_id": "3fa85f64-0000-4000-8000-000000000000"}], "names nothing that exists"),
    ],
    ids=["collection", "field", "value", "id taken", "id twice", "number taken", "number twice", "reference"],
)
def test_what_the_api_could_not_hold_is_refused_and_nothing_is_put_in(
    mock: TelnyxMock, collection: str, records: list[dict[str, Any]], said: str
) -> None:
    before = mock.app.store.snapshot()
    with pytest.raises(InputError, match=said):
        mock.seed(collection, *records)
    assert mock.app.store.snapshot() == before


def test_records_are_copies_on_the_way_in_and_out(mock: TelnyxMock) -> None:
    given: dict[str, Any] = {"name": "Shop", "whitelisted_destinations": ["US"]}
    (returned,) = mock.seed("messaging_profiles", given)
    given["whitelisted_destinations"].append("DE")
    returned["whitelisted_destinations"].append("FR")
    mock.records("messaging_profiles")[-1]["whitelisted_destinations"].append("IT")
    assert mock.records("messaging_profiles")[-1]["whitelisted_destinations"] == ["US"]
    with pytest.raises(InputError, match="there are no 'sims'"):
        mock.records("sims")


def test_a_fault_strikes_the_next_request_that_is_meant(mock: TelnyxMock) -> None:
    mock.fail_next(status=502, method="POST")
    with Telnyx(**mock.options, retry=ONCE) as telnyx:
        assert telnyx.messaging_profiles.list().first()
        with pytest.raises(ServerError):
            telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"])
        assert telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"])
    assert [request.status for request in mock.requests] == [200, 502, 200]


def test_a_fault_can_strike_several_times_and_the_last_one_told_comes_first(mock: TelnyxMock) -> None:
    mock.fail_next("throttle", count=2)
    mock.fail_next(Fault.of("error", status=503, count=1))
    with Telnyx(**mock.options, retry=ONCE) as telnyx:
        for expected in (ServerError, RateLimited, RateLimited):
            with pytest.raises(expected):
                telnyx.messaging_profiles.list().first()
        assert telnyx.messaging_profiles.list().first()


@pytest.mark.parametrize(
    ("fault", "told", "error"),
    [
        ("explosion", {}, InputError),
        ("error", {"state": 500}, InputError),
        ("error", {"operation": "listSims"}, InputError),
        (Fault.of("reset"), {"count": 1}, TypeError),
    ],
)
def test_a_fault_that_could_never_strike_is_refused(
    mock: TelnyxMock, fault: str | Fault, told: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        mock.fail_next(fault, **told)


def test_a_reset_brings_everything_back(mock: TelnyxMock) -> None:
    start = mock.app.store.snapshot()
    mock.clock.freeze()
    mock.seed("messaging_profiles", {"name": "Shop"})
    mock.fail_next("reset", count=5)
    mock.webhooks.duplicates = 3
    mock.receive_message("hello", to="+18005550001")
    with Telnyx(**mock.options, retry=ONCE) as telnyx, pytest.raises(Exception, match="reset"):
        telnyx.messaging_profiles.list().first()
    mock.reset()
    assert mock.app.store.snapshot() == start and mock.requests == ()
    assert (mock.clock.frozen, mock.webhooks.deliveries, mock.webhooks.duplicates) == (False, (), 0)
    with Telnyx(**mock.options, retry=ONCE) as telnyx:
        assert telnyx.messaging_profiles.list().first()
    mock.close()


def test_the_arguments_are_those_of_the_mock() -> None:
    mock = TelnyxMock(api_key="KEY_right", seeds=False, rate_limit=1)
    assert mock.records("messaging_profiles") == []
    with Telnyx(**mock.options, retry=ONCE) as telnyx:
        assert telnyx.messaging_profiles.list().first()
        with pytest.raises(RateLimited):
            telnyx.messaging_profiles.list().first()
        with pytest.raises(Unauthorized):
            telnyx.with_options(api_key="KEY_wrong").messaging_profiles.list().first()
    assert "KEY_right" not in repr(mock.requests)


def test_over_a_socket_it_is_the_same_mock(mock: TelnyxMock) -> None:
    with mock.serve() as server:
        assert server.base_url.startswith("http://127.0.0.1:") and server.base_url.endswith("/v2")
        assert server.environment == {"TELNYX_API_KEY": mock.api_key, "TELNYX_BASE_URL": server.base_url}
        with Telnyx(**server.options) as telnyx:
            profile = telnyx.messaging_profiles.create(name="Shop", whitelisted_destinations=["US"]).data
        assert mock.records("messaging_profiles")[-1]["id"] == str(profile.id)
        assert server.requests == mock.requests and [request.method for request in mock.requests] == ["POST"]
        mock.fail_next("close")
        with httpx.Client() as client, pytest.raises(httpx.RemoteProtocolError):
            client.get(f"{server.base_url}/messaging_profiles")
        server.reset()
        assert not mock.requests
    with httpx.Client() as client, pytest.raises(httpx.ConnectError):
        client.get(f"{server.base_url}/messaging_profiles")


@pytest.mark.parametrize("seconds", [3.0, 3600.0])
def test_a_reset_ends_what_a_fault_still_has_going_on(mock: TelnyxMock, seconds: float) -> None:
    with mock.serve() as server, httpx.Client() as client:
        address = f"{server.base_url}/messaging_profiles"
        for _ in range(3):  # refused, and accepted again at once; the clients of one test are not met by the next one
            mock.fail_next("refuse", seconds=seconds)
            with pytest.raises(httpx.ReadError):
                client.get(address)
            with pytest.raises(httpx.ConnectError):
                client.get(address)
            mock.reset()
            assert client.get(address, headers={"authorization": f"Bearer {mock.api_key}"}).status_code == 200


def test_what_waits_when_the_mock_is_reset_changes_nothing_afterwards(mock: TelnyxMock) -> None:
    body = {"name": "Late", "whitelisted_destinations": ["US"]}
    headers = {"authorization": f"Bearer {mock.api_key}"}
    with mock.serve() as server, httpx.Client(headers=headers, timeout=2 * PATIENCE) as client:
        address = f"{server.base_url}/messaging_profiles"
        mock.fail_next("latency", seconds=1.5)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(client.post, address, json=body)
            until = time.monotonic() + PATIENCE
            while mock.app.faults and time.monotonic() < until:
                time.sleep(0.01)  # the fault is there until the request has met it
            mock.reset()
            with pytest.raises(httpx.ReadError):
                waiting.result()
        assert "Late" not in {record["name"] for record in mock.records("messaging_profiles")}


def test_the_address_in_process_can_never_be_reached_by_mistake(mock: TelnyxMock) -> None:
    assert mock.base_url == f"{HOST}/v2" and HOST.endswith(".test"), "RFC 6761: .test never resolves"
