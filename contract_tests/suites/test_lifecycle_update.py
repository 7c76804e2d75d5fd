"""An update changes what it names and nothing else; null, "" and absence mean what the description says."""

from __future__ import annotations

from contract_tests.rules import cases, updating
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.fields_at("update", lambda field: not field.references))
def test_one_field_changes(hold: Hold, case: Case) -> None:
    hold(updating.one_field_changes, *case.arguments)


@each(cases.with_action("update"))
def test_fields_change_together(hold: Hold, case: Case) -> None:
    hold(updating.fields_change_together, *case.arguments)


@each(cases.fields_at("update", lambda field: field.takes_null))
def test_null_keeps_or_clears(hold: Hold, case: Case) -> None:
    hold(updating.null_keeps_or_clears, *case.arguments)


@each(cases.fields_at("update", lambda field: field.on_empty_string is not None))
def test_empty_string_keeps_or_clears(hold: Hold, case: Case) -> None:
    hold(updating.empty_string_keeps_or_clears, *case.arguments)


@each(cases.fields_at("update", lambda field: field.on_object == "merge"))
def test_objects_merge(hold: Hold, case: Case) -> None:
    hold(updating.objects_merge, *case.arguments)


@each(cases.fields_at("update", lambda field: field.ignored_unless_in is not None))
def test_value_outside_the_list_is_ignored(hold: Hold, case: Case) -> None:
    hold(updating.value_outside_the_list_is_ignored, *case.arguments)


@each(cases.with_action("update"))
def test_read_only_fields_are_ignored(hold: Hold, case: Case) -> None:
    hold(updating.read_only_fields_are_ignored, *case.arguments)


@each(cases.with_action("update"))
def test_unknown_keys_are_ignored(hold: Hold, case: Case) -> None:
    hold(updating.unknown_keys_are_ignored, *case.arguments)


@each(cases.with_action("update", lambda resource: bool(resource.update and resource.update.empty_update)))
def test_update_of_nothing(hold: Hold, case: Case) -> None:
    hold(updating.update_of_nothing, *case.arguments)


@each(cases.fields_at("update", lambda field: field.required_while_unset))
def test_not_required_once_set(hold: Hold, case: Case) -> None:
    hold(updating.not_required_once_set, *case.arguments)


@each(cases.fields_at("update", lambda field: field.required_while_unset))
def test_required_while_unset(hold: Hold, case: Case) -> None:
    hold(updating.required_while_unset, *case.arguments)


@each(cases.fields_at("update", lambda field: field.required))
def test_required_field_is_required(hold: Hold, case: Case) -> None:
    hold(updating.required_field_is_required, *case.arguments)


@each(cases.fields_with_faults_at("update"))
def test_faulty_values_are_refused(hold: Hold, case: Case) -> None:
    hold(updating.faulty_values_are_refused, *case.arguments)
