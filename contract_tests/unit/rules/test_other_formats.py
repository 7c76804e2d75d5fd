"""Events in formats that no document shows: what is known of them is judged, of the rest the reason is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.mock.webhooks.event import Event
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.rules.other_formats import formats, what_is_known_holds
from contract_tests.unit.rules.test_webhooks import DESCRIPTION, staged
from contract_tests.webhooks.hooks import Hooks
from contract_tests.webhooks.receiver import Delivery, Inbox

WEBHOOKS = ("deliveryUpdate", "hostedNumberOrderUpdate", "inboundMessage", "replacedLinkClick", "spendLimitReached")
CASES = {case.label: case for case in formats(DESCRIPTION)}
FLAT = {"sms_id": "1", "type": "sms", "from": "+13125550100", "to": "+18005550001", "body": "hello"}
SIGNED = (("X-Telnyx-Signature", "abc"), ("content-type", "application/json"))


def hold(bench: Bench, case: Case, hooks: Hooks) -> None:
    webhook, cause, field, known = case.arguments
    what_is_known_holds(bench, webhook, cause, field, known, hooks)


def places(case: Case, *came: tuple[tuple[tuple[str, str], ...], bytes]) -> set[tuple[str, str, str]]:
    """What is found in events of these headers and bodies, when they come after the cause of a case."""
    with staged() as (session, hooks):

        def arrive(inbox: Inbox, _: object) -> bool:
            inbox._came += [Delivery(headers, body, 0.0) for headers, body in came]
            return bool(came)

        hooks.wait = arrive  # type: ignore[method-assign, assignment]
        bench = Bench(session, "other_formats.what_is_known_holds")
        try:
            hold(bench, case, hooks)
        finally:
            bench.close()
        assert bench.checked
        return {(one.kind, one.operation, one.pointer) for one in session.findings.all()}


def in_format(name: str, webhook: str = "deliveryUpdate") -> Case:
    return CASES[f"{webhook}-webhook_api_version={name}"]


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_each_webhook_whose_address_stands_beside_the_format_has_a_case_for_each_that_is_not_described() -> None:
    assert set(CASES) == {f"{one}-webhook_api_version={name}" for one in WEBHOOKS for name in ("1", "2010-04-01")}


@pytest.mark.parametrize("webhook", WEBHOOKS)
def test_the_format_of_which_nothing_is_known_is_left_with_its_reason(webhook: str) -> None:
    with pytest.raises(NothingToCheck, match="webhook_api_version 2010-04-01 are not judged: no document shows one"):
        places(in_format("2010-04-01", webhook))


def test_events_that_do_not_come_cannot_be_missed_where_nobody_says_which_there_are() -> None:
    with pytest.raises(NothingToCheck, match="webhook_api_version 1 are not judged: none came, and no schema"):
        places(in_format("1"))


@pytest.mark.parametrize("webhook", WEBHOOKS)
def test_a_stand_in_tells_nobody_in_a_format_that_it_does_not_know(webhook: str) -> None:
    with staged() as (session, hooks):
        bench = Bench(session, "check")
        with pytest.raises(NothingToCheck, match="none came"):
            hold(bench, in_format("1", webhook), hooks)
        bench.close()
        assert session.findings.all() == [] and not hooks.seen


def test_a_flat_event_with_its_signature_is_as_it_is_known_to_be() -> None:
    assert places(in_format("1"), (SIGNED, body(FLAT))) == set()


@pytest.mark.parametrize(
    ("headers", "content", "place"),
    [
        (SIGNED[1:], body(FLAT), ("webhook-header-missing", "request:header:x-telnyx-signature")),
        (SIGNED, b"sms_id=1", ("webhook-not-json", "")),
        (SIGNED, body([FLAT]), ("webhook-type", "")),
        (SIGNED, body({**FLAT, "cost": {"amount": "1"}}), ("webhook-type", "request:/cost")),
        (SIGNED, body(Event("1", "message.sent", "now", {}).content(1, "u")), ("webhook-type", "request:/data")),
    ],
    ids=["no signature", "no JSON", "a list", "an object inside", "the format that is described"],
)
def test_what_is_known_not_to_be_is_found(headers: tuple[Any, ...], content: bytes, place: tuple[str, str]) -> None:
    found = {(kind, pointer) for kind, _, pointer in places(in_format("1"), (headers, content))}
    assert place in found and {kind for kind, _ in found} == {place[0]}
