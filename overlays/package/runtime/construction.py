"""How a model is made by its caller: the signature that its fields declare, and what is said to one that does not fit.

The generated ``__init__`` takes any keyword at run time, so that it can tell the nearest name for one that the model
does not have; type checkers read the fields instead. That costs nothing as long as the names fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..types import UNSET

if TYPE_CHECKING:
    from inspect import Signature

# What a field that must be given holds in ``__init__`` as long as it was not.
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
                for name, default in model.__init__.__kwdefaults__.items()
            ],
            return_annotation=None,
        )


def misfit(arguments: dict[str, Any]) -> TypeError:
    """The error for the ``locals()`` of an ``__init__``: about the first unknown name, else about those that lack."""
    from .nearest import hint

    model = type(arguments.pop("self"))
    unknown: dict[str, Any] = arguments.pop("_unknown")
    for name in unknown:
        free = [known for known, value in arguments.items() if value is NEEDED or value is UNSET or value is None]
        return TypeError(f"{model.__name__} has no field {name!r}{hint(name, free, arguments)}")
    missing = [name for name, value in arguments.items() if value is NEEDED]
    return TypeError(f"{model.__name__} needs {' and '.join(missing)}")


__all__ = ["NEEDED", "Declared", "misfit"]
