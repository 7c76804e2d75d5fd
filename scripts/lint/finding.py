"""What a rule has to say about one place of a document."""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs

from scripts.pipeline.places import Place

OverlayAction = dict[str, Any]


class Loss(Enum):
    """What openapi-python-client 0.29.1 makes of the place a finding points to; the value is what reports print."""

    EVERYTHING = "nothing is generated"
    OPERATION = "operation lost"
    SCHEMA = "schema lost"
    RESPONSE = "response untyped"
    GARBLED = "garbled"


@attrs.frozen
class Finding:
    """One problem as a rule sees it: where (a pointer into the document), what is wrong and what to do about it.

    ``loss`` is set by rules about the generator. ``mend`` holds Overlay actions (1.0.0) that cure it, in order; a
    finding that no overlay can cure has none. ``place`` is set when the fault is in a file beside the document.
    """

    pointer: str
    message: str
    fix: str
    loss: Loss | None = None
    mend: tuple[OverlayAction, ...] = ()
    place: Place | None = None


@attrs.frozen
class Problem:
    """A finding with the rule that made it and the file and line it was written in."""

    rule: str
    place: Place
    finding: Finding
