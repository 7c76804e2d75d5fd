"""Faults of the network and of what stands before the API, told in a file (``--faults``) or by a test.

A ``Fault`` says what goes wrong and which requests it strikes; ``Faults`` decides, request by request and repeatably by
seed; ``script`` turns a strike into steps (wait, send, break off), which ``over_socket`` or ``in_process`` carries out.
Drifts, where the API answers in order but otherwise than described, are something else: ``drift_catalogue``.
"""

from __future__ import annotations

from .fault import Fault, When
from .file import load, parse
from .strikes import Faults, Strike

__all__ = ["Fault", "Faults", "Strike", "When", "load", "parse"]
