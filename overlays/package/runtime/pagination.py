"""Lists that come in pages: one iterator over all items, one over the pages, for both kinds of client.

Nothing is requested before the first item or page is asked for. A walk ends where the answer says that the last page
is reached, at an empty page, or after ``max_pages``. Each iteration starts a walk of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Generic, TypeVar

from ..types import Unset
from .errors import PageRepeated

Item = TypeVar("Item")
Page = TypeVar("Page")
Number = int | Unset


def items(page: object) -> list[Any]:
    """The records of a page, in their order; none when the answer has no list of them."""
    found = getattr(page, "data", None)
    return found if isinstance(found, list) else []


def following(page: object, number: int, size: Number) -> int | None:
    """The number of the page after ``page``, or None when it is the last one.

    ``number`` is that of ``page`` and ``size`` the number of records that was asked for. The answer's ``total_pages``
    decides. Without it a page that is not full is the last one, and so is an empty page in any case.
    """
    found = len(items(page))
    if not found:
        return None
    meta = getattr(page, "meta", None)
    total = _count(getattr(meta, "total_pages", None))
    if total is not None:
        return number + 1 if number < total else None
    full = _count(getattr(meta, "page_size", None)) or _count(size)
    return None if full is not None and found < full else number + 1


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class _Walk(Generic[Page]):
    """Where one walk over the pages stands; decides, and requests nothing itself."""

    __slots__ = ("_earlier", "_left", "_size", "latest", "next_page", "number")

    def __init__(self, first: Number, size: Number, max_pages: int | None) -> None:
        self.number: Number = first
        self.latest: int | None = None
        self.next_page: int | None = None
        self._size = size
        self._left = max_pages
        self._earlier: list[Any] = []

    def take(self, page: Page) -> bool:
        """Note the page that came; whether another one is to be requested. ``PageRepeated`` when it came before."""
        now = 1 if isinstance(self.number, Unset) else self.number
        found = items(page)
        if found and found == self._earlier:
            problem = PageRepeated(f"page {now} holds the same records as page {now - 1}")
            problem.page_number = now
            raise problem
        self._earlier, self.latest = found, now
        self.next_page = following(page, now, self._size)
        if self._left is not None:
            self._left -= 1
        if self.next_page is None or self._left == 0:
            return False
        self.number = self.next_page
        return True


class _Paged(Generic[Page]):
    """What a list was asked for, and how far the latest walk over it got.

    ``page_number`` is the page that came last, None before the first; ``next_page`` the one that follows it, None when
    there is none. Either can be given to the list method as ``page_number`` to go on from there another time.
    """

    def __init__(self, page_number: Number, page_size: Number, max_pages: int | None) -> None:
        if max_pages is not None and max_pages < 1:
            raise ValueError("max_pages must be at least 1")
        self._first = page_number
        self._size = page_size
        self._max_pages = max_pages
        self.page_number: int | None = None
        self.next_page: int | None = None

    def _walk(self) -> _Walk[Page]:
        return _Walk(self._first, self._size, self._max_pages)

    def _reached(self, walk: _Walk[Page]) -> None:
        self.page_number, self.next_page = walk.latest, walk.next_page

    def __repr__(self) -> str:
        return f"<{type(self).__name__} from page {1 if isinstance(self._first, Unset) else self._first}>"


class Pages(_Paged[Page], Generic[Item, Page]):
    """A list in pages; iterating over it gives its items, page after page."""

    def __init__(
        self, fetch: Callable[[Number], Page], page_number: Number, page_size: Number, max_pages: int | None
    ) -> None:
        super().__init__(page_number, page_size, max_pages)
        self._fetch = fetch

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from items(page)

    def pages(self) -> Iterator[Page]:
        """Each page as the server's whole answer. ``PageRepeated`` when a page comes twice in a row."""
        walk, more = self._walk(), True
        while more:
            page = self._fetch(walk.number)
            more = walk.take(page)
            self._reached(walk)
            yield page

    def first(self) -> Page:
        """The first page alone: one request."""
        return self._fetch(self._first)


class AsyncPages(_Paged[Page], Generic[Item, Page]):
    """A list in pages; ``async for`` over it gives its items, page after page."""

    def __init__(
        self, fetch: Callable[[Number], Awaitable[Page]], page_number: Number, page_size: Number, max_pages: int | None
    ) -> None:
        super().__init__(page_number, page_size, max_pages)
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in items(page):
                yield item

    async def pages(self) -> AsyncIterator[Page]:
        """Each page as the server's whole answer. ``PageRepeated`` when a page comes twice in a row."""
        walk, more = self._walk(), True
        while more:
            page = await self._fetch(walk.number)
            more = walk.take(page)
            self._reached(walk)
            yield page

    async def first(self) -> Page:
        """The first page alone: one request."""
        return await self._fetch(self._first)
