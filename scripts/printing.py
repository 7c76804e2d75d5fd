"""Print lines to the end, or for as long as somebody reads (``python3 -m scripts lint FILE | head``)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable


def lines(written: Iterable[str]) -> None:
    """Print to stdout; a reader that stops reading ends it quietly."""
    try:
        for line in written:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would fail once more when the interpreter closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
