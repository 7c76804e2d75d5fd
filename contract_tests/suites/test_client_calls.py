"""Every operation through the generated package: callable, and its answers read as what they are."""

from __future__ import annotations

import functools
from types import ModuleType

from contract_tests.description import Description
from contract_tests.rules import cases, client_calls, package
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold

pytest_generate_tests = cases.generate


@functools.cache
def modules() -> dict[str, ModuleType]:
    """The package's endpoint modules, imported once."""
    return package.modules()


def module_of(case: Case) -> ModuleType:
    """The module of a case's operation; KeyError names the one that is missing."""
    return modules()[package.key(case.operation.tag, case.operation.operation_id)]


def test_package_and_description_have_the_same_operations(description: Description) -> None:
    uncallable, unknown = package.agreement(description, modules())
    assert uncallable == [], "described, but not callable through the generated package"
    assert unknown == [], "in the generated package, but not described"


@each(cases.operations_with(package.MODES))
def test_answer_is_read(hold: Hold, case: Case) -> None:
    operation, mode = case.arguments
    hold(client_calls.answer_is_read, operation, module_of(case), mode)


@each(cases.operations_with(package.MODES))
def test_refusal_is_read(hold: Hold, case: Case) -> None:
    operation, mode = case.arguments
    hold(client_calls.refusal_is_read, operation, module_of(case), mode)
