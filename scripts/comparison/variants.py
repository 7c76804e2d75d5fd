"""The forms in which one thing is offered: for either client, with the body or with the whole response."""

from __future__ import annotations

import re


def plain(name: str) -> str:
    """A name without what tells the variants of one method apart: async or not, whole response or its body."""
    name = re.sub(r"\basync_resources\b", "resources", name)
    name = re.sub(r"\bAsync(?=[A-Z])|WithResponse\b", "", name)
    name = re.sub(r"\b(sync_detailed|asyncio_detailed|asyncio)\b", "sync", name)
    return re.sub(r"\bResponse\[(.*)\]", r"\1", name)


def plainest(name: str) -> tuple[bool, int, str]:
    """Sorts the forms of one thing: the plain ones first, of these the shortest."""
    return plain(name) != name, len(name), name
