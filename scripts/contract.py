"""``python3 -m scripts contract``: hold a target to the description; the work is done in ``contract_tests``."""

from __future__ import annotations

from contract_tests import options, runner, workers
from contract_tests.console import Console
from contract_tests.description import load


def main(arguments: list[str]) -> int:
    """Run the contract suite, or with ``--prove`` the suite's own proof; ``--help`` lists the exit codes."""
    if "--prove" in arguments:
        from contract_tests.prove import command

        return command.main([one for one in arguments if one != "--prove"])
    console = Console()
    description = load()
    asked = options.parse(arguments, description)
    run = workers.run if asked.workers > 1 else runner.run
    return run(asked, description, console).value
