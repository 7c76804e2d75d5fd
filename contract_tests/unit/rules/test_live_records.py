"""Records to work on where none may be made: those that a target lists, below others or by a filter if need be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from contract_tests.description import Operation, load
from contract_tests.live.verdict import is_read
from contract_tests.outlet import Outlet
from contract_tests.rules.answers import records_of
from contract_tests.rules.bench import Bench
from contract_tests.rules.examples import addresses_listed
from contract_tests.rules.resource import by_collection
from contract_tests.unit.rules.stage import staged
from contract_tests.unit.rules.wire import Wire

OURS = load()


class ReadsOnly(Outlet):
    """A way out for nothing but reads, to a target that has not the records of the examples."""

    guarded: ClassVar[bool] = True

    def permits(self, operation: Operation) -> bool:
        return is_read(operation)


@contextmanager
def reading() -> Iterator[tuple[Bench, Wire]]:
    with staged(OURS) as (session, wire):
        session.outlet = ReadsOnly()
        yield Bench(session, "check"), wire


def test_a_record_is_found_below_the_first_that_has_any() -> None:
    configs = by_collection(OURS, "autoresp_configs")
    assert configs.list is None
    assert configs.retrieve is not None
    with reading() as (bench, wire):
        found = bench.subject(configs)
        assert bench.call(configs.retrieve, str(found["id"])).ok
        assert found["id"] in [one["id"] for one in wire.mock.store["autoresp_configs"]]


def test_a_list_that_shows_nothing_without_a_filter_is_asked_by_a_record_of_the_target() -> None:
    lister = OURS.by_id["listCampaigns"]
    (example,) = [one["example"] for one in lister.parameters if one["name"] == "brandId"]
    with reading() as (bench, wire):
        other = next(one["brandId"] for one in reversed(list(wire.mock.store["brands"])) if one["brandId"] != example)
        for record in list(wire.mock.store["campaigns"]):
            wire.mock.store["campaigns"].replace({**record, "brandId": other})
        assert records_of(bench.call(lister)) != []
        assert bench.session.selected == {"listCampaigns": other}
        # It is looked for once.
        before = bench.session.counts["listBrands"].total()
        assert records_of(Bench(bench.session, "another").call(lister)) != []
        assert bench.session.counts["listBrands"].total() == before


def test_a_stand_in_is_asked_by_the_example() -> None:
    with staged(OURS) as (session, _):
        assert records_of(Bench(session, "check").call(OURS.by_id["listCampaigns"])) != []
        assert session.selected == {}


def test_what_is_listed_can_be_asked_for_one_by_one() -> None:
    operation = OURS.by_id["retrieveTollfreeVerificationRequest"]
    with reading() as (bench, _):
        paths = list(addresses_listed(bench, operation))
        assert len({path["id"] for path in paths}) == len(paths) > 1
        assert all(bench.session.call(operation.operation_id, path=path).ok for path in paths)


def test_what_nothing_lists_has_no_address() -> None:
    with reading() as (bench, _):
        for name in ("retrieveMessage", "listBrands", "retrieveAutorespConfig"):
            assert list(addresses_listed(bench, OURS.by_id[name])) == []
