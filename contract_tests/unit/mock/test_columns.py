"""What a collection keeps beside its records never changes what a list shows, whatever was written in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contract_tests.description import Description
from contract_tests.mock.behaviours import BEHAVIOURS
from contract_tests.mock.plan import OperationPlan
from contract_tests.mock.planner import Planner
from contract_tests.mock.select import select
from contract_tests.mock.store import Collection
from contract_tests.mock.world import Call
from contract_tests.unit.mock.library import document

QUERIES: list[dict[str, Any]] = [
    {},
    {"filter[label]": "maps"},
    {"filter[label][contains]": "MA"},
    {"filter[floor]": 1},
    {"filter[in]": "art,maps"},
    {"filter[kind]": "open"},
    {"filter[kind]": "closed", "filter[label][contains]": "a"},
    {"sort[label]": "asc"},
    {"sort[label]": "desc", "filter[kind]": "closed"},
]
MOMENTS = st.sampled_from(["2025", "2026", "2026", "2027", None])
LABELS = st.sampled_from(["maps", "Old Maps", "art", "", None, 7, ["maps"]])
KINDS = st.sampled_from(["open-stack", "openstack", "closed", None])


def list_plan() -> OperationPlan:
    """How the made-up library lists its shelves."""
    description = Description(document())
    return Planner(description, BEHAVIOURS).plans()["listShelves"]


class Listing(RuleBasedStateMachine):
    """A collection beside a plain list of the same records."""

    @initialize(warm=st.booleans())
    def start(self, warm: bool) -> None:
        """Empty; with ``warm`` the columns are there from the start, else they are made of what is there by then."""
        self.plan = list_plan()
        self.collection = Collection()
        self.rows: list[dict[str, Any]] = []
        self.made = 0
        if warm:
            self.lists_agree()

    @rule(moment=MOMENTS, label=LABELS, kind=KINDS, floor=st.integers(0, 2))
    def insert(self, **fields: Any) -> None:
        """A new record, of any moment."""
        record = self.record(f"id{self.made}", **fields)
        self.made += 1
        self.collection.insert(record)
        self.rows.append(record)

    @rule(data=st.data(), moment=MOMENTS, label=LABELS, kind=KINDS, floor=st.integers(0, 2))
    def replace(self, data: st.DataObject, **fields: Any) -> None:
        """A record changes, its moment too."""
        if self.rows:
            place = data.draw(st.integers(0, len(self.rows) - 1))
            record = self.record(self.rows[place]["id"], **fields)
            self.collection.replace(record)
            self.rows[place] = record

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """A record goes."""
        if self.rows:
            gone = self.rows.pop(data.draw(st.integers(0, len(self.rows) - 1)))
            assert self.collection.remove(gone["id"]) == gone

    @rule()
    def clear(self) -> None:
        """All of them go."""
        self.collection.clear()
        self.rows.clear()

    @rule()
    def lists_agree(self) -> None:
        """Every list of the collection is that of the plain records."""
        for query in QUERIES:
            call = Call({}, query, {})
            assert list(select(self.plan, call, self.collection)) == list(select(self.plan, call, self.rows)), query

    @invariant()
    def searches_agree(self) -> None:
        """So is what is found by one field."""
        if hasattr(self, "rows"):
            for value in ("maps", None, 7):
                held = [row for row in self.rows if row.get("label") == value]
                assert self.collection.having("label", value) == held
                assert self.collection.find("label", value) == (held[0] if held else None)

    @staticmethod
    def record(identifier: str, moment: str | None, label: Any, kind: str | None, floor: int) -> dict[str, Any]:
        """A shelf; what is None is left out."""
        fields = {"id": identifier, "created_at": moment, "label": label, "kind": kind, "floor": floor}
        return {name: value for name, value in fields.items() if value is not None}


Listing.TestCase.settings = settings(
    derandomize=True, database=None, max_examples=60, stateful_step_count=20, deadline=None
)
TestListing = Listing.TestCase


@pytest.mark.parametrize("query", QUERIES[:6])
def test_a_long_list_is_quicker_than_a_walk_over_all_records_also_after_a_write(
    query: dict[str, Any], shelves: Collection
) -> None:
    plan, call = list_plan(), Call({}, query, {})
    quick, plain = [], []
    for number in range(7):
        record = shelves.get(f"id{number}")
        assert record is not None
        shelves.replace({**record, "note": number})
        quick.append(cost(lambda: select(plan, call, shelves)[:20]))
        plain.append(cost(lambda: select(plan, call, iter(shelves))[:20]))
    assert min(quick) < min(plain) * 0.6, (quick, plain)  # measured: a third at most


def test_a_few_among_very_many_are_found_without_a_walk_also_after_a_write(shelves: Collection) -> None:
    quick, plain = [], []
    for number in range(7):
        record = shelves.get(f"id{number}")
        assert record is not None
        shelves.replace({**record, "label": f"Maps {number}"})
        quick.append(cost(lambda: [shelves.find("label", f"Maps {place}") for place in range(50)]))
        plain.append(cost(lambda: [one for one in shelves if one["label"] == "Maps 7"]))
    assert min(quick) < min(plain) * 0.3, (quick, plain)  # fifty searches, measured: a tenth of one walk


def cost(work: Callable[[], object]) -> float:
    """Seconds of CPU."""
    started = time.process_time()
    work()
    return time.process_time() - started


@pytest.fixture(scope="module")
def shelves() -> Collection:
    """Twenty thousand shelves."""
    made = Collection()
    for number in range(20_000):
        kind = "closed" if number % 3 else "open-stack"
        record = {"id": f"id{number}", "created_at": f"{number:06}", "label": f"Maps {number}", "kind": kind}
        made.insert({**record, "floor": number % 10})
    return made
