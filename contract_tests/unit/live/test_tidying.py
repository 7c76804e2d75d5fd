"""After a run everything is as before: lent records restored, what was made deleted, and what was not is said."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.live import tidying
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.unit.live.stage import NUMBER, NUMBER_ID, NUMBERS, PLENTY, PROFILES, Stage, request, staged

OLD = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
PATH = f"/phone_numbers/{NUMBER_ID}/messaging"


def number(stage: Stage) -> dict[str, Any]:
    """The lent number as the mock has it."""
    return next(one for one in stage.mock.store.snapshot()[NUMBERS] if one["id"] == NUMBER_ID)


def test_everything_that_was_created_is_deleted_and_said() -> None:
    with staged() as stage:
        before = stage.names()
        for _ in range(3):
            stage.create()
        stage.send("DELETE", f"/messaging_profiles/{stage.new()}")
        done = tidying.tidy(stage.gate)
        assert (done.deleted, done.left) == (4, [])
        assert stage.names() == before
        assert stage.events().count("deleted") == 4


def test_a_lent_record_is_restored_and_then_its_assigned_record_deleted() -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        mine = stage.new()
        stage.send("PATCH", PATH, {"messaging_profile_id": mine})
        assert stage.send("DELETE", f"/messaging_profiles/{mine}").status == 422
        done = tidying.tidy(stage.gate)
        assert (done.restored, done.deleted, done.left) == (1, 1, [])
        assert number(stage)["messaging_profile_id"] == OLD
        assert stage.events()[-2:] == ["restored", "deleted"]


@pytest.mark.parametrize("value", ["", None])
def test_a_cleared_field_of_a_lent_record_is_restored(value: Any) -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        stage.send("PATCH", PATH, {"messaging_profile_id": value})
        assert tidying.tidy(stage.gate).left == []
        assert number(stage)["messaging_profile_id"] == OLD


def test_what_somebody_else_changed_meanwhile_is_left_alone_and_said() -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        stage.send("PATCH", PATH, {"messaging_profile_id": ""})
        # Not through the gate: somebody else.
        stage.wire(request("PATCH", PATH, {"messaging_profile_id": "dd50eba1-a0c0-4563-9925-b25e842a7cb6"}))
        done = tidying.tidy(stage.gate)
        assert done.left == []
        assert "somebody else changed messaging_profile_id" in done.notes[0]
        assert number(stage)["messaging_profile_id"] == "dd50eba1-a0c0-4563-9925-b25e842a7cb6"


def test_a_lent_record_that_was_only_read_is_not_written_to() -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        stage.send("GET", PATH)
        tidying.tidy(stage.gate)
        assert {one.method for one in stage.sent} == {"GET"}
        assert stage.events() == []


def test_a_lost_answer_to_a_creation_is_found_by_name_and_deleted() -> None:
    with staged() as stage:
        before = stage.names()

        def lose(sent: Outgoing, answer: Incoming) -> Incoming:
            if sent.method == "POST":
                raise ConnectionError("the answer is lost")
            return answer

        stage.lie = lose
        with pytest.raises(ConnectionError):
            stage.create()
        assert len(stage.names()) == len(before) + 1
        done = tidying.tidy(stage.gate)
        assert (done.found, done.deleted, done.left) == (1, 1, [])
        assert stage.names() == before


@pytest.mark.parametrize("status", [408, 500, 502, 302, 199])
def test_an_answer_that_does_not_say_what_was_made_is_looked_into(status: int) -> None:
    with staged() as stage:
        before = stage.names()
        stage.lie = lambda sent, answer: Incoming(status, {}, b"") if sent.method == "POST" else answer
        stage.create()
        stage.lie = lambda sent, answer: answer
        assert tidying.tidy(stage.gate).found == 1
        assert stage.names() == before


def test_a_refused_creation_is_not_looked_for_in_the_ledger_but_its_record_is() -> None:
    with staged(negative=True) as stage:
        before = stage.names()
        stage.lie = lambda sent, answer: Incoming(422, {}, b"") if sent.method == "POST" else answer
        stage.create()
        assert stage.events() == ["intent", "not-created"]
        assert stage.names() != before
        done = tidying.tidy(stage.gate)
        assert (done.found, done.deleted, done.left) == (1, 1, [])
        assert stage.names() == before


def test_a_deletion_meets_a_failing_server_a_few_times() -> None:
    failures = [500, 502]

    def fail(sent: Outgoing, answer: Incoming) -> Incoming:
        return Incoming(failures.pop(), {}, b"") if sent.method == "DELETE" and failures else answer

    with staged() as stage:
        stage.new()
        stage.lie = fail
        done = tidying.tidy(stage.gate)
        assert (done.deleted, done.left, failures) == (1, [], [])


def test_what_cannot_be_deleted_is_said_with_its_name() -> None:
    with staged() as stage:
        mine = stage.new()
        stage.lie = lambda sent, answer: Incoming(403, {}, b"") if sent.method == "DELETE" else answer
        done = tidying.tidy(stage.gate)
        assert done.deleted == 0
        assert [mine in line and stage.gate.ledger.prefix in line for line in done.left] == [True]


def test_an_unreadable_list_is_said_and_the_rest_is_deleted_all_the_same() -> None:
    with staged() as stage:
        before = stage.names()
        stage.new()
        stage.lie = lambda sent, answer: Incoming(404, {}, b"") if answer.records is not None else answer
        done = tidying.tidy(stage.gate)
        assert done.deleted == 1
        assert "cannot be listed (404)" in done.left[0]
        assert stage.names() == before


def test_tidying_fits_into_what_the_budget_kept_for_it() -> None:
    for requests in range(8, 32):
        with staged(owned={NUMBERS: frozenset({NUMBER})}, limits=PLENTY.lowered(requests=requests)) as stage:
            before = stage.mock.store.snapshot()
            with pytest.raises(Exception, match="budget"):
                for _ in range(100):
                    mine = stage.new()
                    stage.send("PATCH", PATH, {"messaging_profile_id": mine})
            assert tidying.tidy(stage.gate).left == []
            assert [one["id"] for one in stage.mock.store.snapshot()[PROFILES]] == [
                one["id"] for one in before[PROFILES]
            ]
            assert number(stage)["messaging_profile_id"] == OLD
            assert len(stage.sent) <= requests
