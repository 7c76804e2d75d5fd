"""What a mock keeps: records, time, identifiers, the log of requests; and that a reset forgets all of it."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contract_tests.description import Description
from contract_tests.mock.app import LOG_LENGTH, LOGGED_BODY, create_app
from contract_tests.mock.clock import Clock
from contract_tests.mock.ids import Identifiers
from contract_tests.mock.store import Store
from contract_tests.unit.mock.conversation import TOKEN, Ask
from contract_tests.unit.mock.library import document

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Remembering(RuleBasedStateMachine):
    """Any sequence of calls leaves the mock with what a plain dictionary would hold."""

    @initialize()
    def start(self) -> None:
        """An empty library and an empty dictionary beside it."""
        self.ask = Ask(create_app(Description(document())))
        self.model: dict[str, dict[str, object]] = {}

    @rule(label=st.sampled_from(["maps", "art"]), floor=st.one_of(st.none(), st.integers(0, 9)))
    def create(self, label: str, floor: int | None) -> None:
        """A new shelf, with or without a floor."""
        shelf = self.ask.create_shelf(label, **({} if floor is None else {"floor": floor}))
        assert shelf["id"] not in self.model
        assert shelf["floor"] == (1 if floor is None else floor)
        self.model[shelf["id"]] = shelf

    @rule(data=st.data(), change=st.fixed_dictionaries({}, optional={"floor": st.integers(0, 9), "note": st.none()}))
    def update(self, data: st.DataObject, change: dict[str, object]) -> None:
        """A change of some fields, or of none, which is refused."""
        if self.model:
            identifier = data.draw(st.sampled_from(sorted(self.model)))
            reply = self.ask("PATCH", f"/shelves/{identifier}", change)
            if not change:
                assert reply.status == 409
                return
            former = self.model[identifier]
            assert reply.data["updated_at"] > str(former["updated_at"])
            self.model[identifier] = {**former, **change, "updated_at": reply.data["updated_at"]}

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """A deletion, which happens once."""
        if self.model:
            identifier = data.draw(st.sampled_from(sorted(self.model)))
            assert self.ask("DELETE", f"/shelves/{identifier}").data == self.model.pop(identifier)
            assert self.ask("DELETE", f"/shelves/{identifier}").status == 404

    @invariant()
    def both_hold_the_same(self) -> None:
        """The list shows the model, newest first, and each record reads as it is listed."""
        listed = self.ask("GET", "/shelves?page[size]=50").data
        assert listed == list(reversed(self.model.values()))
        for shelf in listed:
            assert self.ask("GET", f"/shelves/{shelf['id']}").data == shelf


Remembering.TestCase.settings = settings(
    derandomize=True, database=None, max_examples=25, stateful_step_count=12, deadline=None
)
TestRemembering = Remembering.TestCase


def test_a_reset_goes_back_to_the_start(call: Ask) -> None:
    call.mock.clock.set(NOON)
    start = call.mock.store.snapshot()
    first = call("POST", "/messaging_profiles", {"name": "A", "whitelisted_destinations": ["US"]}).data
    call("PATCH", "/phone_numbers/1293384261075731499/messaging", {"messaging_profile_id": ""})
    call("DELETE", "/messaging_profiles/400198eb-b746-43f8-9d0b-51a0c3f7e2b4")
    assert call.mock.store.snapshot() != start
    call.mock.reset()
    assert call.mock.store.snapshot() == start
    assert call.mock.requests == ()
    call.mock.clock.set(NOON)
    again = call("POST", "/messaging_profiles", {"name": "A", "whitelisted_destinations": ["US"]}).data
    assert again == first, "the same seed and the same moment make the same record"


def test_another_seed_makes_other_identifiers() -> None:
    made = set()
    for seed in (0, 1, 1):
        ask = Ask(create_app(Description(document()), seed=seed))
        ask.mock.clock.set(NOON)
        made.add(ask.create_shelf()["id"])
    assert len(made) == 2


def test_reads_do_not_change_the_identifiers_of_later_writes() -> None:
    made = set()
    for reads in (0, 5):
        ask = Ask(create_app(Description(document())))
        ask.mock.clock.set(NOON)
        for _ in range(reads):
            ask("GET", "/shelves")
        made.add(ask.create_shelf()["id"])
    assert len(made) == 1


def test_a_snapshot_is_a_copy(ask: Ask) -> None:
    shelf = ask.create_shelf()
    ask.mock.store.snapshot()["shelves"][0]["subjects"].append("spoiled")
    assert ask("GET", f"/shelves/{shelf['id']}").data == shelf


def test_a_collection_refuses_a_second_record_of_one_id_and_the_replacement_of_none() -> None:
    shelves = Store({"shelves": "id"})["shelves"]
    shelves.insert({"id": "a"})
    with pytest.raises(KeyError):
        shelves.insert({"id": "a"})
    with pytest.raises(KeyError):
        shelves.replace({"id": "b"})
    with pytest.raises(KeyError):
        shelves.remove("b")


def test_the_log_tells_what_was_asked_without_credentials(ask: Ask) -> None:
    ask("POST", "/shelves", {"label": "maps", "subjects": ["a"]})
    ask("GET", "/nowhere?x=1")
    first, second = ask.mock.requests
    assert (first.method, first.path, first.operation_id, first.status) == ("POST", "/v2/shelves", "createShelf", 201)
    assert first.body == b'{"label":"maps","subjects":["a"]}'
    assert (second.path, second.query, second.operation_id, second.status) == ("/v2/nowhere", "x=1", None, 404)
    assert dict(first.headers) == {"content-type": "application/json", "authorization": "Bearer [redacted]"}
    assert first.json == {"label": "maps", "subjects": ["a"]} and first.header("Content-Type") == "application/json"
    assert second.parameters == {"x": ["1"]} and second.header("x-none") is None
    assert TOKEN not in repr(ask.mock.requests) and "maps" not in repr(first)


def test_the_log_is_bounded(ask: Ask) -> None:
    ask("GET", "/shelves", content=b"x" * (LOGGED_BODY + 1))
    assert len(ask.mock.requests[0].body) == LOGGED_BODY
    for _ in range(LOG_LENGTH + 5):
        ask("GET", "/nowhere")
    assert len(ask.mock.requests) == LOG_LENGTH


def test_stamps_advance_even_when_time_stands_still() -> None:
    clock = Clock(NOON)
    stamps = [clock.stamp() for _ in range(1500)]
    assert stamps[0] == "2026-03-01T12:00:00.000Z" and stamps[-1] == "2026-03-01T12:00:01.499Z"
    assert stamps == sorted(set(stamps))


def test_a_clock_can_be_set_advanced_and_reset() -> None:
    clock = Clock()
    before = datetime.now(UTC)
    assert timedelta(seconds=-1) < clock.now() - before < timedelta(seconds=5)
    clock.advance(3600)
    assert clock.now() - before > timedelta(minutes=59)
    clock.set(NOON)
    clock.advance(0.25)
    assert (clock.now() - NOON, clock.stamp()) == (timedelta(milliseconds=250), "2026-03-01T12:00:00.250Z")
    clock.reset()
    assert clock.now() - before < timedelta(seconds=30)
    with pytest.raises(ValueError, match="zone"):
        clock.set(datetime(2026, 3, 1))
    for far in (1e12, 1e18, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="9999"):
            clock.advance(far)
    assert clock.now() - before < timedelta(seconds=30), "a refused step moves nothing"
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


def test_identifiers_have_the_form_of_live_ones() -> None:
    clock = Clock(datetime(2025, 8, 27, 14, 0, tzinfo=UTC))
    made = Identifiers(clock, 7)
    uuids = {made.uuid("400") for _ in range(500)}
    assert len(uuids) == 500
    for one in uuids:
        assert re.fullmatch(r"400198eb-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one)
    assert all(re.fullmatch(r"[1-9]\d{18}", made.number()) for _ in range(200))
    assert all(re.fullmatch(r"[A-Za-z0-9]{24}", made.secret()) for _ in range(50))


def test_a_frozen_clock_stands_still_until_it_is_told_otherwise() -> None:
    clock = Clock()
    moment = clock.freeze()
    time.sleep(0.005)
    assert clock.now() == moment == clock.freeze() and clock.frozen
    clock.advance(2)
    assert clock.now() - moment == timedelta(seconds=2)
    clock.reset()
    assert (clock.frozen, Clock().frozen, Clock(NOON).frozen) == (False, False, True)
