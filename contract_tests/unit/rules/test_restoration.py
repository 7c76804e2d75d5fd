"""What a rule leaves behind: nothing that can be taken away, and what stays is excused by the description alone."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.description import load
from contract_tests.rules.bench import Bench, CannotContinue
from contract_tests.rules.resource import by_collection
from contract_tests.unit.rules.stage import staged

BRANDS, CAMPAIGNS, MESSAGES, HOSTED, ORDERS, ASSIGNED = (
    by_collection(load(), name)
    for name in (
        "brands",
        "campaigns",
        "messages",
        "messaging_hosted_numbers",
        "messaging_hosted_number_orders",
        "phone_number_campaigns",
    )
)


def test_a_record_that_nothing_deletes_is_ended_and_what_it_keeps_in_use_may_stay() -> None:
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        campaign, _ = bench.create(CAMPAIGNS)
        bench.close()
        assert session.findings.all() == []
        ended = wire.mock.store["campaigns"].get(str(campaign["campaignId"]))
        assert ended is not None and ended["status"] == "EXPIRED"
        assert wire.mock.store["brands"].get(str(campaign["brandId"])) is not None


def test_what_nothing_deletes_names_one_record_in_a_whole_run() -> None:
    with staged(load()) as (session, wire):
        named = []
        for number in range(3):
            bench = Bench(session, f"check {number}")
            named.append(str(bench.create(CAMPAIGNS)[0]["brandId"]))
            bench.close()
        made = [one for one in wire.sent if one.method == "POST" and one.url.path.endswith("/brand")]
        assert len(made) == 1 and len(set(named)) == 1
        assert session.findings.all() == []


def test_a_record_to_name_that_is_gone_is_made_anew() -> None:
    with staged(load()) as (session, wire):
        session.kept["brands"] = "4b20017f-1111-4222-8333-444455556666"
        bench = Bench(session, "check")
        brand_id = str(bench.create(CAMPAIGNS)[0]["brandId"])
        assert wire.mock.store["brands"].get(brand_id) is not None
        assert session.kept["brands"] == brand_id
        bench.close()


def test_what_is_made_again_in_its_own_place_is_taken_away_once() -> None:
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        body = bench.smallest(ASSIGNED)
        for _ in range(3):
            bench.create(ASSIGNED, body)
        bench.close()
        ended = [one for one in wire.sent if one.method == "DELETE" and "phone_number_campaigns" in one.url.path]
        assert len(ended) == 1
        assert session.findings.all() == []


def test_a_brand_without_campaigns_is_deleted() -> None:
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        brand, _ = bench.create(BRANDS)
        bench.close()
        assert wire.mock.store["brands"].get(str(brand["brandId"])) is None


@pytest.mark.parametrize(
    ("status", "code", "excused"),
    [(422, "40332", True), (400, "10015", True), (404, "10005", True), (409, "10009", False)],
)
def test_only_what_the_description_allows_excuses_that_a_record_stays(status: int, code: str, excused: bool) -> None:
    def refuses(request: httpx.Request) -> httpx.Response | None:
        refusal = httpx.Response(status, json={"errors": [{"code": code, "title": "No"}]})
        return refusal if request.method == "DELETE" else None

    with staged(load(), instead=refuses) as (session, _):
        bench = Bench(session, "check")
        bench.create(BRANDS)
        if excused:
            bench.close()
            assert session.findings.all() == []
        else:
            with pytest.raises(CannotContinue, match="409"):
                bench.close()
            assert [one.kind for one in session.findings.all()] == ["valid-request-refused"]


def test_a_profile_that_a_number_keeps_in_use_is_no_excuse() -> None:
    profiles = by_collection(load(), "messaging_profiles")

    def refuses(request: httpx.Request) -> httpx.Response | None:
        refusal = httpx.Response(422, json={"errors": [{"code": "40158", "title": "No"}]})
        return refusal if request.method == "DELETE" else None

    with staged(load(), instead=refuses) as (session, _):
        bench = Bench(session, "check")
        bench.create(profiles)
        with pytest.raises(CannotContinue, match="40158"):
            bench.close()
        assert [one.operation for one in session.findings.all()] == ["deleteMessagingProfile"]


def test_an_ending_that_fails_is_reported() -> None:
    def refuses(request: httpx.Request) -> httpx.Response | None:
        ending = request.method == "DELETE" and "/campaign/" in request.url.path
        return httpx.Response(409, json={"errors": [{"code": "10009", "title": "No"}]}) if ending else None

    with staged(load(), instead=refuses) as (session, _):
        bench = Bench(session, "check")
        bench.create(CAMPAIGNS)
        with pytest.raises(CannotContinue, match="409"):
            bench.close()
        assert {one.operation for one in session.findings.all()} == {"deactivateCampaign"}


def test_what_had_to_give_way_to_a_new_record_is_made_anew() -> None:
    with staged(load()) as (session, wire):
        store = wire.mock.store["phone_number_campaigns"]
        taken = str(bench_value(Bench(session, "check")))
        former = store.get(taken)
        assert former is not None
        bench = Bench(session, "check")
        made, _ = bench.create(ASSIGNED, {"campaignId": "CXWTQ7L"})
        assert made["phoneNumber"] == taken
        bench.create(ASSIGNED, {"campaignId": former["campaignId"]})
        bench.close()
        again = store.get(taken)
        assert again is not None
        assert {name: again[name] for name in ("phoneNumber", "campaignId")} == {
            name: former[name] for name in ("phoneNumber", "campaignId")
        }
        assert session.findings.all() == []


def bench_value(bench: Bench) -> object:
    """The number that a new assignment is made for."""
    return bench.smallest(ASSIGNED)["phoneNumber"]


def test_a_record_that_no_operation_updates_is_borrowed_as_it_is() -> None:
    assert ORDERS.update is None
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        bench.borrow(ORDERS, str(next(iter(wire.mock.store[ORDERS.collection]))["id"]))
        bench.close()
        assert [request.method for request in wire.sent] == ["GET"]


def test_a_record_that_only_a_computed_answer_makes_can_be_read() -> None:
    with staged(load()) as (session, wire):
        bench = Bench(session, "check")
        record = bench.subject(MESSAGES)
        read, _ = bench.retrieve(MESSAGES, record["id"])
        assert read["id"] == record["id"]
        assert [request.method for request in wire.sent] == ["POST", "GET"]
