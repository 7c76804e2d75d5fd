"""Lists that come in pages: one iterator over all items, one over the pages, for both kinds of client.

Nothing is requested before the first item or page is asked for. A walk ends where the answer says that the last page
is reached, at an empty page where it says nothing, or after ``max_pages``. Each iteration starts a walk of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

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


class Form:
    """Where a page holds its records, and where it says how long the list is: attributes, dotted where nested.

    ``pages`` tells the number of pages, ``total`` that of all records, ``size`` how many fit on a page; empty for what
    the answer does not tell.
    """

    __slots__ = ("pages", "records", "size", "total")

    def __init__(self, records: str = "data", *, pages: str = "", total: str = "", size: str = "") -> None:
        self.records: str = records
        self.pages: str = pages
        self.total: str = total
        self.size: str = size

    def items(self, page: object) -> list[Any] | None:
        """The records of a page, in their order; None when the answer has no list of them."""
        found = getattr(page, self.records, None)
        return found if isinstance(found, list) else None

    def told(self, page: object, where: str) -> int | None:
        """A number that a page tells of its list; None when it does not."""
        found: object = page if where else None
        for name in where.split("."):
            found = getattr(found, name, None)
        return _count(found)


USUAL: Final = Form(pages="meta.total_pages", size="meta.page_size")


class Seen(NamedTuple):
    """What a walk has seen of a list: the records on its ``longest`` page, and whether it began at the ``start``."""

    longest: int
    start: bool


def following(page: object, number: int, size: Number, form: Form = USUAL, seen: Seen | None = None) -> int | None:
    """The number of the page after ``page``, or None when it is the last one.

    ``number`` is that of ``page``, ``size`` the number of records that was asked for, and ``seen`` what came so far,
    ``page`` included. The number of pages or of all records decides, where the answer tells one, also after an empty
    page: its records may be out of sight for this key, or deleted meanwhile. Otherwise a page that is not full is the
    last one, and so is an empty one.
    """
    found = len(form.items(page) or ())
    pages = form.told(page, form.pages)
    full = form.told(page, form.size)
    total = form.told(page, form.total)
    if pages is None and total is not None:
        pages = -(-total // full) if full else _pages(total, found, _count(size), seen or Seen(found, number == 1))
    if pages is not None:
        return number + 1 if number < pages else None
    full = full or _count(size)
    if not found:
        return None
    return None if full is not None and found < full else number + 1


def _pages(total: int, found: int, asked: int | None, seen: Seen) -> int:
    """How many pages ``total`` records are at most, where no answer says how many records fit on one; 0: unknown.

    A server may put fewer on a page than it was asked for, so the longest page tells, and the wish does not. But where
    nothing is left to be found, pages may be short because records are out of sight: then the wish tells, or the
    longest page of a walk from page 1 on.
    """
    full = seen.longest if found else asked or (seen.longest if seen.start else 0)
    return -(-total // full) if full else 0


def numbered(number: Number) -> int:
    """The number as the text of a request needs it, for lists that can't be asked for without one."""
    return 1 if isinstance(number, Unset) else number


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

    __slots__ = (
        "_earlier",
        "_empty",
        "_form",
        "_left",
        "_operation",
        "_seen",
        "_size",
        "latest",
        "next_page",
        "number",
    )

    def __init__(
        self, first: Number, size: Number, max_pages: int | None, operation: Operation | None, form: Form = USUAL
    ) -> None:
        self._form = form
        self.number: Number = first
        self.latest: int | None = None
        self.next_page: int | None = None
        self._size = size
        self._left = max_pages
        self._operation = operation
        self._empty = 0
        self._seen = Seen(0, isinstance(first, Unset) or first == 1)
        # The pages that came, by what tells their records apart.
        self._earlier: dict[int, int] = {}

    def take(self, answer: Page | Response[Page]) -> bool:
        """Note the page that came; whether another one is to be requested.

        ``PageRepeated`` when it came before, ``AnswerUnreadable`` when it has no list of records.
        """
        now = 1 if isinstance(self.number, Unset) else self.number
        page = _page(answer)
        found = self._form.items(page)
        if found is None:
            raise _problem(AnswerUnreadable, f"page {now} has no list of records", answer, self._operation)
        self._check(found, now, answer)
        self.latest = now
        self._seen = Seen(max(self._seen.longest, len(found)), self._seen.start)
        self.next_page = following(page, now, self._size, self._form, self._seen)
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
        self, page_number: Number, page_size: Number, max_pages: int | None, operation: Operation | None, form: Form
    ) -> None:
        self._form = form
        if max_pages is not None and max_pages < 1:
            raise ValueError("max_pages must be at least 1")
        self._first = page_number
        self._size = page_size
        self._max_pages = max_pages
        self._operation = operation
        self.page_number: int | None = None
        self.next_page: int | None = None

    def _walk(self) -> _Walk[Page]:
        return _Walk(self._first, self._size, self._max_pages, self._operation, self._form)

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
        form: Form = USUAL,
    ) -> None:
        super().__init__(page_number, page_size, max_pages, operation, form)
        self._fetch = fetch

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from self._form.items(page) or ()

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
        form: Form = USUAL,
    ) -> None:
        super().__init__(page_number, page_size, max_pages, operation, form)
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in self._form.items(page) or ():
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
