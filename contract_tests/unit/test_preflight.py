"""Before anything is sent, a run knows whether the target is there and takes its token."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from contract_tests import preflight
from contract_tests.description import Description
from contract_tests.exit_codes import ExitCode
from contract_tests.interruption import Interruption
from contract_tests.session import Session
from scripts.errors import InputError

Wired = Callable[[Callable[[httpx.Request], httpx.Response]], Session]


def ends(wired: Wired, answers: dict[str, int | None]) -> tuple[ExitCode | None, list[str]]:
    """The code of a preflight against fixed answers by path (None: no connection), and what was asked."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        status = answers[request.url.path]
        if status is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(status)

    try:
        preflight.check(wired(answer), sleep=lambda seconds: None)
    except Interruption as interruption:
        return interruption.code, asked
    return None, asked


def test_one_good_answer_is_enough_and_lists_are_asked_first(wired: Wired) -> None:
    assert ends(wired, {"/v2/things": 200, "/v2/sums": 200}) == (None, ["/v2/things"])


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (None, ExitCode.UNREACHABLE),
        (503, ExitCode.UNREACHABLE),
        (401, ExitCode.CREDENTIALS),
        (403, ExitCode.CREDENTIALS),
    ],
)
def test_what_all_reads_say_decides(wired: Wired, status: int | None, code: ExitCode) -> None:
    assert ends(wired, {"/v2/things": status, "/v2/sums": status})[0] is code


def test_a_connection_is_tried_twice(wired: Wired) -> None:
    assert ends(wired, {"/v2/things": None, "/v2/sums": 200})[1] == ["/v2/things", "/v2/things"]


def test_a_quota_that_is_used_up_at_once_is_exit_5(wired: Wired) -> None:
    assert ends(wired, {"/v2/things": 429, "/v2/sums": 200})[0] is ExitCode.THROTTLED


@pytest.mark.parametrize("status", [401, 404, 418, 500, 503])
def test_one_odd_read_is_left_to_the_suites(wired: Wired, status: int) -> None:
    assert ends(wired, {"/v2/things": status, "/v2/sums": 200}) == (None, ["/v2/things", "/v2/sums"])


def test_an_address_that_serves_none_of_the_paths_is_wrong_usage(wired: Wired) -> None:
    with pytest.raises(InputError, match="serves none"):
        ends(wired, {"/v2/things": 404, "/v2/sums": 404})


def test_only_reads_that_need_nothing_are_probes(wired: Wired) -> None:
    session = wired(lambda request: httpx.Response(200))
    assert [one.operation_id for one in preflight.probes(session.description)] == ["listThings", "computeSums"]
    with pytest.raises(InputError, match="no read operation"):
        preflight.probes(Description({"paths": {}}))
