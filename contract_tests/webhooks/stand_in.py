"""A stand-in's controls over HTTP: who writes to a number, who follows a link, and how time goes on.

A mock that was started with ``--controls`` serves them beside the API (``contract_tests/mock/README.md``); the real API
has none, so that nobody can be made to write to it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

PATIENCE = 5.0  # seconds
HERE = "/mock"


class StandIn:
    """The controls of the stand-in at an address; ``public_key`` is what its webhooks are checked with."""

    def __init__(self, base: str, public_key: str, transport: httpx.BaseTransport | None = None) -> None:
        self.public_key = public_key
        self._base = base
        self._transport = transport

    @classmethod
    def at(cls, base_url: str, transport: httpx.BaseTransport | None = None) -> StandIn | None:
        """The stand-in that serves this API, None when its address offers no controls."""
        parts = urlsplit(base_url)
        base = f"{parts.scheme}://{parts.netloc}{HERE}"
        try:
            with httpx.Client(trust_env=False, timeout=PATIENCE, transport=transport) as client:
                answer = client.get(f"{base}/public_key")
            key = answer.json()["result"] if answer.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return None
        return cls(base, key, transport) if isinstance(key, str) else None

    def advance(self, seconds: float) -> None:
        """Let time go on."""
        self.act("clock", {"advance": seconds})

    @property
    def sending(self) -> bool:
        """Whether webhooks are on their way; False, too, where that can't be learned."""
        try:
            with httpx.Client(trust_env=False, timeout=PATIENCE, transport=self._transport) as client:
                told = client.get(f"{self._base}/deliveries").json()["result"]
            return any(one["state"] == "pending" for one in told)
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return False

    def act(self, name: str, told: dict[str, Any]) -> None:
        """Let something happen; ``RuntimeError`` with what the stand-in said when it refuses."""
        with httpx.Client(trust_env=False, timeout=PATIENCE, transport=self._transport) as client:
            answer = client.post(f"{self._base}/{name}", json=told)
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"the control {name} was refused: {answer.text.strip()[:200]}")
