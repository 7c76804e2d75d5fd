"""What was not as described in one answer, remembered while it is decoded::

    observer = Observer()
    profile = MessagingProfile.from_dict(document, observer)
    for observation in observer.observations(document, "retrieveMessagingProfile"):
        ...

Remembering costs a tuple. The JSON pointer is found afterwards, by looking in the document for the very container in
which the value stood, so that decoders need not know where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from attrs import frozen

from ..types import UNSET
from . import redaction
from .tolerance import Tolerance

Kind = Literal["missing", "null", "type", "format", "unknown-member", "unknown-field"]

# Deviations of one answer that are remembered; a page of 250 records may hold thousands of the same.
LIMIT: Final = 10_000
# Characters of a sample.
SAMPLE: Final = 64
_JSON_TYPES: Final = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}
_SECRETIVE: Final = (
    "secret",
    "token",
    "password",
    "passwd",
    "credential",
    "authorization",
    "api_key",
    "apikey",
    "private",
)
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-*/")


@frozen
class DriftObservation:
    """An answer was not as described, at ``pointer`` (RFC 6901, in the answer's JSON document).

    ``kind`` is ``missing`` (a required field is absent), ``null`` (where null is not allowed), ``type`` (another JSON
    type), ``format`` (no date, no UUID), ``unknown-member`` (of an enum or constant) or ``unknown-field``.
    ``expected`` names what is described: a JSON type, a format, ``enum`` or ``const`` and its name. ``sample`` tells
    what was found without giving it away: an unknown member as it is, a misshaped text with its letters and digits
    replaced, otherwise the type and size. ``count`` tells how many places of the answer differ in the same way, for
    instance in each record of a page; ``pointer`` leads to the first.
    """

    operation_id: str
    pointer: str
    kind: Kind
    expected: str
    sample: str
    count: int = 1


class Observer(Tolerance):
    """Keeps what deviates and remembers it, for one answer."""

    __slots__ = ("_deviations",)

    def __init__(self) -> None:
        self._deviations: list[tuple[Any, str | int | None, Any, str]] = []

    @property
    def deviated(self) -> bool:
        """Whether anything was not as described."""
        return bool(self._deviations)

    def odd(self, container: Any, key: str | int | None, value: Any, expected: str) -> Any:
        if len(self._deviations) < LIMIT:
            self._deviations.append((container, key, value, expected))
        return value

    def document(self, value: Any) -> dict[str, Any]:
        self.odd(None, None, value, "object")
        return super().document(value)

    def unknown(self, container: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
        found = super().unknown(container, known)
        for key, value in found.items():
            self.odd(container, key, value, "")
        return found

    def observations(self, document: Any, operation_id: str, secret: str = "") -> tuple[DriftObservation, ...]:
        """What was remembered, in the order of decoding; ``document`` is the JSON value that was decoded.

        Pointers and samples come without API keys and without ``secret``, for names and members are the server's.
        """
        places = _places(document, {id(container) for container, *_ in self._deviations})
        found: dict[tuple[str, Kind, str], DriftObservation] = {}
        for container, key, value, expected in self._deviations:
            if container is not None and id(container) not in places:
                continue  # the empty object that stood in for a document that is none
            inside, pattern = places.get(id(container), ("", ""))
            kind = _kind(value, expected)
            same = (f"{pattern}/{'*' if isinstance(key, int) else key}", kind, expected)
            if (first := found.get(same)) is None:
                pointer = inside if key is None else f"{inside}/{_token(key)}"
                sample = redaction.text(_sample(key, value, kind), secret)
                seen = DriftObservation(operation_id, redaction.text(pointer, secret), kind, expected, sample)
            else:
                seen = DriftObservation(
                    operation_id, first.pointer, kind, expected, first.sample, count=first.count + 1
                )
            found[same] = seen
        return tuple(found.values())


def _kind(value: Any, expected: str) -> Kind:
    if value is UNSET:
        return "missing"
    if not expected:
        return "unknown-field"
    if value is None:
        return "null"
    if expected.startswith(("enum ", "const ")) and type(value) in (str, int):
        return "unknown-member"
    if isinstance(value, str) and expected in {"date-time", "date", "uuid"}:
        return "format"
    return "type"


def _places(document: Any, wanted: set[int]) -> dict[int, tuple[str, str]]:
    """The pointers of the containers with these identities, and the same with ``*`` for every index."""
    found: dict[int, tuple[str, str]] = {}
    ahead: list[tuple[Any, str, str]] = [(document, "", "")] if isinstance(document, dict | list) else []
    while ahead and len(found) < len(wanted):
        container, pointer, pattern = ahead.pop()
        if id(container) in wanted:
            found.setdefault(id(container), (pointer, pattern))
        ahead += [
            (value, f"{pointer}/{_token(key)}", f"{pattern}/{'*' if isinstance(key, int) else _token(key)}")
            for key, value in _items(container)
            if isinstance(value, dict | list)
        ]
    return found


def _items(container: Any) -> Iterator[tuple[str | int, Any]]:
    yield from container.items() if isinstance(container, dict) else enumerate(container)


def _token(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _sample(key: str | int | None, value: Any, kind: Kind) -> str:
    """A few words on a value, fit for logs."""
    if value is UNSET:
        return "nothing"
    name = _JSON_TYPES.get(type(value), type(value).__name__)
    if isinstance(value, str):
        hidden = isinstance(key, str) and any(word in key.lower() for word in _SECRETIVE)
        if kind == "unknown-member" and not hidden and len(value) <= SAMPLE and _PLAIN.issuperset(value):
            return value
        if kind in {"format", "unknown-member"} and not hidden:
            return "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in value[:SAMPLE])
        return f"string of {len(value)} characters"
    if isinstance(value, int) and kind == "unknown-member":
        return str(value)[:SAMPLE] if -(2**63) <= value < 2**63 else name
    return f"{name} of {len(value)}" if isinstance(value, list | dict) else name


__all__ = ["DriftObservation", "Kind", "Observer"]
