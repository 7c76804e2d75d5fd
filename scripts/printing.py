"""What commands print: to the end, or for as long as somebody reads (``python3 -m scripts lint FILE | head``)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.errors import InputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Output(io.RawIOBase):
    """A file descriptor that outlives its reader: what nobody reads any more is dropped, and the command goes on.

    ``InputError`` when it cannot be written to for another reason; once, so that the error can end the command.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        left = memoryview(data)
        size = left.nbytes
        try:
            while left.nbytes:
                left = left[os.write(self._descriptor, left) :]
        except BrokenPipeError:
            self._give_up()
        except OSError as problem:
            self._give_up()
            reason = problem.strerror or str(problem)
            message = f"cannot write to standard output: {reason}"
            raise InputError(message, fix="let it lead where there is room") from None
        return size

    def _give_up(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._descriptor)
        os.close(nowhere)


def steady() -> None:
    """From here on stdout outlives who reads it: a command ends as it would, with its own exit code."""
    if sys.stdout is None:  # closed by who started this
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open
        return
    old = sys.stdout
    if not isinstance(old, io.TextIOWrapper):
        return
    old.flush()
    raw = _Output(old.fileno())
    sys.stdout = io.TextIOWrapper(
        raw if old.write_through else io.BufferedWriter(raw),
        encoding=old.encoding,
        errors=old.errors,
        line_buffering=old.line_buffering,
        write_through=old.write_through,
    )


def lines(written: Iterable[str]) -> None:
    """Print to stdout, all of it before it returns."""
    for line in written:
        print(line)
    sys.stdout.flush()
