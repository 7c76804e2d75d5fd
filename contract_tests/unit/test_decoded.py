"""The package's reading of each answer is held against the checks': where they part ways there is a finding."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from telnyx_bindings.runtime.settings import Settings

from contract_tests import checks, decoded
from contract_tests.decoded import Decoded
from contract_tests.description import load
from contract_tests.drift.finding import Finding
from contract_tests.session import Session
from contract_tests.unit.rules.stage import staged

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
Spoil = Callable[[dict[str, Any]], None]


@pytest.fixture
def session() -> Iterator[Session]:
    with staged(load()) as (made, _):
        made.checks = checks.every(made.target.token)
        yield made


def kinds(session: Session, spoil: Spoil = lambda body: None, reader: Decoded | None = None) -> list[tuple[str, str]]:
    """What is found in the answer for one profile after it was spoilt."""
    reader = reader or Decoded(session)
    exchange = session.send("GET", f"{session.base_url}/messaging_profiles/{PROFILE}")
    body = exchange.json
    spoil(body)
    exchange = dataclasses.replace(exchange, operation_id="retrieveMessagingProfile", body=json.dumps(body).encode())
    session.observers.append(reader)
    session.record(load().by_id["retrieveMessagingProfile"], exchange)
    assert reader.count == 1
    return [(one.kind, one.pointer) for one in session.findings.all()]


def test_an_answer_as_described_is_read_in_both_modes(session: Session) -> None:
    assert kinds(session) == []


@pytest.mark.parametrize(
    ("name", "value", "kind"), [("enabled", "yes", "response-type"), ("record_type", "other", "response-enum")]
)
def test_what_the_schema_and_strict_mode_both_see_is_one_finding(
    session: Session, name: str, value: Any, kind: str
) -> None:
    assert kinds(session, lambda body: body["data"].update({name: value})) == [(kind, f"/data/{name}")]


def test_what_only_the_schema_sees_is_a_finding_of_its_own(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from telnyx_bindings.runtime import drift

    monkeypatch.setattr(drift.Observer, "odd", lambda self, container, key, value, expected: value)
    found = kinds(session, lambda body: body["data"].update(enabled="yes"))
    assert found == [("response-type", "/data/enabled"), ("package-overlooks", "/data/enabled")]


def test_a_strict_mode_that_notices_but_does_not_refuse_is_found_out(session: Session) -> None:
    reader = Decoded(session)
    reader._strict = Settings(token="unused", on_drift=reader._seen.append)
    found = kinds(session, lambda body: body["data"].update(enabled="yes"), reader)
    assert found == [("response-type", "/data/enabled"), ("package-overlooks", "/data/enabled")]


def test_what_only_strict_mode_sees_is_a_finding_of_its_own(session: Session) -> None:
    session.checks = ()
    found = kinds(session, lambda body: body["data"].update(enabled="yes"))
    assert found == [("package-refuses", "/data/enabled")]


def test_an_answer_that_the_package_does_not_survive_is_a_finding(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoded, "_raised", lambda module, answer, settings: KeyError("id"))
    assert kinds(session) == [("package-cannot-read", "")]


def test_refusals_are_read_with_status_and_codes(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Decoded(session)
    session.observers.append(reader)
    for _ in range(2):
        session.call("retrieveMessagingProfile", path={"id": "nobody"})
    assert session.findings.all() == []
    assert reader.count == 2
    session.observers[:] = [Decoded(session)]
    monkeypatch.setattr(decoded, "_raised", lambda module, answer, settings: httpx.ReadTimeout("slow"))
    session.call("retrieveMessagingProfile", path={"id": "nobody"})
    found: list[Finding] = session.findings.all()
    assert [(one.kind, one.expected) for one in found] == [
        ("package-cannot-read", "an error with status 404 and codes 10005")
    ]
