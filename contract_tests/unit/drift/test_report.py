"""``drift.json`` has its documented shape, says what was exercised and found, and keeps secrets out."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs

from contract_tests.drift.finding import Finding, Severity
from contract_tests.drift.report import SCHEMA, Facts, build, description_hash
from contract_tests.run import Run
from contract_tests.unit.drift.conftest import SECRET, TOKEN


def test_the_report_is_of_its_documented_shape(report: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert [error.message for error in validator.iter_errors(report)] == []


def test_the_shape_would_notice_another_report(report: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert not validator.is_valid({**report, "surprise": 1})
    assert not validator.is_valid({name: value for name, value in report.items() if name != "operations"})
    nameless = [{**finding, "operations": []} for finding in report["findings"]]
    assert not validator.is_valid({**report, "findings": nameless})


def test_the_run_is_told_by_its_facts(report: dict[str, Any]) -> None:
    run = report["run"]
    assert (run["target"], run["seed"], run["budget"], run["exit_code"]) == ("mock", 7, "quick", 1)
    assert run["started"] == "2023-11-14T22:13:20+00:00"
    assert run["planted"] == ["some-fault"]
    assert run["versions"].keys() >= {"python", "schemathesis", "hypothesis"}


def test_operations_show_what_was_sent_and_what_passed(report: dict[str, Any]) -> None:
    (operation,) = report["operations"]
    assert (operation["requests"], operation["statuses"], operation["verified"]) == (1, {"200": 1}, {})
    size = operation["fields"]["/size"]
    assert (size["present"], size["null"], size["absent"], size["types"]) == (1, 0, 0, {"string": 1})
    assert operation["fields"]["/echo"]["note"] == "not described"
    counts = {"operations": 1, "exercised": 0, "requests": 1, "findings": 2, "known": 0, "new": 2}
    assert report["counts"] == counts


def test_findings_name_operation_and_place_and_can_be_repeated(report: dict[str, Any]) -> None:
    found = {one["kind"]: one for one in report["findings"]}
    assert found.keys() == {"response-type", "field-undocumented"}
    one = found["response-type"]
    assert (one["operations"], one["pointer"], one["expected"]) == (["createThing"], "/size", "integer")
    assert one["described"]["pointer"] == "#/components/schemas/Thing/properties/size"
    assert one["curl"].startswith("curl -i -X POST http://127.0.0.1:1/v2/things ")
    assert "$TELNYX_API_KEY" in one["curl"]
    assert "os.environ['TELNYX_API_KEY']" in one["python"]
    assert one["exchange"]["response_body"]["v1_secret"] == "[redacted]"


def test_neither_token_nor_secret_is_anywhere(report: dict[str, Any]) -> None:
    text = json.dumps(report, ensure_ascii=False)
    assert TOKEN not in text
    assert SECRET not in text


def test_a_secret_at_the_cut_is_not_shown_by_half(run: Run, facts: Facts) -> None:
    observed = "x" * 190 + SECRET
    run.session.findings.add(Finding("kind", "createThing", "/at", "none", observed, Severity.BREAKING, "check"))
    (found,) = (one for one in build(run, facts)["findings"] if one["kind"] == "kind")
    assert found["observed"] == "x" * 190 + "[redacted]"
    assert SECRET[:9] not in found["headline"]


def test_the_hash_is_that_of_the_content_not_of_its_order() -> None:
    assert description_hash({"a": 1, "b": 2}) == description_hash({"b": 2, "a": 1})
    assert description_hash({"a": 1}) != description_hash({"a": 2})


def test_what_an_undescribed_field_holds_is_nowhere(run: Run, facts: Facts) -> None:
    text = json.dumps(build(run, facts))
    assert '"echo": "[redacted]"' in text
    (found,) = (one for one in build(run, facts)["findings"] if one["kind"] == "field-undocumented")
    assert "value" not in found["evidence"]
