"""A rule does not repeat what a check said about the same exchange, and keeps whatever is its own."""

from __future__ import annotations

import pytest

from contract_tests.drift.echoes import repeats
from contract_tests.drift.finding import Finding, Severity


def said(kind: str, pointer: str = "") -> list[Finding]:
    return [Finding(kind, "listThings", pointer, "", "", Severity.BREAKING, "check")]


@pytest.mark.parametrize(
    ("kind", "pointer", "before"),
    [
        ("valid-request-refused", "", said("undocumented-status")),
        ("valid-request-refused", "", said("valid-request-refused", "request:/name")),
        ("wrong-request-accepted", "", said("wrong-token-accepted", "request:header:authorization")),
        ("value-not-read-back", "/data/size", said("response-type", "/data/size")),
        ("first-value-wrong", "/data/3/size", said("response-enum", "/data/0/size")),
        ("null-clears", "/data/size", said("server-error")),
    ],
)
def test_a_repetition_is_known(kind: str, pointer: str, before: list[Finding]) -> None:
    assert repeats(kind, pointer, before)


@pytest.mark.parametrize(
    ("kind", "pointer", "before"),
    [
        ("value-not-read-back", "/data/size", []),
        ("value-not-read-back", "/data/size", said("response-type", "/data/name")),
        ("null-clears", "/data/size", said("response-type", "/data/size")),
        ("invalid-accepted", "request:/a", said("invalid-accepted", "request:/b")),
        ("valid-request-refused", "", said("header-missing", "header:x-request-id")),
    ],
)
def test_what_is_its_own_is_kept(kind: str, pointer: str, before: list[Finding]) -> None:
    assert not repeats(kind, pointer, before)
