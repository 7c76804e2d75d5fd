"""Lists that come in pages: one iterator over all items, one over the pages, for both kinds of client.

Nothing is requested before the first item or page is asked for. A walk ends where the answer says that the last page
is reached, at an empty page where it says nothing, or after ``max_pages``. Each iteration starts a walk of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final, Generic, TypeVar, cast

from ..types import Response, Unset
from .call import Operation
from .errors import AnswerUnreadable, PageRepeated, TelnyxError, text
from .model import plain

Item = TypeVar("Item")
Page = TypeVar("Page")
Kind = TypeVar("Kind", bound=TelnyxError)
Number = int | Unset

# Empty pages in a row that a walk puts up with: a total that is wrong must not cost a million requests.
EMPTY_PAGES: Final = 100


def items(page: object) -> list[Any]:
    """The records of a page, in their order; none when the answer has no list of them."""
    found = getattr(page, "data", None)
    return found if isinstance(found, list) else []


def following(page: object, number: int, size: Number) -> int | None:
    """The number of the page after ``page``, or None when it is the last one.

    ``number`` is that of ``page`` and ``size`` the number of records that was asked for. The answer's ``total_pages``
    decides, also after an empty page: its records may be out of sight for this key, or deleted meanwhile. Without it a
    page that is not full is the last one, and so is an empty one.
    """
    found = len(items(page))
    meta = getattr(page, "meta", None)
    total = _count(getattr(meta, "total_pages", None))
    if total is not None:
        return number + 1 if number < total else None
    if not found:
        return None
    full = _count(getattr(meta, "page_size", None)) or _count(size)
    return None if full is not None and found < full else number + 1


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mark(records: list[Any]) -> int | None:
    """A number that tells the records of one page from those of another; None when they can't be written down."""
    try:
        return hash(repr(plain(records)))
    except (RecursionError, ValueError):
        return None


def _page(answer: Page | Response[Page]) -> Page:
    return cast("Page", answer.parsed) if isinstance(answer, Response) else answer


def _problem(kind: type[Kind], said: str, answer: object, operation: Operation | None) -> Kind:
    """An error about a page that came, with what is known of the call and its answer."""
    method, path = (operation.method, operation.template) if operation else ("", "")
    if not isinstance(answer, Response):
        return kind(text(method, path, said, None, "").strip(), method=method, path=path)
    return kind(
        text(method, path, f"answered {answer.status}, but {said}", answer.request_id, "").strip(),
        method=method,
        path=path,
        status=answer.status,
        headers=cast("Any", answer.headers),
        body=answer.body,
        attempts=answer.attempts,
        elapsed=answer.elapsed,
    )


class _Walk(Generic[Page]):
    """Where one walk over the pages stands; decides, and requests nothing itself."""

    __slots__ = ("_earlier", "_empty", "_left", "_operation", "_size", "latest", "next_page", "number")

    def __init__(self, first: Number, size: Number, max_pages: int | None, operation: Operation | None) -> None:
        self.number: Number = first
        self.latest: int | None = None
        self.next_page: int | None = None
        self._size = size
        self._left = max_pages
        self._operation = operation
        self._empty = 0
        # The pages that came, by what tells their records apart.
        self._earlier: dict[int, int] = {}

    def take(self, answer: Page | Response[Page]) -> bool:
        """Note the page that came; whether another one is to be requested.

        ``PageRepeated`` when it came before, ``AnswerUnreadable`` when it has no list of records.
        """
        now = 1 if isinstance(self.number, Unset) else self.number
        page = _page(answer)
        if not isinstance(getattr(page, "data", None), list):
            raise _problem(AnswerUnreadable, f"page {now} has no list of records", answer, self._operation)
        self._check(items(page), now, answer)
        self.latest = now
        self.next_page = following(page, now, self._size)
        if self._left is not None:
            self._left -= 1
        if self.next_page is None or self._left == 0:
            return False
        self.number = self.next_page
        return True

    def _check(self, found: list[Any], now: int, answer: object) -> None:
        self._empty = 0 if found else self._empty + 1
        mark = _mark(found) if found else None
        if mark is not None and mark in self._earlier:
            said = f"page {now} holds the same records as page {self._earlier[mark]}"
        elif self._empty > EMPTY_PAGES:
            said = f"page {now} is as empty as the {EMPTY_PAGES} before it, and is said not to be the last"
        else:
            if mark is not None:
                self._earlier[mark] = now
            return
        problem = _problem(PageRepeated, said, answer, self._operation)
        problem.page_number = now
        raise problem


class _Paged(Generic[Page]):
    """What a list was asked for, and how far the latest walk over it got.

    ``page_number`` is the page that came last, None before the first; ``next_page`` the one that follows it, None when
    there is none. Either can be given to the list method as ``page_number`` to go on from there another time.
    """

    def __init__(
        self, page_number: Number, page_size: Number, max_pages: int | None, operation: Operation | None
    ) -> None:
        if max_pages is not None and max_pages < 1:
            raise ValueError("max_pages must be at least 1")
        self._first = page_number
        self._size = page_size
        self._max_pages = max_pages
        self._operation = operation
        self.page_number: int | None = None
        self.next_page: int | None = None

    def _walk(self) -> _Walk[Page]:
        return _Walk(self._first, self._size, self._max_pages, self._operation)

    def _reached(self, walk: _Walk[Page]) -> None:
        self.page_number, self.next_page = walk.latest, walk.next_page

    def __repr__(self) -> str:
        return f"<{type(self).__name__} from page {1 if isinstance(self._first, Unset) else self._first}>"


class Pages(_Paged[Page], Generic[Item, Page]):
    """A list in pages; iterating over it gives its items, page after page."""

    def __init__(
        self,
        fetch: Callable[[Number], Page | Response[Page]],
        page_number: Number,
        page_size: Number,
        max_pages: int | None,
        operation: Operation | None = None,
    ) -> None:
        super().__init__(page_number, page_size, max_pages, operation)
        self._fetch = fetch

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from items(page)

    def pages(self) -> Iterator[Page]:
        """Each page as the server's whole answer. ``PageRepeated`` when a page comes twice."""
        walk, more = self._walk(), True
        while more:
            answer = self._fetch(walk.number)
            more = walk.take(answer)
            self._reached(walk)
            yield _page(answer)

    def first(self) -> Page:
        """The first page alone: one request."""
        return _page(self._fetch(self._first))


class AsyncPages(_Paged[Page], Generic[Item, Page]):
    """A list in pages; ``async for`` over it gives its items, page after page."""

    def __init__(
        self,
        fetch: Callable[[Number], Awaitable[Page | Response[Page]]],
        page_number: Number,
        page_size: Number,
        max_pages: int | None,
        operation: Operation | None = None,
    ) -> None:
        super().__init__(page_number, page_size, max_pages, operation)
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in items(page):
                yield item

    async def pages(self) -> AsyncIterator[Page]:
        """Each page as the server's whole answer. ``PageRepeated`` when a page comes twice."""
        walk, more = self._walk(), True
        while more:
            answer = await self._fetch(walk.number)
            more = walk.take(answer)
            self._reached(walk)
            yield _page(answer)

    async def first(self) -> Page:
        """The first page alone: one request."""
        return _page(await self._fetch(self._first))
