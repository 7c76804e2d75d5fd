"""``python3 -m telnyx_mock``, where the mock is installed; in its repository it is ``python3 -m scripts mock``."""

import sys

from .extra import missing

try:
    from .command import run
except ModuleNotFoundError as problem:
    said = missing(problem)
    if said is None:
        raise
    print(f"error: {said}", file=sys.stderr)
    sys.exit(2)

sys.exit(run(sys.argv[1:]))
