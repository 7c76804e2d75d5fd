"""What ends a run before its time: a target that is gone, refuses the token, or throttles; and a spent budget.

``Guard`` looks at every exchange before the checks do. It raises ``Interruption`` through ``stop``, which the runner
replaces by something that ends the whole pytest session. What only one operation suffers from is asked for again
before it is called a deviation: a blip of the network or of a gateway is none.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from contract_tests.budget import Budget
from contract_tests.description import Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange
from contract_tests.exit_codes import ExitCode
from contract_tests.session import REPEATS, Session
from contract_tests.throttling import is_throttled

SERVER_ERROR = 500
# Seconds between asking a target that seems to be out of service and asking it once more.
BREATH = 0.5
# An operation that fails this often, and in this share of its answers, deviates, though each time it mends itself.
OFTEN, SHARE = 3, 0.05


class Interruption(Exception):
    """Ends the run with an exit code and a reason for people."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def _raise(interruption: Interruption) -> NoReturn:
    raise interruption


class Guard:
    """Decides after each exchange whether the run can go on; ``probes`` are harmless reads of the target."""

    def __init__(
        self,
        session: Session,
        budget: Budget,
        probes: Sequence[Operation],
        *,
        stop: Callable[[Interruption], NoReturn] = _raise,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._budget = budget
        self._probes = tuple(probes)
        self._stop = stop
        self._sleep = sleep
        self._clock = clock
        self._deadline = clock() + budget.limit
        self._row: Counter[str] = Counter()
        # Operations that did fail for good: nothing has to be asked for again to know that.
        self._broken: set[str] = set()
        # What went wrong once and not again, by operation: how often, and the last of it.
        self.blips: Counter[str] = Counter()
        self._last_blip: dict[str, Exchange] = {}

    def __call__(self, exchange: Exchange) -> bool:
        """Go on (False), go on and send the request once more (True), or stop the run."""
        if self._clock() > self._deadline:
            reason = f"the {self._budget.name} budget of {self._budget.limit:.0f} s is spent"
            self._stop(Interruption(ExitCode.THROTTLED, reason))
        if is_throttled(self._session.description.by_id.get(exchange.operation_id), exchange):
            return self._throttled(exchange)
        if exchange.status == 0 or exchange.status >= SERVER_ERROR:
            return self._failed(exchange)
        if exchange.status == 401 and self._with_our_token(exchange):
            self._refused(exchange)
        self._row.pop(exchange.operation_id, None)
        return False

    def unstable(self) -> Iterator[str]:
        """What failed and was answered when it was asked for again, one sentence an operation."""
        for operation, times in self.blips.items():
            last = self._last_blip[operation]
            how = f"status {last.status}" if last.status else last.failure
            yield f"{operation} failed {times} times and answered when asked again ({how})"

    def intermittent(self) -> Iterator[Finding]:
        """A finding for each operation that failed too often to be called a blip."""
        for operation, times in self.blips.items():
            total = self._session.counts[operation].total()
            if times < OFTEN or times < SHARE * total:
                continue
            last = self._last_blip[operation]
            observed = f"status {last.status}" if last.status else "none"
            yield Finding(
                kind="server-error" if last.status else "no-answer",
                operation=operation,
                pointer="",
                expected="an answer below 500" if last.status else "an answer",
                observed=f"{observed} in {times} of {total} requests",
                severity=Severity.BREAKING,
                check=__name__,
                exchange=last,
                occurrences=times,
            )

    def _ask(self) -> list[int]:
        """The statuses of the probes, unrecorded; asked one by one until one is well."""
        statuses = []
        for probe in self._probes:
            url = self._session.base_url + probe.path
            statuses.append(self._session.send(probe.method.upper(), url, operation=probe).status)
            if 0 < statuses[-1] < SERVER_ERROR:
                break
        return statuses

    def _throttled(self, exchange: Exchange) -> bool:
        raw = exchange.headers.get("x-ratelimit-reset", "")
        wait = float(raw) if raw.isascii() and raw.isdigit() else None
        if wait is None or wait > self._budget.patience or self._clock() + wait > self._deadline:
            when = f"; the quota opens again in {wait:.0f} s" if wait is not None else ""
            self._stop(Interruption(ExitCode.THROTTLED, f"{named(exchange)} was answered with 429{when}"))
        # The window turns at the end of the announced second.
        self._sleep(wait + 0.2)
        return True

    def _failed(self, exchange: Exchange) -> bool:
        """A target of which nothing is well ends the run; what only this request meets is asked for again."""
        for pause in (0.0, BREATH):
            self._sleep(pause)
            statuses = self._ask()
            if 0 < statuses[-1] < SERVER_ERROR:
                return self._only_here(exchange)
        if not any(statuses):
            how = "answers too slowly since" if "Timeout" in exchange.failure else "stopped answering at"
            reason = f"the target {how} {named(exchange)}: {exchange.failure or exchange.status}"
        else:
            reason = f"the target is out of service since {named(exchange)}: status {exchange.status or statuses[-1]}"
        return self._stop(Interruption(ExitCode.UNREACHABLE, reason))

    def _only_here(self, exchange: Exchange) -> bool:
        operation = exchange.operation_id
        self._row[operation] += operation not in self._broken
        if operation not in self._broken and self._row[operation] <= REPEATS:
            self.blips[operation] += 1
            self._last_blip[operation] = exchange
            return True
        # It was no blip: what was counted as such is part of this deviation.
        if operation not in self._broken:
            self.blips[operation] -= self._row.pop(operation) - 1
            self.blips += Counter()
        self._broken.add(operation)
        if exchange.status == 0:
            self._session.findings.add(
                Finding(
                    kind="no-answer",
                    operation=operation,
                    pointer="",
                    expected="an answer",
                    observed=exchange.failure or "none",
                    severity=Severity.BREAKING,
                    check=__name__,
                    exchange=exchange,
                )
            )
        return False

    def _refused(self, exchange: Exchange) -> None:
        """A token that no longer opens any probe ends the run; a single operation that refuses it has a finding."""
        if all(status == 401 for status in self._statuses()):
            reason = f"the target refuses the token since {named(exchange)}: has it expired?"
            self._stop(Interruption(ExitCode.CREDENTIALS, reason))
        self._session.findings.add(
            Finding(
                kind="right-token-refused",
                operation=exchange.operation_id,
                pointer="request:header:authorization",
                expected="the token to be accepted",
                observed="status 401",
                severity=Severity.BREAKING,
                check=__name__,
                exchange=exchange,
            )
        )

    def _statuses(self) -> Iterator[int]:
        for probe in self._probes:
            url = self._session.base_url + probe.path
            yield self._session.send(probe.method.upper(), url, operation=probe).status

    def _with_our_token(self, exchange: Exchange) -> bool:
        ours = f"Bearer {self._session.target.token}"
        return any(
            name.lower() == "authorization" and value == ours for name, value in exchange.request_headers.items()
        )


def named(exchange: Exchange) -> str:
    """What a person calls a request: its operation, or method and path where it belongs to none."""
    return exchange.operation_id or f"{exchange.method} {urlsplit(exchange.url).path}"
