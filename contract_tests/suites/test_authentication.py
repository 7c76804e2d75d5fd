"""Every operation asks for the right token; routes and methods that are not described are not there."""

from __future__ import annotations

from contract_tests.rules import authentication, cases, routing
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@each(cases.guarded)
def test_right_credentials_are_taken(hold: Hold, case: Case) -> None:
    hold(authentication.right_credentials_are_taken, *case.arguments)


@each(cases.guarded_with(tuple(authentication.VARIANTS)))
def test_wrong_credentials_are_refused(hold: Hold, case: Case) -> None:
    hold(authentication.wrong_credentials_are_refused, *case.arguments)


@each(cases.paths)
def test_undocumented_methods_are_refused(hold: Hold, case: Case) -> None:
    hold(routing.undocumented_methods_are_refused, *case.arguments)


@each(cases.paths)
def test_unknown_routes_are_not_found(hold: Hold, case: Case) -> None:
    hold(routing.unknown_routes_are_not_found, *case.arguments)
