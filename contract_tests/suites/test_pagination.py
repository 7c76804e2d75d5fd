"""Pages add up, join without gap or repeat, end where they say, and keep to their bounds."""

from __future__ import annotations

from contract_tests.rules import cases, pagination
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.paged_lists)
def test_sizes_add_up(hold: Hold, case: Case) -> None:
    hold(pagination.sizes_add_up, *case.arguments)


@each(cases.paged_lists)
def test_page_beyond_the_end_is_empty(hold: Hold, case: Case) -> None:
    hold(pagination.page_beyond_the_end_is_empty, *case.arguments)


@each(cases.paged_lists)
def test_walking_shows_each_record_once(hold: Hold, case: Case) -> None:
    hold(pagination.walking_shows_each_record_once, *case.arguments)


@each(cases.paged_lists)
def test_sizes_out_of_bounds_are_refused(hold: Hold, case: Case) -> None:
    hold(pagination.sizes_out_of_bounds_are_refused, *case.arguments)
