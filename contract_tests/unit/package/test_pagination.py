"""Walking lists: every item once, as many requests as there are pages, no walk without an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from telnyx_bindings import UNSET, AnswerUnreadable, AsyncPages, PageRepeated, Pages, TelnyxError
from telnyx_bindings.runtime.pagination import Form, Number, following

from contract_tests.unit.package.network import ID, Script, async_telnyx, telnyx

Fetch = Callable[[Number], Any]


def page(items: Any, **meta: Any) -> Any:
    """A list's answer; without ``meta`` it has none."""
    return SimpleNamespace(data=items, meta=SimpleNamespace(**meta) if meta else UNSET)


class Server:
    """Serves ``total`` numbers in pages of ``size`` and remembers which pages were asked for."""

    def __init__(self, total: int, size: int, says_total: bool = True) -> None:
        self.total, self.size, self.says_total = total, size, says_total
        self.asked: list[Number] = []

    def __call__(self, number: Number) -> Any:
        self.asked.append(number)
        at = number if isinstance(number, int) else 1
        items = list(range(self.total))[(at - 1) * self.size : at * self.size]
        meta = {"total_pages": -(-self.total // self.size)} if self.says_total else {}
        return page(items, page_size=self.size, **meta)

    async def later(self, number: Number) -> Any:
        """The same for an asynchronous client."""
        await asyncio.sleep(0)
        return self(number)


def walk(server: Server, asynchronous: bool, first: Number = UNSET, max_pages: int | None = None) -> list[int]:
    """All items, by one of the two iterators."""
    if not asynchronous:
        return list(Pages[int, Any](server, first, UNSET, max_pages))

    async def collect() -> list[int]:
        return [item async for item in AsyncPages[int, Any](server.later, first, UNSET, max_pages)]

    return asyncio.run(collect())


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
@pytest.mark.parametrize("says_total", [True, False])
@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (4, 2), (7, 3)])
def test_every_item_comes_once_with_a_request_a_page(
    total: int, requests: int, says_total: bool, asynchronous: bool
) -> None:
    server = Server(total, 3, says_total)
    assert walk(server, asynchronous) == list(range(total))
    assert len(server.asked) == requests
    assert server.asked[0] is UNSET, "the first page's number is the server's default and is not sent"


@both
def test_full_last_page_without_a_total_costs_one_request_more(asynchronous: bool) -> None:
    server = Server(6, 3, says_total=False)
    assert walk(server, asynchronous) == list(range(6))
    assert server.asked == [UNSET, 2, 3]


@both
def test_walk_resumes_at_a_page(asynchronous: bool) -> None:
    server = Server(9, 3)
    assert walk(server, asynchronous, first=2) == [3, 4, 5, 6, 7, 8]
    assert server.asked == [2, 3]


@both
def test_walk_ends_at_its_cap(asynchronous: bool) -> None:
    server = Server(30, 3)
    assert walk(server, asynchronous, max_pages=2) == [0, 1, 2, 3, 4, 5]
    assert server.asked == [UNSET, 2]


@both
def test_page_that_repeats_ends_the_walk_with_an_error(asynchronous: bool) -> None:
    class Stuck(Server):
        def __call__(self, number: Number) -> Any:
            self.asked.append(number)
            return page([1, 2], total_pages=5)

    server = Stuck(0, 1)
    with pytest.raises(PageRepeated, match="page 2 holds the same records as page 1") as raised:
        walk(server, asynchronous)
    assert raised.value.page_number == 2
    assert isinstance(raised.value, TelnyxError)
    assert server.asked == [UNSET, 2]


def test_nothing_is_requested_before_the_first_item_is_asked_for() -> None:
    server = Server(4, 3)
    pages = Pages[int, Any](server, UNSET, UNSET, None)
    assert server.asked == []
    iterator = iter(pages)
    assert next(iterator) == 0
    assert server.asked == [UNSET]
    assert [next(iterator), next(iterator)] == [1, 2]
    assert server.asked == [UNSET]
    assert next(iterator) == 3
    assert server.asked == [UNSET, 2]


def test_pages_come_whole_and_say_where_the_walk_is() -> None:
    server = Server(7, 3)
    pages = Pages[int, Any](server, UNSET, UNSET, None)
    assert (pages.page_number, pages.next_page) == (None, None)
    seen = [(one.data, pages.page_number, pages.next_page) for one in pages.pages()]
    assert seen == [([0, 1, 2], 1, 2), ([3, 4, 5], 2, 3), ([6], 3, None)]


def test_walk_that_broke_off_goes_on_where_it_was() -> None:
    server = Server(7, 3)
    first = Pages[int, Any](server, UNSET, UNSET, None)
    for item in first:
        if item == 4:
            break
    assert first.page_number == 2
    assert list(Pages[int, Any](server, first.page_number, UNSET, None)) == [3, 4, 5, 6]


def test_each_iteration_is_a_walk_of_its_own() -> None:
    server = Server(4, 3)
    pages = Pages[int, Any](server, UNSET, UNSET, None)
    assert list(pages) == list(pages) == [0, 1, 2, 3]
    assert len(server.asked) == 4


def test_first_page_alone_is_one_request() -> None:
    server = Server(7, 3)
    assert Pages[int, Any](server, UNSET, UNSET, None).first().data == [0, 1, 2]
    assert asyncio.run(AsyncPages[int, Any](server.later, 3, UNSET, None).first()).data == [6]
    assert server.asked == [UNSET, 3]


@pytest.mark.parametrize("cap", [0, -1])
def test_cap_that_lets_nothing_through_is_refused(cap: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Pages[int, Any](Server(1, 1), UNSET, UNSET, cap)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (page(["a"], total_pages=5), 4),
        (page(["a"], total_pages=3), None),
        (page(["a"], total_pages=2), None),
        (page([], total_pages=5), 4),
        (page([], total_pages=3), None),
        (page([], page_size=0), None),
        (page(["a"]), None),
        (page(["a", "b"]), 4),
        (page(["a"], total_pages="5"), None),
        (page(["a", "b"], total_pages=None, page_size="2"), 4),
        (page(["a"], total_pages=True, page_size=1), 4),
        (SimpleNamespace(), None),
        (SimpleNamespace(data=["a", "b"]), 4),
        (None, None),
    ],
)
def test_the_page_after_page_3_of_2_items_a_page(answer: Any, expected: int | None) -> None:
    assert following(answer, 3, 2) == expected


def test_without_any_size_the_walk_goes_on_to_an_empty_page() -> None:
    assert following(page(["a"]), 3, UNSET) == 4
    assert following(page([]), 4, UNSET) is None


def test_async_walk_says_where_it_is() -> None:
    server = Server(7, 3)
    pages = AsyncPages[int, Any](server.later, UNSET, UNSET, None)

    async def two() -> list[Any]:
        found = []
        async for one in pages.pages():
            found.append(one.data)
            if len(found) == 2:
                break
        return found

    assert asyncio.run(two()) == [[0, 1, 2], [3, 4, 5]]
    assert (pages.page_number, pages.next_page) == (2, 3)


def serving(*pages: Any) -> Callable[[Number], Any]:
    """Pages by their number, again and again."""
    return lambda number: pages[(number - 1 if isinstance(number, int) else 0) % len(pages)]


def test_empty_page_before_the_last_one_is_walked_over() -> None:
    sparse = serving(
        page([1], total_pages=4), page([], total_pages=4), page([], total_pages=4), page([2], total_pages=4)
    )
    assert list(Pages[int, Any](sparse, UNSET, UNSET, None)) == [1, 2]


def test_empty_pages_without_an_end_are_an_error() -> None:
    with pytest.raises(PageRepeated, match="page 101 is as empty as the 100 before it"):
        list(Pages[int, Any](serving(page([], total_pages=10**9)), UNSET, UNSET, None))


def test_pages_that_take_turns_are_noticed() -> None:
    turns = serving(page([{"id": 1}], total_pages=9), page([{"id": 2}], total_pages=9))
    with pytest.raises(PageRepeated, match="page 3 holds the same records as page 1"):
        list(Pages[int, Any](turns, UNSET, UNSET, None))


@pytest.mark.parametrize("data", [None, {"id": 1}, "text", UNSET])
def test_page_without_a_list_is_no_end_of_the_list(data: Any) -> None:
    walked = Pages[int, Any](serving(page([1], total_pages=3), page(data, total_pages=3)), UNSET, UNSET, None)
    with pytest.raises(AnswerUnreadable, match="page 2 has no list of records"):
        list(walked)
    assert walked.page_number == 1


@pytest.mark.parametrize(("data", "kind"), [([{"id": ID}], PageRepeated), ({}, AnswerUnreadable)])
def test_error_of_a_walk_says_which_call_it_was(data: Any, kind: type[TelnyxError]) -> None:
    answer = httpx.Response(200, json={"data": data, "meta": {"total_pages": 5}}, headers={"x-request-id": "r-1"})

    async def walk_async() -> None:
        async for _ in async_telnyx(Script(answer)).messaging_profiles.list_phone_numbers(ID):
            pass

    for walked in (
        lambda: list(telnyx(Script(answer)).messaging_profiles.list_phone_numbers(ID)),
        lambda: asyncio.run(walk_async()),
    ):
        with pytest.raises(kind, match=r"GET /messaging_profiles/\{id\}/phone_numbers answered 200, .*r-1") as caught:
            walked()
        problem = caught.value
        assert (problem.method, problem.path) == ("GET", "/messaging_profiles/{id}/phone_numbers")
        assert (problem.status, problem.request_id, problem.body) == (200, "r-1", answer.content)
        assert ID not in str(problem)


class TotalOnly:
    """Tells how many records there are and never how many fit on a page: ``cap`` at most, 10 when nobody asks."""

    form = Form("records", total="total")

    def __init__(self, total: int, cap: int, size: Number, hidden: tuple[int, ...] = ()) -> None:
        self.total, self.hidden = total, hidden
        self.size = min(cap, size if isinstance(size, int) else 10)
        self.wish = size
        self.asked: list[int] = []

    def __call__(self, number: Number) -> Any:
        at = number if isinstance(number, int) else 1
        self.asked.append(at)
        shown = list(range(self.total))[(at - 1) * self.size : at * self.size]
        return SimpleNamespace(records=[one for one in shown if one not in self.hidden], total=self.total)

    def walk(self, first: Number = UNSET) -> list[int]:
        return list(Pages[int, Any](self, first, self.wish, None, None, self.form))


@pytest.mark.parametrize("size", [UNSET, 10, 250, 3])
@pytest.mark.parametrize("cap", [4, 50])
@pytest.mark.parametrize("total", [0, 1, 4, 10, 15, 20, 21])
def test_a_total_alone_is_walked_with_a_request_a_page(total: int, cap: int, size: Number) -> None:
    server = TotalOnly(total, cap, size)
    assert server.walk() == list(range(total))
    assert len(server.asked) == max(1, -(-total // server.size)), "also where pages are shorter than was asked for"


@pytest.mark.parametrize("size", [UNSET, 5, 250])
@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_total_alone_is_walked_to_its_end_from_any_page(first: int, size: Number) -> None:
    server = TotalOnly(17, 5, size)
    assert server.walk(first) == list(range((first - 1) * server.size, 17))


@pytest.mark.parametrize("size", [5, 250])
def test_a_walk_that_begins_on_the_last_page_makes_sure_once(size: int) -> None:
    server = TotalOnly(17, 5, size)
    assert (server.walk(4), server.asked) == ([15, 16], [4, 5]), "a page of two may be a full one"


@pytest.mark.parametrize("hidden", [(0, 1), (7,), (3, 7, 11), (4, 5, 6, 7)])
@pytest.mark.parametrize(("first", "size"), [(UNSET, UNSET), (1, UNSET), (UNSET, 4)])
def test_records_out_of_sight_end_no_walk_early(hidden: tuple[int, ...], first: Number, size: Number) -> None:
    assert TotalOnly(14, 4, size, hidden).walk(first) == [one for one in range(14) if one not in hidden]


@pytest.mark.parametrize(("size", "found"), [(UNSET, []), (4, list(range(4, 14)))])
def test_an_empty_first_page_ends_the_walk_unless_a_size_was_asked_for(size: Number, found: list[int]) -> None:
    assert TotalOnly(14, 4, size, (0, 1, 2, 3)).walk() == found


def test_one_record_in_sight_of_many_costs_no_request_for_each_of_the_others() -> None:
    server = TotalOnly(250, 250, 250, tuple(range(1, 250)))
    assert (server.walk(), server.asked) == ([0], [1, 2])
