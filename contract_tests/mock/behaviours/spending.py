"""What messages cost, and the daily limit of a profile. The prices are made up: the API's are a matter of contract.

What was spent counts until midnight UTC; neither another limit nor switching it off and on sets it back (guide on
spend limits).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ..exchange import Json, Record
from ..webhooks.event import moment
from ..world import Notice, World
from .inbound import listener

SPENT = "spent"  # in the world's memory: (profile, day) → US dollars
LIMIT_REACHED = "messaging-profile.spend-limit-reached"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one part to one recipient: what carriers get, and the rest."""

    fee: Decimal
    rate: Decimal


SMS = Price(Decimal("0.0030"), Decimal("0.0010"))
MMS = Price(Decimal("0.0100"), Decimal("0.0050"))
RECEIVED = Price(Decimal("0.0000"), Decimal("0.0030"))


def money(amount: Decimal) -> dict[str, Json]:
    """An amount as answers show it."""
    return {"amount": f"{amount:.4f}", "currency": "USD"}


def costs(price: Price, count: int) -> dict[str, Json]:
    """``cost`` and ``cost_breakdown`` of so many parts."""
    return {
        "cost": money((price.fee + price.rate) * count),
        "cost_breakdown": {"carrier_fee": money(price.fee * count), "rate": money(price.rate * count)},
    }


def limit_of(profile: Record) -> Decimal | None:
    """What a profile may spend a day; None when it is not limited."""
    if not profile.get("daily_spend_limit_enabled"):
        return None
    try:
        return Decimal(profile.get("daily_spend_limit") or "0")
    except InvalidOperation:
        return None


def spent(profile: Record, world: World) -> Decimal:
    """What a profile has spent since midnight UTC."""
    return Decimal(world.remembered(SPENT).get(_today(profile, world), 0))


def is_spent(profile: Record, world: World) -> bool:
    """Whether the limit is reached, so that nothing more is sent today."""
    limit = limit_of(profile)
    return limit is not None and spent(profile, world) >= limit


def spend(profile: Record, amount: Decimal, world: World) -> Notice | None:
    """Count an amount; the event that tells of it when the limit is reached by that."""
    before = spent(profile, world)
    now = world.remembered(SPENT)[_today(profile, world)] = before + amount
    limit = limit_of(profile)
    if limit is None or not before < limit <= now:
        return None
    payload = {
        "configured_limit": profile["daily_spend_limit"],
        "current_cost": f"{now:.2f}",
        "profile_id": profile["id"],
    }
    told = listener(profile)
    return Notice(LIMIT_REACHED, payload, world.clock.nanoseconds(), told.urls, told.withheld)


def _today(profile: Record, world: World) -> tuple[str, str]:
    return (profile["id"], moment(world.clock.now())[:10])
