"""A message that somebody sends to one of the account's numbers: what the webhook says, and who is told.

The events and their members are those of the specification's inbound message; money, carriers and campaigns are
not simulated, so those members are null or plausible constants.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..exchange import Json, Record
from ..store import Store

EVENT_TYPE = "message.received"
PROFILES = "messaging_profiles"
# Where what a message is sent to is kept: the collection, and its field that people write to.
RECEIVERS = (("phone_number_messaging_settings", "phone_number"), ("short_codes", "short_code"))
FORMAT = "2"  # the only webhook_api_version whose format is simulated
# GSM 03.38: the characters of one septet, and those of two.
ONE_SEPTET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_SEPTETS = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told of the events of a profile: addresses in order, or why nobody is."""

    urls: tuple[str | None, ...] = ()
    withheld: str | None = None


def listener(profile: Record) -> Listener:
    """The addresses of a profile, unless it is switched off or wants a format that is not simulated."""
    if profile.get("enabled") is False:
        return Listener(withheld="the profile is not enabled")
    wanted = profile.get("webhook_api_version")
    if wanted not in (None, FORMAT):
        return Listener(withheld=f"webhook_api_version {wanted} is not simulated")
    return Listener((profile.get("webhook_url"), profile.get("webhook_failover_url")))


def receiver(store: Store, address: str) -> Record | None:
    """The number or short code that people write to at ``address``; None when the account has none such."""
    for collection, field in RECEIVERS:
        if collection in store and (found := store[collection].find(field, address)) is not None:
            return found
    return None


def encoding_of(text: str) -> tuple[str, int]:
    """How a text travels, and in how many parts: 160 septets or 70 UTF-16 units, 153 or 67 when there are several."""
    if all(one in ONE_SEPTET or one in TWO_SEPTETS for one in text):
        size, whole, part, name = sum(2 if one in TWO_SEPTETS else 1 for one in text), 160, 153, "GSM-7"
    else:
        size, whole, part, name = len(text.encode("utf-16-le", "surrogatepass")) // 2, 70, 67, "UCS-2"
    return name, 1 if size <= whole else -(-size // part)


def payload(
    identifier: str, received_at: str, *, to: str, sender: str, text: str, media: Iterable[str], profile: Record | None
) -> dict[str, Json]:
    """The payload of ``message.received``; ``media``: addresses of attachments, which make an MMS of it."""
    attached = [{"url": url} for url in media]
    encoding, parts = encoding_of(text)
    known = profile or {}
    return {
        "record_type": "message",
        "direction": "inbound",
        "id": identifier,
        "type": "MMS" if attached else "SMS",
        "messaging_profile_id": known.get("id"),
        "from": {"phone_number": sender, "status": "received", "carrier": "", "line_type": "Wireless"},
        "to": [{"phone_number": to, "status": "webhook_delivered", "carrier": "Telnyx", "line_type": "VoIP"}],
        "cc": [],
        "text": text,
        "media": attached,
        "webhook_url": known.get("webhook_url"),
        "webhook_failover_url": known.get("webhook_failover_url"),
        "encoding": encoding,
        "parts": parts,
        "tags": [],
        "cost": None,
        "received_at": received_at,
        "sent_at": None,
        "completed_at": None,
        "valid_until": None,
        "errors": [],
    }
