"""What a run has to receive webhooks with, made when the first rule asks: endpoint, key, stand-in, and the tally."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping

from contract_tests.description import Description
from contract_tests.drift.finding import Findings
from contract_tests.drift.observe import Observer
from contract_tests.webhooks.receiver import Delivery, Inbox, Receiver
from contract_tests.webhooks.stand_in import StandIn

KEY_VARIABLE = "TELNYX_PUBLIC_KEY"
# Seconds until an event is said not to come: from a stand-in, whose clock is moved on, after each step of it, and then
# as long as it is still sending, which a busy machine does late.
STEPS = (0, 1, 2, 4, 8, 16, 32)
GLANCE = 0.1
SENDING = 20.0
PATIENCE = 60.0
NO_WAY = (
    "nothing that the target sends can reach this run: the target offers no controls (mock --controls), and no "
    "--webhook-url leads here"
)


class Hooks:
    """``stand_in``: finds the controls of the target; ``url`` and ``port``: how others reach this machine.

    ``seen`` counts judged events by webhook; ``observer`` has their fields.
    """

    def __init__(
        self,
        description: Description,
        findings: Findings,
        stand_in: Callable[[], StandIn | None],
        *,
        url: str | None = None,
        port: int = 0,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.seen: Counter[str] = Counter()
        self.observer = Observer(description, findings, kinds="webhook-", within="request:")
        self.url = url
        self._port = port
        self._find = stand_in
        self._found: StandIn | None = None
        self._looked = False
        self._environment = environment
        self._receiver: Receiver | None = None

    @property
    def stand_in(self) -> StandIn | None:
        """The controls of the target, if it has any."""
        if not self._looked:
            self._found, self._looked = self._find(), True
        return self._found

    @property
    def public_key(self) -> str | None:
        """What the target's signatures are checked with; None when nobody told."""
        told = self._environment.get(KEY_VARIABLE, "").strip()
        return self.stand_in.public_key if self.stand_in is not None else told or None

    @property
    def address(self) -> str:
        """Where the endpoint is on this machine; empty before it is opened. The outside address is told to nobody."""
        return self._receiver.address if self._receiver is not None else ""

    @property
    def obstacle(self) -> str:
        """Why nothing can be received; empty when it can."""
        return "" if self.url or self.stand_in is not None else NO_WAY

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What could not be judged of events that came."""
        if self.seen and self.public_key is None:
            return (f"signatures of webhooks: {KEY_VARIABLE} does not hold the account's public key",)
        return ()

    def open(self) -> Inbox:
        """A new address for the target; ``InputError`` when the port is taken."""
        if self._receiver is None:
            self._receiver = Receiver(self._port, self.url)
        return self._receiver.open()

    def wait(self, inbox: Inbox, enough: Callable[[tuple[Delivery, ...]], bool]) -> bool:
        """Wait until what came is enough; a stand-in's time is moved on instead of being waited for."""
        if self.stand_in is None:
            return inbox.wait(enough, PATIENCE)
        for step in STEPS:
            if step:
                self.stand_in.advance(step)
            if inbox.wait(enough, GLANCE):
                return True
        until = time.monotonic() + SENDING
        while self.stand_in.sending and time.monotonic() < until:
            if inbox.wait(enough, GLANCE):
                return True
        return inbox.wait(enough, 0)

    def close(self) -> None:
        """Receive nothing more."""
        if self._receiver is not None:
            self._receiver.close()
