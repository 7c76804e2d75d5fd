"""Rules of webhooks: what a sound mock sends is fine, however often and in whatever order; each drift is named."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from contract_tests import events
from contract_tests.description import Description, load
from contract_tests.drift.finding import Finding, Findings
from contract_tests.mock import TelnyxMock
from contract_tests.mock.drift_catalogue import instances
from contract_tests.mock.drifts import telling
from contract_tests.mock.drifts.drift import Plant
from contract_tests.mock.remote import Remote
from contract_tests.mock.server import serve
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.rules.causing import causes
from contract_tests.rules.webhooks import events_are_told, package_agrees
from contract_tests.session import Session
from contract_tests.target import Target
from contract_tests.webhooks.hooks import NO_WAY, Hooks
from contract_tests.webhooks.receiver import Inbox
from contract_tests.webhooks.stand_in import StandIn

DESCRIPTION = load()
CASES = {case.name: case for case in causes(DESCRIPTION)}
MESSAGE = CASES["sendMessage-deliveryUpdate"]
NAMES = {drift.name for drift in telling.DRIFTS}
PLANTS = [plant for plant in instances(DESCRIPTION, each=2) if plant.drift.name in NAMES]


@contextmanager
def staged(
    plants: Iterable[str] = (), *, duplicates: int = 0, controls: bool = True
) -> Iterator[tuple[Session, Hooks]]:
    """A session with a mock that has these drifts, and what receives its webhooks."""
    with TelnyxMock(plants=plants) as mock, serve(Remote(mock)) as address:
        mock.webhooks.duplicates = duplicates
        session = Session(DESCRIPTION, Target("staged", address, "KEY_any"), address, [], Findings())
        stand_in = functools.partial(StandIn.at, address) if controls else lambda: None
        hooks = Hooks(DESCRIPTION, session.findings, stand_in, environment={})
        try:
            yield session, hooks
        finally:
            session.close()
            hooks.close()


def hold(session: Session, hooks: Hooks, *cases: Case) -> list[Finding]:
    """What the rule finds in these cases, and that no field came; it must have judged something."""
    for case in cases:
        bench = Bench(session, "webhooks.events_are_told")
        try:
            webhook, cause = case.arguments
            events_are_told(bench, webhook, cause, hooks)
        finally:
            bench.close()
        assert bench.checked > 0
    for name in hooks.seen:
        for finding in hooks.observer.never_sent(DESCRIPTION.webhooks[name]):
            session.findings.add(finding)
    return session.findings.all()


def found(plant: str, case: Case = MESSAGE) -> set[tuple[str, str, str]]:
    """Kind, webhook and place of what is found when a drift is planted."""
    with staged([plant]) as (session, hooks):
        return {(one.kind, one.operation, one.pointer) for one in hold(session, hooks, case)}


def test_all_that_is_described_is_sent_and_nothing_is_wrong_with_it() -> None:
    with staged() as (session, hooks):
        assert [one.headline() for one in hold(session, hooks, *CASES.values())] == []
        assert set(hooks.seen) == set(DESCRIPTION.webhooks)
        assert hooks.unchecked == ()


def test_what_comes_twice_and_in_another_order_is_no_deviation(monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(duplicates=1) as (session, hooks):
        usual = hooks.wait

        def until_all_came_twice(inbox: Inbox, _: object) -> bool:
            came = usual(inbox, lambda found: len(found) == 4)
            inbox._came.reverse()
            return came

        monkeypatch.setattr(hooks, "wait", until_all_came_twice)
        assert hold(session, hooks, MESSAGE) == []
        assert hooks.seen["deliveryUpdate"] == 4


@pytest.mark.parametrize("plant", PLANTS, ids=[f"{one.text} after {one.only[0]}" for one in PLANTS])
def test_each_drift_is_named_with_its_webhook_and_place(plant: Plant) -> None:
    case = next(one for one in CASES.values() if one.operation.operation_id == plant.only[0])
    if plant.operations[0] not in case.label:
        case = next(one for one in CASES.values() if one.label == plant.operations[0])
    with staged([plant.text]) as (session, hooks):
        said = hold(session, hooks, case)
    assert any(plant.attributed_by(one.kind, one.operation, one.pointer) for one in said), said
    assert {one.kind for one in said} <= set(plant.drift.kinds), "nothing else is to be said about it"


def test_a_finding_shows_the_event_and_what_it_was_sent_after() -> None:
    with staged(["never-ends:deliveryUpdate"]) as (session, hooks):
        (finding,) = hold(session, hooks, MESSAGE)
    assert finding.pointer == "request:/data/payload/to/0/status" and "sent" in finding.observed
    assert finding.exchange is not None and finding.exchange.received
    assert events.type_of(finding.exchange.request_json) == "message.finalized"
    assert [one.operation_id for one in finding.before] == ["sendMessage"]


def test_a_type_that_nobody_described_is_one_of_the_webhook_that_was_expected() -> None:
    places = found(
        "new-event-value:inboundMessage.data.event_type", CASES["updatePhoneNumberMessagingSettings-inboundMessage"]
    )
    assert ("webhook-enum", "inboundMessage", "request:/data/event_type") in places
    assert ("webhook-never-sent", "inboundMessage", "") in places


def test_a_wrong_value_is_told_where_the_description_says_what_it_has_to_be() -> None:
    case = CASES["updatePhoneNumberMessagingSettings-inboundMessage-2"]
    assert ("webhook-value-wrong", "inboundMessage", "request:/data/payload/autoresponse_type") in found(
        "drop-event-field:inboundMessage.data.payload.autoresponse_type", case
    )


def test_without_a_way_to_receive_nothing_is_claimed() -> None:
    with staged(controls=False) as (session, hooks), pytest.raises(NothingToCheck, match="--webhook-url"):
        hold(session, hooks, MESSAGE)
    assert "--controls" in NO_WAY


def test_nobody_is_made_to_write_where_there_are_no_controls() -> None:
    with staged(controls=False) as (session, hooks):
        hooks.url = "http://127.0.0.1:1"
        with pytest.raises(NothingToCheck, match="receive_message"):
            hold(session, hooks, CASES["updatePhoneNumberMessagingSettings-inboundMessage"])


def test_the_package_has_a_class_for_every_event() -> None:
    with staged() as (session, _):
        for webhook in DESCRIPTION.webhooks.values():
            bench = Bench(session, "webhooks.package_agrees")
            package_agrees(bench, webhook)
            assert bench.checked == len(events.types_of(DESCRIPTION, webhook))
        unknown = Description(
            {**DESCRIPTION.document, "webhooks": {"orderMade": DESCRIPTION.document["webhooks"]["replacedLinkClick"]}}
        )
        bench = Bench(Session(unknown, session.target, session.base_url, [], Findings()), "webhooks.package_agrees")
        package_agrees(bench, unknown.webhooks["orderMade"])
        assert bench.checked == 1
