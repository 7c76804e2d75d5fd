"""Values for a schema: valid ones that a service is likely to get wrong, and invalid ones with one fault each.

Plausible values lead (``examples``, ``enum``, ``default``); then come the bounds, both booleans, zero, texts in many
scripts, long ones, trailing spaces. The same seed gives the same values. Null is never among the valid values:
what it means is a rule of its own.
"""

from __future__ import annotations

import copy
import functools
import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract_tests.description import Description
from contract_tests.rules.compare import same
from contract_tests.rules.patterns import UnsupportedPattern, failing, matching
from contract_tests.rules.resource import Field, Schema, fields, unwrap

# Free texts begin like this, so that a person sees whose records these are.
PREFIX = "contract-"
URLS = (
    "https://example.com/contract",
    "https://example.com/hooks?source=contract&n=1%202",
    "http://example.com:8080/contract/failover#part",
)
# The last is longer than the 255 characters that a careless column holds.
TEXTS = ("Ünïcödé 名前 🙂", "trailing  ", '"quoted" <b>&amp;</b> \\ %41', "x" * 300)
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that breaks one constraint; ``pointer`` is where, below the field: ``""`` for the field itself."""

    label: str
    value: Any
    pointer: str = ""


class Sampler:
    """Samples for the schemas of one description; ``extra`` more random ones per pattern.

    ``mark`` is what texts begin with that name a record (``x-label``).
    """

    def __init__(self, description: Description, seed: int = 0, extra: int = 0, mark: str = PREFIX) -> None:
        self._description = description
        self._seed = seed
        self._extra = extra
        self._mark = mark
        # By the schema's identity, so the schema is kept beside them: an id is only unique while its object lives.
        self._made: dict[tuple[int, str], tuple[Schema, list[Any]]] = {}

    def values(self, field: Field) -> list[Any]:
        """Distinct valid values, the most plausible first. Empty when none can be made for sure."""
        key = (id(field.schema), field.name)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = (field.schema, self._valid(field.schema, field.name, 0))
        # A list of the caller's own: what it does to the values themselves, nobody else is to see either.
        return copy.deepcopy(made[1]) if any(isinstance(one, dict | list) for one in made[1]) else list(made[1])

    def value(self, field: Field, *, but: Iterable[Any] = ()) -> Any:
        """The first valid value that is none of ``but``; ``LookupError`` when there is none."""
        avoid = list(but)
        for candidate in self.values(field):
            if not any(same(candidate, one) for one in avoid):
                return candidate
        raise LookupError(f"no value for {field.name} but {avoid}")

    def faults(self, field: Field) -> list[Fault]:
        """Values that the field must not take."""
        found = list(self._faults(field.schema, field.name, 0))
        return found if field.takes_null else [*found, Fault("null", None)]

    def _random(self, place: str) -> random.Random:
        return random.Random(f"{self._seed}:{place}")

    def _valid(self, schema: Schema, place: str, depth: int) -> list[Any]:
        if depth > DEPTH:
            return []
        if "enum" in schema:
            found = [value for value in schema["enum"] if value is not None]
        elif "const" in schema:
            found = [schema["const"]]
        else:
            made = {
                "string": self._texts,
                "integer": self._numbers,
                "number": self._numbers,
                "boolean": self._booleans,
                "array": self._arrays,
                "object": self._objects,
            }.get(schema.get("type", "object" if "properties" in schema else ""))
            shown = [value for value in (*schema.get("examples", ()), schema.get("default")) if value is not None]
            found = [*shown, *(made(schema, place, depth) if made else ())]
        return _distinct(found)

    def _texts(self, schema: Schema, place: str, depth: int) -> Iterator[str]:
        rng = self._random(place)
        pattern = schema.get("pattern")
        named = schema.get("format") in FORMATS
        if named:
            texts = list(FORMATS[schema["format"]](rng))
            texts += [""] if pattern and re.search(pattern, "") else []
        elif pattern:
            try:
                texts = matching(pattern, rng, self._extra)
            except UnsupportedPattern:
                return
        else:
            start = self._mark if schema.get("x-label") else PREFIX
            texts = [f"{start}{place}-{rng.randrange(16**6):06x}", *(f"{start}{text}" for text in TEXTS)]
        least, most = schema.get("minLength", 0), schema.get("maxLength", 10**6)
        for text in texts:
            fitted = text if pattern or named else text[:most].ljust(least, "x")
            if least <= len(fitted) <= most and (not pattern or re.search(pattern, fitted)):
                yield fitted

    def _numbers(self, schema: Schema, place: str, depth: int) -> Iterator[float]:
        whole = schema["type"] == "integer"
        low, high = schema.get("minimum"), schema.get("maximum")
        start = 0 if low is None else low
        wanted = [start, start + 1, *([] if whole else [start + 0.5]), *([high] if high is not None else [start + 100])]
        for number in wanted:
            if (low is None or number >= low) and (high is None or number <= high):
                yield number

    def _booleans(self, schema: Schema, place: str, depth: int) -> Iterator[bool]:
        yield from (True, False)

    def _arrays(self, schema: Schema, place: str, depth: int) -> Iterator[list[Any]]:
        items, _ = unwrap(self._description, schema.get("items", {}))
        wildcard = schema.get("x-wildcard")
        # Drawing again gives other texts for a pattern: one member would not show what becomes of several.
        drawn = [value for turn in range(4) for value in self._valid(items, f"{place}[{turn}]", depth + 1)]
        members = _distinct(value for value in drawn if not same(value, wildcard))
        least, most = schema.get("minItems", 1), schema.get("maxItems", 3)
        for size in dict.fromkeys((max(least, 1), min(max(least, 3), most, max(len(members), 1)))):
            if len(members) >= size:
                yield members[:size]
        if wildcard is not None:
            yield [wildcard]

    def _objects(self, schema: Schema, place: str, depth: int) -> Iterator[dict[str, Any]]:
        members = _settable(self._description, schema)
        samples = {name: self._valid(field.schema, f"{place}.{name}", depth + 1) for name, field in members.items()}
        if any(field.required and not samples[name] for name, field in members.items()):
            return
        whole = {name: values[0] for name, values in samples.items() if values}
        yield whole
        yield {name: value for name, value in whole.items() if members[name].required}
        for name, values in samples.items():
            yield from ({**whole, name: value} for value in values[1:])

    def _faults(self, schema: Schema, place: str, depth: int) -> Iterator[Fault]:
        kind = schema.get("type")
        yield from (Fault(f"{_kind(value)} for {kind}", value) for value in WRONG_TYPE.get(kind, ()))
        if "enum" in schema and kind == "string":
            yield Fault("not in the enum", f"{PREFIX}no-such-member")
        if pattern := schema.get("pattern"):
            try:
                texts = failing(pattern, self._random(place))
            except UnsupportedPattern:
                texts = []
            yield from (Fault("breaks the pattern", text) for text in texts)
        yield from _out_of_bounds(schema, self._valid(schema, place, depth) if "maxLength" in schema else [])
        if kind == "array":
            items, _ = unwrap(self._description, schema.get("items", {}))
            for fault in itertools.islice(self._faults(items, place, depth + 1), 3):
                yield Fault(f"item: {fault.label}", [fault.value], f"/0{fault.pointer}")
        if kind == "object" and depth < DEPTH:
            yield from self._member_faults(schema, place, depth)

    def _member_faults(self, schema: Schema, place: str, depth: int) -> Iterator[Fault]:
        members = _settable(self._description, schema)
        whole = next(iter(self._objects(schema, place, depth)), None)
        if whole is None:
            return
        for name, field in members.items():
            if field.required and not schema.get("x-on-object"):
                rest = {key: value for key, value in whole.items() if key != name}
                yield Fault(f"without {name}", rest, f"/{name}")
            faults = list(self._faults(field.schema, f"{place}.{name}", depth + 1))[:2]
            for fault in faults:
                yield Fault(f"{name}: {fault.label}", {**whole, name: fault.value}, f"/{name}{fault.pointer}")


# Values of another type, as a careless caller might send them.
WRONG_TYPE: Mapping[Any, tuple[Any, ...]] = {
    "string": (12345, {"value": "x"}),
    "boolean": ("true", 1),
    "integer": ("1", 1.5),
    "number": ("1", [1]),
    "array": ("US", {"0": "US"}),
    "object": ("on", [1]),
}
FORMATS: Mapping[str, Callable[[random.Random], tuple[str, ...]]] = {
    "url": lambda rng: URLS,
    "uri": lambda rng: URLS,
    "uuid": lambda rng: (uuid4(rng),),
    "date-time": lambda rng: ("2031-02-03T04:05:06.789Z",),
    "date": lambda rng: ("2031-02-03",),
    "email": lambda rng: ("contract@example.com",),
}


def uuid4(rng: random.Random) -> str:
    """A version 4 UUID from the given randomness."""
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _out_of_bounds(schema: Schema, valid: Iterable[Any]) -> Iterator[Fault]:
    if "minimum" in schema:
        yield Fault("below the minimum", schema["minimum"] - 1)
    if "maximum" in schema:
        yield Fault("above the maximum", schema["maximum"] + 1)
    if "maxLength" in schema:
        long = _lengthened(valid, schema["maxLength"] + 1, schema.get("pattern", ""))
        yield from (Fault("too long", text) for text in itertools.islice(long, 1))
    if schema.get("minLength"):
        yield Fault("too short", "x" * (schema["minLength"] - 1))


def _lengthened(valid: Iterable[Any], length: int, pattern: str) -> Iterator[str]:
    """Valid texts made so long that nothing but their length is wrong with them."""
    for text in valid:
        for filling in ("x", "0"):
            filled = text.ljust(length, filling)
            if isinstance(text, str) and text and re.search(pattern, filled):
                yield filled


@functools.lru_cache(maxsize=4)
def sampler(description: Description, seed: int, extra: int, mark: str) -> Sampler:
    """The sampler of a run: each test asks for the same values again."""
    return Sampler(description, seed, extra, mark)


def _settable(description: Description, schema: Schema) -> dict[str, Field]:
    return {name: field for name, field in fields(description, schema).items() if not field.read_only}


def _kind(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not any(same(value, one) for one in found):
            found.append(value)
    return found
