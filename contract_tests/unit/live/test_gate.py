"""What the gate lets out: reads, and writes on what the run created; everything else is kept back and counted."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from contract_tests.live.policy import OptIn
from contract_tests.live.refusal import Refused
from contract_tests.unit.live.stage import FOREIGN, NUMBER, NUMBER_ID, NUMBERS, Stage, staged

SECRETS = {
    "updateMessagingProfile": OptIn(frozenset({"irreversible"}), Decimal(0)),
    "deleteMessagingProfile": OptIn(frozenset({"irreversible"}), Decimal(0)),
}


def refused(stage: Stage, method: str, path: str, body: Any = None, **options: Any) -> str:
    """The kind of refusal that a request meets; nothing of it reaches the target."""
    before = len(stage.sent)
    with pytest.raises(Refused) as caught:
        stage.send(method, path, body, **options)
    assert [one for one in stage.sent[before:] if one.method == method and method != "GET"] == []
    assert stage.gate.refusals[caught.value.kind] >= 1
    return caught.value.kind


def test_reads_leave_without_any_permission() -> None:
    with staged(writes=False) as stage:
        assert stage.send("GET", "/messaging_profiles?page[size]=1").ok
        assert stage.send("GET", f"/messaging_profiles/{FOREIGN}").ok
        assert stage.send("GET", "/messaging_profiles/no-such-id").status == 404
        assert stage.gate.refusals.total() == 0


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/number_orders", "operation"),
        ("GET", "/", "operation"),
        ("GET", "/messaging_profiles/", "operation"),
        ("GET", "/messaging_profiles/a/b", "operation"),
        ("PUT", "/messaging_profiles", "method"),
        ("TRACE", "/messaging_profiles", "method"),
        ("QUERY", "/messaging_profiles", "method"),
        ("HEAD", "/messaging_profiles", "method"),
        ("OPTIONS", "/messaging_profiles", "method"),
        ("get", "/messaging_profiles", "method"),
        ("POST", f"/messaging_profiles/{FOREIGN}", "method"),
        ("GET", "/messaging_profiles?_method=DELETE", "method"),
        ("GET", "/messaging_profiles/..%2Fnumber_orders", "operation"),
        ("GET", "/messaging_profiles/%2e%2e", "operation"),
        ("GET", "/messaging_profiles/%252e%252e", "operation"),
        ("GET", "/messaging_profiles/%25252e%25252e%25252fnumber_orders", "operation"),
        ("GET", "/messaging_profiles/..%5cnumber_orders", "operation"),
        ("GET", "/messaging_profiles/..;", "operation"),
        ("GET", "/../v1/messages", "operation"),
    ],
)
def test_what_the_description_does_not_describe_never_leaves(method: str, path: str, kind: str) -> None:
    with staged() as stage:
        assert refused(stage, method, path) == kind
        assert stage.sent == []


@pytest.mark.parametrize("name", ["x_http_method_override", "x_http_method", "x_method_override"])
def test_a_header_that_asks_for_another_method_is_refused(name: str) -> None:
    with staged() as stage:
        assert refused(stage, "GET", "/messaging_profiles", **{name: "DELETE"}) == "method"


@pytest.mark.parametrize(
    "base",
    [
        "http://127.0.0.1:10/v2",
        "https://127.0.0.1:9/v2",
        "http://localhost:9/v2",
        "http://api.example.com:9/v2",
        "http://127.0.0.1:9@example.com/v2",
        "http://someone@127.0.0.1:9/v2",
        "http://127.0.0.1:99999/v2",
    ],
)
def test_no_other_host_is_ever_asked(base: str) -> None:
    with staged() as stage:
        assert refused(stage, "GET", "/messaging_profiles", base=base) == "host"
        assert stage.sent == []


def test_a_host_header_that_names_another_host_is_refused() -> None:
    with staged() as stage:
        assert refused(stage, "GET", "/messaging_profiles", host="api.example.com") == "host"
        assert stage.send("GET", "/messaging_profiles", host="127.0.0.1:9").ok


def test_a_read_carries_no_body() -> None:
    with staged() as stage:
        assert refused(stage, "GET", "/messaging_profiles", {"name": "x"}) == "request"


def test_without_the_word_nothing_is_written() -> None:
    with staged(writes=False, owned={NUMBERS: frozenset({NUMBER})}) as stage:
        mark = stage.gate.ledger.prefix
        assert refused(stage, "POST", "/messaging_profiles", {"name": mark, "whitelisted_destinations": []}) == "effect"
        assert refused(stage, "PATCH", f"/messaging_profiles/{FOREIGN}", {"name": mark}) == "effect"
        assert refused(stage, "DELETE", f"/messaging_profiles/{FOREIGN}") == "effect"
        assert refused(stage, "PATCH", f"/phone_numbers/{NUMBER_ID}/messaging", {}) == "effect"
        assert stage.sent == []


def test_only_what_the_run_created_is_changed_and_deleted() -> None:
    with staged() as stage:
        mine = stage.new()
        assert stage.send("PATCH", f"/messaging_profiles/{mine}", {"enabled": False}).ok
        assert stage.send("DELETE", f"/messaging_profiles/{mine}").ok
        assert refused(stage, "PATCH", f"/messaging_profiles/{FOREIGN}", {"enabled": False}) == "owner"
        assert refused(stage, "DELETE", f"/messaging_profiles/{FOREIGN}") == "owner"
        assert refused(stage, "DELETE", f"/messaging_profiles/{FOREIGN.upper()}") == "owner"
        assert refused(stage, "DELETE", f"/messaging_profiles/{FOREIGN[:-1]}%34") == "owner"


def test_an_id_that_was_only_listed_or_read_is_not_owned() -> None:
    with staged() as stage:
        stage.new()
        listed = stage.send("GET", "/messaging_profiles").records or []
        stage.send("GET", f"/messaging_profiles/{FOREIGN}")
        foreign = [one["id"] for one in listed if not one["name"].startswith("contract-")]
        assert len(foreign) >= 3
        for one in foreign:
            assert refused(stage, "DELETE", f"/messaging_profiles/{one}") == "owner"


def test_a_new_record_bears_the_mark_of_the_run_and_keeps_it() -> None:
    with staged() as stage:
        body = {"whitelisted_destinations": ["US"]}
        for name in ("My name", "contract-", "contract-20260101t000000z-00000000-x"):
            assert refused(stage, "POST", "/messaging_profiles", {**body, "name": name}) == "owner"
        mine = stage.new()
        assert refused(stage, "PATCH", f"/messaging_profiles/{mine}", {"name": "My name"}) == "owner"
        renamed = f"{stage.gate.ledger.prefix}renamed"
        assert stage.send("PATCH", f"/messaging_profiles/{mine}", {"name": renamed}).ok


def test_what_could_not_be_deleted_is_not_created() -> None:
    with staged(opt_ins={}) as stage:
        assert "irreversible" in (stage.gate.terms.uncreatable("messaging_profiles") or "")
        body = {"name": f"{stage.gate.ledger.prefix}x", "whitelisted_destinations": ["US"]}
        assert refused(stage, "POST", "/messaging_profiles", body) == "effect"


def test_a_field_with_a_graver_effect_needs_its_own_opt_in() -> None:
    with staged() as stage:
        mine = stage.new()
        assert refused(stage, "PATCH", f"/messaging_profiles/{mine}", {"v1_secret": "a" * 20}) == "effect"
    with staged(opt_ins=SECRETS) as stage:
        assert stage.send("PATCH", f"/messaging_profiles/{stage.new()}", {"v1_secret": "a" * 20}).ok


@pytest.mark.parametrize(
    "body",
    [
        {"no_such_field": 1},
        {"id": "x"},
        {"number_pool_settings": {"no_such_member": 1}},
        {"enabled": "yes"},
        b'{"enabled": true, "enabled": false}',
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_body_that_the_description_does_not_describe_is_refused(body: Any) -> None:
    with staged() as stage:
        assert refused(stage, "PATCH", f"/messaging_profiles/{stage.new()}", body) == "request"


def test_a_body_in_another_form_than_json_is_refused() -> None:
    with staged() as stage:
        path = f"/messaging_profiles/{stage.new()}"
        assert refused(stage, "PATCH", path, b"enabled=true", content_type="application/x-www-form-urlencoded")
        assert refused(stage, "DELETE", path, {"any": "body"}) == "request"
        assert refused(stage, "DELETE", f"{path}?force=true") == "request"


@pytest.mark.parametrize(
    "headers",
    [
        {"content_length": "3"},
        {"transfer_encoding": "chunked"},
        {"content_encoding": "gzip"},
        {"content_type": "application/json; charset=utf-16"},
        {"content_type": 'application/json; charset="utf-7"'},
    ],
)
def test_a_body_that_others_would_read_otherwise_is_refused(headers: dict[str, str]) -> None:
    with staged() as stage:
        body = {"name": f"{stage.gate.ledger.prefix}x", "whitelisted_destinations": ["US"]}
        with pytest.raises(Refused) as refused:
            stage.send("POST", "/messaging_profiles", body, **headers)
        assert refused.value.kind == "request"
        assert stage.sent == []
        assert stage.send("POST", "/messaging_profiles", body, content_type="application/json; charset=UTF-8").ok


def test_negative_writes_are_an_extra_word_and_still_only_about_our_records() -> None:
    with staged(negative=True) as stage:
        mine = stage.new()
        assert stage.send("PATCH", f"/messaging_profiles/{mine}", {"enabled": "yes"}).status == 422
        assert refused(stage, "PATCH", f"/messaging_profiles/{FOREIGN}", {"enabled": "yes"}) == "owner"
        assert refused(stage, "POST", "/messaging_profiles", {"name": 5, "whitelisted_destinations": ["US"]}) == "owner"


def test_a_body_names_records_of_ours_only() -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        path, mine = f"/phone_numbers/{NUMBER_ID}/messaging", stage.new()
        assert stage.send("PATCH", path, {"messaging_profile_id": mine}).ok
        assert refused(stage, "PATCH", path, {"messaging_profile_id": FOREIGN}) == "owner"
        assert refused(stage, "PATCH", path, {"messaging_profile_id": "no-such-id"}) == "owner"
        assert stage.send("PATCH", path, {"messaging_profile_id": ""}).ok
        # What it named before the run may be put back.
        assert stage.send("PATCH", path, {"messaging_profile_id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}).ok


def test_a_lent_record_goes_by_all_its_names_and_by_no_other() -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        for address in (NUMBER_ID, NUMBER, "%2B18005550001"):
            assert stage.send("PATCH", f"/phone_numbers/{address}/messaging", {}).ok
        assert refused(stage, "PATCH", "/phone_numbers/1293384261075731500/messaging", {}) == "owner"
        assert refused(stage, "PATCH", "/phone_numbers/+12015550123/messaging", {}) == "owner"


def test_every_refusal_is_counted_and_told() -> None:
    with staged() as stage:
        refused(stage, "GET", "/number_orders")
        refused(stage, "DELETE", f"/messaging_profiles/{FOREIGN}")
        assert stage.gate.refusals == {"operation": 1, "owner": 1}
        assert len(stage.gate.refused) == 2
        assert "was not created by this run" in json.dumps(list(stage.gate.refused.values()))


def test_nothing_leaves_after_the_run() -> None:
    with staged() as stage:
        stage.gate.close()
        assert refused(stage, "GET", "/messaging_profiles") == "client"
