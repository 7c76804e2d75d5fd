"""The mock as a child on a leash: it ends when its standard input does, however the parent came to its end.

Its arguments come as one JSON line on standard input, so that the key never shows in the process list.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from contract_tests.mock.command import run


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> int:
    """Read the arguments, then serve until told to stop or left alone."""
    arguments = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
