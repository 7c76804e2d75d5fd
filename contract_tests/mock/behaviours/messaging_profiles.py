"""Messaging profiles: which link domains are offered, and metrics derived from the health of the assigned numbers.

The mock sends no messages, so the figures are arithmetic: a number's ``health.message_count`` is taken as what it
handled in 30 days, a time frame gets its share, and ratios split the share. The same records give the same figures,
and the intervals add up to the overview.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from .. import errors
from ..derived import Derived
from ..exchange import Json, Record
from ..world import Call, Check, Compute, World

NUMBERS = "phone_number_messaging_settings"
PROFILES = "messaging_profiles"
HOURS = {"h": 1, "d": 24}
HOURS_COUNTED = 30 * 24  # what message_count is taken to cover
DEFAULT_TIME_FRAME = "24h"
# Which domains the service offers stands in no document; these are the ones that the documents' examples use.
DOMAINS = "messaging_url_domains"


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages of some numbers in some time."""

    sent: int = 0
    delivered: int = 0
    received: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.sent + other.sent, self.delivered + other.delivered, self.received + other.received)

    @property
    def error_ratio(self) -> float:
        """The share of sent messages that were not delivered; 0 when none was sent."""
        return round(1 - self.delivered / self.sent, 4) if self.sent else 0.0


def hours_of(time_frame: str) -> int:
    """``3d`` → 72."""
    return int(time_frame[:-1]) * HOURS[time_frame[-1]]


def figures_of(number: Record, hours: int) -> Figures:
    """What one number sent and received in the last ``hours``, by its health."""
    health = number.get("health") or {}
    messages = round(health.get("message_count", 0) * hours / HOURS_COUNTED)
    ratio = max(health.get("inbound_outbound_ratio", 0), 0)
    received = round(messages * ratio / (1 + ratio))
    sent = messages - received
    success = min(max(health.get("success_ratio", 1), 0), 1)
    return Figures(sent, round(sent * success), received)


def part(total: int, index: int, count: int) -> int:
    """The ``index``-th of ``count`` nearly equal whole parts of ``total``; the parts add up to it."""
    return total * (index + 1) // count - total * index // count


def overview(profile: Record, numbers: list[Record], hours: int) -> Record:
    """The figures of one profile as a whole."""
    total = sum((figures_of(number, hours) for number in numbers), Figures())
    return {
        "record_type": "messaging_profile_metrics",
        "messaging_profile_id": profile["id"],
        "phone_numbers": len(numbers),
        "outbound": {"sent": total.sent, "delivered": total.delivered, "error_ratio": total.error_ratio},
        "inbound": {"received": total.received},
    }


def intervals(numbers: list[Record], hours: int, now: datetime) -> Iterator[Json]:
    """The same figures hour by hour (up to a day) or day by day, oldest first, split by kind of number."""
    step = timedelta(hours=1 if hours <= 24 else 24)
    count = timedelta(hours=hours) // step
    by_kind: dict[str, Figures] = {}
    for number in numbers:
        kind = str(number.get("type", "")).replace("-", "")
        by_kind[kind] = by_kind.get(kind, Figures()) + figures_of(number, hours)
    latest = now.replace(minute=0, second=0, microsecond=0)
    if step > timedelta(hours=1):
        latest = latest.replace(hour=0)
    for index in range(count):
        begins = latest - step * (count - 1 - index)
        yield {
            "timestamp": f"{begins.isoformat(timespec='milliseconds')[:-6]}Z",
            "metrics": [_series(kind, total, index, count) for kind, total in sorted(by_kind.items())],
        }


def _series(kind: str, total: Figures, index: int, count: int) -> Record:
    share = Figures(*(part(value, index, count) for value in (total.sent, total.delivered, total.received)))
    return {
        "label": kind,
        "sent": share.sent,
        "delivered": share.delivered,
        "outbound_error_ratio": share.error_ratio,
        "received": share.received,
    }


def _assigned(profile: Record, world: World) -> list[Record]:
    return world.store[NUMBERS].having("messaging_profile_id", profile["id"])


def metrics_of_one(profile: Record | None, call: Call, world: World) -> Record:
    """Overview and intervals of the profile in the path."""
    assert profile is not None
    hours = hours_of(call.query.get("time_frame", DEFAULT_TIME_FRAME))
    numbers = _assigned(profile, world)
    return {
        "overview": overview(profile, numbers, hours),
        "detailed": list(intervals(numbers, hours, world.clock.now())),
    }


def metrics_of_all(_: Record | None, call: Call, world: World) -> Derived:
    """The overview of every profile, oldest first."""
    hours = hours_of(call.query.get("time_frame", DEFAULT_TIME_FRAME))
    return Derived(
        world.store[PROFILES],
        lambda profile: overview(profile, _assigned(profile, world), hours),
        {"messaging_profile_id": "id"},
    )


def domain_is_offered(call: Call, world: World) -> Iterator[tuple[int, Record]]:
    """40327 for a URL shortener on a domain that is not offered. An empty one was seen live, so it passes."""
    domain = (call.body.get("url_shortener_settings") or {}).get("domain")
    offered = [one["url_domain"] for one in world.store[DOMAINS]] if domain else []
    if domain and domain not in offered:
        detail = f"The domain is not offered; offered are {', '.join(offered)}."
        yield 422, errors.entry("40327", detail, pointer="/url_shortener_settings/domain")


COMPUTES: dict[str, Compute] = {
    "retrieveMessagingProfileMetrics": metrics_of_one,
    "listMessagingProfileMetrics": metrics_of_all,
}
CHECKS: dict[str, Check] = {
    "createMessagingProfile": domain_is_offered,
    "updateMessagingProfile": domain_is_offered,
}
# Live profile ids begin with these three digits; see the module ids.
IDENTIFIER_KINDS = {PROFILES: "400"}
