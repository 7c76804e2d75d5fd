"""How a model is made by its caller: the signature that its fields declare, and what is said to one that does not fit.

The ``__init__`` of models takes any keyword at run time, so that it can tell the nearest name for one that the model
does not have; type checkers read the fields instead. That costs nothing as long as the names fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from inspect import Signature

# The default of a field that must be given.
NEEDED: Final[Any] = object()


class Declared:
    """The ``__signature__`` of a model for ``inspect`` and ``help``: what type checkers see."""

    def __get__(self, instance: object, owner: Any) -> Signature:
        from inspect import Parameter, Signature

        from .slotted import home

        model = home(owner)
        told = model.__annotations__
        return Signature(
            [
                Parameter(
                    name,
                    Parameter.KEYWORD_ONLY,
                    default=Parameter.empty if default is NEEDED else default,
                    annotation=told[name],
                )
                for name, default in model._defaults.items()
            ],
            return_annotation=None,
        )


def misfit(model: type, defaults: Mapping[str, Any], values: Mapping[str, Any]) -> TypeError:
    """The error for the ``values`` that a caller gave: about the first unknown name, else about those that lack."""
    from .nearest import hint

    for name in (name for name in values if name not in defaults):
        free = [known for known in defaults if known not in values]
        return TypeError(f"{model.__name__} has no field {name!r}{hint(name, free, defaults)}")
    missing = [name for name, value in {**defaults, **values}.items() if value is NEEDED]
    return TypeError(f"{model.__name__} needs {' and '.join(missing)}")


__all__ = ["NEEDED", "Declared", "misfit"]
