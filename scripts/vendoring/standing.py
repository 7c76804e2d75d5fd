"""How far a copy is behind: what this working copy would lay in its place now, and what that does to callers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from scripts.comparison import comparison, snapshot
from scripts.comparison.comparison import Comparison
from scripts.comparison.snapshot import Snapshot
from scripts.pipeline.layout import EFFECTIVE, Layout
from scripts.pipeline.publish import Differences, scratch
from scripts.vendoring import history, making
from scripts.vendoring.account import Account, edits

Progress = Callable[[str], None]


@attrs.frozen
class Standing:
    """``files``: how what would be laid now differs from what was laid; ``found``: what that does to callers, ``None``
    where nothing differs, or nobody can say."""

    files: Differences
    found: Comparison | None


def differences(old: Account, new: Account) -> Differences:
    """How the files of a new copy differ from those of the old one as it was laid."""
    before, after = old.hashes, new.hashes
    return Differences(
        changed=tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        missing=tuple(sorted(after.keys() - before.keys())),
        unexpected=tuple(sorted(before.keys() - after.keys())),
    )


def of(folder: Path, account: Account, layout: Layout, progress: Progress) -> Standing:
    """How far the copy in ``folder`` is behind; nothing is built when nothing has changed that it was made from."""
    if account.inputs == making.expected_inputs(layout):
        return Standing(Differences((), (), ()), None)
    progress("building what would be laid now")
    with scratch("vendor-") as made:
        new = making.make(layout, made, account.package, making.selected(layout, account.only), account.form)
        return compare(folder, account, made, new, layout, progress)


def compare(folder: Path, account: Account, made: Path, new: Account, layout: Layout, progress: Progress) -> Standing:
    """The standing of the copy in ``folder`` beside the new one in ``made``.

    What a copy that was edited would do to callers follows from the descriptions alone: its code says nothing about us.
    """
    changed = differences(account, new)
    if not changed:
        return Standing(changed, None)
    package = None if edits(folder, account) else folder
    with _before(package, account, layout) as before:
        if before.description is None and package is None:
            return Standing(changed, None)
        after = attrs.evolve(snapshot.working_copy(layout.root), package=made)
        only = None if account.only is None else frozenset({*account.operations, *new.operations})
        found = comparison.compare(before, after, only if before.description is not None else None, progress)
    return Standing(changed, found)


@contextlib.contextmanager
def _before(package: Path | None, account: Account, layout: Layout) -> Iterator[Snapshot]:
    """The version that a copy was made from: its package, and its description where the history still has that."""
    name = str(account.origin or f"{account.package}, of unknown origin")
    file = layout.shown(layout.generated / EFFECTIVE)
    likely = account.origin.commit if account.origin else ""
    revision = history.holding(layout.root, file, account.inputs.get(EFFECTIVE, ""), likely)
    if revision is None:
        yield Snapshot(name, package=package)
        return
    with snapshot.opened(revision, layout.root) as found:
        yield attrs.evolve(found, name=name, package=package)
