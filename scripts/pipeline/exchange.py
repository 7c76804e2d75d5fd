"""Exchange two folders in one step of the file system, where the system can: nobody ever sees neither of them.

Linux has ``renameat2`` with ``RENAME_EXCHANGE`` (rename(2)), macOS ``renamex_np`` with ``RENAME_SWAP``; Python offers
neither, so that the C library is asked.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE, and RENAME_SWAP
# What a system or a file system says that does not know how.
_UNABLE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def exchange(one: Path, other: Path) -> bool:
    """Let two paths of one file system change places; ``False`` when that can't be done here in one step.

    ``OSError`` when it can, but failed; then both are where they were.
    """
    if sys.platform not in {"linux", "darwin"}:
        return False
    import ctypes  # takes longer to load than all else here; needed only when something has changed

    library = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        failed = library.renameat2(_HERE, paths[0], _HERE, paths[1], ctypes.c_uint(_EXCHANGE))
    elif hasattr(library, "renamex_np"):
        failed = library.renamex_np(*paths, ctypes.c_uint(_EXCHANGE))
    else:
        return False
    if not failed:
        return True
    problem = ctypes.get_errno()
    if problem in _UNABLE:
        return False
    raise OSError(problem, os.strerror(problem), str(one), None, str(other))
