"""Every text in ``scenarios/`` is told over a real socket, and together they show every operation, error and fault."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.description import load
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.behaviours import arrivals
from contract_tests.mock.faults import parse
from contract_tests.mock.faults.fault import KINDS as FAULT_KINDS
from contract_tests.mock.server import serve
from contract_tests.unit.mock.scenario import Scenario, Step, Teller, read
from scripts.pipeline import load as files

FOLDER = Path(__file__).parent / "scenarios"
FILES = sorted(FOLDER.glob("*.txt"))
KEY = "KEY_scenario"
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
# What ``--- mock`` may say beside ``faults``: arguments of create_app.
OPTIONS = {"rate-limit": "rate_limit", "any-id": "any_id", "plants": "plants", "seed": "seed"}


class Stage:
    """Mocks by their options, each served once; told to a scenario as new."""

    def __init__(self) -> None:
        self._served: dict[str, tuple[Mock, str]] = {}
        self._stack = ExitStack()

    def close(self) -> None:
        """Stop all servers."""
        self._stack.close()

    def set(self, step: Step | None) -> tuple[Mock, str]:
        """A mock as new with the options of a ``--- mock`` section, and its address."""
        told: dict[str, Any] = told_options(step) if step else {}
        faults = told.pop("faults", [])
        options = {OPTIONS[name]: value for name, value in told.items()}
        key = repr(sorted(options.items()))
        if key not in self._served:
            mock = create_app(load(), api_key=KEY, **options)
            self._served[key] = (mock, self._stack.enter_context(serve(mock)))
        mock, address = self._served[key]
        mock.reset()
        mock.clock.set(MOMENT)
        for fault in reversed(parse({"faults": faults})[0] if faults else []):
            mock.inject(fault)
        return mock, address


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The servers of this module."""
    made = Stage()
    yield made
    made.close()


def told_options(step: Step) -> dict[str, Any]:
    """The YAML of a ``--- mock`` section, read as a file of faults is."""
    found: dict[str, Any] = files.parse("\n".join(step.lines), FOLDER / "mock.yaml", f"line {step.number}").contents
    return found


def tell(scenario: Scenario, stage: Stage) -> Mock:
    """Carry a scenario out; fails at the first step that comes otherwise."""
    steps = list(scenario.steps)
    mock, address = stage.set(steps.pop(0) if steps[0].kind == "mock" else None)
    with httpx.Client(base_url=address, trust_env=False, timeout=5.0) as client:
        teller = Teller(client, KEY)
        for step in steps:
            if step.kind == "time":
                pass_time(step, mock)
            elif step.kind == "message":
                arrive(step, mock)
            elif step.kind == "request":
                began = time.monotonic()
                came = teller.ask(step)
                lasted = time.monotonic() - began
            else:
                difference = teller.difference(teller.expected(step), came)
                assert not difference, f"line {step.number} of {scenario.title!r}\n{difference}"
                if match := re.fullmatch(r"after at least (\d+(?:\.\d+)?) s", step.rest):
                    assert lasted >= float(match[1]), f"line {step.number}: the answer came after {lasted:.2f} s"
                else:
                    assert step.kind == "failure" or not step.rest, f"line {step.number}: {step.rest!r}"
    return mock


def pass_time(step: Step, mock: Mock) -> None:
    """``--- time 60 s on the mock's clock`` or ``--- time 0.4 s``."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?) s( on the mock's clock)?", step.rest)
    assert match, f"line {step.number}: {step.rest!r}"
    if match[2]:
        mock.clock.advance(float(match[1]))
    else:
        time.sleep(float(match[1]))


def arrive(step: Step, mock: Mock) -> None:
    """``--- message from +13125550100 to +18005550001``, and its text below."""
    match = re.fullmatch(r"from (\S+) to (\S+)", step.rest)
    assert match, f"line {step.number}: {step.rest!r}"
    text = "\n".join(step.lines)
    with mock.lock:
        identifier = mock.world.identifiers.uuid("403")
        arrivals.receive(mock.world, identifier, to=match[2], sender=match[1], text=text, media=())


def every_step() -> Iterator[tuple[Path, Step]]:
    """All sections of all files."""
    for file in FILES:
        for step in read(file.read_text(encoding="utf-8")).steps:
            yield file, step


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_it_goes_as_written(file: Path, stage: Stage) -> None:
    scenario = read(file.read_text(encoding="utf-8"))
    assert any(step.kind == "request" for step in scenario.steps)
    tell(scenario, stage)


def test_each_operation_has_a_lifecycle(stage: Stage) -> None:
    shown = {
        one.operation_id
        for file in FILES
        if file.name.startswith("lifecycle-")
        for one in tell(read(file.read_text(encoding="utf-8")), stage).requests
        if 200 <= one.status < 300
    }
    assert shown == set(load().by_id)


def test_each_fault_has_a_scenario() -> None:
    told = [line for _, step in every_step() if step.kind == "mock" for line in step.lines]
    assert {kind for kind in FAULT_KINDS if any(re.search(rf"fault: {kind}\b", line) for line in told)} == set(
        FAULT_KINDS
    )


# The situations of the errors that operations meet, by status and code; those of messages stand together.
MESSAGES = ("40300", "40302", "40304", "40305", "40308", "40309", "40310", "40312", "40316", "40317", "40321")
SITUATIONS = {
    *((400, code) for code in ("10012", "10015", "10023", "10028", "10029", "40331", *MESSAGES)),
    (401, "10009"),
    (404, "10005"),
    (405, "10030"),
    (413, "10015"),
    (422, "10004"),
    *((422, code) for code in ("10015", "10016", "10017", "10026", "10027", "10032", "10033")),
    *((422, code) for code in ("40158", "40327", "40332")),
    (429, "10011"),
    (429, "40333"),
    (431, "10015"),
    (500, "10007"),
    (503, "10037"),
}


def test_each_error_situation_has_a_scenario() -> None:
    told = {
        (int(step.lines[0].split()[0]), code)
        for _, step in every_step()
        if step.kind == "answer"
        for code in re.findall(r'"code": "(\d+)"', "\n".join(step.lines))
    }
    assert told >= SITUATIONS
    assert {pair for pair in told if pair[0] >= 400} - SITUATIONS == set(), "a situation that the list does not know"


def test_titles_tell_scenarios_apart() -> None:
    titles = [read(file.read_text(encoding="utf-8")).title for file in FILES]
    assert len(titles) == len(set(titles)) and all(title.endswith(".") for title in titles)
