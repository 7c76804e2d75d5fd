"""What the mock remembers: collections of records in the order of their insertion.

A stored record is never changed in place: an update puts a new dictionary in its stead. So whoever holds a record
keeps a consistent one, and what ``columns`` keeps beside the records is never out of date.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

from .columns import Column, Index, Order, Rows, as_is
from .exchange import Json, Record

Read = Callable[[Json], Json]


class Collection:
    """Records under their ids; iteration gives them oldest first."""

    def __init__(self, id_field: str = "id") -> None:
        self.id_field = id_field
        self._records: dict[str, Record] = {}
        self._columns: dict[tuple[str, Read], Column] = {}
        self._orders: dict[str, Order] = {}
        self._indexes: dict[str, Index] = {}
        self._places: dict[str, int] = {}  # how many records were inserted before one
        self._inserted = 0

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def get(self, identifier: str) -> Record | None:
        """The record with this id."""
        return self._records.get(identifier)

    def find(self, field: str, value: Hashable) -> Record | None:
        """The first record whose ``field`` equals ``value``."""
        return next(iter(self.having(field, value)), None)

    def having(self, field: str, value: Hashable) -> list[Record]:
        """Every record whose ``field`` equals ``value``, oldest first."""
        if field not in self._indexes:
            self._indexes[field] = Index(field, self._records)
        return [self._records[one] for one in sorted(self._indexes[field].of(value), key=self._places.__getitem__)]

    def column(self, field: str, read: Read = as_is) -> Mapping[str, Json]:
        """A field of all records by id, oldest first: ``read`` of its value."""
        key = (field, read)
        if key not in self._columns:
            self._columns[key] = Column(field, read, self._records)
        return self._columns[key].values

    def arranged(self, order: str | None, some: list[str] | None = None) -> Rows:
        """All records, or those with the ids in ``some`` (oldest first), in an order such as ``-created_at``."""
        if order is None:
            return Rows(list(self._records) if some is None else some, self._records.__getitem__)
        field = order.removeprefix("-")
        if field not in self._orders:
            self._orders[field] = Order(field, self._records)
        found = self._orders[field].arrange(some, descending=order.startswith("-"))
        return Rows(found, self._records.__getitem__)

    def insert(self, record: Record) -> None:
        """Add a record at the end; its id must be new."""
        identifier = record[self.id_field]
        if identifier in self._records:
            raise KeyError(f"a record with id {identifier!r} exists already")
        self._inserted += 1
        self._places[identifier] = self._inserted
        self._put(identifier, record)

    def replace(self, record: Record) -> None:
        """Put a record in the place of the one with its id, which must exist; its position stays."""
        identifier = record[self.id_field]
        if identifier not in self._records:
            raise KeyError(identifier)
        self._put(identifier, record)

    def _put(self, identifier: str, record: Record) -> None:
        former = self._records.get(identifier)
        self._records[identifier] = record
        for column in self._columns.values():
            column.put(identifier, record)
        for order in self._orders.values():
            order.put(record, former)
        for index in self._indexes.values():
            index.put(identifier, record, former)

    def remove(self, identifier: str) -> Record:
        """Take the record out and return it; KeyError when there is none."""
        record = self._records.pop(identifier)
        for column in self._columns.values():
            column.remove(identifier)
        for order in self._orders.values():
            order.remove()
        for index in self._indexes.values():
            index.remove(identifier, record)
        del self._places[identifier]
        return record

    def clear(self) -> None:
        """Forget every record."""
        self._records.clear()
        self._columns.clear()
        self._orders.clear()
        self._indexes.clear()
        self._places.clear()


class Store:
    """The collections by name, and the state that ``reset`` goes back to."""

    def __init__(self, id_fields: Mapping[str, str], seeds: Mapping[str, Iterable[Record]] | None = None) -> None:
        self._collections = {name: Collection(field) for name, field in id_fields.items()}
        self._seeds = {name: [copy.deepcopy(record) for record in records] for name, records in (seeds or {}).items()}
        self.reset()

    def __getitem__(self, name: str) -> Collection:
        return self._collections[name]

    def __contains__(self, name: object) -> bool:
        return name in self._collections

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the collections."""
        return tuple(self._collections)

    def reset(self) -> None:
        """Back to the seeds, and nothing else."""
        for name, collection in self._collections.items():
            collection.clear()
            for record in self._seeds.get(name, ()):
                collection.insert(copy.deepcopy(record))

    def snapshot(self) -> dict[str, list[Record]]:
        """A deep copy of everything, collection by collection, oldest record first."""
        return {name: copy.deepcopy(list(collection)) for name, collection in self._collections.items()}
