"""Answers that are computed exist for a new record and for each value of their parameters."""

from __future__ import annotations

from contract_tests.rules import cases, computing
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.operations(lambda one: one.resource is not None and one.resource.action == "compute"))
def test_computes_for_each_value(hold: Hold, case: Case) -> None:
    hold(computing.computes_for_each_value, *case.arguments)


@each(cases.makers)
def test_what_is_made_reads_back(hold: Hold, case: Case) -> None:
    hold(computing.what_is_made_reads_back, *case.arguments)


@each(cases.computed_fields(lambda field: field.required))
def test_required_field_is_required(hold: Hold, case: Case) -> None:
    hold(computing.required_field_is_required, *case.arguments)


@each(cases.computed_fields_with_faults)
def test_faulty_values_are_refused(hold: Hold, case: Case) -> None:
    hold(computing.faulty_values_are_refused, *case.arguments)
