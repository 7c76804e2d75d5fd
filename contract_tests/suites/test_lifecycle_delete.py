"""What is deleted is gone everywhere, what never was is not found, and what is there reads alike each time."""

from __future__ import annotations

from contract_tests.rules import cases, deletion
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.with_action("delete"))
def test_deleted_record_is_gone(hold: Hold, case: Case) -> None:
    hold(deletion.deleted_record_is_gone, *case.arguments)


@each(cases.with_action("delete"))
def test_deleted_record_is_not_listed(hold: Hold, case: Case) -> None:
    hold(deletion.deleted_record_is_not_listed, *case.arguments)


@each(cases.addressed)
def test_unknown_record_is_not_found(hold: Hold, case: Case) -> None:
    hold(deletion.unknown_record_is_not_found, *case.arguments)


@each(cases.below)
def test_record_is_below_its_own_alone(hold: Hold, case: Case) -> None:
    hold(deletion.record_is_below_its_own_alone, *case.arguments)


@each(cases.with_action("retrieve"))
def test_record_reads_alike(hold: Hold, case: Case) -> None:
    hold(deletion.record_reads_alike, *case.arguments)
