"""The one exception for bad input: it says where, what, and how to mend it.

``InputError`` is raised by every stage and command for faults in files or arguments that a user can mend;
``python3 -m scripts`` prints it and exits with code 2. Faults of our own code are left to raise as they are.
"""

from __future__ import annotations

from pathlib import Path


class InputError(Exception):
    """A fault in the user's input.

    ``file`` and ``line`` (1-based) name the place, ``pointer`` is an RFC 6901 pointer into that file,
    ``fix`` is what to do about it.
    """

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        pointer: str | None = None,
        fix: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = None if file is None else str(file)
        self.line = line
        self.pointer = pointer
        self.fix = fix

    def render(self) -> str:
        """``error: file:line: pointer: message`` and, on a line of its own, the fix."""
        place = [f"{self.file}:{self.line}" if self.line else self.file] if self.file else []
        where = [*place, *([self.pointer] if self.pointer else [])]
        lines = [": ".join(["error", *where, self.message])]
        if self.fix:
            lines.append(f"  fix: {self.fix}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.render()
