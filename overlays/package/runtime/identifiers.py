"""UUIDs, told from other values without loading ``uuid``: that asks the system what it is, which takes 2 ms."""

from __future__ import annotations

import sys


def is_uuid(value: object) -> bool:
    """Whether this is a ``uuid.UUID``: as long as nobody has loaded that module, there is none."""
    known = sys.modules.get("uuid")
    return known is not None and isinstance(value, known.UUID)
