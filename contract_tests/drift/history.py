"""The history of runs in one SQLite file: every run, finding, operation and field count, from the reports as they are.

Reports are free of secrets, and nothing else is stored. Several runs may write at once: each one is a single
transaction that waits for the others. Recording a report again replaces what was recorded of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contract_tests.description import ROOT
from scripts.errors import InputError

FILE = ROOT / "contract_tests" / "reports" / "history.sqlite"
# SQLite's application_id of our files ("drif" in ASCII), and the version of the tables below.
MARK = 0x64726966
VERSION = 1
# Seconds that a writer waits for another one.
PATIENCE = 30.0
TABLES = """
CREATE TABLE runs (
    key TEXT PRIMARY KEY, started TEXT NOT NULL, target TEXT NOT NULL, budget TEXT NOT NULL, seed INTEGER NOT NULL,
    exit_code INTEGER NOT NULL, verdict TEXT NOT NULL, requests INTEGER NOT NULL, seconds REAL NOT NULL,
    description TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE findings (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, fingerprint TEXT NOT NULL, kind TEXT NOT NULL,
    severity TEXT NOT NULL, pointer TEXT NOT NULL, headline TEXT NOT NULL, operations TEXT NOT NULL,
    occurrences INTEGER NOT NULL, known INTEGER NOT NULL, PRIMARY KEY (run, fingerprint)
) WITHOUT ROWID;
CREATE TABLE operations (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, operation TEXT NOT NULL, requests INTEGER NOT NULL,
    verified INTEGER NOT NULL, findings INTEGER NOT NULL, PRIMARY KEY (run, operation)
) WITHOUT ROWID;
CREATE TABLE fields (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, operation TEXT NOT NULL, pointer TEXT NOT NULL,
    present INTEGER NOT NULL, nulls INTEGER NOT NULL, absent INTEGER NOT NULL, PRIMARY KEY (run, operation, pointer)
) WITHOUT ROWID;
CREATE INDEX runs_by_time ON runs (target, started);
"""


def record(path: Path, report: Mapping[str, Any]) -> None:
    """Add a report, or replace what was recorded of it; ``InputError`` for a file that is not ours or unwritable."""
    run, key = report["run"], identity(report)
    with _opened(path, create=True) as connection, _writing(connection):
        connection.execute("DELETE FROM runs WHERE key = ?", (key,))
        facts = [target_of(run), run["budget"], run["seed"], run["exit_code"], run["verdict"]]
        numbers = [report["counts"]["requests"], run["duration_seconds"], run["description"]["sha256"]]
        connection.execute(f"INSERT INTO runs VALUES ({_marks(10)})", (key, run["started"], *facts, *numbers))
        connection.executemany(f"INSERT INTO findings VALUES ({_marks(9)})", _findings(key, report))
        connection.executemany(f"INSERT INTO operations VALUES ({_marks(5)})", _operations(key, report))
        connection.executemany(f"INSERT INTO fields VALUES ({_marks(6)})", _fields(key, report))


def identity(report: Mapping[str, Any]) -> str:
    """The key of a run: what it was and when, not what it came to."""
    run = report["run"]
    facts = [target_of(run), run["started"], run["budget"], run["seed"], run["only"], run["base_url"]]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def target_of(run: Mapping[str, Any]) -> str:
    """What a history is about: the target, and planted drifts as a target of their own, since they are experiments."""
    return f"{run['target']} with {', '.join(run['planted'])}" if run["planted"] else str(run["target"])


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; ``InputError`` when there is no history at ``path`` or it is none of ours."""
    if not path.is_file():
        raise InputError(
            "there is no history", file=path, fix="run `python3 -m scripts contract`, or name a file with --history"
        )
    with _opened(path, create=False) as connection:
        yield connection


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _findings(key: str, report: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for one in report["findings"]:
        said = (one["kind"], one["severity"], one["pointer"], one["headline"], json.dumps(one["operations"]))
        yield key, one["fingerprint"], *said, one["occurrences"], int(one["known"] is not None)


def _operations(key: str, report: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for one in report["operations"]:
        verified = sum(count for status, count in one["verified"].items() if status.startswith("2"))
        yield key, one["operation_id"], one["requests"], verified, one["findings"]


def _fields(key: str, report: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for one in report["operations"]:
        for pointer, seen in one["fields"].items():
            yield key, one["operation_id"], pointer, seen["present"], seen["null"], seen["absent"]


@contextlib.contextmanager
def _opened(path: Path, *, create: bool) -> Iterator[sqlite3.Connection]:
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        mode = "rwc" if create else "ro"
        address = f"{path.resolve().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    except (OSError, sqlite3.Error) as problem:
        raise InputError(f"the history cannot be opened: {problem}", file=path) from problem
    try:
        _check(connection, path, create=create)
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection
    except sqlite3.DatabaseError as problem:
        raise InputError(f"the history cannot be used: {problem}", file=path, fix=_FIX) from problem
    finally:
        connection.close()


_FIX = "move the file away; the next run begins a new one"


def _check(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    """Make the tables of a new file; refuse a file that is not ours or that a newer version wrote."""
    if create:
        with _writing(connection):
            if (
                _pragma(connection, "application_id") == 0
                and not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            ):
                for statement in filter(str.strip, TABLES.split(";")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {MARK}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
    if _pragma(connection, "application_id") != MARK:
        raise InputError("this is no history of runs", file=path, fix="name another file with --history")
    version = _pragma(connection, "user_version")
    if version != VERSION:
        raise InputError(f"the history has version {version}, and {VERSION} is understood", file=path, fix=_FIX)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


@contextlib.contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that takes the file for itself from its beginning, so that two writers never deadlock."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
