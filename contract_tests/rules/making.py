"""What making a record does to its list: there is one more, and that is the one of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.compare import missing_from
from contract_tests.rules.paging import identity, walk
from contract_tests.rules.resource import Resource


@dataclass(frozen=True)
class Listed:
    """The ids in a list (below ``parent``, where it stands below one) before something is made."""

    bench: Bench
    resource: Resource
    lister: Operation
    parent: str | None
    known: frozenset[str]

    def one_more(self, record: Record, exchange: Exchange, sent: Mapping[str, Any]) -> None:
        """Judge that the record of an answer is in the list now, and no second one that is as it was sent.

        Records that somebody else makes meanwhile are not like the one that was sent. A client that gives the id may
        give one that the list had before.
        """
        found = walk(self.bench, self.lister, parent=self.parent)
        name, mine = self.resource.id_field, str(record[self.resource.id_field])
        self.bench.expect(
            any(str(one.get(name)) == mine for one in found.records),
            "listed-wrongly",
            found.exchanges[-1],
            pointer=found.exchanges[-1].at(),
            expected="the new record to be in the list",
            observed=f"it is not among {len(found.records)}",
            before=(exchange,),
        )
        shows = self.bench.shows(self.lister.operation_id)
        shown = {key: value for key, value in sent.items() if key in shows}
        alike = [one for one in found.records if not any(missing_from(shown, one, ""))]
        others = {str(one.get(name)) for one in alike} - self.known - {mine}
        self.bench.expect(
            not others,
            "creation-made-two",
            exchange,
            pointer=exchange.at(),
            expected="one record",
            observed=f"{len(others) + 1} records like the one that was sent",
        )


def before_making(bench: Bench, resource: Resource, lister: Operation, parent: str | None = None) -> Listed:
    """What a list holds before something is made; ``NothingToCheck`` where it does not tell its records apart."""
    if identity(bench.description, lister) != resource.id_field:
        raise NothingToCheck(f"{lister.operation_id}: it does not show the ids of its records")
    there = walk(bench, lister, parent=parent).records
    return Listed(bench, resource, lister, parent, frozenset(str(one.get(resource.id_field)) for one in there))
