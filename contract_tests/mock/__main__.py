"""``python -m contract_tests.mock``: the same as ``python3 -m scripts mock``, in an environment that is ready."""

import sys

from .command import run

sys.exit(run(sys.argv[1:]))
