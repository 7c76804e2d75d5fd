"""A gate before a mock in this process: ``Stage.sent`` holds what it let through, the mock's store what came of it.

Requests are written as (method, path below the base, body); the token and the content type are added.
"""

from __future__ import annotations

import contextlib
import functools
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests.description import Description, load
from contract_tests.live.allowance import Allowance
from contract_tests.live.gate import Gate
from contract_tests.live.ledger import Ledger
from contract_tests.live.pace import Pace
from contract_tests.live.policy import Limits, OptIn, Policy
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.live.verdict import Terms
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.exchange import Request

BASE = "http://127.0.0.1:9/v2"
TOKEN = "KEY_of_the_live_tests"
PROFILES, NUMBERS = "messaging_profiles", "phone_number_messaging_settings"
NUMBER, NUMBER_ID = "+18005550001", "1293384261075731499"
# A profile of the seeds: somebody's, not ours.
FOREIGN = "400198eb-b746-43f8-9d0b-51a0c3f7e2b4"
PLENTY = Limits(1000, 500, 200, Decimal(0), 0, 60.0)
DELETING = {"deleteMessagingProfile": OptIn(frozenset({"irreversible"}), Decimal(0))}
Lie = Callable[[Outgoing, Incoming], Incoming]


def truth(outgoing: Outgoing, answer: Incoming) -> Incoming:
    """An honest target."""
    return answer


def policy(**changes: Any) -> Policy:
    """A policy that lets profiles be deleted, with changes."""
    made: dict[str, Any] = {
        "file": Path("policy.yaml"),
        "opt_ins": DELETING,
        "owned": {},
        "recipients": frozenset(),
        "keep": frozenset(),
        "limits": PLENTY,
    }
    return Policy(**{**made, **changes})


@dataclass
class Stage:
    """A gate, the mock behind it, and every request that reached the mock."""

    gate: Gate
    mock: Mock
    folder: Path
    lie: Lie = truth
    sent: list[Outgoing] = field(default_factory=list)

    def wire(self, outgoing: Outgoing) -> Incoming:
        """Answer by the mock, which may lie."""
        self.sent.append(outgoing)
        parts = urlsplit(outgoing.url)
        headers = tuple((name.encode(), value.encode("latin-1")) for name, value in outgoing.headers)
        request = Request(outgoing.method, parts.path.encode(), parts.query.encode(), headers, outgoing.body)
        status, answered, body = self.mock.respond(request)
        plain = {name.decode().lower(): value.decode("latin-1") for name, value in answered}
        return self.lie(outgoing, Incoming(status, plain, body))

    def send(self, method: str, path: str, body: Any = None, *, base: str = BASE, **headers: str) -> Incoming:
        """What a client of the suite does: ask the gate, send, settle."""
        outgoing = request(method, path, body, base=base, **headers)
        permit = self.gate.admit(outgoing)
        answer = None
        try:
            answer = self.wire(outgoing)
        finally:
            self.gate.settle(permit, answer)
        return answer

    def create(self, name: str = "one", **more: Any) -> Incoming:
        """Create a profile with this run's mark."""
        body = {"name": f"{self.gate.ledger.prefix}{name}", "whitelisted_destinations": ["US"], **more}
        return self.send("POST", "/messaging_profiles", body)

    def new(self) -> str:
        """The id of a new profile of ours."""
        record = self.create().record
        assert record is not None
        return str(record["id"])

    def lines(self) -> list[dict[str, Any]]:
        """The ledger so far."""
        return [json.loads(line) for line in self.gate.ledger.path.read_text(encoding="utf-8").splitlines()]

    def events(self) -> list[str]:
        """The ledger's events, the first line left out."""
        return [line["event"] for line in self.lines()[1:]]

    def names(self) -> list[str]:
        """The names of all profiles that the mock has."""
        return [record["name"] for record in self.mock.store.snapshot()[PROFILES]]


def request(method: str, path: str, body: Any = None, *, base: str = BASE, **headers: str) -> Outgoing:
    """A request as a client would send it."""
    given = [("authorization", f"Bearer {TOKEN}"), *((name.replace("_", "-"), text) for name, text in headers.items())]
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    if body is not None and "content_type" not in headers:
        given.append(("content-type", "application/json"))
    return Outgoing(method, f"{base}{path}", tuple(given), content)


@functools.lru_cache(maxsize=4)
def _mock(description: Description) -> Mock:
    return create_app(description, api_key=TOKEN)


def fresh(description: Description) -> Mock:
    """A mock as new; made once, since making one takes longer than most tests."""
    made = _mock(description)
    made.reset()
    return made


def rested(mock: Mock) -> Mock:
    """The mock when all that its seeds have under way is over: from now on only requests change a record."""
    mock.clock.advance(timedelta(days=365).total_seconds())
    mock.catch_up()
    for name, settle in mock.world.behaviours.settles.items():
        for record in list(mock.store[name]):
            mock.store[name].replace(settle(record, mock.world))
    return mock


@contextlib.contextmanager
def staged(
    *,
    writes: bool = True,
    negative: bool = False,
    limits: Limits | None = None,
    description: Description | None = None,
    mock: Mock | None = None,
    folder: Path | None = None,
    **policies: Any,
) -> Iterator[Stage]:
    """A gate with its ledger in a folder of its own, in front of a new mock of ``description`` (ours)."""
    shape = description or load()
    behind = mock or fresh(shape)
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ledger = stack.enter_context(Ledger(place, BASE))
        made = policy(**policies)
        terms = Terms(shape, made, writes, negative, ledger.prefix)
        stage: Stage

        def wire(outgoing: Outgoing) -> Incoming:
            return stage.wire(outgoing)

        gate = Gate(terms, BASE, TOKEN, ledger, Allowance(limits or made.limits), wire, Pace())
        stage = Stage(gate, behind, place)
        yield stage
