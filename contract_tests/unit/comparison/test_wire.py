"""The calls that are made through two packages, and what counts as the same request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.comparison import cases
from scripts.comparison import wire, wire_calls
from scripts.comparison.change import SAME, SENT, Change, Consequence, Effect
from scripts.comparison.comparison import Comparison
from scripts.comparison.schema_view import Part
from scripts.comparison.snapshot import Snapshot
from scripts.comparison.wire_calls import Call
from scripts.errors import InputError
from scripts.lint.document import Document

ROOT = Path(__file__).resolve().parents[3]
EFFECTIVE = Document(json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8")))


def made(before: str = "before", after: str = "before", case: str = "nothing") -> list[Call]:
    ends = [Document(cases.document(case, which)) for which in (before, after)]
    return [*wire_calls.calls(*ends)]


def of(calls: list[Call], operation: str) -> list[Call]:
    return [call for call in calls if call.after == operation]


def test_every_operation_is_called_with_what_it_needs_alone_and_with_everything() -> None:
    calls = [*wire_calls.calls(EFFECTIVE, EFFECTIVE)]
    for operation in EFFECTIVE.operations:
        labels = [call.label for call in of(calls, operation.id)]
        assert labels[0] == "required alone", operation.id
        assert labels[-1] == "everything", operation.id
        assert len(labels) == len(set(labels)), operation.id


def test_each_field_of_a_body_is_sent_null_where_it_may_be_and_empty_and_odd() -> None:
    updates = of([*wire_calls.calls(EFFECTIVE, EFFECTIVE)], "updateMessagingProfile")
    sent = [call.body for call in updates if call.body]
    assert {"webhook_url": None} in sent
    assert {"enabled": False} in sent
    assert {"name": ""} in sent
    assert {"name": wire_calls.TEXT} in sent
    assert not any("v1_secret" in body and body["v1_secret"] is None for body in sent), "it is not nullable"
    fields = EFFECTIVE.components("schemas")["MessagingProfileUpdate"]["properties"]
    assert {name for body in sent for name in body} == set(fields)


def test_arguments_that_only_one_version_has_are_left_out() -> None:
    calls = made("before", "after", "request-property")
    assert not any("colour" in (call.body or {}) for call in calls)
    assert {call.after for call in made("before", "after", "operation")} == {
        "createThing",
        "listThings",
        "retrieveThing",
        "updateThing",
    }


def test_a_renamed_operation_is_called_by_either_name() -> None:
    (call, *_) = of(made("before", "after", "operation-id"), "fetchThings")
    assert call.before == "listThings"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "boolean"}, [True, False]),
        ({"type": ["integer", "null"], "minimum": 3}, [3, 10, None]),
        ({"type": "string", "enum": ["a", "b"]}, ["a", "b"]),
        ({"const": 1}, [1]),
        ({"type": "string", "format": "date"}, ["2026-03-01"]),
        ({"type": "array", "items": {"const": "a"}}, [[], ["a"]]),
        (
            {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}, "b": {"const": 2}}},
            [{"a": 1, "b": 2}, {"a": 1}],
        ),
        ({"type": "string", "examples": ["x"], "default": "y"}, ["x", "y", "text", "", wire_calls.TEXT]),
        ({"$ref": "#/components/schemas/Loop"}, [{"next": {"next": {"next": {}}}}, {}]),
    ],
)
def test_the_values_of_a_schema(schema: dict[str, Any], expected: list[Any]) -> None:
    loop = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    document = Document({"components": {"schemas": {"Loop": loop}}})
    found = wire_calls.values(document, Part("/x", schema))
    assert found[: len(expected)] == expected


REQUEST: dict[str, Any] = {
    "method": "GET",
    "url": "https://wire.invalid/v2/a",
    "headers": [["A", "1"], ["B", "2"]],
    "body": "",
}


def change(wire_text: str, callers: str, *operations: str) -> Change:
    consequence = Consequence(None, Effect.BREAKING, wire_text, callers)
    return Change("operation-moved", "address", "a", "b", "", "", operations, (consequence,))


@pytest.mark.parametrize(
    ("after", "part"),
    [
        (REQUEST, None),
        ({**REQUEST, "method": "PUT"}, "method"),
        ({**REQUEST, "url": REQUEST["url"] + "?"}, "url"),
        ({**REQUEST, "headers": [["B", "2"], ["A", "1"]]}, "headers"),
        ({**REQUEST, "headers": [["a", "1"], ["B", "2"]]}, "headers"),
        ({**REQUEST, "body": " "}, "body"),
        ({"error": "TypeError: there is no argument for x"}, "error"),
    ],
)
def test_requests_are_equal_to_the_byte_or_differ(
    monkeypatch: pytest.MonkeyPatch, after: dict[str, Any], part: str | None
) -> None:
    found = compared(monkeypatch, after, Comparison("a", "b", (), ()))
    assert [one.part for one in found.differences] == ([part] if part else [])
    assert len(found.unexplained) == len(found.differences)


@pytest.mark.parametrize(
    ("told", "failing", "explained"),
    [
        (change(f"{SENT}another path", "code stays", "listThings"), False, True),
        (change(f"{SENT}another path", "code stays", "createThing"), False, False),
        (change(f"{SAME}nothing", "passing it is a TypeError", "listThings"), False, False),
        (change(f"{SAME}nothing", "passing it is a TypeError", "listThings"), True, True),
    ],
)
def test_a_change_explains_what_it_says_of_the_operation_it_is_about(
    monkeypatch: pytest.MonkeyPatch, told: Change, failing: bool, explained: bool
) -> None:
    after = {"error": "TypeError"} if failing else {**REQUEST, "url": "https://wire.invalid/v2/b"}
    found = compared(monkeypatch, after, Comparison("a", "b", (told,), ()))
    assert (not found.unexplained) is explained


def compared(monkeypatch: pytest.MonkeyPatch, after: dict[str, Any], told: Comparison) -> wire.WireReport:
    """The report when one call of ``listThings`` gives ``REQUEST`` before, and something after."""
    call = Call("listThings", "listThings", "required alone", {}, {}, {}, None)
    monkeypatch.setattr(wire_calls, "calls", lambda *documents: iter([call]))
    answers = {"a": REQUEST, "b": after}
    monkeypatch.setattr(wire, "_record", lambda snapshot, *rest: [{"function": answers[snapshot.name]}])
    ends = [Snapshot(name, cases.document("nothing", "before"), Path()) for name in ("a", "b")]
    return wire.compare(ends[0], ends[1], told)


def test_a_package_that_cannot_be_imported_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("raise RuntimeError('no')\n", encoding="utf-8")
    broken = Snapshot("broken", cases.document("nothing", "before"), tmp_path)
    with pytest.raises(InputError, match="the package of broken can't make calls"):
        wire.compare(broken, broken, Comparison("a", "b", (), ()))


def test_no_call_that_can_be_made_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call("listThings", "listThings", "required alone", {}, {}, {}, None)
    monkeypatch.setattr(wire_calls, "calls", lambda *documents: iter([call]))
    monkeypatch.setattr(wire, "_record", lambda *rest: [{"function": {"error": "TypeError"}}])
    both = Snapshot("a", cases.document("nothing", "before"), Path())
    with pytest.raises(InputError, match="neither package could make a single call"):
        wire.compare(both, both, Comparison("a", "b", (), ()))
