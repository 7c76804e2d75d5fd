"""Records that are computed from those of a collection, each when it is asked for: a page of 100,000 costs a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import overload

from .exchange import Record
from .store import Collection


class Derived(Sequence[Record]):
    """One record for each of ``source``, in its order; with ``chosen``, for those with these ids.

    ``fields`` names the fields that equal a field of the source, and that one: filters find by them without computing.
    """

    def __init__(
        self,
        source: Collection,
        derive: Callable[[Record], Record],
        fields: Mapping[str, str],
        chosen: list[str] | None = None,
    ) -> None:
        self.source = source
        self.fields = fields
        self._derive = derive
        self._rows = source.arranged(None, chosen)

    def of(self, chosen: list[str] | None) -> Derived:
        """The same for the records of the source with these ids alone; None: for all."""
        return Derived(self.source, self._derive, self.fields, chosen)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self._derive(row) for row in self._rows[index]]
        return self._derive(self._rows[index])
