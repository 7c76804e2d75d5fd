"""The bench counts what was judged, hides secrets, and leaves the target as it found it."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.description import load
from contract_tests.rules.bench import Bench, CannotContinue, Interrupted, NothingToCheck
from contract_tests.rules.references import clearing
from contract_tests.rules.resource import by_collection
from contract_tests.rules.restoration import restoration
from contract_tests.unit.rules.stage import BOOKS, LIBRARY, OPERATION, SHELVES, staged
from contract_tests.unit.rules.wire import after, before, sets

NUMBERS = by_collection(load(), "phone_number_messaging_settings")


def test_created_records_are_deleted_even_when_one_is_in_use_by_a_later_one() -> None:
    with staged() as (session, wire):
        bench = Bench(session, "check")
        book, _ = bench.create(BOOKS)
        shelf, _ = bench.create(SHELVES)
        bench.update(BOOKS, book["id"], {"shelf_id": shelf["id"]})
        assert len(wire.mock.store["shelves"]) == 1
        bench.close()
        assert len(wire.mock.store["shelves"]) == len(wire.mock.store["books"]) == 0
        assert session.findings.all() == []


def test_a_borrowed_record_is_put_back_before_what_it_was_assigned_to_is_deleted() -> None:
    with staged(load()) as (session, wire):
        before_all = wire.mock.store.snapshot()
        bench = Bench(session, "check")
        number = bench.subject(NUMBERS)
        bench.update(
            NUMBERS,
            number["id"],
            {
                "messaging_profile_id": bench.values(
                    NUMBERS.written(load().by_id["updatePhoneNumberMessagingSettings"])["messaging_profile_id"]
                )[0]
            },
        )
        bench.close()
        after_all = wire.mock.store.snapshot()
        for record in [*before_all[NUMBERS.collection], *after_all[NUMBERS.collection]]:
            record.pop("updated_at")
        assert after_all == before_all
        assert session.findings.all() == []


def test_a_record_that_was_unset_is_unset_again() -> None:
    with staged(load()) as (session, wire):
        unset = next(one for one in wire.mock.store[NUMBERS.collection] if one["messaging_profile_id"] is None)
        used = next(one for one in wire.mock.store[NUMBERS.collection] if one["messaging_profile_id"])
        bench = Bench(session, "check")
        bench.borrow(NUMBERS, str(unset["id"]))
        bench.update(NUMBERS, str(unset["id"]), {"messaging_profile_id": used["messaging_profile_id"]})
        bench.close()
        again = wire.mock.store[NUMBERS.collection].get(str(unset["id"]))
        assert again is not None
        assert again["messaging_profile_id"] is None


def test_what_cannot_be_put_back_is_reported() -> None:
    with staged(load()) as (session, _):
        bench = Bench(session, "check")
        number = bench.subject(NUMBERS)
        assert number["messaging_product"] == "A2P"
        changed = {**number, "messaging_product": "not one of its products"}
        bench.restoration.steps[0] = lambda: bench.restoration.put_back(NUMBERS, changed)
        bench.close()
        assert [(one.kind, one.pointer) for one in session.findings.all()] == [
            ("unrelated-field-changed", "/data/messaging_product")
        ]


def test_everything_is_put_back_when_one_step_fails() -> None:
    with staged() as (session, wire):
        bench = Bench(session, "check")
        bench.create(SHELVES)

        def fails() -> None:
            raise CannotContinue("this one")

        bench.restoration.steps.append(fails)
        with pytest.raises(CannotContinue, match="this one"):
            bench.close()
        assert len(wire.mock.store["shelves"]) == 0


def test_a_refused_clean_up_is_reported() -> None:
    with staged(instead=lambda request: httpx.Response(500) if request.method == "DELETE" else None) as (session, _):
        bench = Bench(session, "check")
        bench.create(SHELVES)
        with pytest.raises(CannotContinue):
            bench.close()
        assert [one.kind for one in session.findings.all()] == ["server-error"]


def test_restoration_sends_only_what_differs_and_clears_as_described() -> None:
    written = {**BOOKS.written(OPERATION["updateBook"]), **SHELVES.written(OPERATION["updateShelf"])}
    was = {"shelf_id": None, "note": None, "floor": 1, "label": "maps"}
    now = {"shelf_id": "x", "note": "y", "floor": 2, "label": "maps"}
    assert restoration(written, was, now) == {"shelf_id": "", "note": None, "floor": 1}
    assert restoration(written, was, was) == {}
    assert clearing(written["shelf_id"]) == ""


def test_what_was_not_answered_interrupts() -> None:
    with staged(instead=lambda request: httpx.Response(429)) as (session, _), pytest.raises(Interrupted):
        Bench(session, "check").create(SHELVES)


def test_a_rule_with_the_status_of_a_rate_limit_is_none() -> None:
    def spent(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"errors": [{"code": "40333", "title": "Spent"}]})

    with staged(load(), instead=spent) as (session, _):
        bench = Bench(session, "check")
        send = load().by_id["sendMessage"]
        assert bench.call(send, **bench.request(send)).status == 429
        with pytest.raises(Interrupted):
            bench.call(load().by_id["listMessagingProfiles"])


def test_an_answer_without_a_record_is_reported() -> None:
    with staged(instead=lambda request: httpx.Response(201, json={"data": []})) as (session, _):
        with pytest.raises(CannotContinue):
            Bench(session, "check").create(SHELVES)
        assert [(one.kind, one.pointer) for one in session.findings.all()] == [("no-record", "/data")]


def test_required_query_parameters_are_sent() -> None:
    with staged() as (session, wire):
        assert Bench(session, "check").call(OPERATION["listBooks"]).status == 200
        assert b"reader=" in wire.sent[-1].url.query


def test_values_come_from_the_record_that_limits_them() -> None:
    with staged() as (session, _):
        bench = Bench(session, "check")
        field = BOOKS.written(OPERATION["updateBook"])["language"]
        assert bench.values(field, {"languages": ["nl", "fr"]}) == ["nl", "fr"]
        with pytest.raises(NothingToCheck, match="language"):
            bench.values(field, {"languages": []})


def test_secrets_are_not_shown() -> None:
    with staged() as (session, _):
        bench = Bench(session, "check")
        assert bench.show("key", "marker") == "[redacted]"
        assert bench.show("key", None) == "null"
        assert bench.show("lighting", {"key": "marker"}) == '{"key": "[redacted]"}'
        assert bench.show("label", session.target.token) == '"[redacted]"'
        assert len(bench.show("label", "x" * 1000)) < 200


def test_each_judgement_counts() -> None:
    with staged(before=before("PATCH", sets(floor=3)), after=after("PATCH", sets(visits=9))) as (session, _):
        bench = Bench(session, "check")
        record, exchange = bench.create(SHELVES)
        assert bench.checked == 0
        assert bench.holds(record, {"label": record["label"]}, exchange, "kind")
        assert bench.checked == 1
        changed, exchange = bench.update(SHELVES, record["id"], {"label": "other"})
        assert not bench.unchanged(SHELVES, record, changed, exchange, but={"label"})
        assert {one.pointer for one in session.findings.all()} == {"/data/floor", "/data/visits"}
        assert bench.checked > 3
        bench.close()
    assert LIBRARY.sensitive_fields == {"key"}
