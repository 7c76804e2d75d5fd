"""Write the three reports of a run: all of them or none, and nothing in them that is secret."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract_tests.drift import markdown
from contract_tests.exchange import Redactor
from scripts.errors import InputError

# The name of the machine is nobody's business in a report that is passed around.
HOST = re.compile(r' hostname="[^"]*"')
# A run that was stopped before its suites has no tests to list.
NO_TESTS = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="contract" />\n'


def write(folder: Path, report: Mapping[str, Any], junit: str, redactor: Redactor) -> None:
    """Put ``drift.json``, ``drift.md`` and ``junit.xml`` into ``folder``, replacing earlier ones.

    ``InputError`` when the folder cannot be written to.
    """
    contents = {
        "drift.json": json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        "drift.md": redactor.text(markdown.render(report)),
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
    except OSError as problem:
        raise InputError(f"cannot write the reports: {problem.strerror}", file=folder) from problem
