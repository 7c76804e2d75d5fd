"""An event and its bytes on the wire: the envelope of API version 2, or no envelope where the event has none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from ..exchange import Json


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``id`` is the same in every delivery of it. ``repr`` hides the payload.

    ``event_type``: None when the payload is the whole body.
    """

    id: str
    event_type: str | None
    occurred_at: str
    payload: Json = field(repr=False)

    def body(self, attempt: int, delivered_to: str) -> bytes:
        """The request body of the ``attempt``-th try (from 1): indented JSON, as the API sends it."""
        return indented(self.content(attempt, delivered_to))

    def content(self, attempt: int, delivered_to: str) -> Json:
        """The same as a value."""
        if self.event_type is None:
            return self.payload
        data = {
            "event_type": self.event_type,
            "id": self.id,
            "occurred_at": self.occurred_at,
            "payload": self.payload,
            "record_type": "event",
        }
        meta = {"attempt": attempt, "delivered_to": delivered_to}
        return {"data": data, "meta": meta}


def indented(body: Json) -> bytes:
    """The bytes of a body."""
    return json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False).encode()


def moment(now: datetime) -> str:
    """``occurred_at`` as webhooks have it, unlike answers: milliseconds and ``+00:00``."""
    return now.isoformat(timespec="milliseconds")
