"""What a proposal is made from: one finding of a report, the tables beside it, and the description that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.description import Description
from scripts.pipeline import pointers

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What an action does in a few words, and the action as an Overlay holds it; ``generator``: a hint for it alone."""

    text: str
    action: dict[str, Any]
    generator: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A finding as its report tells it, the report's operations by id, and the effective description.

    ``hinted`` is the description as the generator gets it.
    """

    description: Description
    finding: Json
    operations: Mapping[str, Json]
    hinted: Json

    def anchors(self) -> Iterator[str]:
        """The places in the description (``#/…``) that it contradicts, each once."""
        yield from dict.fromkeys(place["described"] for place in self.finding["places"] if place["described"])

    def rows(self, anchor: str) -> Iterator[Json]:
        """What the table of fields says about one of these places, operation by operation."""
        for place in self.finding["places"]:
            fields = self.operations.get(place["operation"], {}).get("fields", {})
            if place["described"] == anchor and place["pointer"] in fields:
                yield fields[place["pointer"]]

    def at(self, pointer: str) -> Any:
        """What the description holds at ``#/…``, None for nothing."""
        try:
            return pointers.follow(self.description.document, pointer.removeprefix("#"))
        except pointers.PointerToNowhere:
            return None


def last(pointer: str) -> str:
    """The last token of a pointer, as it is spelt in the document."""
    return pointers.split(f"/{pointer.rpartition('/')[2]}")[0]
