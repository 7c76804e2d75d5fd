"""How an answer wraps its record or records: under ``data`` beside ``meta``, under other members, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a successful answer holds its record or records, and what it says of the page they are on.

    ``member`` is the body's member with the content, None when the body itself is it; ``page`` has the path of member
    names of ``number``, ``size``, ``pages`` and ``total``, as far as the answer tells them.
    """

    member: str | None = "data"
    page: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """The RFC 6901 pointer of the content in the body; empty for the whole body."""
        return "" if self.member is None else f"/{self.member}"

    def content(self, body: Any) -> Any:
        """What stands for the record or the records in a body; None when it has not the member."""
        if self.member is None:
            return body
        return body.get(self.member) if isinstance(body, Mapping) else None

    def page_pointer(self, what: str) -> str:
        """Where a body says ``number``, ``size``, ``pages`` or ``total`` of its page."""
        return "".join(f"/{name}" for name in self.page[what])

    def told(self, body: Any, what: str) -> Any:
        """What a body says of the page: ``number``, ``size``, ``pages`` or ``total``; None when it does not."""
        for name in self.page.get(what, ("",)):
            body = body.get(name) if isinstance(body, Mapping) else None
        return body


# The members of ``meta`` where nothing else is said (PaginationMeta).
META = {"pages": "total_pages", "total": "total_results", "number": "page_number", "size": "page_size"}
USUAL = Envelope("data", {what: ("meta", name) for what, name in META.items()})


def envelope(schema: Mapping[str, Any], meta: Mapping[str, Any] | None) -> Envelope:
    """What ``x-envelope`` at the schema of an answer says, or its members ``data`` and ``meta``.

    ``meta`` is the schema of the member of that name, resolved; None when there is no such member.
    """
    members = schema.get("properties", {})
    said = schema.get("x-envelope")
    if said is not None:
        return Envelope(said["records"], {what: (name,) for what, name in said.items() if what != "records"})
    if "data" not in members:
        return Envelope(None)
    if meta is None:
        return Envelope()
    told = meta.get("properties", META.values())
    return Envelope("data", {what: ("meta", name) for what, name in META.items() if name in told})
