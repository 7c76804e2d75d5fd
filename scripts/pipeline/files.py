"""The files of a description: read once each, found by the relative paths that references hold."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from scripts.pipeline import load, pointers, references
from scripts.pipeline.load import Source
from scripts.pipeline.places import At

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
_RENAME = "let its name end in .yaml, .yml or .json"


class DescriptionFiles:
    """The files below ``folder``, named in messages relative to ``root``."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root
        self._read: dict[Path, Source] = {}
        self._found: dict[tuple[Path, str], tuple[Path, bool, bool]] = {}

    def read(self, path: Path) -> Source:
        if path not in self._read:
            shown = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)
            self._read[path] = load.read(path, shown)
        return self._read[path]

    def target(self, reference: str, at: At) -> Source:
        """The file that a reference names."""
        file, _, fragment = reference.partition("#")
        if "://" in file or file.startswith(("/", "\\")):
            raise at.error(f"$ref must be a relative path: {reference}")
        try:
            path, inside, exists = self._find(at.source.path, unquote(file))
        except (OSError, ValueError, RuntimeError) as problem:  # too long, holds NUL, links in a circle
            raise at.error(f"$ref can't be the path of a file: {reference}") from problem
        if not inside:
            raise at.error(f"$ref leaves the folder of the description: {reference}")
        if not exists:
            guess = references.nearest_file(path, self._folder)
            hint = f"did you mean {references.relative(guess, at.source.path.parent)}?" if guess else None
            raise at.error(f"$ref to nowhere: there is no file {reference}", hint)
        if path.suffix not in SUFFIXES:  # no other file counts as an input, so a change to it would go unnoticed
            raise at.error(f"$ref to a file that is neither YAML nor JSON by its name: {reference}", _RENAME)
        source = self.read(path)
        if fragment:
            self._refuse_fragment(source, fragment, reference, at)
        return source

    def _find(self, start: Path, file: str) -> tuple[Path, bool, bool]:
        """Where the relative path in a file leads (none: to it), whether that is in the folder of the description, and
        whether there is a file; asked once for each."""
        asked = (start.parent if file else start, file)
        if asked not in self._found:
            path = (asked[0] / file).resolve() if file else start
            self._found[asked] = path, path.is_relative_to(self._folder), path.is_file()
        return self._found[asked]

    def _refuse_fragment(self, source: Source, fragment: str, reference: str, at: At) -> None:
        """A part of a file can't become a component; say whether the part exists at all."""
        try:
            pointers.follow(source.contents, unquote(fragment))
        except (pointers.PointerToNowhere, ValueError) as problem:
            choices = problem.choices if isinstance(problem, pointers.PointerToNowhere) else ()
            guess = references.nearest(getattr(problem, "token", ""), choices)
            hint = f"did you mean {guess!r}?" if guess else "refer to a whole file"
            raise at.error(f"$ref to nowhere: {source.name} has no {fragment}", hint) from problem
        raise at.error(
            f"$ref to a part of a file: {reference}", "one file is one component: give the part a file of its own"
        )
