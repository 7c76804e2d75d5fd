"""Entry point of ``python3 -m scripts <command>``.

This module, ``bootstrap`` and ``printing`` use the standard library alone: they run before anything is installed.
"""

from __future__ import annotations

import importlib
import sys

from scripts import bootstrap, printing

# command -> (what the list says); the module of the same name has ``main(arguments) -> exit code``.
COMMANDS = {
    "contract": "run the contract suite against the mock (default) or another target",
    "sweep": "find and delete what live runs left behind",
    "issues": "keep one issue on GitHub for each root finding of a drift report",
    "drift": "history of runs, proposals from findings, known drift, reports of shards joined",
    "regenerate": "bundle the description, apply the overlays, generate the package (--check: only compare)",
    "vendor": "lay the package or a slice of it into another repository, check and update such a copy",
    "changes": "say what changed since a version, and what that does to callers",
    "upstream": "hold our description against one that the vendor publishes; propose what to adopt",
    "lint": "check the description, or say what the generator would lose of any OpenAPI document",
    "new": "scaffold a resource: description, examples, evidence and seeds that work as they stand",
    "mock": "serve the stateful mock on loopback",
    "docs": "write the HTML reference of the description, searchable and readable offline",
    "test": "everything CI runs: lint, types, counts, unit and end-to-end tests",
    "pyright": "check the package's types with pyright, too (test does it with mypy)",
    "bench": "measure import, call, decode, mock and regeneration as ratios in interleaved runs",
    "lock": "resolve scripts/requirements.lock anew (maintainers; needs uv)",
}


def usage() -> str:
    """The list of commands, one line each."""
    width = max(map(len, COMMANDS))
    lines = ["usage: python3 -m scripts <command> [options]", ""]
    lines += [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    lines += [
        "",
        "Each command sets up .venv from scripts/requirements.lock on first use and explains itself with --help.",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run one command in the project's environment; 2 for wrong usage, else what the command returns."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"error: there is no command {name!r}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        bootstrap.ensure_environment([name, *rest])
    except bootstrap.BootstrapError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: the next run sets .venv up anew", file=sys.stderr)
        return 130
    from scripts.errors import InputError

    try:
        result: int = importlib.import_module(f"scripts.{name}").main(rest)
        sys.stdout.flush()
    except InputError as problem:
        print(problem.render(), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return result


if __name__ == "__main__":
    # A mock whose address nobody can read is of no use: it says so itself, and ends.
    if sys.argv[1:2] != ["mock"]:
        printing.steady()
    sys.exit(main(sys.argv[1:]))
