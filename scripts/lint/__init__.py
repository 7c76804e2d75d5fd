"""Rules that the description has to keep, and what a generator would make of anybody's: ``python3 -m scripts lint``."""

from __future__ import annotations


def main(arguments: list[str]) -> int:
    """Run the command (see ``command``); imported late, so that a rule can be imported without the command."""
    from scripts.lint import command

    return command.main(arguments)
