"""Who sends a message when the request names a profile alone: what its number pool chooses.

Health, geomatch and sticky sender as the reference pages of the profile and the guides tell them; where those differ
(what becomes of a sticky sender that falls ill) the reference page counts: another number is chosen.
"""

from __future__ import annotations

import random

from ..exchange import Record
from ..store import Store
from ..world import Call, Finish, World
from .destinations import area_of

NUMBERS = "phone_number_messaging_settings"
STICKY = "sticky senders"  # in the world's memory: (profile, recipient) → (number, ns of the last message)
STICKS_FOR = 8 * 24 * 3600 * 10**9  # ns: eight days
WEIGHTS = {"tollfree": "toll_free_weight", "longcode": "long_code_weight"}
LEAST_SUCCESS, MOST_SPAM = 0.25, 0.75


def kind_of(number: Record) -> str:
    """``tollfree``, ``longcode`` or ``shortcode``, however the number's type is spelt."""
    return str(number.get("type", "")).replace("-", "")


def is_healthy(number: Record) -> bool:
    """Whether a number fares well: a quarter of its messages arrives, and less than three quarters are spam."""
    health = number.get("health") or {}
    if not health.get("message_count"):
        return True
    return bool(health.get("success_ratio", 1) >= LEAST_SUCCESS and health.get("spam_ratio", 0) <= MOST_SPAM)


def can_send_media(number: Record) -> bool:
    """Whether a number takes MMS; one that says nothing of its features does."""
    features = number.get("features")
    return not isinstance(features, dict) or features.get("mms") is not None


def candidates(store: Store, profile: Record, *, media: bool) -> list[Record]:
    """The numbers that the pool of a profile may choose from, oldest first; none while it has no pool."""
    settings = profile.get("number_pool_settings")
    if not settings:
        return []
    return [
        number
        for number in store[NUMBERS].having("messaging_profile_id", profile["id"])
        if settings.get(WEIGHTS.get(kind_of(number), ""), 0) > 0
        and (is_healthy(number) or not settings.get("skip_unhealthy"))
        and (can_send_media(number) or not media)
    ]


def choose(numbers: list[Record], profile: Record, recipient: str, world: World, draw: random.Random) -> str:
    """The number that sends: the one that sticks to the recipient, else by area and weight."""
    settings = profile["number_pool_settings"]
    addresses = [number["phone_number"] for number in numbers]
    stuck = world.remembered(STICKY)
    now = world.clock.nanoseconds()
    key = (profile["id"], recipient)
    chosen, since = stuck.get(key, (None, 0))
    if not settings.get("sticky_sender") or chosen not in addresses or now - since > STICKS_FOR:
        chosen = _weighed(near(numbers, recipient) if settings.get("geomatch") else numbers, settings, draw)
    if settings.get("sticky_sender"):
        stuck[key] = (chosen, now)
    return str(chosen)


def near(numbers: list[Record], recipient: str) -> list[Record]:
    """Those with the recipient's area code; all of them when none has it."""
    area = area_of(recipient)
    return [one for one in numbers if area is not None and area_of(one["phone_number"]) == area] or numbers


def _weighed(numbers: list[Record], settings: Record, draw: random.Random) -> str:
    """A number at random: its kind by the weights of the kinds that there are, then each as likely as the other."""
    kinds = sorted({kind_of(number) for number in numbers})
    kind = draw.choices(kinds, [settings[WEIGHTS[one]] for one in kinds])[0]
    return str(draw.choice([number["phone_number"] for number in numbers if kind_of(number) == kind]))


def stick_no_more(profile: Record, _: Call, world: World) -> None:
    """A profile whose sticky sender is off forgets for good which number sent to whom."""
    if not (profile.get("number_pool_settings") or {}).get("sticky_sender"):
        stuck = world.remembered(STICKY)
        for key in [key for key in stuck if isinstance(key, tuple) and key[0] == profile["id"]]:
            del stuck[key]


FINISHES: dict[str, Finish] = {"updateMessagingProfile": stick_no_more}
