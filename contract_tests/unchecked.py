"""What a run could not check because of how its target is set up; it is said beside the verdict."""

from __future__ import annotations

from contract_tests.checks.credentials import takes_any
from contract_tests.description import Operation
from contract_tests.exchange import Exchange

WRONG_TOKENS = "wrong tokens (the target says that it takes any)"


class Unchecked:
    """Looks at every recorded exchange; ``reasons`` is what the report shows. ``live``: the target is no mock."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._takes_any = False

    def __call__(self, operation: Operation, exchange: Exchange) -> None:
        """Notice when the target announces that it takes any token."""
        self._takes_any = self._takes_any or takes_any(exchange, live=self._live)

    @property
    def reasons(self) -> tuple[str, ...]:
        """One short text for each thing that was left unchecked."""
        return (WRONG_TOKENS,) if self._takes_any else ()
