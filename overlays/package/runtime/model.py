"""What all generated models share: equality, a ``repr`` without secrets, copies, and the way back into JSON values.

To type checkers and to attrs the classes are attrs classes with slots and keyword arguments; what attrs would write
anew for each of them stands here once, because writing it costs a program more than sending its first request.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..types import UNSET
from .construction import NEEDED, Declared, misfit
from .dates import datetime_text
from .identifiers import is_uuid
from .slotted import Fields, home
from .tolerance import TOLERANT, Tolerance

HIDDEN = "***"
# Annotations of places where a text may be shown: a time or id that is not in its form is still no secret.
TEXTUAL = frozenset({"str", "UUID", "datetime.datetime", "datetime.date"})

_JSON = frozenset({str, int, float, bool, type(None)})


class Model:
    """Base of the generated models.

    ``additional_properties`` holds the fields that the description does not know. They survive a round trip, and
    ``model["name"]`` reaches them.
    """

    __slots__ = ()

    # Names on the wire: those that must be there; those with one allowed value; those that only the server sets. Then
    # attributes: those to keep out of ``repr``, and those whose name on the wire is another.
    _required: ClassVar[frozenset[str]] = frozenset()
    _constant: ClassVar[Mapping[str, Any]] = {}
    _read_only: ClassVar[frozenset[str]] = frozenset()
    _secret: ClassVar[frozenset[str]] = frozenset()
    _renamed: ClassVar[Mapping[str, str]] = {}

    __signature__: ClassVar[Declared] = Declared()
    __attrs_attrs__: ClassVar[Any] = Fields()

    # What ``define`` concludes of a model's fields: the fields in the order of the description, of which
    # ``additional_properties`` is the last; their names on the wire; what a field holds that is not given.
    _attributes: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[frozenset[str]] = frozenset()
    _defaults: ClassVar[Mapping[str, Any]] = {}

    additional_properties: dict[str, Any]

    if not TYPE_CHECKING:

        def __init__(self, **values):
            given = {**self._defaults, **values}
            if len(given) != len(self._defaults) or NEEDED in given.values():
                raise misfit(type(self), self._defaults, values)
            for name, value in given.items():
                setattr(self, name, value)
            if self.additional_properties is None:
                self.additional_properties = {}

    @classmethod
    def from_dict(cls, src: Mapping[str, Any], tolerance: Tolerance = TOLERANT) -> Self:
        """The model of a JSON object. Never raises for what the object holds: see ``runtime.tolerance``."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the model: every field that is set, and the additional ones.

        ``ValueError`` for a datetime without a time zone.
        """
        raise NotImplementedError

    def to_body(self) -> dict[str, Any]:
        """``to_dict()`` for a request: without the fields that only the server sets, at any depth."""
        body = self.to_dict()
        for name in self._read_only:
            body.pop(name, None)
        for attribute in names(self):
            name = self._renamed.get(attribute, attribute)
            if name in body and isinstance(value := getattr(self, attribute), Model | list | tuple | Mapping):
                body[name] = _body(value)
        # What was added may hold models, too: a copy of an answer's record, for one.
        for name, value in self.additional_properties.items():
            if name not in self._known and isinstance(value, Model | list | tuple | Mapping):
                body[name] = _body(value)
        return body

    @property
    def additional_keys(self) -> list[str]:
        """The names of the fields that the description does not know."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in names(self))

    __hash__: ClassVar[None]  # type: ignore[assignment]  # Python sets it where __eq__ stands: models can be changed

    def __repr__(self) -> str:
        said = [
            f"{name}={HIDDEN if name in self._secret and value is not None else shown(value, described)}"
            for name, described in _described(self)[:-1]
            if (value := getattr(self, name)) is not UNSET
        ]
        if self.additional_properties:
            said.append(f"additional_properties={shown(self.additional_properties)}")
        return f"{type(self).__name__}({', '.join(said)})"

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in names(self)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        # A pickle of an older package lacks the fields that came later.
        for name in names(self):
            absent: Any = {} if name == "additional_properties" else UNSET
            setattr(self, name, state.get(name, absent))


def names(model: Model) -> tuple[str, ...]:
    """The attributes of a model in the order of its description; ``additional_properties`` is the last."""
    return model._attributes


def plain(value: Any) -> Any:
    """The JSON value for an attribute that holds something else than its declared type, as far as it has one."""
    if type(value) in _JSON:
        return value
    if isinstance(value, Model):
        return value.to_dict()
    if value is UNSET:
        raise ValueError("UNSET can't stand inside of a value; leave the item out")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return datetime_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value) if is_uuid(value) else value  # a number or a file stays as it is


def _body(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_body()
    if isinstance(value, Mapping):
        return {key: _body(item) for key, item in value.items()}
    return [_body(item) for item in value] if isinstance(value, list | tuple) else plain(value)


def shown(value: Any, described: str = "") -> str:
    """A value for ``repr``, without what may be a secret.

    Of an object that has no model only the names are shown, and of a text nothing unless ``described``, the annotation
    of its place, says that a text belongs there, or this very one: what came instead of an object may be its JSON.
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {HIDDEN}' for key in value)}}}"
    if isinstance(value, list | tuple | set | frozenset):
        items = next((one[len("list[") : -1] for one in _alternatives(described) if one.startswith("list[")), "")
        return f"[{', '.join(shown(item, items) for item in value)}]"
    if type(value) in {str, bytes, bytearray}:
        places = _alternatives(described)
        if TEXTUAL.isdisjoint(places) and f"Literal[{value!r}]" not in [one.replace('"', "'") for one in places]:
            return HIDDEN
    return repr(value)


def _described(model: Model) -> list[tuple[str, str]]:
    """The attributes of a model with their annotations, which are texts."""
    annotations = home(type(model)).__annotations__
    return [(name, annotations[name]) for name in names(model)]


def _alternatives(described: str) -> list[str]:
    """The members of a union: ``list[int | str] | None`` has two."""
    found, depth = [""], 0
    for part in described.split(" | "):
        found[-1] += f" | {part}" if depth else part
        depth += part.count("[") - part.count("]")
        if not depth:
            found.append("")
    return found[:-1]


__all__ = ["HIDDEN", "Model", "names", "plain", "shown"]
