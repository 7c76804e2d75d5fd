"""Put a finished folder in the place of the old one, so that an interruption leaves one of the two, whole.

Where the system can exchange two folders in one step, that is done. Elsewhere a folder with content can't be replaced
at once: the old one steps aside first (``generated`` to ``.generated.old``), the new one moves in, and the old one
goes. Who is killed in between leaves ``.generated.old`` behind, and the next run puts it back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs

from scripts.errors import InputError
from scripts.pipeline import manifest
from scripts.pipeline.exchange import exchange


@attrs.frozen
class Differences:
    """How a folder differs from what it should be; paths relative to it, sorted."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.unexpected)

    def lines(self) -> list[str]:
        """One line a file, the kind first."""
        listed = (("changed", self.changed), ("missing", self.missing), ("unexpected", self.unexpected))
        return [f"  {kind:<10}  {name}" for kind, found in listed for name in found]


def compare(wanted: Path, found: Path) -> Differences:
    """What must happen to ``found`` to make it ``wanted``."""
    want, have = manifest.files(wanted), manifest.files(found)
    both = want.keys() & have.keys()
    return Differences(
        changed=tuple(sorted(name for name in both if want[name].read_bytes() != have[name].read_bytes())),
        missing=tuple(sorted(want.keys() - have.keys())),
        unexpected=tuple(sorted(have.keys() - want.keys())),
    )


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """An empty folder beside ``target`` to build in; gone afterwards unless it was swapped in.

    Mends what an earlier, killed run left. ``InputError`` when another run is at work on the same target, and for a
    disk that is full or can't be written to.
    """
    with _alone(target.parent):
        with explained(target.parent):
            recover(target)
            folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        try:
            yield folder
        finally:
            if folder.exists():
                with contextlib.suppress(OSError):  # the next run tries again
                    _remove(folder)


@contextlib.contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A folder for what nobody keeps; ``InputError`` when there is no room for it."""
    with explained(Path(tempfile.gettempdir())):
        folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Make an ``InputError`` of what the file system refuses; ``folder`` is named where the system names no file."""
    try:
        yield
    except OSError as problem:
        raise InputError(
            f"nothing can be written here: {problem.strerror or problem}",
            file=problem.filename or folder,
            fix="make room, or see who may write here",
        ) from problem


def recover(target: Path) -> None:
    """Undo a half-done swap and remove what killed runs left beside ``target``."""
    _refuse_other_than_folder(target)
    old = _old(target)
    if old.is_symlink() or old.is_file():
        old.unlink()  # no run of ours leaves such a thing
    elif old.exists():
        if target.exists():
            _remove(old)
        else:
            old.rename(target)
    for leftover in target.parent.glob(f".{target.name}.new-*"):
        _remove(leftover)


def _refuse_other_than_folder(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        kind = "a link" if target.is_symlink() else "a file"
        raise InputError(f"is {kind}, not a folder of its own", file=target.name, fix="remove it and run again")


def _remove(path: Path) -> None:
    """Remove a folder even if parts of it are read-only, or the file or link of that name."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    path.chmod(0o755)
    for folder, inner, _ in os.walk(path):  # top down, so that each folder can be listed once it is its turn
        for name in inner:
            if not (below := Path(folder, name)).is_symlink():
                below.chmod(0o755)
    shutil.rmtree(path)


def swap(new: Path, target: Path) -> None:
    """Put ``new`` where ``target`` is; on any failure ``target`` is as it was. ``InputError`` when it can't be done."""
    _refuse_other_than_folder(target)
    with explained(target):
        _plain_modes(new)
        old = new if target.exists() and exchange(new, target) else _step_aside(new, target)
    with contextlib.suppress(OSError):  # the next run tries again
        if old.exists():
            _remove(old)


def _step_aside(new: Path, target: Path) -> Path:
    """Put ``new`` where ``target`` is by two renames; where the old one is then."""
    old = _old(target)
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:  # Ctrl-C between the renames included
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    return old


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _plain_modes(folder: Path) -> None:
    """The same permissions whatever the umask: folders 755, files 644."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold an advisory lock on ``folder``, which leaves no file behind and ends with the process."""
    try:
        import fcntl
    except ImportError:  # Windows has none; there two runs at once are not noticed
        yield
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise InputError(f"can't be used: {problem.strerror}", file=folder, fix="create this folder first") from problem
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError("another run is at work in this folder", file=folder, fix="wait for it to end") from None
        yield
    finally:
        os.close(descriptor)
