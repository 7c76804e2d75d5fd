"""What a request may carry that is not the client's to say: fields of the record that it cannot set, unknown keys."""

from __future__ import annotations

from typing import Any

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record
from contract_tests.rules.bench import Bench
from contract_tests.rules.compare import ABSENT, same
from contract_tests.rules.resource import Resource
from contract_tests.rules.sampling import PREFIX

UNKNOWN_KEY = f"{PREFIX}unknown-key".replace("-", "_")


def foreign_values(bench: Bench, resource: Resource, operation: Operation, record: Record) -> Record:
    """For each field of a record that an operation shows but does not set, a valid value unlike the present one."""
    found: Record = {}
    written = resource.written(operation)
    for name, field in (resource.record | resource.answered(operation)).items():
        if name in written:
            continue
        present = record.get(name)
        other = next((value for value in bench.sampler.values(field) if not same(value, present)), ABSENT)
        if other is not ABSENT:
            found[name] = other
    return found


def not_written(
    exchange: Exchange, bench: Bench, name: str, sent: Any, *, before: Record, after: Record, made: str = ""
) -> None:
    """A field keeps its value whatever was ``sent``; one that the server makes anew (``made``: what) is not as sent."""
    value = after.get(name)
    bench.expect(
        not same(value, sent) if made else same(value, before.get(name)),
        "read-only-field-written",
        exchange,
        pointer=exchange.at(name),
        expected=made or bench.show(name, before.get(name, ABSENT)),
        observed=bench.show(name, after.get(name, ABSENT)),
    )


def unknown_key_is_dropped(exchange: Exchange, bench: Bench, record: Record) -> None:
    """A record does not show the key that was sent."""
    bench.expect(
        UNKNOWN_KEY not in record,
        "unknown-key-stored",
        exchange,
        pointer=exchange.at(UNKNOWN_KEY),
        expected="the unknown key to be ignored",
        observed=bench.show(UNKNOWN_KEY, record.get(UNKNOWN_KEY)),
    )
