"""Every rule that the suites hold finds a drift of the catalogue that is made for it, where the proof plants that.

A rule that no drift tries may have gone blind without the proof noticing.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.drift.finding import generalise
from contract_tests.mock.drift_catalogue import instances
from contract_tests.mock.drifts.drift import Plant
from contract_tests.prove.command import PLACES
from contract_tests.rules import client_calls, package
from contract_tests.rules.bench import Bench, CannotContinue, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.session import Session
from contract_tests.suites import (
    test_authentication,
    test_client_calls,
    test_filters,
    test_lifecycle_compute,
    test_lifecycle_create,
    test_lifecycle_delete,
    test_lifecycle_references,
    test_lifecycle_replace,
    test_lifecycle_update,
    test_pagination,
)
from contract_tests.unit.rules.stage import mock_of, staged
from contract_tests.unit.rules.test_client_calls import running

pytestmark = pytest.mark.takes(20)

DESCRIPTION = load()
SUITES: tuple[ModuleType, ...] = (
    test_authentication,
    test_client_calls,
    test_filters,
    test_lifecycle_compute,
    test_lifecycle_create,
    test_lifecycle_delete,
    test_lifecycle_references,
    test_lifecycle_replace,
    test_lifecycle_update,
    test_pagination,
)
# The rule, the drift that it is there for, where that is planted, and what the rule calls it.
TRIED = """
authentication.right_credentials_are_taken      refuse-token                   right-token-refused
authentication.wrong_credentials_are_refused    accept-any-token               wrong-token-accepted
routing.undocumented_methods_are_refused        any-method                     undocumented-method-answered
routing.unknown_routes_are_not_found            any-route                      unknown-route-answered
client_calls.answer_is_read                     cut-json                       package-cannot-read
client_calls.refusal_is_read                    cut-json                       package-cannot-read
listing.list_is_in_order                        backward-list                  list-out-of-order
listing.sort_orders_the_list                    backward-sort                  list-out-of-order
listing.filter_selects                          ignore-filters                 filter-selects-wrongly
listing.faulty_query_values_are_refused         accept-any-query               invalid-accepted
listing.unknown_query_parameters_are_ignored    refuse-unknown-parameters      unknown-parameter-matters
computing.computes_for_each_value               computes-for-another           computed-for-another
computing.what_is_made_reads_back               make-twice                     creation-made-two
computing.required_field_is_required            accept-missing-on-compute      invalid-accepted
computing.faulty_values_are_refused             accept-bad-values-on-compute   invalid-accepted
creation.value_alone_reads_back                 truncate-text                  value-not-read-back
creation.values_together_read_back              truncate-text                  value-not-read-back
creation.null_reads_back                        create-empties-null            value-not-read-back
creation.defaults_apply                         create-without-defaults        default-not-applied
creation.nested_defaults_apply                  create-without-inner-defaults  default-not-applied
creation.generated_fields_are_made              two-hours-on                   time-not-now
creation.read_only_fields_are_ignored           create-takes-read-only         read-only-field-written
creation.unknown_keys_are_ignored               keeps-unknown-keys             unknown-key-stored
creation.creation_makes_one_record              create-twice                   creation-made-two
creation.required_field_is_required             accept-missing-fields          invalid-accepted
creation.faulty_values_are_refused              accept-any-pattern             invalid-accepted
deletion.deleted_record_is_gone                 read-deleted                   deleted-still-there
deletion.deleted_record_is_not_listed           list-deleted                   deleted-still-listed
deletion.unknown_record_is_not_found            invent-record                  unknown-id-found
deletion.record_is_below_its_own_alone          below-any-record               child-of-another
deletion.record_reads_alike                     fresh-secret                   unrelated-field-changed
references.assigns_and_unassigns                empty-string-keeps             reference-not-cleared
references.unknown_reference_is_refused         accept-unknown-reference       reference-not-checked
references.sent_reference_is_refused            accept-unknown-reference       reference-not-checked
references.child_list_shows_what_is_assigned    no-children                    child-list-wrong
references.child_lists_agree_with_their_records children-of-all                child-of-another
references.deletion_waits_for_what_is_assigned  allow-blocked-deletion         deletion-not-blocked
replacing.replaced_record_reads_back            forget-replace                 value-not-stored
replacing.what_is_left_out_is_reset             replace-keeps                  left-out-value-kept
replacing.null_reads_back                       replace-keeps-at-null          value-not-stored
replacing.read_only_fields_are_ignored          replace-takes-read-only        read-only-field-written
replacing.unknown_keys_are_ignored              replace-keeps-unknown-keys     unknown-key-stored
replacing.required_field_is_required            accept-missing-on-replace      invalid-accepted
replacing.faulty_values_are_refused             accept-bad-values-on-replace   invalid-accepted
updating.one_field_changes                      ignore-on-update               value-not-stored
updating.fields_change_together                 forget-update                  value-not-stored
updating.null_keeps_or_clears                   null-keeps                     null-keeps
updating.empty_string_keeps_or_clears           empty-string-keeps             empty-string-keeps
updating.objects_merge                          replace-object                 object-replaced
updating.value_outside_the_list_is_ignored      any-listed-value               ignored-value-stored
updating.read_only_fields_are_ignored           takes-read-only                read-only-field-written
updating.unknown_keys_are_ignored               update-keeps-unknown-keys      unknown-key-stored
updating.update_of_nothing                      accept-empty-update            empty-update-accepted
updating.not_required_once_set                  demand-what-is-set             valid-request-refused
updating.required_while_unset                   accept-missing-value           invalid-accepted
updating.required_field_is_required             accept-missing-on-update       invalid-accepted
updating.faulty_values_are_refused              accept-bad-values-on-update    invalid-accepted
pagination.sizes_add_up                         ignore-page-size               page-meta
pagination.page_beyond_the_end_is_empty         last-page-again                page-meta
pagination.walking_shows_each_record_once       skip-between-pages             pages-do-not-join
pagination.sizes_out_of_bounds_are_refused      accept-any-page                invalid-accepted
"""
ROWS = [(rule, drift, kind) for rule, drift, kind in map(str.split, filter(None, TRIED.split("\n")))]
PLANTS = instances(DESCRIPTION, each=PLACES)


def held() -> dict[str, tuple[Callable[..., None], list[Case]]]:
    """Each rule that a suite holds, by its module and name, and what it is held on."""
    found: dict[str, tuple[Callable[..., None], list[Case]]] = {}
    for suite in SUITES:
        for name, test in vars(suite).items():
            if name.startswith("test_") and hasattr(test, "cases"):
                said = re.search(r"\bhold\((\w+)\.(\w+)", inspect.getsource(test))
                assert said is not None, name
                rule = getattr(getattr(suite, said[1]), said[2])
                found[f"{said[1]}.{said[2]}"] = rule, list(test.cases(DESCRIPTION))
    return found


HELD = held()


def arguments(case: Case) -> tuple[Any, ...]:
    """What a suite gives a rule: those of the package get the module that makes the call."""
    if case.arguments[1:] and case.arguments[-1] in package.MODES:
        return case.arguments[0], test_client_calls.module_of(case), case.arguments[-1]
    return case.arguments


@contextmanager
def targets(plant: Plant, *, packaged: bool) -> Iterator[Session]:
    """A session with a mock that has the drift, behind a socket for who brings an HTTP client of its own."""
    if packaged:
        with running(plant.text) as session:
            yield session
    else:
        with staged(DESCRIPTION, [plant.text]) as (session, _):
            yield session


def found_by(rule: Callable[..., None], cases: list[Case], plant: Plant) -> Iterator[str]:
    """The kinds of what a rule finds and the plant is known by, in the runs that the proof makes of it."""
    for case in cases:
        if case.operation.operation_id not in plant.only:
            continue
        with targets(plant, packaged=rule.__module__ == client_calls.__name__) as session:
            bench = Bench(session, "each-rule", seed=1)
            try:
                try:
                    rule(bench, *arguments(case))
                finally:
                    bench.close()
            except (NothingToCheck, CannotContinue):
                pass
            for one in session.findings.all():
                if plant.attributed_by(one.kind, one.operation, generalise(one.pointer)):
                    yield one.kind


def test_each_rule_of_the_suites_is_tried() -> None:
    assert sorted(rule for rule, _, _ in ROWS) == sorted(HELD)


@pytest.mark.parametrize(("name", "drift", "kind"), ROWS, ids=[f"{rule}-{drift}" for rule, drift, _ in ROWS])
def test_a_rule_finds_the_drift_that_it_is_there_for(name: str, drift: str, kind: str) -> None:
    rule, cases = HELD[name]
    plants = [plant for plant in PLANTS if plant.drift.name == drift]
    assert kind in (found for plant in plants for found in found_by(rule, cases, plant))
    mock_of.cache_clear()
