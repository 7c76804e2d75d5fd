"""Decoders for the values that a model can't decode with one test of a type: UUIDs, lists, alternatives, maps.

A decoder is called with the container of a value, its key, the value and a tolerance, and gives what the model stores.
It never raises: what does not fit is kept as it is and handed to the tolerance. ``fit`` tells how well a decoder suits
a value, for choosing among alternatives: an empty tuple if not at all, otherwise the greater the better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final
from uuid import UUID, SafeUUID

from .dates import parse_date, parse_datetime
from .model import Model
from .tolerance import Tolerance

# Of a member of an object or a list; None for a whole document.
Key = str | int | None
Fit = tuple[int, ...]

_UUID_LENGTH: Final = len("3fa85f64-5717-4562-b3fc-2c963f66afa6")
_HEX_LENGTH: Final = 32
_UUID_BYTES: Final = 16
# UUID(bytes=...) checks what was checked and chooses among six arguments; its slots are set directly instead.
_new: Final = object.__new__
_set_int: Final = UUID.__dict__["int"].__set__
_set_safety: Final = UUID.__dict__["is_safe"].__set__
_safety: Final = SafeUUID.unknown
_from_hex: Final = bytes.fromhex
_from_bytes: Final = int.from_bytes


def parse_uuid(text: str) -> UUID | None:
    """The UUID that ``text`` writes in its one standard form, or ``None``."""
    digits = text.replace("-", "")
    if len(text) != _UUID_LENGTH or len(digits) != _HEX_LENGTH or text[8:24:5] != "----":
        return None
    try:
        raw = _from_hex(digits)
    except ValueError:
        return None
    if len(raw) != _UUID_BYTES:  # there were spaces
        return None
    identifier = _new(UUID)
    _set_int(identifier, _from_bytes(raw))
    _set_safety(identifier, _safety)
    return identifier


class Scalar:
    """A value of one or two Python types, kept as it is; ``types`` empty for any value at all."""

    def __init__(self, expected: str, *types: type) -> None:
        self.expected = expected
        self.types = types

    def fit(self, value: Any) -> Fit:
        return (1,) if not self.types or type(value) in self.types else ()

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        return (
            value
            if not self.types or type(value) in self.types
            else tolerance.odd(container, key, value, self.expected)
        )


class Text:
    """A text with a meaning, parsed by a function that gives ``None`` for what it does not understand."""

    def __init__(self, expected: str, parse: Callable[[str], Any]) -> None:
        self.expected = expected
        self.parse = parse

    def fit(self, value: Any) -> Fit:
        return (2,) if type(value) is str and self.parse(value) is not None else ()

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        parsed = self.parse(value) if type(value) is str else None
        return tolerance.odd(container, key, value, self.expected) if parsed is None else parsed


class Member:
    """A member of an open enum."""

    def __init__(self, enum: type[Enum]) -> None:
        self.enum = enum
        self.expected: str = f"enum {enum.__name__}"
        self.type: type = enum._member_type_  # type: ignore[attr-defined]  # str or int

    def fit(self, value: Any) -> Fit:
        return ((2,) if value in self.enum._value2member_map_ else (0,)) if type(value) is self.type else ()

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        if type(value) is not self.type:
            return tolerance.odd(container, key, value, self.expected)
        if value not in self.enum._value2member_map_:
            tolerance.odd(container, key, value, self.expected)
        return self.enum(value)


class Constant:
    """One value."""

    def __init__(self, constant: Any) -> None:
        self.constant = constant
        self.expected: str = f"const {constant!r}"

    def fit(self, value: Any) -> Fit:
        return (2,) if value == self.constant and type(value) is type(self.constant) else ()

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        return value if self.fit(value) else tolerance.odd(container, key, value, self.expected)


class Record:
    """An object with a model, which is looked up when the first such object comes: models may contain each other."""

    expected: str = "object"

    def __init__(self, find: Callable[[], type[Model]]) -> None:
        self.find = find

    def fit(self, value: Any) -> Fit:
        """How many constants agree and required fields are there (none may not), then how many fields are known."""
        if type(value) is not dict:
            return ()
        model = self.find()
        agreeing = [name in value and value[name] == constant for name, constant in model._constant.items()]
        return (
            1 if all(agreeing) else 0,
            1 if model._required <= value.keys() else 0,
            len(model._known & value.keys()),
        )

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        if type(value) is dict:
            return self.find().from_dict(value, tolerance)
        return tolerance.odd(container, key, value, self.expected)


class Items:
    """A list, each item decoded by one decoder."""

    expected: str = "array"

    def __init__(self, item: Decoder) -> None:
        self.item = item

    def fit(self, value: Any) -> Fit:
        if type(value) is not list:
            return ()
        return (1 if all(self.item.fit(item) for item in value) else 0,)

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        if type(value) is not list:
            return tolerance.odd(container, key, value, self.expected)
        return [self.item(value, index, item, tolerance) for index, item in enumerate(value)]


class Either:
    """One of several alternatives: the one that fits best, the first of equals."""

    def __init__(self, *options: Decoder) -> None:
        self.options = options
        self.expected: str = " or ".join(dict.fromkeys(option.expected for option in options))

    def fit(self, value: Any) -> Fit:
        return max((option.fit(value) for option in self.options), default=())

    def __call__(self, container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
        best = max(self.options, key=lambda option: option.fit(value))
        if best.fit(value):
            return best(container, key, value, tolerance)
        return tolerance.odd(container, key, value, self.expected)


Decoder = Scalar | Text | Member | Constant | Record | Items | Either

ANY: Final = Scalar("any value")
STR: Final = Scalar("string", str)
BOOL: Final = Scalar("boolean", bool)
INT: Final = Scalar("integer", int)
FLOAT: Final = Scalar("number", float, int)
NONE: Final = Scalar("null", type(None))
DATETIME: Final = Text("date-time", parse_datetime)
DATE: Final = Text("date", parse_date)
IDENTIFIER: Final = Text("uuid", parse_uuid)


def decode_records(values: list[Any], decode: Callable[[dict[str, Any], Tolerance], Any], tolerance: Tolerance) -> Any:
    """A list of objects as a list of models; an item that is no object stays as it is."""
    decoded: list[Any] = []
    for value in values:
        if type(value) is dict:
            decoded.append(decode(value, tolerance))
        else:
            decoded.append(tolerance.odd(values, len(decoded), value, "object"))
    return decoded


def decode_scalars(values: list[Any], scalar: type, tolerance: Tolerance, expected: str) -> list[Any]:
    """A list of texts, numbers or booleans as a list of its own."""
    for value in values:
        if type(value) is not scalar:
            break
    else:
        return values.copy()
    allowed = (float, int) if scalar is float else (scalar,)
    for index, value in enumerate(values):
        if type(value) not in allowed:
            tolerance.odd(values, index, value, expected)
    return values.copy()


def odd_member(enum: type[Enum], container: Any, key: Key, value: Any, tolerance: Tolerance) -> Any:
    """What is stored for a value that is no known member of an open enum: a member of its own, if it can be one."""
    value = tolerance.odd(container, key, value, f"enum {enum.__name__}")
    return enum(value) if type(value) is enum._member_type_ else value  # type: ignore[attr-defined]  # str or int


def decode_map(
    values: dict[str, Any], source: Mapping[str, Any], item: Decoder, tolerance: Tolerance
) -> dict[str, Any]:
    """The values of a map, each decoded by one decoder; ``source`` is the object that they were taken from."""
    return {key: item(source, key, value, tolerance) for key, value in values.items()}
