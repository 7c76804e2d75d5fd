"""Values that are made by keyword and never changed, without attrs or dataclasses writing code while a program starts.

Importing attrs and having it write a few such classes takes a tenth of a process that makes one call; here nothing is
written. Type checkers know the fields from the annotations (PEP 681).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class Frozen:
    """Base of such values: the annotations of a class are its fields, what it assigns to them their defaults.

    ``TypeError`` for a field that is unknown or lacks, ``AttributeError`` when one is changed.
    """

    # Fields whose values stay out of ``repr``.
    _hidden: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **values: Any) -> None:
        names = self.field_names()
        for name in values:
            if name not in names:
                from .nearest import hint

                free = [known for known in names if known not in values]
                raise TypeError(f"{type(self).__name__} has no field {name!r}{hint(name, free, names)}")
        for name in names:
            if name not in values and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} needs {name}")
        self.__dict__.update(values)
        self._check()

    def _check(self) -> None:
        """Refuse values that can't be; ``ValueError``."""

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """The fields, in their order."""
        return tuple(name for name, told in cls.__annotations__.items() if not str(told).startswith("ClassVar"))

    def field_values(self) -> dict[str, Any]:
        """The fields with their values."""
        return {name: getattr(self, name) for name in self.field_names()}

    def __replace__(self, /, **changes: Any) -> Self:
        """Another value that differs in these fields; ``copy.replace`` calls it from Python 3.13 on."""
        return type(self)(**{**self.field_values(), **changes})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} can't be changed: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} can't be changed: {name}")

    def _shown(self) -> Mapping[str, object]:
        """What ``repr`` shows, by field."""
        return {name: value for name, value in self.field_values().items() if name not in self._hidden}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._shown().items())})"


__all__ = ["Frozen"]
