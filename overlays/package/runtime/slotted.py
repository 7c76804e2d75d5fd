"""``define`` for the models: slots for the annotated fields, as attrs would make them, without attrs.

Type checkers read ``attrs.define`` here, and attrs itself finds the fields of a model when it is asked for them
(``attrs.fields``, ``attrs.evolve``, ``attrs.asdict``). But nobody else waits for it: importing attrs and having it
write the classes that one call needs takes a tenth of a process that makes one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .construction import NEEDED

if TYPE_CHECKING:
    from attrs import define, field
else:

    def field(**options):
        """A field whose value ``__init__`` makes."""

    def define(**options):
        """A decorator that gives a class its slots; how it is made, compared and shown stands in its code."""
        return _with_slots


def _with_slots(cls: Any) -> Any:
    names = tuple(name for name, told in cls.__annotations__.items() if not told.startswith("ClassVar"))
    content = {name: value for name, value in vars(cls).items() if name not in {*names, "__dict__", "__weakref__"}}
    renamed = content.get("_renamed", {})
    concluded = {
        "__slots__": (*names, "__weakref__"),  # weak references are what attrs allows, too
        "_attributes": names,
        "_known": frozenset(renamed.get(name, name) for name in names[:-1]),
        "_defaults": {name: vars(cls).get(name, NEEDED) for name in names},
    }
    return type(cls)(cls.__name__, cls.__bases__, {**content, **concluded})


class Fields:
    """The ``__attrs_attrs__`` of a model, made by attrs when somebody asks for it."""

    def __get__(self, instance: object, owner: Any) -> tuple[Any, ...]:
        if not owner._attributes:
            return ()
        import attrs

        model = home(owner)
        fields = {name: self._field(model, name) for name in model._attributes}
        found: tuple[Any, ...] = attrs.fields(attrs.make_class(model.__name__, fields, kw_only=True))
        model.__attrs_attrs__ = found
        return found

    @staticmethod
    def _field(model: Any, name: str) -> Any:
        import attrs

        default, kind = model._defaults[name], model.__annotations__[name]
        if default is NEEDED:
            return attrs.field(type=kind)
        additional = name == "additional_properties"
        return attrs.field(factory=dict, type=kind) if additional else attrs.field(default=default, type=kind)


def home(cls: Any) -> Any:
    """The generated class that ``cls`` is, or that a caller made it from."""
    return next(one for one in cls.__mro__ if vars(one).get("_attributes"))


__all__ = ["Fields", "define", "field", "home"]
