"""Compare two versions in every respect that both of them have: descriptions, packages, evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from scripts.comparison import causes, description, python_changes, python_slice, surface_reading
from scripts.comparison.change import Change, Effect, Verdict, verdict
from scripts.comparison.python_changes import PythonChange
from scripts.comparison.snapshot import Snapshot
from scripts.errors import InputError
from scripts.pipeline import references

Progress = Callable[[str], None]


@attrs.frozen
class Comparison:
    """What changed between ``before`` and ``after`` (their names).

    ``changes``: of the description, ``python``: of the package's public names, each the worst first; ``None`` where
    one of the versions has no description, or no package, so that nothing was compared.
    """

    before: str
    after: str
    changes: tuple[Change, ...] | None
    python: tuple[PythonChange, ...] | None
    operations: int = 0

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effect of every change."""
        described = [one.effect for one in self.changes or ()]
        return (*described, *(one.effect for one in self.python or ()))

    @property
    def verdict(self) -> Verdict:
        """Which part of the version has to move."""
        return verdict(self.effects)


def compare(
    before: Snapshot, after: Snapshot, only: frozenset[str] | None = None, progress: Progress = lambda text: None
) -> Comparison:
    """What changed; with ``only``, for callers of these operations (operationIds or ``GET /path``).

    ``InputError`` when the two have nothing in common that could be compared, or when ``only`` names no operation.
    """
    changes, python, operations = None, None, 0
    if before.description is not None and after.description is not None:
        require_known(only or frozenset(), before.description, after.description)
        progress("comparing descriptions")
        compared = description.compare(before.description, after.description, description.Options(only), progress)
        changes, operations = causes.assign(compared.changes, before, after), compared.operations
    if before.package is not None and after.package is not None:
        progress("comparing packages")
        packages = (before.package, before.name), (after.package, after.name)
        surfaces = [surface_reading.read(*each) for each in packages]
        python = python_changes.compare(*surfaces)
        if only is not None:
            slices = [
                python_slice.of(surface, package, only, name)
                for surface, (package, name) in zip(surfaces, packages, strict=True)
            ]
            python = tuple(
                one for one in python if any(map(slices[0].holds, one.names)) or any(map(slices[1].holds, one.names))
            )
    if changes is None and python is None:
        raise InputError(
            f"{before.name} and {after.name} have nothing in common to compare",
            fix="compare two descriptions, two packages, or two revisions",
        )
    return Comparison(before.name, after.name, changes, python, operations)


def require_known(only: frozenset[str], *documents: dict[str, Any]) -> None:
    """``InputError`` when a name in ``only`` (an operationId or ``GET /path``) is an operation of no document."""
    from scripts.lint.document import Document

    operations = [one for document in documents for one in Document(document).operations] if only else []
    known = {name for one in operations for name in (one.id, one.label) if name}
    for name in sorted(only - known):
        guess = references.nearest(name, known)
        fix = f"did you mean {guess}?" if guess else "use operationIds or 'GET /path'"
        raise InputError(f"neither version describes an operation {name!r}", fix=fix)
