"""Walking the lists of a target: what is there, and what carries the mark of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contract_tests.live.refusal import Refused
from contract_tests.live.traffic import Incoming
from contract_tests.rules.resource import Resource

MOST_PAGES = 500
LARGEST_PAGE = 100
# Sends the list with this query; None when no answer came.
Page = Callable[[list[tuple[str, Any]]], Incoming | None]


def everything(resource: Resource, page: Page) -> Iterator[Mapping[str, Any]]:
    """Every record of a collection, page by page; ``Refused`` when its list cannot be read to the end.

    What is there has to be known whole: half of it would let a lie pass, or a leftover stay.
    """
    if resource.list is None:
        raise Refused("owner", f"{resource.collection}: its records cannot be listed")
    if missing := needs(resource):
        raise Refused("owner", f"{resource.collection}: its list shows no more than what {missing} selects")
    marked = {one["x-page"]: one for one in resource.list.parameters if "x-page" in one}
    paged = len(marked) == 2
    for number in range(1, MOST_PAGES + 1):
        query = [(marked["number"]["name"], number), (marked["size"]["name"], _size(resource, marked))] if paged else []
        answer = page(query)
        records = answer.records if answer is not None and answer.ok else None
        if answer is None or records is None:
            status = "no answer" if answer is None else answer.status
            raise Refused("owner", f"{resource.collection}: what is there cannot be listed ({status})")
        yield from records
        total = resource.list.envelope.told(answer.json, "pages")
        if not paged or not records or (type(total) is int and number >= total):
            return
    raise Refused("owner", f"{resource.collection}: its list has no end after {MOST_PAGES} pages")


def needs(resource: Resource) -> str:
    """The query parameter without which the list of a collection says nothing; empty where it shows all there is."""
    parameters = resource.list.parameters if resource.list else ()
    wanted = (one["name"] for one in parameters if one["in"] == "query" and one.get("required") and "x-page" not in one)
    return next(wanted, "")


def _size(resource: Resource, marked: Mapping[str, Any]) -> int:
    schema = resource.description.resolve(marked["size"].get("schema", {}))
    return min(LARGEST_PAGE, int(schema.get("maximum", LARGEST_PAGE)))
