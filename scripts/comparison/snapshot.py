"""One of the two versions that are compared: a git revision, a working copy, a package, a wheel, or a document.

What is in a version: the effective description, the package that was generated from it, and the folders that hold the
evidence. A document has the first alone, a vendored copy or a wheel the second.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import attrs

from scripts.comparison import reference_faults
from scripts.errors import InputError
from scripts.pipeline import load, manifest
from scripts.pipeline.layout import EFFECTIVE, MANIFEST, PACKAGE, Layout
from scripts.pipeline.load import JsonObject

PARTS = ("generated", "openapi", "overlays")
DOCUMENTS = frozenset({".json", ".yaml", ".yml"})
# What holds operations or what they refer to: of another shape it would read as if all of it had been removed.
OBJECTS = ("paths", "webhooks", "components")


@attrs.frozen
class Snapshot:
    """``name`` is how reports call it. ``root`` holds ``openapi/`` and ``overlays/``; what is absent is ``None``."""

    name: str
    description: JsonObject | None = attrs.field(default=None, repr=False)
    package: Path | None = None
    root: Path | None = None


@contextlib.contextmanager
def opened(given: str, root: Path) -> Iterator[Snapshot]:
    """The version that ``given`` names: a path that exists, else a git revision of ``root``; ``InputError`` for others.

    Files that have to be unpacked are gone afterwards.
    """
    path = Path(given)
    if path.is_dir():
        yield _folder(path.resolve(), given)
    elif path.is_file() and path.suffix == ".whl":
        with tempfile.TemporaryDirectory(prefix="changes-") as scratch:
            yield Snapshot(given, package=_unpacked(path, Path(scratch)))
    elif path.is_file() and path.suffix in DOCUMENTS:
        yield Snapshot(given, description=document(path, given))
    elif path.exists():
        raise InputError("is neither a description nor a wheel by its name", file=given)
    else:
        with tempfile.TemporaryDirectory(prefix="changes-") as scratch:
            yield revision(given, root, Path(scratch))


def working_copy(root: Path) -> Snapshot:
    """The working copy as it is now, committed or not.

    ``InputError`` when ``generated/`` is not what it gives: what was edited since would read as unchanged.
    """
    layout = Layout(root)
    found = _copy(layout, "working copy")
    if not manifest.is_current(Layout(root.resolve())):
        raise InputError(f"{layout.shown(layout.generated)}/ is stale", fix="run python3 -m scripts regenerate first")
    return found


def default_base(root: Path) -> str:
    """The revision to compare with when none is given: the last tag, else where this branch left the main one.

    On the main branch itself that is ``HEAD``: what is not committed yet.
    """
    tag = _git(root, "describe", "--tags", "--abbrev=0", check=False)
    if tag:
        return tag
    for main in ("origin/HEAD", "origin/main", "main"):
        if base := _git(root, "merge-base", "HEAD", main, check=False):
            return base
    return "HEAD"


def revision(given: str, root: Path, scratch: Path) -> Snapshot:
    """The version that was committed as ``given``, unpacked into the empty folder ``scratch``."""
    commit = _git(root, "rev-parse", "--verify", "--end-of-options", f"{given}^{{commit}}", check=False)
    if not commit:
        raise InputError(
            f"there is no file, folder or git revision {given!r}",
            fix="git fetch --tags brings revisions that are missing",
        )
    there = set(_git(root, "ls-tree", "--name-only", commit).splitlines())
    kept = [part for part in PARTS if part in there]
    if "generated" not in kept:
        raise InputError(f"the revision {given} holds no generated/", fix="choose one that does")
    packed = git(root, "archive", "--format=tar", commit, "--", *kept)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(scratch, filter="data")
        else:  # Python 3.11.0 to 3.11.3; what git packs of a repository of ours needs no filter
            archive.extractall(scratch)
    shown = given if not commit.startswith(given) else commit[:10]
    return _copy(Layout(scratch), shown)


def document(path: Path, name: str, *, loose: bool = False) -> JsonObject:
    """An OpenAPI 3.0 or 3.1 document; ``InputError`` for anything else.

    Also for one with a reference behind which nothing can be read (``reference_faults``), unless it is read as a
    ``loose`` one.
    """
    source = load.read(path, name)
    version = source.contents.get("openapi") if isinstance(source.contents, dict) else None
    if not isinstance(version, str) or version[:4] not in {"3.0.", "3.1."}:
        raise source.error("is no OpenAPI 3.0 or 3.1 document", fix="it has to say openapi: 3.0.x or 3.1.x at its top")
    for part in OBJECTS:
        if not isinstance(source.contents.get(part, {}), dict):
            raise source.error(f"{part} is no object", f"/{part}", fix="a file that was cut or converted badly?")
    found: JsonObject = source.contents
    for one in () if loose else reference_faults.faults(found):
        raise source.error(one.message, one.pointer, fix=one.fix)
    return found


def _folder(path: Path, name: str) -> Snapshot:
    """A working copy, or a package by itself."""
    if (path / "generated").is_dir() or (path / "openapi").is_dir():
        return _copy(Layout(path), name)
    if (path / MANIFEST).is_file() or (path / "__init__.py").is_file():
        return Snapshot(name, package=path)
    raise InputError("is neither a working copy nor a package", file=name)


def _copy(layout: Layout, name: str) -> Snapshot:
    effective = layout.generated / EFFECTIVE
    package = layout.generated / PACKAGE
    if not effective.is_file():
        raise InputError(f"{name} has no {layout.shown(effective)}", fix="python3 -m scripts regenerate writes it")
    found = document(effective, f"{name}: {layout.shown(effective)}")
    return Snapshot(name, found, package if package.is_dir() else None, layout.root)


def _unpacked(wheel: Path, scratch: Path) -> Path:
    """The package inside a wheel."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(scratch)
    except (zipfile.BadZipFile, OSError) as problem:
        raise InputError(f"is no wheel that can be read: {problem}", file=wheel) from problem
    found = sorted(path.parent for path in scratch.glob(f"*/{MANIFEST}"))
    if len(found) != 1:
        raise InputError(f"holds {len(found)} packages of ours, not one", file=wheel)
    return found[0]


def account(package: Path, name: str) -> JsonObject:
    """The own account of the package of the version called ``name``; ``InputError`` when it has none."""
    try:
        found = json.loads((package / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError(f"has no {MANIFEST} that can be read: {problem}", file=name) from problem
    lists = [found.get(key) if isinstance(found, dict) else None for key in ("operations", "methods")]
    if not isinstance(lists[0], dict) or not isinstance(lists[1], dict | None):
        raise InputError(f"its {MANIFEST} lists no operations", file=name)
    return dict(found)


def _git(root: Path, *arguments: str, check: bool = True) -> str:
    return git(root, *arguments, check=check).decode("utf-8", "replace").strip()


def git(root: Path, *arguments: str, check: bool = True) -> bytes:
    """What git prints about the repository at ``root``; ``b""`` for a failure that is not to be raised."""
    try:
        result = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except OSError as problem:
        raise InputError(f"git can't be started: {problem.strerror}", fix="install git, or name two files") from problem
    if result.returncode and check:
        said = result.stderr.decode("utf-8", "replace").strip()
        raise InputError(f"git {arguments[0]} failed: {said}", file=root)
    return b"" if result.returncode else result.stdout
