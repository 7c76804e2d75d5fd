"""A target that lies cannot make the gate touch what the run does not own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.live import tidying
from contract_tests.live.refusal import Refused
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.mock.app import create_app
from contract_tests.unit.live.stage import BASE, FOREIGN, NUMBER, NUMBER_ID, NUMBERS, PROFILES, TOKEN, Stage, staged

OTHER_NUMBER_ID = "1293384261075731500"


def changed(answer: Incoming, **fields: Any) -> Incoming:
    """An answer whose record holds something else."""
    body = {**answer.json, "data": {**answer.json["data"], **fields}}
    return Incoming(answer.status, answer.headers, json.dumps(body).encode())


def foreign(stage: Stage) -> dict[str, Any]:
    """All profiles that the run did not make, as the mock has them."""
    return {one["id"]: one for one in stage.mock.store.snapshot()[PROFILES] if not one["name"].startswith("contract-2")}


def no_harm(stage: Stage, before: dict[str, Any]) -> None:
    """Nobody's profile was written to, and the gate refuses it still."""
    assert foreign(stage) == before
    assert not any(one.method in {"PATCH", "DELETE"} and FOREIGN in one.url for one in stage.sent)
    with pytest.raises(Refused):
        stage.send("DELETE", f"/messaging_profiles/{FOREIGN}")


def test_an_echo_with_somebody_elses_id_is_not_believed() -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        return changed(answer, id=FOREIGN) if sent.method == "POST" else answer

    with staged() as stage:
        before = foreign(stage)
        stage.lie = lie
        assert stage.create().record["id"] == FOREIGN  # type: ignore[index]
        assert "was there before" in stage.gate.estate.suspicions[0]
        assert stage.events() == ["intent", "unclear"]
        tidying.tidy(stage.gate)
        no_harm(stage, before)
        # What it really made was found by its name and taken away.
        assert not any(name.startswith("contract-2") for name in stage.names())


def test_an_echo_of_a_record_that_lists_hide_has_to_read_back_as_ours() -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        if sent.method == "POST":
            return changed(answer, id=FOREIGN)
        if answer.records is not None:
            shown = [one for one in answer.records if one["id"] != FOREIGN]
            return Incoming(answer.status, answer.headers, json.dumps({**answer.json, "data": shown}).encode())
        return answer

    with staged() as stage:
        before = foreign(stage)
        stage.lie = lie
        stage.create()
        assert "does not read back" in stage.gate.estate.suspicions[0]
        no_harm(stage, before)


@pytest.mark.parametrize("field", ["id", "name"])
def test_a_creation_that_reads_back_as_another_record_is_not_ours(field: str) -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        return changed(answer, **{field: "another"}) if sent.method == "GET" and answer.record else answer

    with staged() as stage:
        stage.lie = lie
        made = stage.create().record
        assert made is not None
        with pytest.raises(Refused):
            stage.send("DELETE", f"/messaging_profiles/{made['id']}")
        assert stage.events() == ["intent", "unclear"]


def test_an_echo_under_another_name_is_not_ours() -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        return changed(answer, name="another") if sent.method == "POST" else answer

    with staged() as stage:
        stage.lie = lie
        made = stage.create().record
        assert made is not None
        with pytest.raises(Refused):
            stage.send("DELETE", f"/messaging_profiles/{made['id']}")


@pytest.mark.parametrize("data", [{}, [], None, {"id": None}, {"id": 5}, {"id": ""}, "text"])
def test_a_creation_without_a_readable_record_is_looked_for_by_its_name(data: Any) -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        return Incoming(200, {}, json.dumps({"data": data}).encode()) if sent.method == "POST" else answer

    with staged() as stage:
        stage.lie = lie
        stage.create()
        done = tidying.tidy(stage.gate)
        assert (done.found, done.deleted, done.left) == (1, 1, [])
        assert not any(name.startswith("contract-2") for name in stage.names())


def test_the_same_id_for_two_creations_is_owned_once() -> None:
    first: list[str] = []

    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        if sent.method != "POST" or answer.record is None:
            return answer
        first.append(str(answer.record["id"]))
        return changed(answer, id=first[0])

    with staged() as stage:
        stage.lie = lie
        stage.create("one")
        stage.create("two")
        assert list(stage.gate.estate.created) == [(PROFILES, first[0])]
        done = tidying.tidy(stage.gate)
        assert (done.deleted, done.left) == (2, [])


def test_an_update_that_answers_with_another_id_gives_nothing() -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        return changed(answer, id=FOREIGN) if sent.method == "PATCH" else answer

    with staged() as stage:
        before = foreign(stage)
        mine = stage.new()
        stage.lie = lie
        stage.send("PATCH", f"/messaging_profiles/{mine}", {"enabled": False})
        no_harm(stage, before)


def test_a_list_that_calls_somebody_elses_record_ours_is_not_believed() -> None:
    with staged() as stage:
        before = foreign(stage)
        mark = f"{stage.gate.ledger.prefix}one"

        def lie(sent: Outgoing, answer: Incoming) -> Incoming:
            if answer.records is None or not stage.gate.estate.created:
                return answer
            shown = [{**one, "name": mark} if one["id"] == FOREIGN else one for one in answer.records]
            return Incoming(answer.status, answer.headers, json.dumps({**answer.json, "data": shown}).encode())

        stage.new()
        stage.gate.estate.inventory[PROFILES] = frozenset()
        stage.lie = lie
        done = tidying.tidy(stage.gate)
        assert any("does not read back" in line for line in done.left)
        no_harm(stage, before)


def test_a_deletion_that_is_only_claimed_is_told_as_left_behind() -> None:
    with staged(mock=create_app(load(), api_key=TOKEN, plants=["forget-delete"])) as stage:
        mine = stage.new()
        assert stage.send("DELETE", f"/messaging_profiles/{mine}").ok
        done = tidying.tidy(stage.gate)
        assert done.deleted == 0
        assert [mine in line for line in done.left] == [True]


def test_a_deletion_that_was_claimed_once_is_done_again() -> None:
    with staged() as stage:
        mine, mark = stage.new(), f"{stage.gate.ledger.prefix}one"
        stage.gate.estate.created[PROFILES, mine].deleted = True
        done = tidying.tidy(stage.gate)
        assert (done.deleted, done.left) == (1, [])
        assert mark not in stage.names()


@pytest.mark.parametrize("record_id", ["..", "a/b", "%2e%2e", "../phone_numbers/1", "x?y", "x\ny", "\ud800"])
def test_an_id_that_leads_elsewhere_is_not_followed(record_id: str) -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        return changed(answer, id=record_id) if sent.method == "POST" else answer

    with staged() as stage:
        stage.lie = lie
        stage.create()
        assert stage.gate.estate.created == {}
        assert {one.url.split("?")[0] for one in stage.sent} <= {
            f"{BASE}/messaging_profiles",
            f"{BASE}/messaging_profiles/x%3Fy",
        }
        assert tidying.tidy(stage.gate).left == []


def test_a_lent_number_that_answers_with_the_id_of_another_one_is_not_written_to() -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        # Only at the address that the policy names: the other record is as it is.
        return changed(answer, id=OTHER_NUMBER_ID) if sent.url.endswith("%2B18005550001/messaging") else answer

    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        stage.lie = lie
        for address in (NUMBER, NUMBER_ID, OTHER_NUMBER_ID):
            with pytest.raises(Refused):
                stage.send("PATCH", f"/phone_numbers/{address}/messaging", {"messaging_profile_id": ""})
        assert not any(one.method == "PATCH" for one in stage.sent)
        assert "different records" in stage.gate.estate.suspicions[0]


def test_a_lent_number_that_reads_as_another_one_is_not_written_to() -> None:
    def lie(sent: Outgoing, answer: Incoming) -> Incoming:
        if sent.method == "GET" and "phone_numbers" in sent.url and answer.record:
            return changed(answer, id=OTHER_NUMBER_ID, phone_number="+12015550123")
        return answer

    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        stage.lie = lie
        for address in (NUMBER, NUMBER_ID, OTHER_NUMBER_ID):
            with pytest.raises(Refused):
                stage.send("PATCH", f"/phone_numbers/{address}/messaging", {"messaging_profile_id": ""})
        assert not any(one.method == "PATCH" for one in stage.sent)
        assert "another record" in stage.gate.estate.suspicions[0]


def test_an_error_code_too_long_for_a_number_is_nothing_about_the_account() -> None:
    def lie(outgoing: Outgoing, answer: Incoming) -> Incoming:
        body = json.dumps({"errors": [{"code": "2" * 5000}]}).encode()
        return Incoming(422, {}, body) if outgoing.method == "POST" else answer

    with staged() as stage:
        stage.lie = lie
        assert stage.create().status == 422
        assert stage.events() == ["intent", "not-created"]
        assert stage.gate.account_limits == {}


def test_a_list_is_not_over_because_its_number_of_pages_is_none() -> None:
    def lie(outgoing: Outgoing, answer: Incoming) -> Incoming:
        whole = json.loads(answer.body)
        if outgoing.method == "GET" and isinstance(whole.get("data"), list):
            whole["meta"]["total_pages"] = True
        return Incoming(answer.status, answer.headers, json.dumps(whole).encode())

    with staged() as stage:
        stage.lie = lie
        stage.create()
        pages = [one.url for one in stage.sent if "page%5Bnumber%5D" in one.url]
        assert [url.partition("number%5D=")[2].partition("&")[0] for url in pages] == ["1", "2"]
