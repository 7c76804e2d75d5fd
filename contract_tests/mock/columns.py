"""What a collection keeps beside its records so that long lists stay quick: one field of all records, and the order.

Both are made when a list first asks for them and kept up to date from then on, so that a list of 100,000 records costs
milliseconds even if there is a write before each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, overload

from .exchange import Json, Record


def as_is(value: Json) -> Json:
    """The value itself."""
    return value


def folded(value: Json) -> str:
    """A value as text without case; what is nothing is the empty text."""
    return str(value or "").casefold()


def sort_key(value: Json) -> tuple[int, Json]:
    """A key that orders null before everything and numbers before text, so that any mixture can be sorted."""
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, (int, float)) else (2, str(value))


class Column:
    """The value of one field by the id of its record, in the order of insertion; ``read`` is applied to each."""

    def __init__(self, field: str, read: Callable[[Json], Json], records: Mapping[str, Record]) -> None:
        self.values: dict[str, Json] = {}
        self._field = field
        self._read = read
        for identifier, record in records.items():
            self.put(identifier, record)

    def put(self, identifier: str, record: Record) -> None:
        """A record is new, or stands in the place of its former self."""
        self.values[identifier] = self._read(record.get(self._field))

    def remove(self, identifier: str) -> None:
        """A record is gone."""
        del self.values[identifier]


class Index:
    """The ids of records by the value of one field, so that a few among very many are found at once."""

    def __init__(self, field: str, records: Mapping[str, Record]) -> None:
        self._field = field
        self._ids: dict[Hashable, set[str]] = {}
        for identifier, record in records.items():
            self.put(identifier, record, None)

    def put(self, identifier: str, record: Record, former: Record | None) -> None:
        """A record is new, or stands in the place of ``former``."""
        if former is not None:
            self.remove(identifier, former)
        value = record.get(self._field)
        if isinstance(value, Hashable):  # no plain value equals a list or an object
            self._ids.setdefault(value, set()).add(identifier)

    def remove(self, identifier: str, record: Record) -> None:
        """A record is gone."""
        value = record.get(self._field)
        if isinstance(value, Hashable):
            self._ids[value].discard(identifier)

    def of(self, value: Hashable) -> Collection[str]:
        """The ids of the records with a value, in no order."""
        return self._ids.get(value, ())


class Order:
    """The ids of all records, sorted by a field; of equal ones the one inserted first comes first.

    Records mostly come in the order of their creation, by which lists are sorted. As long as that holds there is
    nothing to sort; it is checked with each record.
    """

    def __init__(self, field: str, records: Mapping[str, Record]) -> None:
        self._field = field
        self._records = records
        self._greatest: tuple[int, Json] | None = None
        self._sorted: list[str] | None = None
        self.as_inserted = True
        for record in records.values():
            self._check(record)

    def _check(self, record: Record) -> None:
        key = sort_key(record.get(self._field))
        if self._greatest is not None and key < self._greatest:
            self.as_inserted = False
        else:
            self._greatest = key

    def put(self, record: Record, former: Record | None) -> None:
        """A record is new, or stands in the place of ``former``."""
        if former is None:
            self._sorted = None
            self._check(record)
        elif former.get(self._field) != record.get(self._field):
            self._sorted = None
            self.as_inserted = False

    def remove(self) -> None:
        """Some record is gone."""
        self._sorted = None

    def key(self, identifier: str) -> tuple[int, Json]:
        """What a record is sorted by."""
        return sort_key(self._records[identifier].get(self._field))

    def arrange(self, some: list[str] | None, *, descending: bool) -> list[str]:
        """Ids in this order: all, or ``some`` of them, which come as they were inserted."""
        if self.as_inserted:
            found = list(self._records) if some is None else some
            return found[::-1] if descending else found
        if some is not None and len(some) < len(self._records) // 8:
            found = sorted(some, key=self.key)
        else:
            if self._sorted is None:
                self._sorted = sorted(self._records, key=self.key)
            chosen = None if some is None else set(some)
            found = self._sorted if chosen is None else [one for one in self._sorted if one in chosen]
        return found[::-1] if descending else found


class Rows(Sequence[Record]):
    """Records that are looked up, or made, when they are asked for: one for each of ``items``."""

    def __init__(self, items: Sequence[Any], record: Callable[[Any], Record]) -> None:
        self._items = items
        self._record = record

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self._record(one) for one in self._items[index]]
        return self._record(self._items[index])


def pairs(rows: Iterable[Record], field: str, read: Callable[[Json], Json]) -> Iterable[tuple[Record, Json]]:
    """Records that no collection keeps columns for, each with its value of a field."""
    return ((row, read(row.get(field))) for row in rows)
