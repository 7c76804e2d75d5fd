"""The canary is caught by a session that sees, and every kind of blindness lets it fly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests import canary, checks
from contract_tests.checks import response_schema, status
from contract_tests.description import load
from contract_tests.drift.observe import Observer
from contract_tests.preflight import probes
from contract_tests.session import Session
from contract_tests.unit.rules.stage import staged


@pytest.fixture
def session() -> Iterator[Session]:
    with staged(load()) as (made, _):
        made.checks = checks.every(made.target.token)
        yield made


def test_a_seeing_session_catches_all_that_is_planted_and_notes_none_of_it(session: Session) -> None:
    assert list(canary.uncaught(session, probes(load())[0])) == []
    assert session.findings.all() == []
    assert session.counts == {}


@pytest.mark.parametrize(
    ("blind", "missed"),
    [(response_schema.check, "response-type at /data"), (status.check, "undocumented-status at the status")],
)
def test_a_check_that_is_not_run_is_noticed(session: Session, blind: Any, missed: str) -> None:
    session.checks = tuple(one for one in session.checks if one is not blind)
    assert any(missed in said for said in canary.uncaught(session, probes(load())[0]))


def test_an_observer_that_sees_nothing_is_noticed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Observer, "__call__", lambda *_: None)
    assert [one for one in canary.uncaught(session, probes(load())[0]) if "field-undocumented" in one]


def test_without_an_answer_to_spoil_nothing_is_shown(session: Session) -> None:
    for said in canary.uncaught(session, load().by_id["retrieveMessagingProfile"]):
        assert "had no answer to spoil: retrieveMessagingProfile answered 404" in said
        return
    pytest.fail("a canary that could not fly passed")
