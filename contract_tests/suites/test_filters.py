"""Lists: their order, their filters and sorts, and query values that are none."""

from __future__ import annotations

from contract_tests.rules import cases, listing
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.operations(lambda one: one.resource is not None and one.resource.order is not None))
def test_list_is_in_order(hold: Hold, case: Case) -> None:
    hold(listing.list_is_in_order, *case.arguments)


@each(cases.parameters_with("x-sort"))
def test_sort_orders_the_list(hold: Hold, case: Case) -> None:
    hold(listing.sort_orders_the_list, *case.arguments)


@each(cases.parameters_with("x-filter"))
def test_filter_selects(hold: Hold, case: Case) -> None:
    hold(listing.filter_selects, *case.arguments)


@each(cases.parameters_with_faults)
def test_faulty_query_values_are_refused(hold: Hold, case: Case) -> None:
    hold(listing.faulty_query_values_are_refused, *case.arguments)


@each(cases.operations(lambda one: one.method == "get"))
def test_unknown_query_parameters_are_ignored(hold: Hold, case: Case) -> None:
    hold(listing.unknown_query_parameters_are_ignored, *case.arguments)
