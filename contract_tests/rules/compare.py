"""Comparing JSON values: strictly (true is not 1), and telling where two of them part."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contract_tests.drift.text_forms import form_of

ABSENT = object()
NUMBERS = (int, float)
# RFC 3339 forms that stand for one instant.
SHORTEST_TIME = len("2000-01-01T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values at an RFC 6901 pointer that should have been one; ``ABSENT`` stands for no value."""

    pointer: str
    expected: Any
    observed: Any


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: 1 equals 1.0, but never true; the order of members is free."""
    if type(one) is str or type(other) is str:
        # Most of what is compared, so it is asked first.
        return type(one) is type(other) and bool(one == other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) in NUMBERS and type(other) in NUMBERS:
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def missing_from(sent: Any, got: Any, pointer: str = "") -> Iterator[Difference]:
    """Where ``got`` does not hold what was sent; members that ``sent`` does not name are free."""
    if isinstance(sent, Mapping) and isinstance(got, Mapping):
        for key, value in sent.items():
            yield from missing_from(value, got.get(key, ABSENT), f"{pointer}/{escape(key)}")
    elif not same(sent, got):
        yield Difference(pointer, sent, got)


def changed(before: Mapping[str, Any], after: Mapping[str, Any], free: Collection[str] = ()) -> Iterator[Difference]:
    """The members that differ between two states of a record, but for those in ``free``; null counts as absent."""
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if key not in free and not same(old, new):
            yield Difference(f"/{escape(key)}", before.get(key, ABSENT), after.get(key, ABSENT))


def differences(expected: Any, observed: Any, pointer: str = "") -> Iterator[Difference]:
    """Every place where two values differ, times that name one instant taken as equal."""
    if isinstance(expected, Mapping) and isinstance(observed, Mapping):
        for key in expected.keys() | observed.keys():
            here = f"{pointer}/{escape(key)}"
            yield from differences(expected.get(key, ABSENT), observed.get(key, ABSENT), here)
    elif isinstance(expected, list) and isinstance(observed, list) and len(expected) == len(observed):
        for position, (one, other) in enumerate(zip(expected, observed, strict=True)):
            yield from differences(one, other, f"{pointer}/{position}")
    elif not same(expected, observed) and not _same_instant(expected, observed):
        yield Difference(pointer, expected, observed)


def instant(value: Any) -> datetime | None:
    """The moment that an RFC 3339 text names, None for anything else; one without a zone is taken as UTC."""
    if not isinstance(value, str) or len(value) < SHORTEST_TIME:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def spelt_otherwise(one: Any, other: Any) -> bool:
    """Whether both texts are the same UUID, in letters of another case.

    One is read in either and written in small letters (RFC 4122, 3): who keeps it as a number writes those.
    """
    texts = isinstance(one, str) and isinstance(other, str)
    return texts and one != other and one.lower() == other.lower() and form_of(one) == "uuid"


def escape(key: str) -> str:
    """A member name as a segment of an RFC 6901 pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def _same_instant(one: Any, other: Any) -> bool:
    moment = instant(one)
    return moment is not None and moment == instant(other)
