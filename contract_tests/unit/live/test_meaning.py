"""What a body would do, for descriptions that no resource of ours has yet: money, people, nested references."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from contract_tests.description import Description
from contract_tests.live import meaning
from contract_tests.live.policy import OptIn
from contract_tests.live.refusal import Exhausted, Refused
from contract_tests.live.tailor import tailored
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.unit.live.stage import PLENTY, Stage, staged

RECORD = {"type": "object", "properties": {"id": {"type": "string", "x-generated": "id"}, "name": {"type": "string"}}}
GROUP = {
    "type": "object",
    "properties": {
        "owner": {"type": ["string", "null"], "x-references": "things"},
        "others": {"type": "array", "items": {"type": "string", "x-references": "things"}},
        "fine": {"type": "boolean", "x-effect": ["costs"]},
    },
}
MESSAGE = {
    "type": "object",
    "properties": {
        "to": {"type": "array", "items": {"type": "string"}, "x-recipient": True},
        "text": {"type": "string"},
    },
}


def operation(name: str, effect: list[str], schema: Any = None, resource: Any = None) -> dict[str, Any]:
    answer = {"description": "x", "content": {"application/json": {"schema": {"properties": {"data": RECORD}}}}}
    made: dict[str, Any] = {"operationId": name, "x-effect": effect, "responses": {"200": answer}}
    if schema is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return {**made, **({"x-resource": {"collection": "things", **resource}} if resource else {})}


ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
CREATE = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "x-label": True, "maxLength": 60},
        "group": {"anyOf": [GROUP, {"type": "null"}]},
    },
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": operation("listThings", ["read"], resource={"action": "list"}),
            "post": operation("createThing", ["write"], CREATE, {"action": "create"}),
        },
        "/things/{id}": {
            "parameters": ID,
            "get": operation("retrieveThing", ["read"], resource={"action": "retrieve", "key": "id"}),
            "delete": operation("deleteThing", ["write", "irreversible"], resource={"action": "delete", "key": "id"}),
        },
        "/things/{id}/shake": {
            "parameters": ID,
            "post": operation("shakeThing", ["write"], resource={"action": "shake", "key": "id"}),
        },
        "/messages": {"post": operation("sendMessage", ["costs", "contacts-people"], MESSAGE)},
        "/broadcasts": {"post": operation("broadcast", ["contacts-people"], {"type": "object", "properties": {}})},
        "/wishes": {"post": operation("wish", ["magic"]), "get": operation("readByPost", ["read"])},
        "/unsaid": {"post": {"operationId": "unsaid", "responses": {}}, "delete": operation("lyingRead", ["read"])},
    }
}
THINGS = Description(DOCUMENT)
ME, YOU = "+18005550001", "+18005550002"
DELETE = OptIn(frozenset({"irreversible"}), Decimal(0))
SEND = OptIn(frozenset({"costs", "contacts-people"}), Decimal("0.01"))
OPT_INS = {"deleteThing": DELETE, "sendMessage": SEND, "broadcast": SEND}


@contextmanager
def stage(**options: Any) -> Iterator[Stage]:
    """A gate for the made-up API, before a server that says yes to everything."""
    given = {"opt_ins": OPT_INS, "recipients": frozenset({ME}), "limits": PLENTY, **options}
    with staged(description=THINGS, mock=object(), **given) as made:  # type: ignore[arg-type]

        def wire(outgoing: Outgoing) -> Incoming:
            made.sent.append(outgoing)
            return Incoming(200, {}, b'{"data": {"id": "1"}}')

        made.wire = wire  # type: ignore[method-assign]
        yield made


def spending(**more: Any) -> Any:
    return PLENTY.__class__(1000, 500, 200, Decimal("0.025"), more.get("people", 10), 60.0)


def refusal(made: Stage, method: str, path: str, body: Any = None) -> str:
    with pytest.raises(Refused) as caught:
        made.send(method, path, body)
    assert made.sent == []
    return caught.value.kind


def test_a_message_goes_to_recipients_of_our_own_only_and_costs_what_the_policy_says() -> None:
    with stage(limits=spending()) as made:
        assert refusal(made, "POST", "/messages", {"to": [YOU], "text": "x"}) == "owner"
        assert refusal(made, "POST", "/messages", {"to": [ME, YOU], "text": "x"}) == "owner"
        assert refusal(made, "POST", "/messages", {"text": "x"}) == "effect"
        for _ in range(2):
            made.send("POST", "/messages", {"to": [ME], "text": "x"})
        with pytest.raises(Exhausted, match=r"\$0.025"):
            made.send("POST", "/messages", {"to": [ME], "text": "x"})
        assert (made.gate.allowance.usd, made.gate.allowance.people) == (Decimal("0.02"), 2)


def test_people_are_contacted_as_often_as_the_budget_says_at_most() -> None:
    with stage(limits=spending(people=1)) as made:
        made.send("POST", "/messages", {"to": [ME], "text": "x"})
        with pytest.raises(Exhausted, match="contact somebody"):
            made.send("POST", "/messages", {"to": [ME], "text": "x"})
        assert len(made.sent) == 1


@pytest.mark.parametrize("missing", ["costs", "contacts-people"])
def test_each_effect_needs_its_own_opt_in(missing: str) -> None:
    rest = OptIn(SEND.effects - {missing}, SEND.usd)
    with stage(limits=spending(), opt_ins={"sendMessage": rest}) as made:
        assert refusal(made, "POST", "/messages", {"to": [ME], "text": "x"}) == "effect"


def test_whoever_is_contacted_has_to_be_named_by_a_field() -> None:
    with stage(limits=spending()) as made:
        assert refusal(made, "POST", "/broadcasts", {}) == "effect"


@pytest.mark.parametrize(("method", "path"), [("POST", "/wishes"), ("POST", "/unsaid"), ("DELETE", "/unsaid")])
def test_an_effect_that_is_unknown_unsaid_or_unlikely_is_denied(method: str, path: str) -> None:
    with stage() as made:
        assert refusal(made, method, path) == "effect"


def test_an_action_that_nothing_undoes_needs_an_opt_in_even_when_it_is_free() -> None:
    with stage() as made:
        assert refusal(made, "POST", "/things/1/shake") == "effect"


@pytest.mark.parametrize(
    "group",
    [{"owner": "7"}, {"others": ["7"]}, {"others": ["", "7"]}, {"fine": False}, {"owner": None, "fine": True}],
)
def test_references_and_effects_are_found_at_any_depth(group: Any) -> None:
    with stage() as made:
        made.gate.estate.inventory["things"] = frozenset()
        body = {"name": f"{made.gate.ledger.prefix}x", "group": group}
        assert refusal(made, "POST", "/things", body) in {"owner", "effect"}


def test_parts_are_what_every_branch_says_about_them() -> None:
    create = THINGS.by_id["createThing"]
    found = {part.pointer: part for part in meaning.parts(THINGS, create, {"group": {"others": ["a"], "x/y~": 1}})}
    assert list(found["/group/others/0"].said("x-references")) == ["things"]
    assert not found["/group/x~1y~0"].described
    assert [place.pointer for place, _, _ in meaning.references(tuple(found.values()))] == ["/group/others/0"]


def test_what_lies_too_deep_to_be_looked_at_is_not_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "DEPTH", 0)
    with stage() as made:
        made.gate.estate.inventory["things"] = frozenset()
        body = {"name": f"{made.gate.ledger.prefix}x", "group": {"others": ["7"]}}
        assert refusal(made, "POST", "/things", body) == "request"


def test_generated_bodies_are_cut_to_what_may_leave() -> None:
    create = THINGS.by_id["createThing"]
    with stage() as made:
        mark = made.gate.ledger.prefix
        assert tailored(made.gate, create, {"name": "abc"}) == {"name": f"{mark}abc"}
        assert tailored(made.gate, create, {"name": "x" * 99})["name"] == f"{mark}{'x' * 99}"[:60]
        assert tailored(made.gate, create, {"a/b": 1, "group": {"owner": "7"}}) == {"name": mark}
        assert tailored(made.gate, create, {"group": {"fine": True}}) == {"name": mark}
        assert tailored(made.gate, create, {"group": {"owner": None}}) == {"name": mark, "group": {"owner": None}}
        assert tailored(made.gate, create, ["no object"]) == ["no object"]
        assert tailored(made.gate, THINGS.by_id["sendMessage"], {"text": "x"}) == {"text": "x"}


def test_generated_messages_go_to_the_recipients_of_the_policy() -> None:
    send = THINGS.by_id["sendMessage"]
    with stage(recipients=frozenset({"+15550001", "+15550002"})) as made:
        assert tailored(made.gate, send, {"to": "+19990000"}) == {"to": "+15550001"}
        assert tailored(made.gate, send, {"to": ["+19990000", "+15550002"]}) == {"to": ["+15550001"]}
        assert tailored(made.gate, send, {"to": ["+15550002"]}) == {"to": ["+15550002"]}
    with stage(recipients=frozenset()) as made:
        assert tailored(made.gate, send, {"to": "+19990000"}) == {"to": "+19990000"}
