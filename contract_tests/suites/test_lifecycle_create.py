"""Creation keeps what it is told: every field, every sampled value, every documented default."""

from __future__ import annotations

from contract_tests.rules import cases, creation
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.fields_at("create"))
def test_value_alone_reads_back(hold: Hold, case: Case) -> None:
    hold(creation.value_alone_reads_back, *case.arguments)


@each(cases.with_action("create"))
def test_values_together_read_back(hold: Hold, case: Case) -> None:
    hold(creation.values_together_read_back, *case.arguments)


@each(cases.fields_at("create", lambda field: field.nullable))
def test_null_reads_back(hold: Hold, case: Case) -> None:
    hold(creation.null_reads_back, *case.arguments)


@each(cases.with_first_values)
def test_defaults_apply(hold: Hold, case: Case) -> None:
    hold(creation.defaults_apply, *case.arguments)


@each(cases.fields_with_nested_defaults)
def test_nested_defaults_apply(hold: Hold, case: Case) -> None:
    hold(creation.nested_defaults_apply, *case.arguments)


@each(cases.with_action("create"))
def test_generated_fields_are_made(hold: Hold, case: Case) -> None:
    hold(creation.generated_fields_are_made, *case.arguments)


@each(cases.with_action("create"))
def test_read_only_fields_are_ignored(hold: Hold, case: Case) -> None:
    hold(creation.read_only_fields_are_ignored, *case.arguments)


@each(cases.with_action("create"))
def test_unknown_keys_are_ignored(hold: Hold, case: Case) -> None:
    hold(creation.unknown_keys_are_ignored, *case.arguments)


@each(cases.with_action("create", lambda resource: resource.lister is not None))
def test_creation_makes_one_record(hold: Hold, case: Case) -> None:
    hold(creation.creation_makes_one_record, *case.arguments)


@each(cases.fields_at("create", lambda field: field.required))
def test_required_field_is_required(hold: Hold, case: Case) -> None:
    hold(creation.required_field_is_required, *case.arguments)


@each(cases.fields_with_faults_at("create"))
def test_faulty_values_are_refused(hold: Hold, case: Case) -> None:
    hold(creation.faulty_values_are_refused, *case.arguments)
