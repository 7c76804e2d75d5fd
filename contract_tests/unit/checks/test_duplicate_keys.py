"""A name that stands twice in one object is found, wherever it is; equal names in different objects are fine."""

from __future__ import annotations

import pytest

from contract_tests.checks.duplicate_keys import repeated


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (b'{"data": {"id": "1", "id": "1"}}', ["/data/id"]),
        (b'{"data": [{"a": 1}, {"a": 1, "b": 2, "a": 2}], "data": []}', ["/data"]),
        (b'[{"a/b": {"c": 1, "c": 2}}, {"c": 1}]', ["/0/a~1b/c"]),
        (b'{"data": {"id": "1"}, "meta": {"id": "1"}}', []),
        (b'"id"', []),
    ],
)
def test_names_that_stand_twice_in_one_object(body: bytes, places: list[str]) -> None:
    assert list(repeated(body)) == places
