"""A message that somebody sends to one of the account's numbers: what the webhook says, and who is told.

The events and their members are those of the specification's inbound message; money, carriers and campaigns are
not simulated, so those members are null or plausible constants.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..exchange import Json, Record
from ..store import Store
from .texts import encoding_of

EVENT_TYPE = "message.received"
PROFILES = "messaging_profiles"
# Where what a message is sent to is kept: the collection, and its field that people write to.
RECEIVERS = (("phone_number_messaging_settings", "phone_number"), ("short_codes", "short_code"))
FORMAT = "2"  # the only webhook_api_version whose format is simulated


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


def payload(
    identifier: str,
    received_at: str,
    *,
    to: str,
    sender: str,
    text: str,
    media: Iterable[str],
    profile: Record | None,
    organization: str,
    autoresponse_type: str | None,
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
        "organization_id": organization,
        "from": {"phone_number": sender, "status": "received", "carrier": "", "line_type": "Wireless"},
        "to": [{"phone_number": to, "status": "webhook_delivered", "carrier": "Telnyx", "line_type": "VoIP"}],
        "cc": [],
        "text": text,
        "subject": None,
        "media": attached,
        "autoresponse_type": autoresponse_type,
        "webhook_url": known.get("webhook_url"),
        "webhook_failover_url": known.get("webhook_failover_url"),
        "encoding": encoding,
        "parts": parts,
        "tags": [],
        "cost": None,
        "cost_breakdown": None,
        "tcr_campaign_id": None,
        "tcr_campaign_billable": False,
        "tcr_campaign_registered": None,
        "received_at": received_at,
        "sent_at": None,
        "completed_at": None,
        "valid_until": None,
        "errors": [],
    }
