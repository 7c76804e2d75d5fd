"""What a live run does differently from one against a stand-in, test by test; a test that is not listed does not run.

Scenarios on records of the run's own stay as they are. What provokes the target on purpose is left out, or confined
to operations that only read; the gate would refuse the rest of it anyway, one request at a time.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from contract_tests.budget import Budget
from contract_tests.description import Operation
from contract_tests.live.verdict import is_read


class Suits(Enum):
    """Where a test belongs."""

    ALL = "all operations"
    READS = "operations that only read"
    WRITES = "all operations, in runs that write"
    NEGATIVE = "operations that only read; writes with --negative-writes"
    NONE = "no operation of a live target"


WHY_NONE = "not for a live target: it strays from the description, from records of ours, or costs too many requests"
WHY_READS = "on a live target only operations that read are provoked"
WHY_NEGATIVE = "writes that break the schema need --negative-writes"
TESTS = {
    "test_authentication::test_right_credentials_are_taken": Suits.READS,
    "test_authentication::test_wrong_credentials_are_refused": Suits.READS,
    "test_authentication::test_undocumented_methods_are_refused": Suits.NONE,
    "test_authentication::test_unknown_routes_are_not_found": Suits.NONE,
    "test_client_calls::test_package_and_description_have_the_same_operations": Suits.ALL,
    "test_client_calls::test_answer_is_read": Suits.ALL,
    "test_client_calls::test_refusal_is_read": Suits.READS,
    # The description's own examples carry no mark of the run.
    "test_conformance::test_examples": Suits.READS,
    # Some hundred requests for each operation, most of them invalid: the quotas of an account are better used.
    "test_conformance::test_coverage": Suits.NONE,
    "test_conformance::test_fuzzing": Suits.ALL,
    "test_exercised::test_every_list_shows_a_record": Suits.ALL,
    "test_exercised::test_every_described_field_was_sent": Suits.ALL,
    "test_filters::test_list_is_in_order": Suits.ALL,
    "test_filters::test_sort_orders_the_list": Suits.ALL,
    "test_filters::test_filter_selects": Suits.ALL,
    "test_filters::test_faulty_query_values_are_refused": Suits.ALL,
    "test_filters::test_unknown_query_parameters_are_ignored": Suits.ALL,
    "test_lifecycle_compute::test_computes_for_each_value": Suits.ALL,
    "test_lifecycle_compute::test_what_is_made_reads_back": Suits.ALL,
    # What a faulty message costs, and whom it reaches when it is taken, nobody wants to learn from an account.
    "test_lifecycle_compute::test_required_field_is_required": Suits.READS,
    "test_lifecycle_compute::test_faulty_values_are_refused": Suits.READS,
    "test_lifecycle_create::test_value_alone_reads_back": Suits.ALL,
    "test_lifecycle_create::test_values_together_read_back": Suits.ALL,
    "test_lifecycle_create::test_null_reads_back": Suits.ALL,
    "test_lifecycle_create::test_creation_makes_one_record": Suits.ALL,
    "test_lifecycle_create::test_defaults_apply": Suits.ALL,
    "test_lifecycle_create::test_nested_defaults_apply": Suits.ALL,
    "test_lifecycle_create::test_generated_fields_are_made": Suits.ALL,
    "test_lifecycle_create::test_read_only_fields_are_ignored": Suits.NONE,
    "test_lifecycle_create::test_unknown_keys_are_ignored": Suits.NONE,
    "test_lifecycle_create::test_required_field_is_required": Suits.NEGATIVE,
    "test_lifecycle_create::test_faulty_values_are_refused": Suits.NEGATIVE,
    "test_lifecycle_delete::test_deleted_record_is_gone": Suits.ALL,
    "test_lifecycle_delete::test_deleted_record_is_not_listed": Suits.ALL,
    "test_lifecycle_delete::test_unknown_record_is_not_found": Suits.READS,
    "test_lifecycle_delete::test_record_is_below_its_own_alone": Suits.READS,
    "test_lifecycle_delete::test_record_reads_alike": Suits.ALL,
    "test_lifecycle_references::test_assigns_and_unassigns": Suits.ALL,
    "test_lifecycle_references::test_unknown_reference_is_refused": Suits.NONE,
    "test_lifecycle_references::test_sent_reference_is_refused": Suits.NONE,
    "test_lifecycle_references::test_child_list_shows_what_is_assigned": Suits.WRITES,
    "test_lifecycle_references::test_child_lists_agree_with_their_records": Suits.ALL,
    "test_lifecycle_references::test_deletion_waits_for_what_is_assigned": Suits.ALL,
    "test_lifecycle_replace::test_replaced_record_reads_back": Suits.ALL,
    "test_lifecycle_replace::test_what_is_left_out_is_reset": Suits.ALL,
    "test_lifecycle_replace::test_null_reads_back": Suits.ALL,
    "test_lifecycle_replace::test_read_only_fields_are_ignored": Suits.NONE,
    "test_lifecycle_replace::test_unknown_keys_are_ignored": Suits.NONE,
    "test_lifecycle_replace::test_required_field_is_required": Suits.NEGATIVE,
    "test_lifecycle_replace::test_faulty_values_are_refused": Suits.NEGATIVE,
    "test_lifecycle_update::test_one_field_changes": Suits.ALL,
    "test_lifecycle_update::test_fields_change_together": Suits.ALL,
    "test_lifecycle_update::test_null_keeps_or_clears": Suits.ALL,
    "test_lifecycle_update::test_empty_string_keeps_or_clears": Suits.ALL,
    "test_lifecycle_update::test_objects_merge": Suits.ALL,
    "test_lifecycle_update::test_value_outside_the_list_is_ignored": Suits.ALL,
    "test_lifecycle_update::test_read_only_fields_are_ignored": Suits.NONE,
    "test_lifecycle_update::test_unknown_keys_are_ignored": Suits.NONE,
    "test_lifecycle_update::test_update_of_nothing": Suits.ALL,
    "test_lifecycle_update::test_not_required_once_set": Suits.ALL,
    "test_lifecycle_update::test_required_while_unset": Suits.ALL,
    "test_lifecycle_update::test_required_field_is_required": Suits.NEGATIVE,
    "test_lifecycle_update::test_faulty_values_are_refused": Suits.NEGATIVE,
    "test_pagination::test_sizes_add_up": Suits.ALL,
    "test_pagination::test_page_beyond_the_end_is_empty": Suits.ALL,
    "test_pagination::test_walking_shows_each_record_once": Suits.ALL,
    "test_pagination::test_sizes_out_of_bounds_are_refused": Suits.ALL,
    # A walk follows ids wherever answers lead; what it would change need not be ours.
    "test_stateful::test_linked_calls_agree_with_each_other": Suits.NONE,
    "test_webhooks::test_package_knows_every_event": Suits.ALL,
    # The events of a live account come to --webhook-url, after operations that the gate lets pass.
    "test_webhooks::test_events_are_told": Suits.WRITES,
    "test_webhooks::test_formats_that_are_not_described": Suits.WRITES,
    "test_webhooks::test_every_described_field_was_told": Suits.ALL,
}


# How much of each budget suits a live target: quotas are per minute, and each record is made and taken away for real.
SIZES: dict[str, dict[str, int]] = {
    "quick": {"max_examples": 4, "samples": 2, "records": 3},
    "standard": {"max_examples": 15, "samples": 3, "records": 5},
    "nightly": {"max_examples": 40, "samples": 6, "records": 8},
}
# Seconds that a run waits for a quota to open again: none is longer than a minute.
PATIENCE = 65.0


def sized(budget: Budget, minutes: float) -> Budget:
    """A budget as a live run uses it; ``minutes`` is its hard limit."""
    size = SIZES[budget.name]
    return replace(
        budget,
        max_examples=size["max_examples"],
        samples=size["samples"],
        records=size["records"],
        # What a target gets wrong now and then is met in one of the many runs.
        rounds=1,
        limit=minutes * 60,
        patience=PATIENCE,
    )


def unsuited(test: str, operation: Operation | None, *, writes: bool, negative: bool) -> str:
    """Why a test (``module::function``) about an operation does not run on a live target; empty when it does.

    ``writes`` and ``negative`` say whether writes, and writes that break the schema, were asked for.
    """
    suits = TESTS.get(test)
    if suits is None:
        return f"contract_tests/live/plan.py does not say whether {test} suits a live target"
    if suits is Suits.NONE:
        return WHY_NONE
    if suits is Suits.WRITES and not writes:
        return "writes need --writes"
    if suits in {Suits.ALL, Suits.WRITES} or operation is None or is_read(operation):
        return ""
    if suits is Suits.NEGATIVE:
        return "" if negative else WHY_NEGATIVE
    return WHY_READS
