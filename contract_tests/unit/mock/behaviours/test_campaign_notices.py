"""What a campaign's addresses are told of its review."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema_rs
import pytest
from telnyx_bindings import webhooks

from contract_tests.mock import TelnyxMock

BRAND = "4b20017f-8da9-4992-a6c0-683072fb7729"
CODES = {"brandId": BRAND, "description": "Codes", "usecase": "2FA", "optoutMessage": "Bye."}
ADDRESS = "https://hooks.example.com/campaign"


class Registrar:
    """An account that registers campaigns; ``told`` are the payloads that came to an address, proved to be signed."""

    def __init__(self, mock: TelnyxMock) -> None:
        mock.reset()
        mock.clock.freeze()
        mock.webhooks.through(httpx.MockTransport(self._take))
        self.mock, self.told = mock, list[tuple[str, dict[str, Any]]]()
        self._client = httpx.Client(
            transport=mock.transport, base_url=mock.base_url, headers={"authorization": "Bearer KEY_test"}
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        event = webhooks.unwrap(request.content, request.headers, self.mock.public_key)
        schema = self.mock.description.alone({"$ref": "#/components/schemas/CampaignStatusUpdateEvent"})
        assert jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(event.raw)
        self.told.append((str(request.url), dict(event.raw)))
        return httpx.Response(200)

    def call(self, method: str, path: str, json: Any = None) -> Any:
        """What a request is answered."""
        response = self._client.request(method, path, json=json)
        assert response.status_code == 200, response.text
        return response.json()

    def events_after(self, seconds: float) -> list[tuple[str, str, bool]]:
        """Type, status and T-Mobile's part of each event that comes while time passes."""
        before = len(self.told)
        self.mock.clock.advance(seconds)
        self.mock.webhooks.settle()
        return [(one["type"], one["status"], one["isTMobileRegistered"]) for _, one in self.told[before:]]


@pytest.fixture
def registrar(mock: TelnyxMock) -> Registrar:
    """An account with the seed records, as new."""
    return Registrar(mock)


def submit(registrar: Registrar, *, addressed: bool = True, **more: Any) -> str:
    """The id of a new campaign."""
    body = {**CODES, **({"webhookURL": ADDRESS} if addressed else {}), **more}
    return str(registrar.call("POST", "/10dlc/campaignBuilder", body)["campaignId"])


def test_each_verdict_is_told_when_it_is_given(registrar: Registrar) -> None:
    campaign = submit(registrar)
    seen = [registrar.events_after(10) for _ in range(6)]
    registered, reviewed = ("REGISTRATION", "ACCEPTED", False), ("TELNYX_REVIEW", "ACCEPTED", False)
    assert seen == [[registered], [reviewed], [], [("MNO_REVIEW", "ACCEPTED", False)], [], []]
    assert {address for address, _ in registrar.told} == {ADDRESS}
    assert {one["campaignId"] for _, one in registrar.told} == {campaign}
    made = registrar.call("GET", f"/10dlc/campaign/{campaign}")
    assert made["brandId"] == BRAND and all(one["brandId"] == BRAND for _, one in registrar.told)


def test_a_rejection_is_the_last_that_is_told(registrar: Registrar) -> None:
    submit(registrar, termsAndConditions=False)
    assert registrar.events_after(10) == [("REGISTRATION", "ACCEPTED", False)]
    assert registrar.events_after(10) == [("TELNYX_REVIEW", "REJECTED", False)]
    assert registrar.events_after(3600) == []


def test_the_address_that_the_campaign_has_by_then_is_told(registrar: Registrar) -> None:
    campaign = submit(registrar)
    other = "https://hooks.example.com/other"
    registrar.call("PUT", f"/10dlc/campaign/{campaign}", {"webhookURL": other})
    registrar.events_after(10)
    assert [address for address, _ in registrar.told] == [other]


def test_of_a_campaign_that_was_deactivated_nothing_more_is_told(registrar: Registrar) -> None:
    campaign = submit(registrar)
    assert len(registrar.events_after(10)) == 1
    registrar.call("DELETE", f"/10dlc/campaign/{campaign}")
    assert registrar.events_after(3600) == []


def test_a_campaign_without_an_address_tells_nobody(registrar: Registrar) -> None:
    submit(registrar, addressed=False)
    assert registrar.events_after(3600) == []
