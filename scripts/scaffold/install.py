"""Put new and changed files in place: all of them, or none when anything goes wrong on the way.

Everything is first written to a staging folder in the root, so that putting it in place is a series of renames. The
first that fails, or Ctrl-C in between, undoes the ones before it. Changed files come last: until then nothing refers to
the new ones.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.errors import InputError

Undo = Callable[[], object]


def install(root: Path, created: Mapping[str, str], changed: Mapping[str, tuple[str, str]]) -> None:
    """Write ``created`` (path below ``root`` → text) and replace ``changed`` (path → text as it was read, new text).

    ``InputError`` when a file to create exists, a file to change is no longer what was read, or can't be written.
    """
    try:
        staging = Path(tempfile.mkdtemp(prefix=".scaffold-", dir=root))
    except OSError as problem:
        raise InputError(f"nothing can be written here: {problem.strerror}", file=root) from problem
    try:
        for name, text in {**created, **{name: new for name, (_, new) in changed.items()}}.items():
            _write(staging / "new" / name, text)
        for name, (old, _) in changed.items():
            _write(staging / "old" / name, old)
        _move(root, staging, created, changed)
    except OSError as problem:
        said = f"can't be written: {problem.strerror}; everything is as it was"
        raise InputError(said, file=problem.filename2 or problem.filename) from problem
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move(root: Path, staging: Path, created: Mapping[str, str], changed: Mapping[str, tuple[str, str]]) -> None:
    undo: list[Undo] = []
    try:
        for name in created:
            target = root / name
            _make_folders(target.parent, undo)
            if target.exists():
                raise InputError("exists already; nothing was written", file=name)
            undo.append(lambda target=target: target.unlink(missing_ok=True))  # type: ignore[misc]
            (staging / "new" / name).rename(target)
        for name, (old, _) in changed.items():
            target = root / name
            if _text(target) != old:
                raise InputError("was changed meanwhile; nothing was written", file=name, fix="run the command again")
            undo.append(lambda name=name, target=target: (staging / "old" / name).replace(target))  # type: ignore[misc]
            (staging / "new" / name).replace(target)
    except BaseException:  # Ctrl-C included
        for step in reversed(undo):
            step()
        raise


def _make_folders(folder: Path, undo: list[Undo]) -> None:
    """Make a folder and those above it; what is made here goes again on failure."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        undo.append(lambda path=path: path.rmdir() if path.exists() else None)  # type: ignore[misc]
        path.mkdir()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _text(path: Path) -> str:
    return path.read_bytes().decode()
