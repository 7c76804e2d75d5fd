"""Records that are computed from those of a collection, each when it is asked for: a page of 100,000 costs a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .columns import Rows
from .exchange import Record
from .store import Collection


class Derived(Rows):
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
        super().__init__(source.arranged(None, chosen), derive)

    def of(self, chosen: list[str] | None) -> Derived:
        """The same for the records of the source with these ids alone; None: for all."""
        return Derived(self.source, self._record, self.fields, chosen)
