"""What Schemathesis reports becomes a finding, unless a check of ours said it already."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.drift.classify import MAPPINGS, Failure, classify
from contract_tests.exchange import Exchange
from contract_tests.generated_requests import settings

SEEN = Exchange("listThings", "GET", "http://127.0.0.1:1/v2/things", {}, b"", 200, {}, b"{}", 0.0)


@pytest.mark.parametrize("check", sorted(MAPPINGS))
def test_a_failure_is_written_in_our_words(check: str) -> None:
    finding = classify(Failure(check, "some\n  text"), "listThings", SEEN, ())
    assert finding is not None
    assert (finding.kind, finding.check) == (MAPPINGS[check].kind, f"schemathesis:{check}")
    assert finding.observed == "status 200: some text"


@pytest.mark.parametrize(
    ("check", "known"),
    [
        ("status_code_conformance", "undocumented-status"),
        ("response_schema_conformance", "response-enum"),
        ("response_schema_conformance", "response-not-json"),
        ("response_schema_conformance", "undocumented-status"),
        ("content_type_conformance", "content-type"),
        ("negative_data_rejection", "invalid-accepted"),
        ("ignored_auth", "missing-token-accepted"),
        ("not_a_server_error", "server-error"),
        ("response_headers_conformance", "header-missing"),
    ],
)
def test_what_our_checks_said_is_not_said_again(check: str, known: str) -> None:
    assert classify(Failure(check, "text"), "listThings", SEEN, {known}) is None


def test_another_fault_in_the_same_exchange_hides_nothing() -> None:
    assert (
        classify(Failure("use_after_free", "text"), "listThings", SEEN, {"response-type", "content-type"}) is not None
    )


def test_a_target_that_announces_to_take_any_token_is_not_blamed_for_it() -> None:
    announced = replace(SEEN, headers={"x-mock-credentials": "any"}, request_headers={"authorization": "Bearer x"})
    assert classify(Failure("ignored_auth", "text"), "listThings", announced, ()) is None
    assert (
        classify(Failure("ignored_auth", "text"), "listThings", replace(announced, request_headers={}), ()) is not None
    )
    assert classify(Failure("ignored_auth", "text"), "listThings", announced, (), live=True) is not None


def test_the_place_of_a_schema_failure_is_kept() -> None:
    finding = classify(Failure("response_schema_conformance", "text", ("data", 0, "a/b")), "listThings", SEEN, ())
    assert finding is not None
    assert finding.pointer == "/data/0/a~1b"


def test_an_unknown_check_is_still_a_finding() -> None:
    finding = classify(Failure("brand_new_check", "text"), "listThings", SEEN, ())
    assert finding is not None
    assert (finding.kind, finding.severity.value) == ("schemathesis", "unverified")


def test_every_check_that_is_switched_on_has_a_place_here() -> None:
    configured = tomllib.loads(Path(settings.FILE).read_text(encoding="utf-8"))["checks"]
    enabled = {name for name, value in configured.items() if isinstance(value, dict) and value.get("enabled")}
    assert enabled | {"ignored_auth"} == MAPPINGS.keys()


def test_a_text_that_names_a_sensitive_field_is_not_shown() -> None:
    failure = Failure("response_schema_conformance", 'not of type string: {"v1_secret": 7}')
    finding = classify(failure, "listThings", SEEN, (), {"v1_secret"})
    assert finding is not None
    assert finding.observed == "status 200: [redacted]"


@pytest.mark.parametrize(
    ("status", "kind"), [(200, "wrong-token-accepted"), (404, "wrong-refusal"), (502, "server-error")]
)
def test_only_an_answer_that_opens_something_accepted_a_token(status: int, kind: str) -> None:
    finding = classify(Failure("ignored_auth", "text"), "listThings", replace(SEEN, status=status), ())
    assert finding is not None
    assert finding.kind == kind


def test_the_media_type_of_a_server_error_is_part_of_that_error() -> None:
    failure, broken = Failure("content_type_conformance", "text"), replace(SEEN, status=502)
    assert classify(failure, "listThings", broken, {"server-error"}) is None
    finding = classify(failure, "listThings", broken, ())
    assert finding is not None
    assert finding.kind == "server-error"
