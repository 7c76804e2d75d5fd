"""The suite notices what it is for: each planted fault ends in exit code 1 and a finding that names where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.description import load
from contract_tests.drift.report import SCHEMA
from scripts import contract

PROFILE, NUMBER = "/data/alpha_sender", "/data/messaging_profile_id"


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a quick run."""
    code = contract.main(["--budget", "quick", "--report-dir", str(folder), *arguments])
    report: dict[str, Any] = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    return code, report


# fault, the operation that the run is restricted to, the kind and the place that the finding has
FAULTS = [
    ("drop-response-field:alpha_sender", "retrieveMessagingProfile", "field-never-sent", PROFILE),
    ("change-response-type:alpha_sender", "retrieveMessagingProfile", "response-type", PROFILE),
    ("add-response-field:colour", "retrieveMessagingProfile", "field-undocumented", "/data/colour"),
    ("unknown-enum-member:record_type", "retrieveMessagingProfile", "response-enum", "/data/record_type"),
    ("null-clears", "updatePhoneNumberMessagingSettings", "null-clears", NUMBER),
    ("empty-string-keeps", "updatePhoneNumberMessagingSettings", "empty-string-keeps", NUMBER),
    ("forget-delete", "deleteMessagingProfile", "deleted-still-there", ""),
    ("status:createMessagingProfile:201", "createMessagingProfile", "undocumented-status", ""),
    ("status:listMessagingProfiles:418", "listMessagingProfiles", "undocumented-status", ""),
    ("accept-any-token", "listMessagingProfileMetrics", "wrong-token-accepted", "request:header:authorization"),
    ("accept-no-token", "listMessagingProfileMetrics", "missing-token-accepted", "request:header:authorization"),
    ("accept-bad-values", "createMessagingProfile", "invalid-accepted", "request:/webhook_api_version"),
    ("error-without-envelope", "listMessagingProfileMetrics", "error-envelope", "/errors"),
    ("integer-error-codes", "listMessagingProfileMetrics", "response-type", "/errors/*/code"),
    ("html-errors", "listMessagingProfileMetrics", "content-type", "header:content-type"),
    ("wrong-content-type", "listMessagingProfileMetrics", "content-type", "header:content-type"),
]


@pytest.mark.parametrize(("fault", "operation", "kind", "pointer"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found_and_placed(
    tmp_path: Path, fault: str, operation: str, kind: str, pointer: str
) -> None:
    code, report = run(tmp_path, "--plant", fault, "--only", operation)
    assert code == report["run"]["exit_code"] == 1
    found = {
        (one["kind"], place["operation"], place["pointer"]) for one in report["findings"] for place in one["places"]
    }
    assert (kind, operation, pointer) in found
    assert report["run"]["planted"] == [fault]


def test_a_run_without_faults_finds_nothing_and_exercises_everything(tmp_path: Path) -> None:
    code, report = run(tmp_path)
    assert (code, report["findings"], report["missing"]) == (0, [], [])
    assert report["counts"]["exercised"] == report["counts"]["operations"] == len(load().operations)
    for operation in report["operations"]:
        refused = {status for status in operation["verified"] if status.startswith("4")}
        assert [status for status in operation["verified"] if status.startswith("2")], operation["operation_id"]
        assert "401" in refused, operation["operation_id"]
        assert len(refused) > 1, operation["operation_id"]
    validator = jsonschema_rs.Draft202012Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), validate_formats=True
    )
    assert [error.message for error in validator.iter_errors(report)] == []
