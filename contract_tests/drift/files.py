"""Write the reports of a run: all of them or none, and nothing in them that is secret."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract_tests.drift import history, markdown, story
from contract_tests.drift.page import render
from contract_tests.exchange import Redactor
from scripts.errors import InputError

# The name of the machine is nobody's business in a report that is passed around.
HOST = re.compile(r' hostname="[^"]*"')
# A run that was stopped before its suites has no tests to list.
NO_TESTS = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="contract" />\n'


def write(
    folder: Path, report: Mapping[str, Any], junit: str, redactor: Redactor, *, recorded_in: Path | None = None
) -> None:
    """Put ``drift.json``, ``drift.md``, ``drift.html`` and ``junit.xml`` into ``folder``, replacing earlier ones.

    The run enters the history at ``recorded_in``; without one, the usual history, if ``folder`` stands beside that:
    what is written elsewhere is an experiment, and a share is no run. ``InputError`` when the folder cannot be written
    to, or, once the reports are written, when the history cannot be.
    """
    past, problem = _recorded(recorded_in or _usual_history(folder, report), report)
    contents = {
        "drift.json": json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        "drift.md": redactor.text(markdown.render(report)),
        "drift.html": redactor.text(render.render(report, past)),
        # pytest wrote this one: texts of failures and skips may repeat what an answer held.
        "junit.xml": redactor.text(HOST.sub("", junit) or NO_TESTS),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as staging:
            for name, text in contents.items():
                # Lone surrogates from a fuzzed answer are written as escapes, not as an error.
                (Path(staging) / name).write_text(text, encoding="utf-8", errors="backslashreplace")
            for name in contents:
                (Path(staging) / name).replace(folder / name)
    except OSError as fault:
        raise InputError(f"cannot write the reports: {fault.strerror}", file=folder) from fault
    if problem is not None:
        raise problem


def _usual_history(folder: Path, report: Mapping[str, Any]) -> Path | None:
    beside = folder.resolve().is_relative_to(history.FILE.parent)
    return history.FILE if beside and not report["run"]["shard"] else None


def _recorded(path: Path | None, report: Mapping[str, Any]) -> tuple[dict[str, Any] | None, InputError | None]:
    """What the history tells of the target, this run included; or what kept it from being used."""
    if path is None:
        return None, None
    try:
        history.record(path, report)
        with history.reading(path) as connection:
            return story.as_json(connection, history.target_of(report["run"])), None
    except InputError as problem:
        return None, problem
