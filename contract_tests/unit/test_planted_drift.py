"""The suite notices what it is for: each planted fault ends in exit code 1 and a finding that names where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import contract

pytestmark = pytest.mark.takes(20)

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
