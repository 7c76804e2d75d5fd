"""For which documents a rule is meant."""

from __future__ import annotations

from enum import Enum


class Scope(Enum):
    """The value is what ``--list`` prints."""

    ANY = "every OpenAPI document"
    # What our pipeline cures by itself before it generates, and other users have to cure in their document.
    FOREIGN = "documents of others"
    HOUSE = "our own description"
