"""When a rule repeats what a check said: the checks see every exchange first, and one deviation is one finding.

A field of the wrong type is ``response-type``; that it also differs from what was written follows from it. The same
goes for a status that nobody described, which every rule trips over that waits for a good answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from contract_tests.drift.finding import Finding, generalise

# Kinds of rules that follow from a bad status, whatever their pointer.
_STATUS = ("undocumented-status", "server-error", "response-not-json")
FOLLOWS_ANYWHERE = {
    "valid-request-refused": ("valid-request-refused", *_STATUS),
    "wrong-request-accepted": ("wrong-token-accepted", "missing-token-accepted", "invalid-accepted"),
    "no-list": ("response-", *_STATUS),
    "no-record": ("response-", *_STATUS),
    "wrong-refusal": ("error-", *_STATUS),
}
# Kinds of rules that compare values: they follow from a fault of the schema at the same place.
FOLLOWS_AT_PLACE = {
    "default-not-applied": ("response-",),
    "first-value-wrong": ("response-",),
    "value-not-read-back": ("response-",),
    "value-not-stored": ("response-",),
}


def repeats(kind: str, pointer: str, said: Iterable[Finding]) -> bool:
    """Whether a finding of ``kind`` at ``pointer`` adds nothing to what was said about the same exchange."""
    said = tuple(said)
    if any(one.kind == "server-error" for one in said):
        # Nothing else can be said about an answer that is none.
        return True
    anywhere = FOLLOWS_ANYWHERE.get(kind, ())
    at_place = FOLLOWS_AT_PLACE.get(kind, ())
    place = generalise(pointer)
    return any(
        (one.kind == kind and (not pointer or generalise(one.pointer) == place))
        or one.kind.startswith(anywhere)
        or (one.kind.startswith(at_place) and generalise(one.pointer) == place)
        for one in said
    )
