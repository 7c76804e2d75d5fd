"""A refusal is right by status and code; what the checks of every exchange say already is not said again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.exchange import Exchange
from contract_tests.rules.bench import Bench
from contract_tests.rules.refusal import answers, by_rule, names_field, names_parameter, refused, ruled_out
from contract_tests.unit.rules.stage import OPERATION, staged


def answer(status: int, *entries: dict[str, Any], body: bytes | None = None) -> Exchange:
    """An answer of the library to an update."""
    content = json.dumps({"errors": entries}).encode() if body is None else body
    return Exchange("updateShelf", "PATCH", "http://127.0.0.1:1/v2/shelves/1", {}, b"", status, {}, content, 0.0)


def test_status_and_code_have_to_match() -> None:
    assert answers(answer(409, {"code": "10004"}), 409, "10004")
    assert answers(answer(409, {"code": "1"}, {"code": "10004"}), 409, "10004")
    assert not answers(answer(409, {"code": "10005"}), 409, "10004")
    assert not answers(answer(422, {"code": "10004"}), 409, "10004")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"code": "10005"}', b'{"errors": []}', b'{"errors": ["x"]}', b"[1]"]
)
def test_without_an_envelope_only_the_status_counts(body: bytes) -> None:
    assert answers(answer(409, body=body), 409, "10004")
    assert not answers(answer(400, body=body), 409, "10004")
    with staged() as (session, _):
        bench = Bench(session, "check")
        names_field(bench, answer(409, body=body), "/label")
        names_parameter(bench, answer(409, body=body), "page[size]")
        assert (bench.checked, session.findings.all()) == (0, [])


@pytest.mark.parametrize(
    ("exchange", "kind"),
    [(answer(200), "invalid-accepted"), (answer(401), "wrong-refusal"), (answer(404), "wrong-refusal")],
)
def test_what_is_no_refusal_of_the_content_is_found(exchange: Exchange, kind: str) -> None:
    with staged() as (session, _):
        assert not refused(Bench(session, "check"), exchange, place="request:/label", fault="too long")
        (found,) = session.findings.all()
        assert (found.kind, found.pointer) == (kind, "request:/label")
        assert "too long" in found.expected


def test_a_refusal_names_the_field_or_what_is_below_it() -> None:
    with staged() as (session, _):
        bench = Bench(session, "check")
        assert names_field(bench, answer(422, {"source": {"pointer": "/lighting/lux"}}), "/lighting")
        assert not names_field(bench, answer(422, {"source": {"pointer": "/lightings"}}), "/lighting")
        assert not names_field(bench, answer(422, {"source": "lighting"}), "/lighting")
        assert names_parameter(bench, answer(422, {"source": {"parameter": "page[size]"}}), "page[size]")
        assert bench.checked == 4


def test_only_a_rule_about_the_field_excuses_a_refusal() -> None:
    update = OPERATION["updateBook"]
    assert ruled_out(update, answer(409, {"code": "10017", "source": {"pointer": "/shelf_id"}}), ["shelf_id"])
    assert not ruled_out(update, answer(409, {"code": "10017", "source": {"pointer": "/"}}), ["shelf_id"])
    assert not ruled_out(update, answer(409, {"code": "10015", "source": {"pointer": "/shelf_id"}}), ["shelf_id"])
    assert not ruled_out(update, answer(400, {"code": "10017", "source": {"pointer": "/shelf_id"}}), ["shelf_id"])


def test_an_entry_that_no_rule_names_is_not_excused_by_another() -> None:
    update = OPERATION["updateBook"]
    ruled = {"code": "10017", "source": {"pointer": "/shelf_id"}}
    assert by_rule(update, answer(409, ruled, ruled))
    assert not by_rule(update, answer(409, ruled, {"code": "10015", "source": {"pointer": "/lent"}}))
    assert not ruled_out(update, answer(409, ruled, {"code": "10015", "source": {"pointer": "/lent"}}), ["shelf_id"])
    assert not by_rule(update, answer(409))
    assert not by_rule(update, answer(200, body=b'{"data": {}}'))
