"""What a test can do with a mock, however clients reach it: look, put records in, let it fail, have webhooks sent."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from scripts.errors import InputError

from ..description import Description
from .app import Mock
from .behaviours import arrivals, inbound, links, messages
from .behaviours.fates import FATES, Fate
from .clock import Clock
from .exchange import Json, Received, Record
from .faults import Fault
from .stocking import Stock
from .webhooks.delivery import Delivery
from .webhooks.dispatch import Webhooks
from .webhooks.event import Event
from .world import Notice

ANY_KEY = "KEY_mock"  # of a mock that takes any


class Controls:
    """The handle of a mock. Safe to use from several threads; the attributes are there to be read."""

    def __init__(self, app: Mock, webhooks: Webhooks, description: Description, api_key: str | None) -> None:
        self.app = app
        self.webhooks = webhooks
        self.description = description
        self.api_key = api_key or ANY_KEY
        app.world = replace(app.world, tell=self._told)
        webhooks.upkeep = app.catch_up
        webhooks.mutation = app.mutation

    @property
    def clock(self) -> Clock:
        """The mock's time, which is the machine's until told otherwise: ``freeze``, ``set``, ``advance``, ``now``."""
        return self.app.clock

    @property
    def requests(self) -> tuple[Received, ...]:
        """The last 1,000 requests, oldest first: method, path, query, headers (tokens redacted), body, ``json``."""
        return self.app.requests

    @property
    def public_key(self) -> str:
        """What a service has to check webhooks with."""
        return self.webhooks.public_key

    def records(self, collection: str) -> list[Record]:
        """Copies of the records of a collection, oldest first; ``InputError`` when there is no such collection."""
        with self.app.lock:
            self.app.catch_up()
            if collection not in self.app.store:
                known = ", ".join(self.app.store.names)
                raise InputError(f"there are no {collection!r}", fix=f"the description has {known}")
            return copy.deepcopy(list(self.app.store[collection]))

    def seed(self, collection: str, *records: Mapping[str, Json]) -> list[Record]:
        """Put records in, such as no client could make (bought numbers); copies of them as they are stored.

        Members that are left out get what the server would set. ``InputError`` when the description does not allow it.
        """
        return copy.deepcopy(self._stock.add(self.app, collection, copy.deepcopy(records)))

    def fail_next(self, fault: str | Fault = "error", **told: Any) -> None:
        """Let the next request fail: ``fail_next("reset")``, ``fail_next("error", status=502, method="POST")``.

        ``told``: the settings of the fault and the requests it is meant for, as in a fault file; ``count``: how many
        of them (1). A fault told later comes first. ``InputError`` for an unknown fault, setting or operation.
        """
        if isinstance(fault, str):
            fault = Fault.of(fault, **{"count": 1, **told})
        elif told or not isinstance(fault, Fault):
            raise TypeError("fail_next takes the name of a fault and its settings, or a Fault, which has them already")
        self.app.inject(fault)

    def receive_message(
        self, text: str = "", *, to: str, sender: str = "+13125550100", media: Iterable[str] = ()
    ) -> Delivery:
        """Somebody writes to a number or short code of the account: its profile's addresses get ``message.received``.

        Returns at once; ``webhooks.settle()`` waits until it was delivered. ``InputError`` for a number that the
        account does not have.
        """
        with self.app.lock:
            self.app.catch_up()
            identifier = self.webhooks.identifier()
            content, profile = arrivals.receive(
                self.app.world, identifier, to=to, sender=sender, text=text, media=media
            )
            event = self.webhooks.event(inbound.EVENT_TYPE, content)
        return self._tell(event, profile)

    def deliveries_end(self, *numbers: str, status: str, code: str | None = None) -> None:
        """From now on messages to these numbers end so: ``telnyx_mock.deliveries_end("+1…", status="expired")``.

        ``status``: delivered (as for all others), sending_failed, delivery_failed, delivery_unconfirmed or expired;
        ``code``: of the error that such a message then tells, say 40008. ``InputError`` for any other.
        """
        fate = Fate.of(status, code)
        with self.app.lock:
            self.app.world.remembered(FATES).update(dict.fromkeys(numbers, fate))

    def cancel_message(self, message_id: str) -> Record:
        """Take a scheduled message back, as a person does who deletes it: the message as it is then.

        ``InputError`` when it is not scheduled, or less than a minute is left.
        """
        with self.app.lock:
            self.app.catch_up()
            return copy.deepcopy(messages.cancel(self.app.world, message_id))

    def follow_link(self, message_id: str, url: str) -> Delivery:
        """The recipient of a message follows a shortened link that stands for ``url``; told where that is switched on.

        ``InputError`` when the account has sent no such message.
        """
        with self.app.lock:
            self.app.catch_up()
            notice = links.followed(self.app.world, message_id, url)
        return self._told(notice)

    def deliver(
        self, event_type: str, payload: Json, *, profile_id: str | None = None, url: str | None = None
    ) -> Delivery:
        """Deliver any event: to the addresses of a profile, or to ``url``. Returns at once, as ``receive_message``."""
        if (profile_id is None) == (url is None):
            raise TypeError("an event goes to a profile_id or to a url")
        event = self.webhooks.event(event_type, payload)
        if url is not None:
            return self.webhooks.deliver(event, [url])
        profile = self.app.store[inbound.PROFILES].get(str(profile_id))
        if profile is None:
            raise InputError(f"there is no messaging profile {profile_id!r}")
        return self._tell(event, profile)

    def _told(self, notice: Notice) -> Delivery:
        """Something happens that webhooks tell of."""
        event = self.webhooks.event(notice.event_type, notice.payload, at=notice.moment)
        if notice.withheld:
            return self.webhooks.withhold(event, notice.withheld)
        try:
            return self.webhooks.deliver(event, notice.urls, at=notice.moment)
        except ImportError as problem:  # nothing signs webhooks: the request that led to this one is fine all the same
            return self.webhooks.withhold(event, str(problem))

    def _tell(self, event: Event, profile: Record | None) -> Delivery:
        if profile is None:
            return self.webhooks.withhold(event, "the number is assigned to no messaging profile")
        told = inbound.listener(profile)
        if told.withheld:
            return self.webhooks.withhold(event, told.withheld)
        return self.webhooks.deliver(event, told.urls)

    def reset(self) -> None:
        """Back to the start: records, clock, ids, quotas, faults, requests, webhooks."""
        self.webhooks.reset()
        self.app.reset()

    def close(self) -> None:
        """Deliver no more webhooks. The mock itself holds nothing that has to be closed."""
        self.webhooks.close()

    @functools.cached_property
    def _stock(self) -> Stock:
        return Stock(self.description)
