"""Read reports that runs have written: ``drift.json``, held to its documented shape, and ``junit.xml`` beside it."""

from __future__ import annotations

import functools
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.drift.report import FORMAT, SCHEMA
from scripts.errors import InputError

NAME = "drift.json"


def read(path: Path) -> dict[str, Any]:
    """The report in a file, or in the folder that a run wrote; ``InputError`` for what is none."""
    file = path / NAME if path.is_dir() else path
    try:
        contents = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise InputError(
            f"the report cannot be read: {problem.strerror}",
            file=file,
            fix="name the folder or the drift.json that `python3 -m scripts contract` wrote",
        ) from problem
    except ValueError as problem:
        raise InputError(f"the report is not JSON: {problem}", file=file) from problem
    found = contents.get("format") if isinstance(contents, dict) else None
    if isinstance(contents, dict) and found != FORMAT:
        raise InputError(f"the report has format {found}, and {FORMAT} is understood", file=file, fix="run again")
    error = next(_validator().iter_errors(contents), None)
    if error is not None:
        pointer = "".join(f"/{step}" for step in error.instance_path)
        raise InputError(f"this is no drift report: {error.message}"[:300], file=file, pointer=pointer or None)
    report: dict[str, Any] = contents
    return report


@functools.cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def junit(folders: Iterable[Path]) -> str:
    """One JUnit document out of those beside the reports; folders without one add nothing."""
    joined = ET.Element("testsuites", name="contract")
    for folder in folders:
        file = (folder if folder.is_dir() else folder.parent) / "junit.xml"
        if not file.exists():
            continue
        try:
            root = ET.fromstring(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, ET.ParseError) as problem:
            raise InputError(f"is no JUnit report: {problem}", file=file) from problem
        joined.extend([root] if root.tag == "testsuite" else list(root))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(joined, encoding="unicode") + "\n"
