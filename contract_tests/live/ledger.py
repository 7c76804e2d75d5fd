"""The journal of one live run: what it is about to make or change, and what became of it, one JSON line each.

A line is on disk (``fsync``) before the request that it announces leaves, so that a run that is killed at any moment
has told what it may have left behind. The file is locked while its run lives; ``sweep`` leaves such a run alone. What
the lines hold is listed in ``contract_tests/live/README.md``; secrets are never among it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from contract_tests.description import ROOT
from contract_tests.live.routes import origin
from scripts.errors import InputError

FOLDER = ROOT / "contract_tests" / "reports" / "ledger"
# Names of records begin with this, a run id and a dash: sweep knows them by it without any journal.
PREFIX = "contract-"
RUN_ID = re.compile(r"[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}")
LABEL = re.compile(rf"{PREFIX}({RUN_ID.pattern})-")
# A journal with nothing else in it tells of a run that made and changed nothing.
UNEVENTFUL = frozenset({"run", "ended"})
MENDING = "bring the file back as it was, or move it away when nothing of its run is left"
Line = Mapping[str, Any]


def new_run_id(now: datetime | None = None) -> str:
    """``20260102t030405z-1a2b3c4d``: when the run began, and something that no other run has."""
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dt%H%M%Sz")
    return f"{moment}-{secrets.token_hex(4)}"


def began(run_id: str) -> datetime:
    """When a run began, from its id."""
    return datetime.strptime(run_id[:16], "%Y%m%dt%H%M%Sz").replace(tzinfo=UTC)


def run_of(label: Any) -> str | None:
    """The run that a name belongs to, None for a name that is nobody's mark."""
    match = LABEL.match(label) if isinstance(label, str) else None
    return match[1] if match else None


class Ledger:
    """The journal while its run lives; every line is on disk when ``write`` returns."""

    def __init__(
        self, folder: Path, target: str, run_id: str | None = None, *, redact: Callable[[str], str] = str
    ) -> None:
        self.run_id = run_id = run_id or new_run_id()
        self.path = folder / f"{run_id}.jsonl"
        self._redact = redact
        self._handle = -1
        self._eventful = False
        self._torn = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._sync(folder)
            self.write("run", run=run_id, target=target)
        except OSError as problem:
            self.close()
            raise InputError(f"cannot keep a ledger: {problem}", file=folder, fix="name another --ledger") from problem

    @property
    def prefix(self) -> str:
        """What the names of this run's records begin with."""
        return f"{PREFIX}{self.run_id}-"

    def write(self, event: str, **facts: Any) -> None:
        """Append one line and wait until the disk has it; ``OSError`` when it cannot be kept."""
        self._eventful = self._eventful or event not in UNEVENTFUL
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
        # A target may answer with the key where an id belongs, and a lone surrogate where a name does.
        text = self._redact(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
        self._append(f"{text}\n".encode("utf-8", "backslashreplace"))

    def _append(self, data: bytes) -> None:
        """All of ``data`` or nothing: a line that a full disk cut off must not stand in front of another one."""
        if self._torn:
            raise OSError(errno.EIO, "an earlier line could not be taken back")
        before = os.fstat(self._handle).st_size
        try:
            while data:
                data = data[os.write(self._handle, data) :]
            os.fsync(self._handle)
        except BaseException:
            self._torn = True
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, before)
                self._torn = False
            raise

    def close(self) -> None:
        """Give the file free; one that tells of nothing goes."""
        if self._handle >= 0:
            if not self._eventful:
                self.path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def _sync(folder: Path) -> None:
        # The file's name is part of what has to survive.
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(slots=True)
class Past:
    """What a journal tells about its run.

    ``created`` and ``borrowed`` map (collection, id) to a label and to the writable fields as they were; ``written``
    holds all values that the run sent for each field of a borrowed record; ``unclear`` are the labels, with their
    collections, of creations whose outcome nobody knows.
    """

    path: Path
    run_id: str
    target: str
    alive: bool
    ended: bool = False
    created: dict[tuple[str, str], str] = field(default_factory=dict)
    borrowed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    written: dict[tuple[str, str], dict[str, list[Any]]] = field(default_factory=dict)
    unclear: dict[int, tuple[str, str]] = field(default_factory=dict)
    swept: bool = False

    @property
    def leftovers(self) -> bool:
        """Whether something may still be there."""
        return not self.swept and bool(self.created or self.borrowed or self.unclear)


def pasts(folder: Path, target: str) -> Iterator[Past]:
    """What every journal in ``folder`` that is about ``target`` tells, oldest first."""
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        if RUN_ID.fullmatch(path.stem):
            past = recall(path)
            if past is not None and _place(past.target) == _place(target):
                yield past


def recall(path: Path) -> Past | None:
    """What a journal tells; None for one that was killed before its first line.

    A last line that was cut off is left out: what it would have announced was not sent.
    """
    number = 0
    try:
        lines = list(_lines(path))
        if not lines or lines[0][1].get("event") != "run":
            return None
        number, first = lines[0]
        past = Past(path, str(first["run"]), str(first["target"]), alive=is_locked(path))
        # What is no address is told here, with its file.
        _place(past.target)
        for told in lines[1:]:
            number, line = told
            _TOLD.get(line["event"], _ignore)(past, line)
    except OSError as problem:
        raise InputError(f"cannot be read: {problem.strerror}", file=path) from problem
    except (LookupError, TypeError, AttributeError, ValueError) as problem:
        raise InputError(f"lacks what belongs there: {problem!r}", file=path, line=number, fix=MENDING) from problem
    return past


def mark_swept(path: Path, **facts: Any) -> None:
    """Note in a dead run's journal that nothing of it is left."""
    line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": "swept", **facts}
    with path.open("ab") as handle:
        # The run may have been killed in the middle of a line.
        handle.write(b"\n" + json.dumps(line).encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())


def is_locked(path: Path) -> bool:
    """Whether the run that writes this journal is still alive."""
    with path.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _lines(path: Path) -> Iterator[tuple[int, Line]]:
    """The lines with their numbers."""
    pieces = path.read_bytes().split(b"\n")
    for number, piece in enumerate(pieces, start=1):
        if not piece.strip():
            continue
        try:
            line = json.loads(piece)
            if not isinstance(line, dict) or not isinstance(line.get("event"), str):
                raise ValueError("no event")
        except ValueError as problem:
            # Only the last write of a process can be cut off; it is followed by nothing or by the note of a sweep.
            if all(not rest.strip() or b'"swept"' in rest for rest in pieces[number:]):
                continue
            raise InputError(
                f"is no ledger line: {problem}",
                file=path,
                line=number,
                fix=MENDING,
            ) from problem
        yield number, line


def _place(address: str) -> tuple[tuple[str, str, int], str]:
    """What a target's address means, however it is spelt."""
    parts = urlsplit(address)
    return origin(parts), parts.path.rstrip("/")


def _key(line: Line) -> tuple[str, str]:
    return str(line["collection"]), str(line["id"])


def _intent(past: Past, line: Line) -> None:
    past.unclear[line["seq"]] = (str(line["collection"]), str(line["label"]))


def _created(past: Past, line: Line) -> None:
    _, label = past.unclear.pop(line["seq"], ("", str(line.get("label", ""))))
    past.created[_key(line)] = label


def _not_created(past: Past, line: Line) -> None:
    past.unclear.pop(line["seq"], None)


def _deleted(past: Past, line: Line) -> None:
    past.created.pop(_key(line), None)


def _snapshot(past: Past, line: Line) -> None:
    past.borrowed.setdefault(_key(line), dict(line["fields"]))


def _changing(past: Past, line: Line) -> None:
    written = past.written.setdefault(_key(line), {})
    for name, value in line["fields"].items():
        written.setdefault(name, []).append(value)


def _restored(past: Past, line: Line) -> None:
    past.borrowed.pop(_key(line), None)
    past.written.pop(_key(line), None)


def _ended(past: Past, line: Line) -> None:
    past.ended = True


def _swept(past: Past, line: Line) -> None:
    past.swept = True


def _ignore(past: Past, line: Line) -> None:
    """``unclear`` says what the intent says already: the outcome is not known."""


_TOLD: Mapping[str, Callable[[Past, Line], None]] = {
    "intent": _intent,
    "created": _created,
    "not-created": _not_created,
    "deleted": _deleted,
    "snapshot": _snapshot,
    "changing": _changing,
    "restored": _restored,
    "ended": _ended,
    "swept": _swept,
}
