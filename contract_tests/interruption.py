"""What ends a run before its time: a target that is gone, refuses the token, or throttles; and a spent budget.

``Guard`` looks at every exchange before the checks do. It raises ``Interruption`` through ``stop``, which the runner
replaces by something that ends the whole pytest session.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NoReturn

from contract_tests.budget import Budget
from contract_tests.description import Operation
from contract_tests.drift.finding import Finding, Severity
from contract_tests.exchange import Exchange
from contract_tests.exit_codes import ExitCode
from contract_tests.session import Session

# What a gateway says when the service behind it is gone: an outage, not a deviation.
GATEWAY = frozenset({502, 503, 504})


class Interruption(Exception):
    """Ends the run with an exit code and a reason for people."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def _raise(interruption: Interruption) -> NoReturn:
    raise interruption


class Guard:
    """Decides after each exchange whether the run can go on; ``probe`` is a harmless read of the target."""

    def __init__(
        self,
        session: Session,
        budget: Budget,
        probe: Operation,
        *,
        stop: Callable[[Interruption], NoReturn] = _raise,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._budget = budget
        self._probe = probe
        self._stop = stop
        self._sleep = sleep
        self._clock = clock
        self._deadline = clock() + budget.limit

    def __call__(self, exchange: Exchange) -> bool:
        """Go on (False), go on after waiting for a quota (True), or stop the run."""
        if self._clock() > self._deadline:
            reason = f"the {self._budget.name} budget of {self._budget.limit:.0f} s is spent"
            self._stop(Interruption(ExitCode.THROTTLED, reason))
        if exchange.status == 429:
            return self._throttled(exchange)
        if exchange.status == 0:
            self._unanswered(exchange)
        elif exchange.status in GATEWAY:
            self._unavailable(exchange)
        elif exchange.status == 401 and self._with_our_token(exchange):
            self._refused(exchange)
        return False

    def ask(self) -> Exchange:
        """Send the probe, unrecorded."""
        url = self._session.base_url + self._probe.path
        return self._session.send(self._probe.method.upper(), url, operation=self._probe)

    def _throttled(self, exchange: Exchange) -> bool:
        raw = exchange.headers.get("x-ratelimit-reset", "")
        wait = float(raw) if raw.isascii() and raw.isdigit() else None
        if wait is None or wait > self._budget.patience or self._clock() + wait > self._deadline:
            when = f"; the quota opens again in {wait:.0f} s" if wait is not None else ""
            self._stop(Interruption(ExitCode.THROTTLED, f"{exchange.operation_id} was answered with 429{when}"))
        # The window turns at the end of the announced second.
        self._sleep(wait + 0.2)
        return True

    def _unanswered(self, exchange: Exchange) -> None:
        """A dead target ends the run; one that only swallowed this request has a finding."""
        if self.ask().status == 0 and self.ask().status == 0:
            reason = f"the target stopped answering at {exchange.operation_id}: {exchange.failure}"
            self._stop(Interruption(ExitCode.UNREACHABLE, reason))
        self._session.findings.add(
            Finding(
                kind="no-answer",
                operation=exchange.operation_id,
                pointer="",
                expected="an answer",
                observed=exchange.failure or "none",
                severity=Severity.BREAKING,
                check=__name__,
                exchange=exchange,
            )
        )

    def _unavailable(self, exchange: Exchange) -> None:
        """A gateway that has nothing behind it any more ends the run; a single 503 is for the checks to report."""
        if self.ask().status in GATEWAY and self.ask().status in GATEWAY:
            reason = f"the target is out of service since {exchange.operation_id}: status {exchange.status}"
            self._stop(Interruption(ExitCode.UNREACHABLE, reason))

    def _refused(self, exchange: Exchange) -> None:
        """A token that no longer opens the probe ends the run; a single operation that refuses it has a finding."""
        if self.ask().status == 401:
            reason = f"the target refuses the token since {exchange.operation_id}"
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

    def _with_our_token(self, exchange: Exchange) -> bool:
        ours = f"Bearer {self._session.target.token}"
        return any(
            name.lower() == "authorization" and value == ours for name, value in exchange.request_headers.items()
        )
