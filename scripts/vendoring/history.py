"""What git knows: the commit that a copy is made of, and the description that an older copy was made of."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scripts.comparison import snapshot
from scripts.errors import InputError

# Versions of the file that are looked through for one with a certain hash.
DEPTH = 300


def commit(root: Path, parts: tuple[str, ...]) -> str:
    """The commit that is checked out; empty outside git, and where one of the ``parts`` differs from it."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(_line(top)).resolve() != root.resolve():  # a folder below some other repository
        return ""
    # Named parts that do not exist are no fault to git here.
    changes = _git(root, "status", "--porcelain", "--", *parts)
    return _line(_git(root, "rev-parse", "HEAD") or b"") if changes == b"" else ""


def holding(root: Path, file: str, sha256: str, likely: str) -> str | None:
    """A commit in which ``file`` has this hash: the ``likely`` one if it is so, else the newest one before now."""
    log = _git(root, "log", f"--max-count={DEPTH}", "--format=%H", "--", file) or b""
    for each in [*([likely] if likely else []), *_line(log).split()]:
        content = _git(root, "show", f"{each}:{file}")
        if content is not None and hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest() == sha256:
            return each
    return None


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git says; ``None`` where there is no git, no repository, or nothing of that name."""
    try:
        return snapshot.git(root, *arguments)
    except InputError:
        return None


def _line(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip()
