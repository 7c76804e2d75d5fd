"""One difference of two packages as it is found, before the forms of one thing are told as one change."""

from __future__ import annotations

import attrs

from scripts.comparison.change import Effect


@attrs.frozen
class Finding:
    """``before`` and ``after`` as they are shown; ``together``: what makes findings of one kind and the same values one
    change, where that is not their name."""

    kind: str
    name: str
    before: str | None
    after: str | None
    effect: Effect
    callers: str
    together: str = ""
