"""What a decoder does with a value that is not as described: keep it.

Every model's ``from_dict`` takes a ``Tolerance`` and hands it each value whose type is not the described one. This one
gives the value back, and that is all that happens in production. The ``Observer`` of ``runtime.drift`` gives it back as
well, but remembers the place, so that one code path serves tolerance, passive drift detection and strictness.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


class Tolerance:
    """Keeps what deviates and says nothing."""

    __slots__ = ()

    def odd(self, container: Any, key: str | int | None, value: Any, expected: str) -> Any:
        """What the model stores for ``container[key]``, which is not ``expected``; ``UNSET`` when it is absent.

        Both are None for a whole document.
        """
        return value

    def document(self, value: Any) -> dict[str, Any]:
        """What stands in for a document that should have been an object: its content if it is a mapping, or nothing."""
        return dict(value) if isinstance(value, Mapping) else {}

    def unknown(self, container: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
        """The fields of an object that its description does not know; they are kept and written back."""
        return {key: value for key, value in container.items() if key not in known}


TOLERANT: Final = Tolerance()


__all__ = ["TOLERANT", "Tolerance"]
