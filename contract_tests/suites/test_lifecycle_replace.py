"""A replacement makes a record what its body says; what that leaves out is as at creation."""

from __future__ import annotations

from contract_tests.rules import cases, replacing
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.with_action("replace"))
def test_replaced_record_reads_back(hold: Hold, case: Case) -> None:
    hold(replacing.replaced_record_reads_back, *case.arguments)


@each(cases.with_optional_fields_at("replace"))
def test_what_is_left_out_is_reset(hold: Hold, case: Case) -> None:
    hold(replacing.what_is_left_out_is_reset, *case.arguments)


@each(cases.fields_at("replace", lambda field: field.nullable))
def test_null_reads_back(hold: Hold, case: Case) -> None:
    hold(replacing.null_reads_back, *case.arguments)


@each(cases.with_action("replace"))
def test_read_only_fields_are_ignored(hold: Hold, case: Case) -> None:
    hold(replacing.read_only_fields_are_ignored, *case.arguments)


@each(cases.with_action("replace"))
def test_unknown_keys_are_ignored(hold: Hold, case: Case) -> None:
    hold(replacing.unknown_keys_are_ignored, *case.arguments)


@each(cases.fields_at("replace", lambda field: field.required))
def test_required_field_is_required(hold: Hold, case: Case) -> None:
    hold(replacing.required_field_is_required, *case.arguments)


@each(cases.fields_with_faults_at("replace"))
def test_faulty_values_are_refused(hold: Hold, case: Case) -> None:
    hold(replacing.faulty_values_are_refused, *case.arguments)
