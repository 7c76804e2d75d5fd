"""What has to be sent before a request so that it means the same again: how the record that it names came to be.

A request about a record that the run made itself cannot be repeated alone, since the record is gone by then. The trail
remembers the creation and each later write, so that a finding can tell the whole way.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange

# Made records that are remembered, writes that are remembered of each, and exchanges whose place in time is known.
RECORDS = 2000
WRITES = 6
RECENT = 512
READS = frozenset({"GET", "HEAD"})


class Trail:
    """Observes recorded exchanges (give it to ``Session.observers``); calling ``before`` asks it."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._made: OrderedDict[str, list[tuple[int, Exchange]]] = OrderedDict()
        self._recent: deque[tuple[int, Exchange]] = deque(maxlen=RECENT)
        self._count = 0

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Note a creation, or a write to a record that was made in this run."""
        self._count += 1
        self._recent.append((self._count, exchange))
        if not exchange.ok:
            return
        if operation.resource is not None and operation.resource.action == "create":
            if record_id := self._made_by(operation, exchange):
                self._made[record_id] = [(self._count, exchange)]
            while len(self._made) > RECORDS:
                self._made.popitem(last=False)
        elif exchange.method not in READS:
            for record_id in self._named_in(exchange):
                if len(self._made[record_id]) <= WRITES:
                    self._made[record_id].append((self._count, exchange))

    def before(self, exchange: Exchange) -> tuple[Exchange, ...]:
        """The creation of each made record that a request names, and the writes to it up to then; oldest first."""
        now = next((count for count, one in reversed(self._recent) if one is exchange), self._count + 1)
        steps: dict[int, Exchange] = {}
        for record_id in self._named_in(exchange):
            steps.update({count: one for count, one in self._made[record_id] if count < now})
        return tuple(steps[count] for count in sorted(steps))

    def fleeting(self, exchange: Exchange) -> bool:
        """Whether an answer shows records that the run made before: sent alone later, it would show others."""
        if not self._made or not exchange.ok:
            return False
        return any(text in self._made and self._made[text][0][1] is not exchange for text in _texts(exchange.content))

    def _made_by(self, operation: Operation, exchange: Exchange) -> str:
        """The id of the record that an answer to a creation shows; empty when it shows none."""
        data = exchange.content
        fields = self._description.properties(self._description.record_schema(operation) or {})
        ids = [name for name, field in fields.items() if field.get("x-generated") in {"id", "key"}]
        record_id = data.get(ids[0]) if ids and isinstance(data, dict) else None
        return record_id if isinstance(record_id, str) else ""

    def _named_in(self, exchange: Exchange) -> list[str]:
        """Ids of made records in the address or among the values of the body."""
        parts = [unquote(part) for part in urlsplit(exchange.url).path.split("/")]
        named = [*parts, *_texts(exchange.request_json)] if exchange.request_body else parts
        return [one for one in dict.fromkeys(named) if one in self._made]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
