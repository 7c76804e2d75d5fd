"""What each rule is run on: one case per operation, field, parameter or tie that the description gives it.

Cases are made so that each has something to check; what depends on the target's records is left to the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from contract_tests.bodies import is_form
from contract_tests.description import Description, Operation
from contract_tests.rules.listing import faulty_texts
from contract_tests.rules.paging import is_list, pages_of
from contract_tests.rules.resource import Field, Resource, fields, resources, unwrap
from contract_tests.rules.sampling import Sampler
from contract_tests.run import Run


@dataclass(frozen=True)
class Case:
    """``arguments`` go to the rule after the bench; ``operation`` is whose case it is."""

    operation: Operation
    arguments: tuple[Any, ...]
    label: str = ""

    @property
    def name(self) -> str:
        """``createMessagingProfile-name``: what a person reads in the report."""
        return f"{self.operation.operation_id}-{self.label}" if self.label else self.operation.operation_id


Cases = Callable[[Description], Iterator[Case]]
Test = TypeVar("Test", bound=Callable[..., Any])


def each(make: Cases) -> Callable[[Test], Test]:
    """Run a test that takes ``case`` once for each case that ``make`` finds; its module has ``generate`` as hook."""

    def mark(test: Test) -> Test:
        test.cases = make  # type: ignore[attr-defined]
        return test

    return mark


def generate(metafunc: pytest.Metafunc) -> None:
    """The ``pytest_generate_tests`` of a suite: the cases of the run's operations, named for people."""
    make: Cases | None = getattr(metafunc.function, "cases", None)
    if make is None:
        return
    carried = (getattr(plugin, "run", None) for plugin in metafunc.config.pluginmanager.get_plugins())
    run = next(one for one in carried if isinstance(one, Run))  # conftest.py refuses to start without one
    chosen = [case for case in make(run.session.description) if run.includes(case.operation.operation_id)]
    metafunc.parametrize("case", chosen, ids=[case.name for case in chosen])


# Fields


def fields_at(action: str, which: Callable[[Field], bool] = lambda field: True) -> Cases:
    """One case (resource, field name) per field that ``create``, ``update`` or ``replace`` sets and ``which`` takes."""

    def make(description: Description) -> Iterator[Case]:
        for resource in resources(description):
            operation: Operation | None = getattr(resource, action)
            if operation is None:
                continue
            for name, field in resource.written(operation).items():
                if which(field):
                    yield Case(operation, (resource, name), name)

    return make


def fields_with_faults_at(action: str) -> Cases:
    """Fields whose schema forbids something."""

    def make(description: Description) -> Iterator[Case]:
        sampler = Sampler(description)
        yield from fields_at(action, lambda field: bool(sampler.faults(field)))(description)

    return make


def computed_fields(which: Callable[[Field], bool]) -> Cases:
    """One case (operation, field name) per field that a computed answer is asked for with and ``which`` takes."""

    def make(description: Description) -> Iterator[Case]:
        for resource in resources(description):
            for operation in resource.computes:
                for name, field in resource.written(operation).items():
                    if which(field):
                        yield Case(operation, (operation, name), name)

    return make


def references_sent(description: Description) -> Iterator[Case]:
    """One case (resource, operation, field name) per id of another record that is sent otherwise than by an update."""
    for resource in resources(description):
        for operation in (resource.create, resource.replace, *resource.computes):
            for name, field in resource.written(operation).items() if operation else ():
                if operation and field.references and not is_form(description, operation):
                    yield Case(operation, (resource, operation, name), name)


def computed_fields_with_faults(description: Description) -> Iterator[Case]:
    """Those whose schema forbids something; a form has none, as any text may stand in it."""
    sampler = Sampler(description)
    for case in computed_fields(lambda field: bool(sampler.faults(field)))(description):
        if not is_form(description, case.operation):
            yield case


def fields_with_nested_defaults(description: Description) -> Iterator[Case]:
    """Objects at creation of which a member has a default."""

    def has_default(field: Field) -> bool:
        return any("default" in member.schema for member in fields(description, field.schema).values())

    yield from fields_at("create", has_default)(description)


# Resources


def with_action(action: str, which: Callable[[Resource], bool] = lambda resource: True) -> Cases:
    """One case (resource) per resource that has an operation for ``action`` and that ``which`` takes."""

    def make(description: Description) -> Iterator[Case]:
        for resource in resources(description):
            operation: Operation | None = getattr(resource, action)
            if operation is not None and which(resource):
                yield Case(operation, (resource,))

    return make


def with_optional_fields_at(action: str) -> Cases:
    """One case (resource) per resource whose operation for ``action`` takes fields that may be left out."""

    def make(description: Description) -> Iterator[Case]:
        for case in with_action(action)(description):
            (resource,) = case.arguments
            written = resource.written(case.operation)
            if any(not field.required and name != resource.id_field for name, field in written.items()):
                yield case

    return make


def with_first_values(description: Description) -> Iterator[Case]:
    """Resources of which the description says what a new record holds where nothing is sent."""

    def is_told(resource: Resource) -> bool:
        written = resource.written(resource.create) if resource.create else {}
        first = any("x-initial" in field.schema and not field.varies for field in resource.record.values())
        return first or any("default" in field.schema for field in written.values())

    yield from with_action("create", is_told)(description)


def children(description: Description) -> Iterator[Case]:
    """One case (resource, list below a record) per list that stands below a record of another resource."""
    for resource in resources(description):
        for child in resource.children:
            yield Case(child, (resource, child))


def assignable_children(description: Description) -> Iterator[Case]:
    """The lists below a record whose contents an update decides."""
    for resource in resources(description):
        written = resource.written(resource.update) if resource.update else {}
        for child in resource.children:
            if child.resource and child.resource.parent and child.resource.parent.field in written:
                yield Case(child, (resource, child))


def blocks(description: Description) -> Iterator[Case]:
    """One case (resource, block) per thing that keeps a record from being deleted."""
    for resource in resources(description):
        if resource.delete is not None:
            for block in resource.delete.blocked_by:
                yield Case(resource.delete, (resource, block), f"{block.collection}.{block.field}")


def addressed(description: Description) -> Iterator[Case]:
    """One case (resource, operation) per operation that names a record in its path, and whose it is."""
    by_name = {resource.collection: resource for resource in resources(description)}
    for operation in description.operations:
        rule = operation.resource
        if rule is not None and "{" in operation.path:
            yield Case(operation, (by_name[rule.parent.collection if rule.parent else rule.collection], operation))


def below(description: Description) -> Iterator[Case]:
    """One case (resource, operation) per operation that addresses a record below one of another collection."""
    for resource in resources(description):
        for operation in resource.keyed:
            if operation.resource and operation.resource.parent:
                yield Case(operation, (resource, operation))


def makers(description: Description) -> Iterator[Case]:
    """One case (resource, operation) per operation that makes a record of a kind that is read, and is no creation."""
    for resource in resources(description):
        reading = [one for one in (resource.retrieve, resource.list) if one is not None]
        shown = [description.record_schema(one) or {} for one in reading]
        kinds = [set(fields(description, kind)) for one in shown for kind in one.get("oneOf", (one,))]
        for operation in resource.makers:
            if set(resource.answered(operation)) in kinds:
                yield Case(operation, (resource, operation))


# Operations and their parameters


def operations(which: Callable[[Operation], bool] = lambda operation: True) -> Cases:
    """One case (operation) per operation that ``which`` takes."""

    def make(description: Description) -> Iterator[Case]:
        yield from (Case(operation, (operation,)) for operation in description.operations if which(operation))

    return make


def guarded(description: Description) -> Iterator[Case]:
    """One case (operation) per operation that asks for credentials."""
    yield from operations(lambda one: is_guarded(description, one))(description)


def is_guarded(description: Description, operation: Operation) -> bool:
    """Whether an operation asks for credentials: its own ``security``, or that of the whole description."""
    return bool(operation.raw.get("security", description.document.get("security")))


def operations_with(values: tuple[str, ...]) -> Cases:
    """One case (operation, value) per operation and value."""

    def make(description: Description) -> Iterator[Case]:
        for operation in description.operations:
            yield from (Case(operation, (operation, value), value.replace(" ", "-")) for value in values)

    return make


def guarded_with(values: tuple[str, ...]) -> Cases:
    """One case (operation, value) per operation that asks for credentials and kind of wrong ones."""

    def make(description: Description) -> Iterator[Case]:
        for case in operations_with(values)(description):
            if is_guarded(description, case.operation):
                yield case

    return make


def paths(description: Description) -> Iterator[Case]:
    """One case (operation) per path: the first operation on it."""
    seen: set[str] = set()
    for operation in description.operations:
        if operation.path not in seen:
            seen.add(operation.path)
            yield Case(operation, (operation,))


def paged_lists(description: Description) -> Iterator[Case]:
    """Lists that come in pages."""
    return operations(lambda one: is_list(description, one) and pages_of(description, one) is not None)(description)


def parameters_with(extension: str) -> Cases:
    """One case (operation, parameter) per query parameter that carries an extension."""

    def make(description: Description) -> Iterator[Case]:
        for operation in description.operations:
            for parameter in operation.parameters:
                if extension in parameter:
                    yield Case(operation, (operation, parameter), parameter["name"])

    return make


def parameters_with_faults(description: Description) -> Iterator[Case]:
    """One case (operation, parameter) per query parameter that not every text is a value of."""
    for operation in description.operations:
        for parameter in operation.parameters:
            schema, _ = unwrap(description, parameter.get("schema", {}))
            if parameter["in"] == "query" and faulty_texts(schema):
                yield Case(operation, (operation, parameter), parameter["name"])
