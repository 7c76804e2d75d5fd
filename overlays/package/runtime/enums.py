"""Enums that a server may extend: an unknown value is a member of its own, which keeps the value and equals it.

::

    version = WebhookApiVersion("3")
    version == "3", version.is_known       # True, False
    match version:
        case WebhookApiVersion.VERSION_2: ...
        case _: ...                        # also what the description does not know yet
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Self

UNKNOWN = "UNKNOWN"


class _Open(Enum):
    """What both kinds share. Members compare, hash, sort and print as their values."""

    @classmethod
    def _missing_(cls, value: object) -> Any:
        # What the members are made of, str or int; type checkers do not know the attribute.
        base: Any = cls._member_type_  # type: ignore[attr-defined]
        make: Any = base.__new__
        if type(value) is not base:
            return None
        member = make(cls, value)
        member._name_ = UNKNOWN
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the description has this value."""
        return self._value_ in type(self)._value2member_map_

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return type(self), (self._value_,)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self) -> str:
        return str(self._value_)

    def __format__(self, specification: str) -> str:
        return format(self._value_, specification)


class OpenStrEnum(str, _Open):
    """An enum of texts that may grow."""

    _value_: str


class OpenIntEnum(int, _Open):
    """An enum of integers that may grow."""

    _value_: int


__all__ = ["OpenIntEnum", "OpenStrEnum"]
