"""A rule does not repeat what a check said about the same exchange, and keeps whatever is its own."""

from __future__ import annotations

import pytest

from contract_tests.drift.echoes import GIVES_WAY, GIVES_WAY_IF_ABSENT, distinct, repeats
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
        ("package-cannot-read", "", said("response-type", "/data/size")),
        ("package-cannot-read", "", said("undocumented-status")),
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


def noted(kind: str, pointer: str, observed: str = "integer 7", operation: str = "listThings") -> Finding:
    return Finding(kind, operation, pointer, "", observed, Severity.BREAKING, "check")


AUTHORIZATION = "request:header:authorization"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (
            noted("default-not-applied", "/data/size", "nothing"),
            noted("field-never-sent", "/data/size", "absent from all 3 objects"),
        ),
        (
            noted("value-not-read-back", "/data/size", "nothing"),
            noted("default-not-applied", "/data/size", "nothing"),
        ),
        (noted("response-required", "/data/0/size", "absent"), noted("value-not-stored", "/data/1/size", "nothing")),
        (noted("response-type", "/data/size", "null"), noted("response-enum", "/data/size", "null")),
        (noted("response-type", "/errors/0/code"), noted("error-envelope", "/errors/0/code")),
        (noted("wrong-token-accepted", AUTHORIZATION, "status 200"), noted("wrong-refusal", AUTHORIZATION, "404")),
    ],
    ids=lambda one: one.kind,
)
def test_of_two_findings_about_one_deviation_the_better_one_stays(better: Finding, worse: Finding) -> None:
    assert distinct([worse, better]) == [better]
    assert distinct([better, worse]) == [better]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Another operation, another place, and a value that is there but wrong.
        (noted("response-type", "/data/size"), noted("response-enum", "/data/size", operation="createThing")),
        (noted("response-type", "/data/size"), noted("response-enum", "/data/kind")),
        (noted("value-not-read-back", "/data/size", "8"), noted("default-not-applied", "/data/size", "7")),
        (noted("value-not-read-back", "/data/size", "8"), noted("field-never-sent", "/data/size", "absent from all")),
        (noted("response-required", "/errors", "absent"), noted("error-envelope", "/errors", "absent")),
    ],
)
def test_findings_about_two_deviations_both_stay(one: Finding, other: Finding) -> None:
    assert distinct([one, other]) == [one, other]


def test_something_always_stays() -> None:
    kinds = {*GIVES_WAY, *GIVES_WAY_IF_ABSENT}
    findings = [noted(kind, "/data/size", "absent") for kind in sorted(kinds)]
    assert distinct(findings)
