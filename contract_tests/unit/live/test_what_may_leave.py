"""Every operation against the real gate with --writes: what may leave under the committed policy is written down.

``golden/live/may_leave.txt`` has one line for each operation; a line that changes is a decision that somebody reviews.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from contract_tests import bodies
from contract_tests.description import Operation, load
from contract_tests.live import meaning, policy
from contract_tests.live.ledger import run_of
from contract_tests.live.policy import GRAVE, OptIn
from contract_tests.live.refusal import Refused
from contract_tests.live.tailor import tailored
from contract_tests.live.traffic import Outgoing, strict_object
from contract_tests.live.verdict import is_read
from contract_tests.unit.live.stage import FOREIGN, PLENTY, Stage, staged

OURS = load()
COMMITTED = policy.load(OURS)
GOLDEN = Path(__file__).parents[2] / "golden" / "live" / "may_leave.txt"
PROFILE = "messaging_profiles"
MINE, STRANGER = "+18005550001", "+18005550002"
WRITES = [one for one in OURS.operations if not is_read(one)]
CONTACTING = [one for one in OURS.operations if "contacts-people" in one.effects]
Body = tuple[bytes | None, str]


def ids(operations: list[Operation]) -> list[str]:
    return [one.operation_id for one in operations]


def attempts(stage: Stage, operation: Operation, own: str) -> Iterator[tuple[str, Body]]:
    """Paths and bodies that a careless or hostile suite would try: the description's examples, marked, ours, theirs."""
    paths = {operation.path}
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            values = (own, FOREIGN, MINE, str(parameter.get("example", "1")))
            name = "{" + parameter["name"] + "}"
            paths = {path.replace(name, quote(value, safe="")) for path in paths for value in values}
    for path in sorted(paths):
        yield path, (None, "application/json")
        for shown in [*bodies.examples(OURS, operation), {}]:
            for body in (shown, tailored(stage.gate, operation, shown)):
                raw, media = bodies.encoded(OURS, operation, body)
                yield path, (raw, media)


def tried(stage: Stage, operation: Operation, own: str) -> list[Outgoing]:
    """What of all attempts reached the target."""
    before = len(stage.sent)
    for path, (raw, media) in attempts(stage, operation, own):
        try:
            stage.send(operation.method.upper(), path, raw, content_type=media)
        except Refused:
            continue
    return [one for one in stage.sent[before:] if one.method != "GET"]


def test_what_may_leave_is_as_written() -> None:
    with staged(opt_ins=COMMITTED.opt_ins) as stage:
        terms = stage.gate.terms
        lines = [
            f"{one.operation_id}: " + ("reads" if is_read(one) else terms.out_of_scope(one) or "WRITES")
            for one in OURS.operations
        ]
    assert GOLDEN.read_text(encoding="utf-8").splitlines() == lines


def test_the_gate_keeps_to_it_whatever_is_tried() -> None:
    allowed = {line.partition(":")[0] for line in GOLDEN.read_text(encoding="utf-8").splitlines() if "WRITES" in line}
    left: set[str] = set()
    with staged(opt_ins=COMMITTED.opt_ins, limits=PLENTY.lowered(people=0, usd=Decimal(0))) as stage:
        there = {one["id"] for one in stage.mock.store.snapshot()[PROFILE]}
        for operation in WRITES:
            own = stage.new()
            for outgoing in tried(stage, operation, own):
                left.add(operation.operation_id)
                harmless(outgoing)
        assert there <= {one["id"] for one in stage.mock.store.snapshot()[PROFILE]}
    assert left == allowed == {"createMessagingProfile", "updateMessagingProfile", "deleteMessagingProfile"}


def harmless(outgoing: Outgoing) -> None:
    """A write that left makes a marked profile, or works on one that the run has made."""
    assert "/messaging_profiles" in outgoing.url
    assert FOREIGN not in outgoing.url
    if outgoing.method == "POST":
        assert run_of(strict_object(outgoing.body)["name"]) is not None


@pytest.mark.parametrize("operation", CONTACTING, ids=ids(CONTACTING))
def test_nobody_but_the_named_is_contacted_even_when_all_else_is_allowed(operation: Operation) -> None:
    everything = {one.operation_id: OptIn(frozenset(GRAVE), Decimal(0)) for one in OURS.operations}
    limits = replace(PLENTY, people=999)
    with staged(opt_ins=everything, recipients=frozenset({MINE}), limits=limits) as stage:
        for people in ([], STRANGER, [STRANGER], [MINE, STRANGER], MINE, [MINE]):
            for body in addressed_to(stage, operation, people):
                with contextlib.suppress(Refused):
                    stage.send(operation.method.upper(), operation.path.format(id="1", brand_id="1"), body)
        assert [outgoing for outgoing in tried(stage, operation, stage.new()) if not named_alone(outgoing)] == []
        sent = [one for one in stage.sent if one.method == "POST" and "/messaging_profiles" not in one.url]
        assert all(map(named_alone, sent))
        # What names no record of somebody else does leave, for the one who is named.
        assert bool(sent) == (not names_records(operation))


def names_records(operation: Operation) -> bool:
    """Whether a request has to name a record, in its path or in its body."""
    schema = OURS.request_schema(operation) or {}
    members = OURS.properties(schema)
    return "{" in operation.path or any("x-references" in members[name] for name in schema.get("required", ()))


def addressed_to(stage: Stage, operation: Operation, people: Any) -> Iterator[Any]:
    """The examples of a request, cut to what the gate lets through, for these recipients."""
    for shown in bodies.examples(OURS, operation):
        body = tailored(stage.gate, operation, shown)
        found = [part.path[0] for part in meaning.parts(OURS, operation, body) if any(part.said("x-recipient"))]
        assert found
        yield {**body, **dict.fromkeys(found, people)}


def named_alone(outgoing: Outgoing) -> bool:
    """Whether the one who may be contacted is, and nobody else."""
    return MINE in outgoing.body.decode() and STRANGER not in outgoing.body.decode()
