"""Whether a run showed what it had to: a drift killed and attributed, a trap or a sound mock left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contract_tests.drift.finding import generalise
from contract_tests.exit_codes import ExitCode
from contract_tests.prove.trials import Aim, Trial

SHOWN = 3
# What rules say of a record, or of a list, that is not twice the same.
DIFFERS = frozenset(
    {
        "pages-do-not-join",
        "read-changes-record",
        "unrelated-field-changed",
        "value-not-read-back",
        "value-not-stored",
    }
)


class Outcome(StrEnum):
    """What came of a trial, worst first."""

    BROKEN = "broken"  # the run itself did not come to its end
    MISSED = "missed"  # a drift that nobody noticed
    FALSE_ALARM = "false alarm"  # a finding where nothing deviates
    MISPLACED = "misplaced"  # noticed, but named something else
    UNOBSERVABLE = "unobservable"  # no client can see it; the reason is listed
    PROVED = "proved"

    @property
    def good(self) -> bool:
        """Whether it speaks for the suite, or at least not against it."""
        return self in {Outcome.PROVED, Outcome.UNOBSERVABLE}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A trial, its outcome, and for people what was found instead."""

    trial: Trial
    outcome: Outcome
    why: str = ""


def judge(trial: Trial, result: Mapping[str, Any]) -> Verdict:
    """The verdict on a run from its exit code and the findings of its report."""
    code, findings = result["code"], result["findings"]
    if trial.aim in {Aim.TRAP, Aim.CLEAN}:
        if code == ExitCode.OK and not findings:
            return Verdict(trial, Outcome.PROVED)
        outcome = Outcome.FALSE_ALARM if findings else Outcome.BROKEN
        return Verdict(trial, outcome, told(findings) or _end(result))
    assert trial.expected is not None
    if not findings:
        outcome = Outcome.MISSED if code in {ExitCode.OK, ExitCode.TOO_LITTLE} else Outcome.BROKEN
        return Verdict(trial, outcome, _end(result))
    if any(_attributed(trial, *place) for one in findings for place in places(one)):
        return Verdict(trial, Outcome.PROVED)
    return Verdict(trial, Outcome.MISPLACED, told(findings))


def _attributed(trial: Trial, kind: str, operation: str, pointer: str) -> bool:
    """Whether a finding names the drift; one that comes and goes may show as reads of one record that differ."""
    plant = trial.expected
    assert plant is not None
    if plant.attributed_by(kind, operation, pointer):
        return True
    differs = trial.aim is Aim.INTERMITTENT and kind in DIFFERS
    return differs and operation in plant.operations and plant.stands_at(pointer)


def places(finding: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Kind, operation and generalised pointer of each place that a finding of a report names, consequences included."""
    for place in finding["places"]:
        yield finding["kind"], place["operation"], generalise(place["pointer"])
    for also in finding["also"]:
        for place in also["places"]:
            yield also["kind"], place["operation"], generalise(place["pointer"])


def told(findings: Sequence[Mapping[str, Any]]) -> str:
    """The first findings in few words."""
    texts = [f"{one['kind']} {', '.join(one['operations'][:2])} {one['pointer']}".strip() for one in findings[:SHOWN]]
    more = f" and {len(findings) - SHOWN} more" if len(findings) > SHOWN else ""
    return "; ".join(texts) + more


def _end(result: Mapping[str, Any]) -> str:
    gaps = f"; {result['missing'][0]}" if result["missing"] else ""
    return f"exit {result['code']}: {result['said']}{gaps}"
