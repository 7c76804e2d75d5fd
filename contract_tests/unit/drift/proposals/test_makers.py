"""Findings that the description can absorb get actions that apply and say what was seen; others get none."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import ROOT, load
from contract_tests.drift.proposals.case import Case, Step
from contract_tests.drift.proposals.makers import behaviour, steps
from contract_tests.drift.proposals.propose import propose
from contract_tests.unit.drift.reports import operation, place, report, told
from scripts.errors import InputError
from scripts.pipeline import overlay, pointers

SCHEMAS = "#/components/schemas"
PROFILE = f"{SCHEMAS}/MessagingProfile/properties"
RETRIEVE = "retrieveMessagingProfile"


def row(**changes: Any) -> dict[str, Any]:
    """A line of the table of fields."""
    plain: dict[str, Any] = {"types": {"string": 3}, "formats": {"text": 3}, "null": 0, "new_values": []}
    return {"described": True, "present": 3, "absent": 0, "note": "", **plain, **changes}


def case(kind: str, pointer: str, described: str, seen: dict[str, Any] | None = None, **changes: Any) -> Case:
    name = changes.pop("operation", RETRIEVE)
    where = {**place(name, pointer, described), **changes.pop("place", {})}
    finding = told(kind=kind, operations=[name], pointer=pointer, places=[where], **changes)
    fields = {pointer: seen} if seen else {}
    return Case(load(), finding, {name: operation(name, fields=fields)}, load().document)


def after(made: Case) -> dict[str, Any]:
    """The description with the proposal for a case laid over it, by the pipeline's own code."""
    made_report = report([dict(made.finding)], list(made.operations.values()))  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        (proposal,) = propose(made_report, ROOT).proposals
        path = Path(folder) / proposal.name
        path.write_text(proposal.text, encoding="utf-8")
        document, hits = overlay.apply(dict(load().document), overlay.read(path))
    assert all(hits)
    return document


def at(document: dict[str, Any], pointer: str) -> Any:
    return pointers.follow(document, pointer.removeprefix("#"))


@pytest.mark.parametrize(
    ("seen", "schema"),
    [
        (row(), {"type": "string", "x-initial": ""}),
        (row(formats={"uuid": 3}), {"type": "string", "format": "uuid"}),
        (row(formats={"uuid": 2, "empty": 1}), {"type": "string", "x-initial": ""}),
        (row(types={"integer": 3}, formats={}), {"type": "integer", "x-initial": 0}),
        (row(types={"integer": 1, "string": 1}), {"type": ["integer", "string"]}),
        (row(types={"array": 1}, formats={}, null=2), {"type": ["array", "null"], "items": {}}),
    ],
)
def test_a_new_field_is_described_as_it_was_seen(seen: dict[str, Any], schema: dict[str, Any]) -> None:
    document = after(case("field-undocumented", "/data/a~1b", f"{PROFILE}/a~1b", seen))
    found = at(document, PROFILE)["a/b"]
    assert found.items() >= schema.items()
    assert found["description"]
    assert ("x-initial" in found) == ("null" not in found["type"])


def test_a_new_field_without_a_table_gets_the_type_that_the_finding_names() -> None:
    made = case("field-undocumented", "/data/new", f"{PROFILE}/new", place={"observed": "a field with boolean"})
    assert at(after(made), f"{PROFILE}/new")["type"] == "boolean"


@pytest.mark.parametrize(
    ("name", "seen", "types"),
    [
        ("name", row(types={"integer": 3}, formats={}), ["string", "integer"]),
        ("enabled", row(types={}, formats={}, null=3), ["boolean", "null"]),
        ("alpha_sender", row(types={"integer": 1, "string": 1}), ["string", "null", "integer"]),
    ],
)
def test_a_type_that_was_seen_stands_beside_the_described_one(name: str, seen: dict[str, Any], types: Any) -> None:
    document = after(case("response-type", f"/data/{name}", f"{PROFILE}/{name}", seen))
    assert at(document, f"{PROFILE}/{name}/type") == types
    assert at(document, f"{PROFILE}/{name}/description")


def test_null_for_a_named_type_becomes_an_alternative() -> None:
    seen = row(types={}, formats={}, null=3)
    document = after(case("response-type", "/data/webhook_api_version", f"{PROFILE}/webhook_api_version", seen))
    assert at(document, f"{PROFILE}/webhook_api_version/anyOf") == [
        {"$ref": f"{SCHEMAS}/WebhookApiVersion"},
        {"type": "null"},
    ]


def test_a_new_member_joins_the_enum() -> None:
    seen = row(new_values=['"3"', '"2"'])
    made = case("response-enum", "/data/webhook_api_version", f"{SCHEMAS}/WebhookApiVersion", seen)
    assert at(after(made), f"{SCHEMAS}/WebhookApiVersion/enum")[-1] == "3"


def test_a_new_member_gets_a_name_where_the_others_have_one() -> None:
    seen = row(new_values=['"3.1"', '"--"'])
    made = case("response-enum", "/data/webhook_api_version", f"{SCHEMAS}/WebhookApiVersion", seen)
    hinted = {"components": {"schemas": {"WebhookApiVersion": {"x-enum-varnames": ["VALUE_3_1"]}}}}
    found = steps(Case(made.description, made.finding, made.operations, hinted))
    assert [one.generator for one in found] == [False, True]
    assert found[1].action["update"] == {"x-enum-varnames": ["VALUE_3_1_", "EMPTY"]}


def test_a_form_that_answers_break_is_taken_off() -> None:
    made = case("response-format", "/data/created_at", f"{PROFILE}/created_at", expected="format date-time")
    assert "format" not in at(after(made), f"{PROFILE}/created_at")


def test_a_status_is_listed_with_the_answer_of_its_class() -> None:
    created = case("undocumented-status", "", "", evidence={"status": 201}, operation="createMessagingProfile")
    responses = at(after(created), "#/paths/~1messaging_profiles/post/responses")
    assert responses["201"] == responses["200"]
    refused = case("undocumented-status", "", "", evidence={"status": 418}, operation="createMessagingProfile")
    assert "418" in at(after(refused), "#/paths/~1messaging_profiles/post/responses")


def test_a_header_is_taken_out_of_the_answers_that_lacked_it() -> None:
    made = case("header-missing", "header:x-request-id", "", place={"statuses": [200, 404]})
    document = after(made)
    for name in ("MessagingProfileRetrieved", "NotFound"):
        assert "x-request-id" not in at(document, f"#/components/responses/{name}/headers")
    assert "x-request-id" in at(document, "#/components/responses/Unauthorized/headers")


@pytest.mark.parametrize(("observed", "default"), [("true", True), ('"x"', "x"), ("null", None)])
def test_a_default_is_what_new_records_hold(observed: str, default: Any) -> None:
    made = case(
        "default-not-applied",
        "/data/mms_transcoding",
        f"{PROFILE}/mms_transcoding",
        operation="createMessagingProfile",
        place={"observed": observed},
    )
    assert at(after(made), f"{SCHEMAS}/MessagingProfileCreate/properties/mms_transcoding").get("default") == default


def test_a_first_value_is_what_new_records_hold() -> None:
    made = case(
        "first-value-wrong",
        "/data/redaction_enabled",
        f"{PROFILE}/redaction_enabled",
        operation="createMessagingProfile",
        place={"observed": "true"},
    )
    assert at(after(made), f"{PROFILE}/redaction_enabled/x-initial") is True


def test_a_limit_that_nobody_keeps_goes_and_one_that_was_found_by_trying_is_stated() -> None:
    size = "#/components/parameters/PageSize"
    loose = case(
        "invalid-accepted",
        "query:page[size]",
        size,
        operation="listMessagingProfiles",
        expected="a refusal, since maximum 250 is described",
    )
    assert "maximum" not in at(after(loose), f"{size}/schema")
    tight = case(
        "valid-request-refused",
        "query:page[size]",
        size,
        operation="listMessagingProfiles",
        evidence={"status": 422, "limit": {"keyword": "maximum", "value": 50}},
    )
    assert at(after(tight), f"{size}/schema/maximum") == 50


@pytest.mark.parametrize(
    "kind",
    ["null-clears", "deleted-still-there", "value-not-stored", "wrong-token-accepted", "server-error", "content-type"],
)
def test_behaviour_gets_words_and_no_patch(kind: str) -> None:
    made = case(kind, "/data/name", f"{PROFILE}/name", row(types={"integer": 3}))
    assert steps(made) == []
    text = behaviour(made.finding)
    assert kind in text
    assert "Effect on callers" in text


@pytest.mark.parametrize(
    "made",
    [
        case("response-enum", "/data/name", f"{PROFILE}/name", row(new_values=['"x"'])),
        case("response-type", "/data/name", f"{PROFILE}/name", row()),
        case("default-not-applied", "/data/name", f"{PROFILE}/name", operation="createMessagingProfile"),
        case("valid-request-refused", "request:/name", f"{SCHEMAS}/MessagingProfileCreate/properties/name"),
        case("undocumented-status", "", "", evidence={"status": 302}),
        case("invalid-accepted", "request:/name", f"{SCHEMAS}/MessagingProfileCreate/properties/name"),
    ],
    ids=lambda one: one.finding["kind"],
)
def test_without_evidence_there_is_no_patch(made: Case) -> None:
    assert steps(made) == []


def test_a_report_about_another_description_proposes_nothing() -> None:
    other = report([told()], description={"title": "T", "version": "1", "sha256": "0" * 64})
    with pytest.raises(InputError, match="another description"):
        propose(other, ROOT)


def test_a_step_says_what_it_does() -> None:
    (one,) = steps(case("field-undocumented", "/data/new", f"{PROFILE}/new", row()))
    assert isinstance(one, Step)
    assert one.text == "Describes new."
