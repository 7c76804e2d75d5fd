"""The suites hold for any description: the real one and a made-up one, in mocks without faults, find nothing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import contract_tests.rules
from contract_tests.description import Description, load
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.rules.resource import by_collection
from contract_tests.session import Session
from contract_tests.unit.rules.stage import LIBRARY, staged
from contract_tests.unit.rules.wire import Wire

pytestmark = pytest.mark.takes(15)

SUITES = Path(__file__).resolve().parents[2] / "suites"
# Suites of rules on the wire; calls through the package, and webhooks, have tests of their own with real sockets.
NAMES = sorted(path.stem for path in SUITES.glob("test_*.py") if "contract_tests.rules.cases" in path.read_text())
WIRED = [name for name in NAMES if name not in {"test_client_calls", "test_webhooks"}]
Test = Callable[..., None]


def members_of(name: str) -> Iterator[tuple[str, Test]]:
    """The tests of a suite by name."""
    module = importlib.import_module(f"contract_tests.suites.{name}")
    yield from ((key, value) for key, value in vars(module).items() if key.startswith("test_"))


class Holding:
    """Stands in for the fixture: runs each rule on the mock as it was at its start, and keeps what was skipped."""

    def __init__(self, session: Session, wire: Wire) -> None:
        self.session = session
        self.mock = wire.mock
        self.skipped: list[str] = []
        self.held = 0

    def __call__(self, rule: Any, *arguments: Any) -> int:
        self.mock.reset()
        before = self.ids()
        bench = Bench(self.session, rule.__name__, records=4)
        try:
            try:
                rule(bench, *arguments)
            finally:
                bench.close()
        except NothingToCheck as reason:
            self.skipped.append(str(reason))
        else:
            assert bench.checked > 0, f"{rule.__name__} judged nothing"
            self.held += 1
        assert [one.headline() for one in self.session.findings.all()] == []
        after = self.ids()
        lasting = {name for name in after if stays(self.session.description, name)}
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= lasting, f"{rule.__name__} left something behind"
        lost = {one for name in changed for one in before[name] - after[name]}
        assert lost <= shown_for_ending(self.session.description), f"{rule.__name__} took something away"
        return bench.checked

    def ids(self) -> dict[str, set[str]]:
        """The ids of all records."""
        store = self.mock.store
        return {name: {str(one[store[name].id_field]) for one in records} for name, records in store.snapshot().items()}


def stays(description: Description, collection: str) -> bool:
    """Whether records of a collection may outlast a rule: nothing deletes them, or those that keep them in use."""
    resource = by_collection(description, collection)
    if resource.delete is None:
        return bool(resource.create or resource.computes)
    owners = [by_collection(description, block.collection) for block in resource.delete.blocked_by]
    return any(owner.create is not None and stays(description, owner.collection) for owner in owners)


def shown_for_ending(description: Description) -> set[str]:
    """The ids of the records that the description itself shows as examples of what is to be ended."""
    endings = [one for one in description.operations if one.method == "delete" and one.resource]
    return {
        str(parameter["example"])
        for one in endings
        for parameter in one.parameters
        if one.resource and one.resource.action == "compute" and parameter["name"] == one.resource.key
    }


@pytest.mark.parametrize("description", [load(), LIBRARY], ids=["effective", "made-up"])
@pytest.mark.parametrize("name", WIRED)
def test_a_suite_finds_nothing_in_a_mock_without_faults_and_leaves_nothing(name: str, description: Description) -> None:
    found = [(test, case) for _, test in members_of(name) for case in test.cases(description)]  # type: ignore[attr-defined]
    with staged(description) as (session, wire):
        holding = Holding(session, wire)
        for test, case in found:
            test(hold=holding, case=case)
    assert holding.held + len(holding.skipped) == len(found)
    assert len(holding.skipped) <= 1, holding.skipped


def test_only_what_nothing_deletes_may_outlast_a_rule() -> None:
    assert not any(stays(LIBRARY, name) for name in LIBRARY.collections)
    lasting = {name for name in load().collections if stays(load(), name)}
    assert lasting >= {"messages", "brands", "campaigns"}
    gone = {"messaging_profiles", "phone_number_messaging_settings", "short_codes", "autoresp_configs"}
    assert not (gone | {"phone_number_campaigns"}) & lasting
    assert len(shown_for_ending(load())) < 5


def test_every_test_has_cases_in_the_effective_description() -> None:
    for name in NAMES:
        for key, test in members_of(name):
            make = getattr(test, "cases", None)
            if make is not None:
                found: list[Case] = list(make(load()))
                assert found, f"{name}.{key} would never run"
                assert len({case.name for case in found}) == len(found), f"{name}.{key}: two cases of one name"
                assert all(case.operation in load().operations for case in found)


def rules_of_the_package() -> set[Any]:
    """Every public function that takes a bench and gives nothing back: that is a rule."""
    found = set()
    for info in pkgutil.iter_modules(contract_tests.rules.__path__, "contract_tests.rules."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            signature = inspect.signature(function)
            first = next(iter(signature.parameters.values()), None)
            own = function.__module__ == info.name and not name.startswith("_")
            if own and first is not None and first.annotation == "Bench" and signature.return_annotation == "None":
                found.add(function)
    return found


def test_every_rule_is_used_by_a_suite() -> None:
    sources = "\n".join((SUITES / f"{name}.py").read_text() for name in NAMES)
    unused = {
        f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
        for rule in rules_of_the_package()
        if f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}" not in sources
    }
    assert len(rules_of_the_package()) > 30
    assert unused == set()


def test_no_rule_and_no_suite_names_a_resource() -> None:
    words = {word for one in load().collections for word in (one, "".join(part.title() for part in one.split("_")))}
    words |= {operation.operation_id for operation in load().operations}
    files = [*(SUITES / f"{name}.py" for name in NAMES), *(SUITES.parent / "rules").glob("*.py")]
    offences = [(path.name, word) for path in files for word in words if f'"{word}"' in path.read_text()]
    assert len(files) > 20
    assert offences == []
