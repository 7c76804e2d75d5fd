"""What create, read, update and delete cannot say, resource by resource; collected here for the mock.

A module names what it has to say in ``COMPUTES``, ``CHECKS``, ``FINISHES``, ``SETTLES``, ``PRIVATE`` and
``IDENTIFIER_KINDS``.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ..behaviours import (
    bulk_updates,
    hosted,
    messages,
    messaging_10dlc,
    messaging_profiles,
    rcs,
    senders,
    sending,
    tollfree,
)
from ..world import Behaviours

MODULES: tuple[ModuleType, ...] = (
    bulk_updates,
    hosted,
    messages,
    messaging_10dlc,
    messaging_profiles,
    rcs,
    senders,
    sending,
    tollfree,
)


def _all(name: str) -> dict[str, Any]:
    """What the modules say under a name; none may say something about what another one speaks of."""
    found: dict[str, Any] = {}
    for module in MODULES:
        own = getattr(module, name, {})
        if twice := found.keys() & own.keys():
            raise ValueError(f"{name} of {module.__name__}: somebody else speaks of {', '.join(sorted(twice))}")
        found |= own
    return found


BEHAVIOURS = Behaviours(
    computes=_all("COMPUTES"),
    checks=_all("CHECKS"),
    finishes=_all("FINISHES"),
    settles=_all("SETTLES"),
    private=frozenset().union(*(getattr(module, "PRIVATE", ()) for module in MODULES)),
    identifier_kinds=_all("IDENTIFIER_KINDS"),
)
