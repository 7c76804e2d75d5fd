"""What rules and generated requests make of a guarded way out: marked names, lent records, nothing that provokes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract_tests.description import Operation, load
from contract_tests.drift.finding import Findings
from contract_tests.generated_requests.settings import Aim, Phase, settings_for
from contract_tests.outlet import Outlet
from contract_tests.rules.bench import Bench
from contract_tests.rules.resource import by_collection
from contract_tests.session import Session
from contract_tests.target import Target
from contract_tests.unit.live.stage import NUMBER, NUMBER_ID, NUMBERS, PROFILES, TOKEN, fresh
from contract_tests.unit.rules.wire import Wire

BASE = "http://127.0.0.1:1/v2"


class Guarded(Outlet):
    """A guarded outlet whose target is a mock in this process; ``forbidden`` operations are not permitted."""

    guarded = True
    prefix = "contract-mark-"
    forbidden: frozenset[str] = frozenset()

    def sync(self) -> httpx.BaseTransport:
        return Wire(fresh(load()))

    def permits(self, operation: Operation) -> bool:
        return operation.operation_id not in self.forbidden

    def lent(self, collection: str) -> tuple[str, ...]:
        return (NUMBER,) if collection == NUMBERS else ()


@pytest.fixture
def outlet() -> Guarded:
    return Guarded()


@pytest.fixture
def bench(outlet: Guarded) -> Iterator[Bench]:
    session = Session(load(), Target("x", BASE, TOKEN, True), BASE, (), Findings(), outlet=outlet)
    yield Bench(session, "test")
    session.close()


def test_names_of_new_records_bear_the_mark(bench: Bench) -> None:
    resource = by_collection(load(), PROFILES)
    assert resource.create is not None
    names = bench.values(resource.written(resource.create)["name"])
    assert len(names) > 3
    assert [name for name in names if not name.startswith("contract-mark-")] == []
    assert bench.subject(resource)["name"].startswith("contract-mark-")


def test_texts_of_other_fields_do_not_bear_it(bench: Bench) -> None:
    resource = by_collection(load(), PROFILES)
    assert resource.update is not None
    assert not any("mark" in str(value) for value in bench.values(resource.written(resource.update)["v1_secret"]))


def test_of_records_that_cannot_be_made_a_lent_one_is_worked_on(bench: Bench) -> None:
    assert bench.subject(by_collection(load(), NUMBERS))["id"] == NUMBER_ID


def test_a_run_that_may_not_create_works_on_what_is_there(bench: Bench, outlet: Guarded) -> None:
    outlet.forbidden = frozenset({"createMessagingProfile"})
    before = {one["id"] for one in fresh(load()).store.snapshot()[PROFILES]}
    assert bench.subject(by_collection(load(), PROFILES))["id"] in before


def settings(phase: Phase, **more: Any) -> dict[str, Any]:
    return settings_for(Aim(phase, 1, 5, **more), BASE, TOKEN, "bearerAuth")


def test_a_cautious_aim_sends_no_undescribed_method_and_no_success_without_its_token() -> None:
    assert settings(Phase.EXAMPLES)["checks"]["ignored_auth"]["enabled"]
    made = settings(Phase.EXAMPLES, cautious=True)
    assert made["phases"]["coverage"]["unexpected-methods"] == []
    assert not made["checks"]["ignored_auth"]["enabled"]


def test_a_valid_aim_generates_nothing_that_breaks_the_schema() -> None:
    assert "mode" not in settings(Phase.FUZZING)["generation"]
    assert settings(Phase.FUZZING, valid=True)["generation"]["mode"] == "positive"


def test_the_free_outlet_changes_nothing() -> None:
    free, operation = Outlet(), load().by_id["updateMessagingProfile"]
    body = {"name": "x"}
    assert free.tailor(operation, body) is body
    assert (free.unsuited("any::test", operation), free.problems, free.spent) == ("", (), "")
    assert free.permits(operation)
    assert free.scope(frozenset({"a"}), load()) == {"a"}
    assert not free.exempt(operation)
