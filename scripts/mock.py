"""``python3 -m scripts mock``: serve the stateful mock; the work is done in ``contract_tests.mock``."""

from __future__ import annotations

from contract_tests.mock import command


def main(arguments: list[str]) -> int:
    """Serve until SIGINT or SIGTERM; the exit code."""
    return command.main(arguments)
