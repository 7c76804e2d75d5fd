"""Which exit code a run ends with when several things came together."""

from __future__ import annotations

import pytest

from contract_tests.exit_codes import ExitCode, Outcome, decide

GONE, REFUSED, LATE = ExitCode.UNREACHABLE, ExitCode.CREDENTIALS, ExitCode.THROTTLED
LEFT = ("createThing never gave a 2xx answer",)


@pytest.mark.parametrize(
    ("stopped", "findings", "missing", "code"),
    [
        (None, 0, (), 0),
        (None, 1, (), 1),
        (None, 1, LEFT, 1),
        (None, 0, LEFT, 6),
        (GONE, 0, (), 3),
        (GONE, 4, LEFT, 3),
        (REFUSED, 0, LEFT, 4),
        (REFUSED, 4, LEFT, 4),
        (LATE, 0, (), 5),
        (LATE, 0, LEFT, 5),
        (LATE, 4, LEFT, 1),
        (ExitCode.USAGE, 4, LEFT, 2),
    ],
)
def test_precedence(stopped: ExitCode | None, findings: int, missing: tuple[str, ...], code: int) -> None:
    assert decide(Outcome(stopped, "because", findings, missing)) == code


def test_a_blind_run_is_exit_6_whatever_it_found() -> None:
    assert decide(Outcome(None, "", 3, (), ("the canary was missed",))) == ExitCode.TOO_LITTLE
    assert decide(Outcome(GONE, "dead", 3, (), ("the canary was missed",))) == GONE


def test_every_code_has_a_meaning() -> None:
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6]
    assert all(code.meaning for code in ExitCode)
