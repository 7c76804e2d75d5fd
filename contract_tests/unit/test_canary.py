"""The canary is caught by a session that sees, and every kind of blindness lets it fly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests import checks
from contract_tests.canary import Canary
from contract_tests.checks import response_schema, status
from contract_tests.description import load
from contract_tests.drift.observe import Observer
from contract_tests.session import Session
from contract_tests.unit.rules.stage import staged


@pytest.fixture
def session() -> Iterator[Session]:
    with staged(load()) as (made, _):
        made.checks = checks.every(made.target.token)
        yield made


@pytest.fixture
def canary(session: Session) -> Canary:
    """A canary that has seen the answers of a short run."""
    made = Canary(session)
    session.observers.append(made)
    session.call("retrieveMessagingProfile", path={"id": "nobody"})
    session.call("listMessagingProfiles")
    return made


def test_a_seeing_session_catches_all_that_is_planted_and_notes_none_of_it(session: Session, canary: Canary) -> None:
    before = {name: dict(counts) for name, counts in session.counts.items()}
    assert list(canary.uncaught()) == []
    assert session.findings.all() == []
    assert session.counts == before


@pytest.mark.parametrize(
    ("blind", "missed"),
    [(response_schema.check, "response-type at /data"), (status.check, "undocumented-status at the status")],
)
def test_a_check_that_is_not_run_is_noticed(session: Session, canary: Canary, blind: Any, missed: str) -> None:
    session.checks = tuple(one for one in session.checks if one is not blind)
    assert list(canary.uncaught()) == [f"the canary was missed: {missed} of listMessagingProfiles"]


def test_an_observer_that_sees_nothing_is_noticed(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Observer, "__call__", lambda *_: None)
    assert [one for one in canary.uncaught() if "field-undocumented" in one]


def test_an_answer_with_faults_is_spoilt_only_where_there_is_no_better_one(session: Session) -> None:
    canary = Canary(session)
    session.observers.append(canary)
    sound = session.checks
    session.checks = (*sound, lambda description, operation, exchange: status.check(description, operation, bad))
    bad = session.send("GET", f"{session.base_url}/nowhere")
    bad = type(bad)(**{**vars(bad), "status": 299, "operation_id": "listMessagingProfiles"})
    session.call("listMessagingProfiles")
    session.checks = sound
    session.call("listPhoneNumberMessagingSettings")
    session.checks = ()
    assert {one.rpartition(" ")[2] for one in canary.uncaught()} == {"listPhoneNumberMessagingSettings"}


def test_without_a_good_answer_there_is_nothing_to_spoil(session: Session) -> None:
    canary = Canary(session)
    session.observers.append(canary)
    session.call("retrieveMessagingProfile", path={"id": "nobody"})
    session.checks = ()
    assert list(canary.uncaught()) == []
