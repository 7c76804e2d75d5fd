"""What becomes of messages to a recipient, as a test has said; of all others they are delivered.

Codes and titles of failed deliveries are the API's catalogue of messaging errors.
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts.errors import InputError

from ..errors import ERROR_PAGE
from ..exchange import Record

FATES = "fates"  # in the world's memory: recipient → Fate
NEVER_SENT = "sending_failed"
ENDS = ("delivered", NEVER_SENT, "delivery_failed", "delivery_unconfirmed", "expired")
TITLES = {
    "40001": "Not routable",
    "40002": "Blocked as spam - temporary",
    "40003": "Blocked as spam - permanent",
    "40004": "Rejected by destination",
    "40005": "Message expired during transmission",
    "40006": "Recipient server unavailable",
    "40008": "Undeliverable",
    "40009": "Invalid message body",
    "40010": "Not 10DLC registered",
    "40011": "Too many requests",
    "40012": "Invalid messaging destination number",
    "40014": "Message expired in queue",
    "40015": "Blocked as spam - internal",
    "40322": "Blocked due to content",
    "40329": "Toll-free not verified",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """The final status of messages to a recipient, and the ``errors[]`` entry of those that failed."""

    status: str = "delivered"
    error: Record | None = None

    @classmethod
    def of(cls, status: str, code: str | None = None) -> Fate:
        """``InputError`` for a status that is no end, and for a code that is none of failed deliveries."""
        if status not in ENDS:
            raise InputError(f"{status!r} is no final status", fix=f"one of {', '.join(ENDS)}")
        if code is None:
            return cls(status)
        if code not in TITLES:
            raise InputError(f"{code!r} is no code of a failed delivery", fix=f"one of {', '.join(TITLES)}")
        return cls(status, {"code": code, "meta": {"url": ERROR_PAGE + code}, "title": TITLES[code]})
