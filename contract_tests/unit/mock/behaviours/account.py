"""An account of the mock, in process, with an application behind its webhook addresses; time stands still."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema_rs
from telnyx_bindings import webhooks
from telnyx_bindings.event_classes import EVENTS

from contract_tests.mock import TelnyxMock

BUSY, SECOND = "3fa85f64-5717-4562-b3fc-2c963f66afa6", "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
TOLL_FREE, LONG_CODE, UNASSIGNED, SHORT_CODE = "+18005550001", "+12015550178", "+12015550123", "12345"
SOMEBODY, SOMEBODY_ELSE = "+13125550100", "+13125550101"


class Answer:
    """The status and the JSON of an answer."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.json: Any = response.json() if response.content else None

    @property
    def data(self) -> Any:
        """What is under ``data`` of a 2xx answer."""
        assert self.status == 200, self.json
        return self.json["data"]

    @property
    def refusal(self) -> tuple[int, list[str]]:
        """The status and the codes of a refusal."""
        return self.status, [error["code"] for error in self.json.get("errors", ())]


class Account:
    """Speaks to a mock; ``events`` are the webhooks that came, each proved to be signed and as described."""

    def __init__(self, mock: TelnyxMock) -> None:
        self.mock = mock
        mock.clock.freeze()
        mock.webhooks.through(httpx.MockTransport(self._take))
        self._client = httpx.Client(
            transport=mock.transport, base_url=mock.base_url, headers={"authorization": "Bearer KEY_test"}
        )
        self.events: list[webhooks.Event] = []
        self.odd: list[str] = []  # what is not as described
        self._looked_at = 0

    def _take(self, request: httpx.Request) -> httpx.Response:
        event = webhooks.unwrap(request.content, request.headers, self.mock.public_key)
        kind = event.event_type or event.record_type or ""
        schema = self.mock.description.alone({"$ref": f"#/components/schemas/{EVENTS[kind][1]}"})
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        self.odd += [f"{kind}: {problem.message}" for problem in validator.iter_errors(event.raw)]
        self.events.append(event)
        return httpx.Response(200)

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> Answer:
        """A request and its answer; a body of None is none."""
        if json is not None:
            more["json"] = json
        return Answer(self._client.request(method, path, **more))

    def send(self, **body: Any) -> Answer:
        """A message, ``sender`` for ``from``; to somebody and with a text where nothing else is said."""
        sender = body.pop("sender", None)
        named = {"from": sender} if sender else {}
        return self.call("POST", "/messages", {"to": SOMEBODY, "text": "hello", **named, **body})

    def status(self, identifier: str) -> list[str]:
        """How far a message has come on its way to each recipient."""
        return [one["status"] for one in self.call("GET", f"/messages/{identifier}").data["to"]]

    def pass_time(self, seconds: float) -> list[str]:
        """Let time pass and webhooks be sent; the types of the events that came since the last time.

        What is due at once is sent while the test goes on: how much of it has come before this call is chance.
        """
        self.mock.clock.advance(seconds)
        self.mock.webhooks.settle()
        assert not self.odd, self.odd
        before, self._looked_at = self._looked_at, len(self.events)
        return [event.event_type or event.record_type or "" for event in self.events[before:]]

    def close(self) -> None:
        """No more requests, no more webhooks until the next reset."""
        self._client.close()
        self.mock.close()
