"""What a server may change by itself inside of a field is no unasked change; everything else in there is."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.rules.bench import Bench
from contract_tests.rules.resource import by_collection
from contract_tests.rules.varying import steady
from contract_tests.unit.rules.stage import staged

OURS = load()
MESSAGES = by_collection(OURS, "messages")
TO = [{"phone_number": "+13125550100", "status": "queued", "carrier": "", "line_type": "Wireless"}]


def moved(**values: Any) -> list[dict[str, Any]]:
    """The recipients of a message after something happened to the first."""
    return [{**TO[0], **values}]


def test_varying_members_are_taken_out_at_any_depth() -> None:
    schema = MESSAGES.record["to"].schema
    assert steady(OURS, schema, TO) == [{"phone_number": "+13125550100"}]
    assert steady(OURS, schema, moved(new=1)) == [{"phone_number": "+13125550100", "new": 1}]
    assert steady(OURS, schema, None) is None
    assert steady(OURS, {"type": "string"}, "x") == "x"


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (moved(status="sending"), []),
        (moved(status="sending", carrier="T-MOBILE USA, INC."), []),
        (moved(status="sending", phone_number="+13125550199"), ["unrelated-field-changed"]),
        (moved(new=1), ["unrelated-field-changed"]),
        ([], ["unrelated-field-changed"]),
        (TO * 2, ["unrelated-field-changed"]),
        (None, ["unrelated-field-changed"]),
    ],
)
def test_only_what_varies_may_change_unasked(after: Any, found: list[str]) -> None:
    with staged(OURS) as (session, _):
        bench = Bench(session, "check")
        record = bench.subject(MESSAGES)
        _, exchange = bench.retrieve(MESSAGES, str(record["id"]))
        before = {**record, "to": copy.deepcopy(TO)}
        assert bench.unchanged(MESSAGES, before, {**before, "to": after}, exchange) is not bool(found)
        assert [one.kind for one in session.findings.all()] == found
