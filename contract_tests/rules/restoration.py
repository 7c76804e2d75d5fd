"""What to send so that a borrowed record is again as it was found."""

from __future__ import annotations

from collections.abc import Mapping

from contract_tests.rules.answers import Record
from contract_tests.rules.compare import same
from contract_tests.rules.resource import Field


def restoration(written: Mapping[str, Field], before: Record, now: Record) -> Record:
    """The update that brings a record's writable fields back: null where null clears, ``""`` where that does."""
    body: Record = {}
    for name, field in written.items():
        old = before.get(name)
        if name not in now or same(old, now.get(name)):
            continue
        if old is not None:
            body[name] = old
        elif field.on_null == "clear":
            body[name] = None
        elif field.on_empty_string == "clear":
            body[name] = ""
    return body
