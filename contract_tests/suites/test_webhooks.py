"""Webhooks: each event is sent after its cause, signed and as described, and the package reads it."""

from __future__ import annotations

import pytest

from contract_tests.rules import cases, causing, other_formats, webhooks
from contract_tests.rules.cases import Case, each
from contract_tests.rules.settle import Hold
from contract_tests.run import Run
from contract_tests.session import Session
from contract_tests.webhooks.hooks import Hooks

pytest_generate_tests = cases.generate


def test_package_knows_every_event(hold: Hold, session: Session) -> None:
    for webhook in session.description.webhooks.values():
        hold(webhooks.package_agrees, webhook)


@each(causing.causes)
def test_events_are_told(hold: Hold, case: Case, hooks: Hooks) -> None:
    hold(webhooks.events_are_told, *case.arguments, hooks)


@each(other_formats.formats)
def test_formats_that_are_not_described(hold: Hold, case: Case, hooks: Hooks) -> None:
    hold(other_formats.what_is_known_holds, *case.arguments, hooks)


def test_every_described_field_was_told(run: Run, session: Session, hooks: Hooks) -> None:
    """A field that no event of the whole run held is gone, though no schema can say so."""
    if not any(run.includes(case.operation.operation_id) for case in causing.causes(session.description)):
        pytest.skip("no events are sent after the operations of this run")
    if not hooks.seen:
        pytest.skip(hooks.obstacle or "no event came")
    for name in hooks.seen:
        for finding in hooks.observer.never_sent(session.description.webhooks[name]):
            session.findings.add(finding)
