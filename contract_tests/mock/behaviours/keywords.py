"""Words that opt in and out: what a profile does when a message consists of one of them.

The keywords that hold without any setting are those of the guide on advanced opt-in and opt-out; what is answered to
them by default stands in no document, so nothing is. A profile's own settings come first, those for the sender's
country before those for all.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..exchange import Record
from ..world import World
from .destinations import country_of
from .messages import dispatch
from .sending import OPTOUTS, Draft
from .texts import encoding_of

SETTINGS = "autoresp_configs"
USUAL = {
    "stop": ("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"),
    "start": ("START", "UNSTOP"),
    "info": ("HELP",),
}
TYPES = {"stop": "STOP", "start": "START", "info": "HELP"}  # autoresponse_type of a message


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a keyword does (``stop``, ``start`` or ``info``), as it was sent, and what is answered, if anything."""

    does: str
    keyword: str
    answer: str | None = None

    @property
    def type(self) -> str:
        """How webhooks name it."""
        return TYPES[self.does]


def reaction(text: str, sender: str, profile: Record, world: World) -> Reaction | None:
    """What a message of this text makes a profile do; None when it is no keyword."""
    word = " ".join(text.upper().split())
    settings = world.store[SETTINGS].having("profile_id", profile["id"]) if SETTINGS in world.store else []
    for country in (country_of(sender), "*"):
        for one in settings:
            if one["country_code"] == country and word in (known.upper() for known in one["keywords"]):
                return Reaction(one["op"], word, one.get("resp_text"))
    does = next((does for does, words in USUAL.items() if word in words), None)
    return Reaction(does, word) if does else None


def react(found: Reaction, number: str, sender: str, profile: Record, world: World) -> None:
    """Block or unblock the sender for the whole profile, and answer."""
    optouts = world.store[OPTOUTS]
    blocked = [one for one in optouts.having("to", sender) if one["messaging_profile_id"] == profile["id"]]
    if found.does == "stop" and not blocked:
        optouts.insert(
            {
                optouts.id_field: world.identifiers.uuid(),
                "from": number,
                "to": sender,
                "messaging_profile_id": profile["id"],
                "keyword": found.keyword,
                "created_at": world.clock.now().isoformat(sep=" ", timespec="microseconds"),
            }
        )
    elif found.does == "start":
        for one in blocked:
            optouts.remove(one[optouts.id_field])
    if found.answer:
        encoding, parts = encoding_of(found.answer)
        dispatch(Draft(profile, number, (), (sender,), False, found.answer, encoding, parts, False, None), {}, world)
