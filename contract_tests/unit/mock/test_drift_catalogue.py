"""The catalogue as a whole: each drift can be planted in the real description, and a client could tell; a trap not."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import Description, load
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.drift_catalogue import BY_NAME, CATALOGUE, instances
from contract_tests.mock.drifts.drift import Plant
from contract_tests.mock.exchange import Request
from contract_tests.mock.faults.script import Break, Head, Piece, Wait
from contract_tests.unit.mock.conversation import TOKEN
from contract_tests.unit.mock.library import document

PROFILES, NUMBERS = "/messaging_profiles", "/phone_numbers/messaging"
OLD, FREE = "40012c5f-9d1e-4b60-8a3f-6d2f0c9e7b15", "400198eb-b746-43f8-9d0b-51a0c3f7e2b4"
BUSY, SECOND = "3fa85f64-5717-4562-b3fc-2c963f66afa6", "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
NUMBER, NOWHERE = "/phone_numbers/1293384261075731499/messaging", "00000000-0000-4000-8000-000000000000"
POOL = {"toll_free_weight": 1, "long_code_weight": 2, "skip_unhealthy": True}
DATED = {"created_at": "2011-01-01T00:00:00.000Z"}
# What the first creation makes; the conversation puts its id in.
NEW = "{new}"
FULL = {
    "name": "  A rather long name & more: größer ",
    "whitelisted_destinations": ["US", "CA"],
    "daily_spend_limit": "12.50",
    "enabled": False,
    "alpha_sender": None,
    "number_pool_settings": POOL,
}
# Method, address, body: what a thorough client asks, so that every drift has something to show in.
CONVERSATION: list[tuple[str, str, Any]] = [
    ("POST", PROFILES, FULL),
    ("POST", PROFILES, {"name": "b", "whitelisted_destinations": ["*"]}),
    ("POST", PROFILES, {"name": "b", "whitelisted_destinations": ["*"]}),
    ("POST", PROFILES, {"name": "c", "whitelisted_destinations": ["US"], "colour": "red", **DATED}),
    ("POST", PROFILES, {"name": 5, "whitelisted_destinations": []}),
    ("POST", PROFILES, {"whitelisted_destinations": ["usa"], "webhook_api_version": "9"}),
    ("POST", PROFILES, {"name": "d", "whitelisted_destinations": ["US"], "webhook_url": "http://a/" + 2000 * "x"}),
    ("POST", PROFILES, {"name": "e", "whitelisted_destinations": []}),
    ("GET", f"{PROFILES}/{NEW}", None),
    ("GET", f"{PROFILES}/{NEW}", None),
    ("PATCH", f"{PROFILES}/{NEW}", {"name": "other", "enabled": True, "colour": "red", **DATED}),
    ("GET", f"{PROFILES}/{NEW}", None),
    ("PATCH", f"{PROFILES}/{NEW}", {"webhook_url": None, "number_pool_settings": {**POOL, "geomatch": True}}),
    ("PATCH", f"{PROFILES}/{NEW}", {"number_pool_settings": {**POOL, "sticky_sender": True}}),
    ("PATCH", f"{PROFILES}/{NEW}", {"alpha_sender": "%"}),
    ("PATCH", f"{PROFILES}/{NEW}", {}),
    ("PATCH", f"{PROFILES}/{OLD}", {"name": "still without destinations"}),
    ("GET", f"{PROFILES}?page[size]=2", None),
    ("GET", f"{PROFILES}?page[size]=2&page[number]=2", None),
    ("GET", f"{PROFILES}?page[size]=2&page[number]=90", None),
    ("GET", f"{PROFILES}?page[size]=0", None),
    ("GET", f"{PROFILES}?page[size]=250", None),
    ("GET", f"{PROFILES}?colour=red", None),
    ("GET", f"{PROFILES}?filter[name][eq]=Second+profile", None),
    ("GET", f"{PROFILES}?filter[name][eq]=Second", None),
    ("GET", f"{PROFILES}?filter[name][contains]=prof", None),
    ("GET", f"{PROFILES}/{BUSY}/phone_numbers", None),
    ("GET", f"{PROFILES}/{SECOND}/short_codes", None),
    ("GET", f"{PROFILES}/{NOWHERE}/short_codes", None),
    ("GET", f"{PROFILES}/{SECOND}/metrics", None),
    ("GET", f"{PROFILES}/{SECOND}/metrics?time_frame=2y", None),
    ("GET", "/messaging_profile_metrics", None),
    ("GET", f"{NUMBERS}?sort[phone_number]=asc", None),
    ("GET", f"{NUMBERS}?sort[phone_number]=desc", None),
    ("GET", "/phone_numbers/+18005550001/messaging", None),
    ("PATCH", NUMBER, {"messaging_profile_id": None}),
    ("PATCH", NUMBER, {"messaging_product": "P2P"}),
    ("PATCH", NUMBER, {"messaging_product": ""}),
    ("PATCH", NUMBER, {"messaging_profile_id": NOWHERE}),
    ("PATCH", NUMBER, {"messaging_profile_id": ""}),
    ("PATCH", NUMBER, {}),
    ("DELETE", f"{PROFILES}/{SECOND}", None),
    ("DELETE", f"{PROFILES}/{NEW}", None),
    ("DELETE", f"{PROFILES}/{NEW}", None),
    ("GET", f"{PROFILES}/{NEW}", None),
    ("GET", PROFILES, None),
    ("GET", f"{PROFILES}/{NOWHERE}", None),
    ("GET", "/no-such-route", None),
    ("PUT", f"{PROFILES}/{FREE}", {}),
]
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DESCRIPTION = load()
# What the conversation is about; what shows at other resources is looked for in test_drifts_elsewhere.
ABOUT = {"messaging_profiles", "phone_number_messaging_settings", "short_codes"}


def is_told(plant: Plant) -> bool:
    """Whether the conversation can show a plant."""
    named = DESCRIPTION.by_id.get(plant.operations[0])  # those of webhooks are told to receivers: rules/test_webhooks
    resource = named.resource if named else None
    return resource is not None and resource.collection in ABOUT and not plant.drift.unobservable


DRIFTED = [plant for plant in instances(DESCRIPTION) if is_told(plant)]
# Traps that change values which no client may rely on; their answers differ in nothing else.
OTHER_VALUES = {"longer-secrets", "another-account"}
TRAPS = instances(DESCRIPTION, harmless=True)


def told(mock: Mock) -> list[Any]:
    """What the conversation shows of a mock whose clock stands still: status, headers, and the waits before."""
    heard: list[Any] = []
    new = NOWHERE
    for credentials in (TOKEN, "wrong", ""):
        for method, address, body in CONVERSATION[: None if credentials == TOKEN else 1]:
            path, _, query = address.replace(NEW, new).partition("?")
            sent = [(b"content-type", b"application/json"), (b"accept-encoding", b"gzip")]
            sent += [(b"authorization", f"Bearer {credentials}".encode())] if credentials else []
            content = b"" if body is None else json.dumps(body).encode()
            request = Request(method, f"/v2{path}".encode(), query.encode(), tuple(sent), content)
            exchange = carried_out(mock, request)
            heard.append(exchange)
            if heard[0] is exchange:
                new = identifier(exchange)
    return heard


def carried_out(mock: Mock, request: Request) -> tuple[float, int, dict[bytes, bytes], bytes]:
    """Seconds waited, status, headers and body of one exchange, its faults included."""
    waited, steps = 0.0, mock.strike(request)
    if steps is None:
        status, headers, body = mock.respond(request)
        return waited, status, dict(headers), body
    answered: tuple[int, dict[bytes, bytes], bytes] = (0, {}, b"")
    for step in steps:
        match step:
            case Wait(seconds):
                waited += seconds
            case Head(status, headers):
                answered = (status, dict(headers), b"")
            case Piece(content, _):
                answered = (*answered[:2], answered[2] + content)
            case Break():
                break
    return waited, *answered


def identifier(exchange: tuple[float, int, dict[bytes, bytes], bytes]) -> str:
    """The id of the record in an answer, whatever a drift made of it."""
    body = gzip.decompress(exchange[3]) if exchange[3].startswith(b"\x1f\x8b") else exchange[3]
    try:
        return str(json.loads(body)["data"]["id"])
    except (ValueError, KeyError, TypeError):
        return NOWHERE


def mock_with(*plants: str) -> Mock:
    """A mock of the real description at a fixed moment."""
    mock = create_app(DESCRIPTION, api_key=TOKEN, plants=plants)
    mock.clock.set(MOMENT)
    return mock


def heard_by_a_client(exchange: tuple[float, int, dict[bytes, bytes], bytes]) -> tuple[int, str, Any]:
    """An answer as a client that keeps to HTTP and JSON sees it: no order, no blanks, no compression."""
    _, status, headers, body = exchange
    small = {name.lower(): value for name, value in headers.items()}
    if small.get(b"content-encoding") == b"gzip":
        body = gzip.decompress(body)
    found = json.loads(body)
    for entry in found.get("errors", ()):
        entry.pop("detail", None)
    return status, small[b"content-type"].decode().partition(";")[0], found


@pytest.fixture(scope="module")
def usual() -> list[Any]:
    """What a mock without drifts tells."""
    return told(mock_with())


@pytest.mark.parametrize("plant", DRIFTED, ids=[plant.text for plant in DRIFTED])
def test_a_client_can_tell_each_drift(plant: Plant, usual: list[Any]) -> None:
    assert told(mock_with(plant.text)) != usual


@pytest.mark.parametrize("plant", TRAPS, ids=[plant.text for plant in TRAPS])
def test_a_trap_is_seen_on_the_wire_and_means_the_same(plant: Plant, usual: list[Any]) -> None:
    heard = told(mock_with(plant.text))
    assert heard != usual
    for one, other in zip(heard, usual, strict=True):
        came, expected = heard_by_a_client(one), heard_by_a_client(other)
        assert came[:2] == expected[:2]
        assert plant.drift.name in OTHER_VALUES or came[2] == expected[2]


def test_an_undisturbed_conversation_is_repeatable(usual: list[Any]) -> None:
    assert told(mock_with()) == usual


def test_the_catalogue_is_large_and_each_drift_can_be_planted_or_says_why_it_is_not_looked_for() -> None:
    drifts = [drift for drift in CATALOGUE if not drift.harmless]
    assert len(drifts) >= 60 and len(BY_NAME) == len(CATALOGUE)
    planted = {plant.drift.name for plant in instances(DESCRIPTION)}
    assert {drift.name for drift in drifts} - planted == {"throttle", "outage", "crash"}
    assert len(DRIFTED) > 130 and not [plant for plant in DRIFTED if plant.drift.harmless]
    assert all(drift.kinds for drift in drifts if not drift.unobservable)
    assert len({drift.summary for drift in CATALOGUE}) == len(CATALOGUE)


def test_the_readme_counts_them_right() -> None:
    text = (Path(__file__).resolve().parents[2] / "mock" / "README.md").read_text(encoding="utf-8")
    traps = sum(drift.harmless for drift in CATALOGUE)
    assert f"holds {len(CATALOGUE) - traps} drifts\nand {traps} harmless traps" in text


def test_instances_name_operations_of_the_description() -> None:
    for plant in (*DRIFTED, *TRAPS):
        assert plant.operations and set(plant.operations) <= set(DESCRIPTION.by_id)
        assert plant.only and set(plant.only) <= set(DESCRIPTION.by_id)


def test_a_finding_attributes_a_plant_by_kind_operation_and_place() -> None:
    plant = next(one for one in DRIFTED if one.text.startswith("null-keeps"))
    assert plant.attributed_by("null-keeps", "updateMessagingProfile", "/data/webhook_url")
    assert not plant.attributed_by("null-clears", "updateMessagingProfile", "/data/webhook_url")
    assert not plant.attributed_by("null-keeps", "createMessagingProfile", "/data/webhook_url")
    assert not plant.attributed_by("null-keeps", "updateMessagingProfile", "/data/name")


def test_more_instances_of_a_drift_are_had_for_the_asking() -> None:
    each = [plant.text for plant in instances(DESCRIPTION, each=5) if plant.drift.name == "drop-response-field"]
    assert len(each) == len(set(each)) == 5


def test_the_catalogue_serves_a_description_that_has_nothing_of_telnyx() -> None:
    library = Description(document())
    plants = instances(library)
    assert len(plants) > 100
    for plant in plants:
        create_app(library, plants=[plant.text])


def test_an_intermittent_drift_strikes_one_request_in_n_by_seed() -> None:
    def struck(seed: int) -> list[bool]:
        mock = create_app(DESCRIPTION, plants=["sometimes:5:status:listMessagingProfiles:299"], seed=seed)
        request = Request("GET", b"/v2/messaging_profiles", b"", ((b"authorization", b"Bearer x"),))
        first = [mock.respond(request)[0] == 299 for _ in range(200)]
        mock.reset()
        assert [mock.respond(request)[0] == 299 for _ in range(200)] == first
        return first

    assert 20 <= sum(struck(1)) <= 60
    assert struck(1) != struck(2)


def test_an_intermittent_delay_strikes_one_request_in_n() -> None:
    mock = create_app(DESCRIPTION, plants=["sometimes:4:slow:listMessagingProfiles"])
    request = Request("GET", b"/v2/messaging_profiles", b"", ((b"authorization", b"Bearer x"),))
    assert 30 <= sum(mock.strike(request) is not None for _ in range(200)) <= 70
