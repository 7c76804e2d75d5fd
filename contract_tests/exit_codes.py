"""What a run's exit code means, and how it is chosen when several things happened at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of ``python3 -m scripts contract``."""

    OK = 0
    DRIFT = 1
    USAGE = 2
    UNREACHABLE = 3
    CREDENTIALS = 4
    THROTTLED = 5
    TOO_LITTLE = 6

    @property
    def meaning(self) -> str:
        """The line that ``--help`` and the verdict show."""
        return MEANINGS[self]


MEANINGS = {
    ExitCode.OK: "no drift, and every operation was exercised",
    ExitCode.DRIFT: "drift: the target deviates from the description",
    ExitCode.USAGE: "wrong usage or configuration",
    ExitCode.UNREACHABLE: "the target was not reachable, or died during the run",
    ExitCode.CREDENTIALS: "the target refused the credentials",
    ExitCode.THROTTLED: "throttled, interrupted, or the budget was spent, before enough was exercised",
    ExitCode.TOO_LITTLE: "too little was exercised to say anything",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to; empty texts and tuples mean that it did not happen.

    ``stopped`` is the code of what ended the run early, with its reason; ``findings`` counts deviations; ``missing``
    lists what should have been exercised and was not; ``blind`` what was planted in the run and not seen.
    """

    stopped: ExitCode | None = None
    reason: str = ""
    findings: int = 0
    missing: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()


def decide(outcome: Outcome) -> ExitCode:
    """The exit code of a run.

    A target that is gone or refuses the token comes first: what was found around that moment is not evidence, and a
    person has to mend something else before drift can be talked about. Drift outranks throttling: what was found
    before the quota ended was found. Nothing found in too little is no verdict at all, and neither is anything that a
    blind run says.
    """
    if outcome.stopped in {ExitCode.USAGE, ExitCode.UNREACHABLE, ExitCode.CREDENTIALS}:
        return outcome.stopped
    if outcome.blind:
        return ExitCode.TOO_LITTLE
    if outcome.findings:
        return ExitCode.DRIFT
    if outcome.stopped is not None:
        return outcome.stopped
    return ExitCode.TOO_LITTLE if outcome.missing else ExitCode.OK
