"""Drifts of pages: their size, their seams, what meta says of the whole."""

from __future__ import annotations

from dataclasses import replace

from .. import errors
from ..act import ACTIONS
from ..exchange import Json, Record
from ..plan import OperationPlan
from ..world import Action, Call, Page, Result, World
from .changing import acting as as_action
from .changing import at_page, on_page, reach
from .drift import Drift
from .find import listing
from .lists import changed_page, list_ignoring

META = ("page-meta", "pages-do-not-join")


JOIN = ("pages-do-not-join", "page-meta", "listed-wrongly", "deleted-still-listed", "child-list-wrong")


def _page_parameter_ignored(role: str) -> Action:
    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        ignored = {one.name for one in plan.parameters if one.page == role}
        query = {name: value for name, value in call.query.items() if name not in ignored}
        return ACTIONS["list"](plan, replace(call, query=query), world)

    return act


def _shifted(by: int) -> Action:
    """Pages after the first begin some records later (or, negative, earlier)."""

    def act(plan: OperationPlan, call: Call, world: World) -> Result:
        page = ACTIONS["list"](plan, call, world)
        if not isinstance(page, Page) or page.number == 1:
            return page
        sizes = {one.name: page.total or 1 for one in plan.parameters if one.page == "size"}
        numbers = {one.name: 1 for one in plan.parameters if one.page == "number"}
        whole = ACTIONS["list"](plan, replace(call, query={**call.query, **sizes, **numbers}), world)
        assert isinstance(whole, Page)
        start = max(0, (page.number - 1) * page.size + by)
        return replace(page, records=whole.records[start : start + page.size])

    return act


def _last_again(plan: OperationPlan, call: Call, world: World) -> Result:
    """Beyond the end stands the last page again."""
    page = ACTIONS["list"](plan, call, world)
    if not isinstance(page, Page) or page.records or not page.total or not page.size:
        return page
    numbers = {one.name: -(-page.total // page.size) for one in plan.parameters if one.page == "number"}
    again = ACTIONS["list"](plan, replace(call, query={**call.query, **numbers}), world)
    assert isinstance(again, Page)
    return replace(again, number=page.number)


def _beyond_not_found(plan: OperationPlan, call: Call, world: World) -> Result:
    """Beyond the end is not found."""
    page = ACTIONS["list"](plan, call, world)
    if isinstance(page, Page) and page.number > 1 and not page.records:
        raise errors.refusal(errors.NOT_FOUND)
    return page


def _renamed(body: Record, path: tuple[str, ...]) -> None:
    for holder in reach(body, list(path[:-1])):
        if path[-1] in holder:
            holder["count"] = holder.pop(path[-1])


def _more(value: Json) -> Json:
    return value + 1


PAGES = listing("x-page")


DRIFTS = (
    Drift("ignore-paging", "lists ignore page parameters", as_action("list", list_ignoring("page")), META, PAGES),
    Drift(
        "ignore-page-size",
        "lists ignore the size of a page",
        as_action("list", _page_parameter_ignored("size")),
        META,
        PAGES,
    ),
    Drift(
        "ignore-page-number",
        "lists always show the first page",
        as_action("list", _page_parameter_ignored("number")),
        META,
        PAGES,
    ),
    Drift("skip-between-pages", "between two pages one record is lost", as_action("list", _shifted(1)), JOIN, PAGES),
    Drift(
        "overlapping-pages",
        "a page begins with the last record of the one before",
        as_action("list", _shifted(-1)),
        JOIN,
        PAGES,
    ),
    Drift(
        "short-pages",
        "a full page lacks its last record",
        as_action(
            "list",
            changed_page(
                lambda page, _: replace(page, records=page.records[:-1]) if len(page.records) == page.size else page
            ),
        ),
        JOIN,
        PAGES,
    ),
    Drift(
        "repeated-record",
        "a page shows its first record twice",
        as_action("list", changed_page(lambda page, _: replace(page, records=[*page.records[:1], *page.records]))),
        JOIN,
        PAGES,
    ),
    Drift("last-page-again", "beyond the end stands the last page", as_action("list", _last_again), META, PAGES),
    Drift(
        "no-page-beyond",
        "404 beyond the end",
        as_action("list", _beyond_not_found),
        ("valid-request-refused", "wrong-refusal", "no-list", "undocumented-status"),
        PAGES,
    ),
    Drift(
        "one-result-more",
        "meta counts one result too many",
        on_page(at_page(_more), "total"),
        META,
        listing("x-page", "total"),
    ),
    Drift(
        "one-page-more",
        "meta counts one page too many",
        on_page(at_page(_more), "pages"),
        META,
        listing("x-page", "pages"),
    ),
    Drift(
        "page-number-from-zero",
        "meta counts pages from 0",
        on_page(at_page(lambda value: value - 1), "number"),
        META,
        listing("x-page", "number"),
    ),
    Drift(
        "default-page-size",
        "meta always tells the usual size",
        on_page(at_page(lambda _: 20), "size"),
        META,
        listing("x-page", "size"),
    ),
    Drift(
        "meta-as-text",
        "meta holds numbers as texts",
        on_page(at_page(str), "total"),
        ("response-type", "page-meta"),
        listing("x-page", "total"),
    ),
    Drift(
        "rename-total",
        "the number of all records is told under another name",
        on_page(_renamed, "total"),
        ("field-never-sent", "field-undocumented", "page-meta", "response-required"),
        listing("x-page", "total"),
    ),
)
