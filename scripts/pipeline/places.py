"""Where things were written: places in files, and the way back from the bundled document to them."""

from __future__ import annotations

from pathlib import Path

import attrs

from scripts.errors import InputError
from scripts.pipeline import pointers
from scripts.pipeline.load import Source


@attrs.frozen
class Place:
    """Where something was written: the file as messages show it and the 1-based line."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@attrs.frozen
class Sources:
    """The way back from a pointer into the bundled document to the file that says it."""

    origins: dict[str, tuple[Source, str]] = attrs.field(repr=False)

    def place(self, pointer: str) -> Place:
        """Where the value at a pointer into the bundled document was written."""
        tokens = pointers.split(pointer)
        for length in range(len(tokens), -1, -1):
            if (origin := self.origins.get(pointers.join("", *tokens[:length]))) is not None:
                source, start = origin
                return Place(source.name, source.line(pointers.join(start, *tokens[length:])))
        raise LookupError(pointer)  # the root has an origin, so only a foreign mapping gets here

    def files(self) -> tuple[Path, ...]:
        """Every file that went into the document, sorted."""
        return tuple(sorted({source.path for source, _ in self.origins.values()}))


@attrs.frozen
class At:
    """A place while walking: the pointer in the file being read and the pointer in the document being written."""

    source: Source
    pointer: str
    written: str

    def down(self, *tokens: str | int) -> At:
        return At(self.source, pointers.join(self.pointer, *tokens), pointers.join(self.written, *tokens))

    def error(self, message: str, fix: str | None = None) -> InputError:
        return self.source.error(message, self.pointer, fix)

    def __str__(self) -> str:
        return str(Place(self.source.name, self.source.line(self.pointer)))
