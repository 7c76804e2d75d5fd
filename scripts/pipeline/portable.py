"""Names of files that every system can hold: a package that is laid into a repository is checked out on all of them.

The rules are those of Windows ("Naming Files, Paths, and Namespaces", Microsoft), which are the strictest, and of file
systems that do not tell upper case from lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scripts.errors import InputError

DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
# Windows allows 260 characters for the whole path; the folders above are not ours.
LONGEST = 180
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def fault(part: str) -> str | None:
    """What is wrong with one part of a path, if anything is."""
    if part.partition(".")[0].lower() in DEVICES:
        return f"{part!r} is the name of a device on Windows"
    if _FORBIDDEN.search(part):
        return f"{part!r} holds a character that Windows does not allow"
    if part.endswith((" ", ".")) or not part:
        return f"{part!r} ends in a way that Windows does not allow"
    return None


def check(paths: Iterable[str]) -> None:
    """``InputError`` for the first of these paths (relative, with ``/``) that some system can't hold with the rest."""
    seen: dict[str, str] = {}
    for path in paths:
        if len(path) > LONGEST:
            raise _error(path, f"is longer than {LONGEST} characters")
        for part in path.split("/"):
            if said := fault(part):
                raise _error(path, said)
        for number in range(1, path.count("/") + 2):
            above = "/".join(path.split("/")[:number])
            if (other := seen.setdefault(above.casefold(), above)) != above:
                raise _error(path, f"{above} and {other} differ only in case")


def _error(path: str, said: str) -> InputError:
    return InputError(
        f"can't be a file on every system: {said}",
        file=path,
        fix="rename the operation, tag, schema or file that it comes from",
    )
