"""Behaviour code where nothing has checked the fields of a body, as with a drift planted: no answer is a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests import bodies
from contract_tests.description import Operation, load
from contract_tests.mock.app import create_app
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.test_telnyx import requests_of, sent

WITH_BODY = [one for one in load().operations if bodies.media_of(load(), one) is not None]
LONG = 24 * 60 * 60  # seconds: whatever a request leads to has happened by then


def without_one(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The value without each of its members in turn, and without each member of its first objects."""
    for left_out, member in value.items():
        yield {name: one for name, one in value.items() if name != left_out}
        entry = member[0] if isinstance(member, list) and member else member
        for less in without_one(entry) if isinstance(entry, dict) else ():
            yield {**value, left_out: [less] if isinstance(member, list) else less}


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.operation_id)
def test_a_field_that_nobody_misses_is_no_server_error(operation: Operation) -> None:
    description = load()
    mock = create_app(description, plants=["accept-missing-fields"])
    call = Ask(mock)
    _, target, _ = next(requests_of(description, operation))
    asked = 0
    for example in bodies.examples(description, operation):
        for body in ({}, *without_one(example)):
            mock.reset()
            mock.clock.freeze()
            asked += 1
            assert sent(call, operation, target, bodies.encoded(description, operation, body)).status < 500, body
            mock.clock.advance(LONG)
            assert call("GET", "/messaging_profiles").status == 200, ("what came of it", body)
    assert asked
