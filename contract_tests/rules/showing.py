"""Values of records in the texts of findings: cut short, and nothing in them that is or may be secret."""

from __future__ import annotations

import json
from typing import Any

from contract_tests.checks.violations import type_name
from contract_tests.description import Description
from contract_tests.exchange import NOT_JSON, REDACTED, Redactor
from contract_tests.rules.compare import ABSENT
from contract_tests.rules.resource import property_names

SHOWN = 160


def shown(description: Description, redactor: Redactor, name: str, value: Any) -> str:
    """A value of the field ``name`` for a report, hidden where the field is sensitive or described nowhere."""
    if value is ABSENT or value is NOT_JSON:
        return "nothing"
    if name in description.sensitive_fields and value is not None:
        return REDACTED
    if name not in property_names(description):
        # Nobody said that a field which is not described is no secret: its type is enough.
        return f"a value of type {type_name(value)}"
    text = json.dumps(redactor.value(value), ensure_ascii=False, sort_keys=True)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
