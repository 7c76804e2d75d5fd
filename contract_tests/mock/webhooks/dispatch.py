"""Webhooks as a mock has them: events get an id and a signature, are sent, and what came of it can be read.

Signatures carry the machine's time, because that is what receivers compare them with; ``occurred_at`` and the back-off
go by the mock's clock.
"""

from __future__ import annotations

import copy
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..clock import Clock, at_nanoseconds
from ..exchange import Json
from .delivery import Delivery
from .event import Event, indented, moment
from .mutation import Mutation
from .outbox import Outbox
from .schedule import DELIVERED, plan
from .sending import Outcome, Sender, Transport, over_network, through
from .signature import Signer

SENT_WITH = {"content-type": "application/json", "user-agent": "telnyx-webhooks"}
SETTLED = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class SignedWebhook:
    """A webhook ready to be given to a handler: ``client.post("/hooks", content=it.body, headers=it.headers)``."""

    event: Event
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)


class Webhooks:
    """Makes, signs and delivers events. ``duplicates`` is how often each is delivered again (0: once).

    ``upkeep`` lets everything happen that time has brought, so that its events are there to be waited for;
    ``mutation`` is what planted drifts make of the next one.
    """

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._clock = clock
        self._seed = seed
        self._signer = Signer(seed)
        self._outbox = Outbox(clock, self._make)
        self._lock = threading.Lock()
        self.upkeep: Callable[[], None] = lambda: None
        self.mutation: Callable[[], Mutation] = Mutation
        self._start()

    def _start(self) -> None:
        self._random = random.Random(f"webhooks {self._seed}")
        self._send: Sender = over_network
        self._anywhere = False
        self.duplicates = 0

    @property
    def public_key(self) -> str:
        """What a service checks signatures with: base64 of 32 bytes. ``ImportError`` without ``cryptography``."""
        return self._signer.public_key

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """What was or is to be delivered, oldest first."""
        return self._outbox.deliveries

    def identifier(self) -> str:
        """A UUID from a sequence of its own, so that events do not change the ids of records made later."""
        with self._lock:
            return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def event(self, event_type: str | None, payload: Json, *, at: int | None = None) -> Event:
        """An event that happens now, or ``at`` ns of the mock's clock; without a type its payload is the whole body.

        ``ValueError`` or ``TypeError`` for a payload that is no JSON.
        """
        copied = json.loads(json.dumps(payload, ensure_ascii=False, allow_nan=False).encode())
        when = self._clock.now() if at is None else at_nanoseconds(at)
        return Event(self.identifier(), event_type, moment(when), copied)

    def signed(
        self,
        event_type: str,
        payload: Json,
        *,
        attempt: int = 1,
        delivered_to: str = "http://127.0.0.1/webhooks",
        timestamp: int | None = None,
    ) -> SignedWebhook:
        """An event as bytes and headers, for a handler that a test calls itself; nothing is sent.

        ``timestamp``: Unix seconds of the signature (None: now), to try what a handler makes of an old one.
        """
        event = self.event(event_type, payload)
        body = event.body(attempt, delivered_to)
        return SignedWebhook(event, body, self._headers(body, timestamp))

    def deliver(self, event: Event, urls: Iterable[str | None], *, at: int | None = None) -> Delivery:
        """Begin to deliver an event, to the first address and then to the ones after it. Returns at once.

        ``at``: nothing is tried before the mock's clock has come there (ns).
        """
        self._signer.public_key  # noqa: B018  # without the package it has to fail here, not in the thread
        tries = plan(urls, anywhere=self._anywhere)
        begin = self._clock.nanoseconds() if at is None else at
        delivery = Delivery.planned(event, tries, self.duplicates + 1, begin)
        self._outbox.put(delivery)
        return delivery

    def withhold(self, event: Event, reason: str) -> Delivery:
        """Note that an event is not delivered, and why."""
        delivery = Delivery(event)
        delivery.abandon(f"not delivered: {reason}")
        self._outbox.put(delivery)
        return delivery

    def through(self, transport: Transport | None) -> None:
        """Hand webhooks to a transport instead of the network (None: back to it), whatever their address.

        ``httpx.ASGITransport(app)`` and ``httpx.WSGITransport(app)`` reach an application without a socket,
        ``httpx.MockTransport(function)`` a function. Each call comes from the mock's thread. Lasts until a reset.
        """
        self._send = over_network if transport is None else through(transport)
        self._anywhere = transport is not None

    def settle(self, limit: float = SETTLED) -> tuple[Delivery, ...]:
        """Wait until everything that is due was tried; the deliveries. ``TimeoutError`` after ``limit`` seconds."""
        self.upkeep()
        self._outbox.settle(limit)
        return self.deliveries

    def reset(self, *, wait: bool = True) -> None:
        """Forget all events, pending ones included; go back to the network and to single deliveries.

        ``wait``: for the end of a request that is on its way.
        """
        self._outbox.reset(wait=wait)
        self._start()

    def close(self) -> None:
        """Deliver nothing more."""
        self._outbox.close()

    def _make(self, delivery: Delivery) -> Outcome:
        url = delivery.next_url
        mutation = self.mutation()
        content = delivery.event.content(len(delivery.attempts) + 1, url)
        if mutation.tells:
            content = mutation.body(copy.deepcopy(content))
            if content is None:
                return DELIVERED
        body = indented(content)
        try:
            return self._send(url, body, mutation.prove(lambda moment: self._headers(body, moment), int(time.time())))
        except Exception as problem:  # the thread has to live on, whatever an address looks like
            return f"{type(problem).__name__}: {problem}"

    def _headers(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        return {**SENT_WITH, **self._signer.headers(body, int(time.time()) if timestamp is None else timestamp)}
