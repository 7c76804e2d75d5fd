"""Records are assigned to others: the field, the list below the other record, and what may not be deleted agree."""

from __future__ import annotations

from contract_tests.rules import cases, references
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.fields_at("update", lambda field: field.references is not None))
def test_assigns_and_unassigns(hold: Hold, case: Case) -> None:
    hold(references.assigns_and_unassigns, *case.arguments)


@each(cases.fields_at("update", lambda field: field.references is not None))
def test_unknown_reference_is_refused(hold: Hold, case: Case) -> None:
    hold(references.unknown_reference_is_refused, *case.arguments)


@each(cases.references_sent)
def test_sent_reference_is_refused(hold: Hold, case: Case) -> None:
    hold(references.sent_reference_is_refused, *case.arguments)


@each(cases.assignable_children)
def test_child_list_shows_what_is_assigned(hold: Hold, case: Case) -> None:
    hold(references.child_list_shows_what_is_assigned, *case.arguments)


@each(cases.children)
def test_child_lists_agree_with_their_records(hold: Hold, case: Case) -> None:
    hold(references.child_lists_agree_with_their_records, *case.arguments)


@each(cases.blocks)
def test_deletion_waits_for_what_is_assigned(hold: Hold, case: Case) -> None:
    hold(references.deletion_waits_for_what_is_assigned, *case.arguments)
