"""The body follows the schema of its status."""

from __future__ import annotations

import copy

from contract_tests.checks import response_schema
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make

ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_a_body_of_the_described_shape_passes(description: Description, exchange: Make) -> None:
    seen = exchange(200, {"data": {"id": ID, "size": 1}})
    assert not list(response_schema.check(description, description.by_id["updateThing"], seen))


def test_each_violation_is_a_finding_with_operation_and_field(description: Description, exchange: Make) -> None:
    seen = exchange(200, {"data": {"id": ID, "size": "1", "box": {"colour": "green"}}})
    findings = list(response_schema.check(description, description.by_id["updateThing"], seen))
    assert [(one.kind, one.operation, one.pointer) for one in findings] == [
        ("response-type", "updateThing", "/data/size"),
        ("response-enum", "updateThing", "/data/box/colour"),
    ]


def test_a_body_that_is_not_json_is_one_finding(description: Description, exchange: Make) -> None:
    for body, observed in ((b"<html>", "6 bytes that are not JSON"), (b"", "no body")):
        (finding,) = response_schema.check(description, description.by_id["updateThing"], exchange(404, body))
        assert (finding.kind, finding.observed) == ("response-not-json", observed)


def test_what_nobody_described_is_left_to_the_other_checks(description: Description, exchange: Make) -> None:
    operation = description.by_id["updateThing"]
    assert not list(response_schema.check(description, operation, exchange(201, [1])))
    assert not list(response_schema.check(description, operation, exchange(502, b"<html>")))


def test_a_body_where_none_is_described_is_a_finding(description: Description, exchange: Make) -> None:
    document = copy.deepcopy(dict(description.document))
    path, method = next(
        (path, method)
        for path, item in document["paths"].items()
        for method, raw in item.items()
        if isinstance(raw, dict) and raw.get("operationId") == "updateThing"
    )
    document["paths"][path][method]["responses"]["200"] = {"description": "Done."}
    silent = Description(document)
    operation = silent.by_id["updateThing"]
    (finding,) = response_schema.check(silent, operation, exchange(200, {"message": "done"}))
    assert (finding.kind, finding.pointer, finding.expected) == ("response-undocumented", "", "no body")
    assert not list(response_schema.check(silent, operation, exchange(200, b"")))
