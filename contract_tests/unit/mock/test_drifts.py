"""Planted drifts: each one is seen from outside, changes nothing else, and a misspelt one stops the start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.description import Description, load
from contract_tests.mock.app import create_app
from contract_tests.mock.drift_catalogue import BY_NAME, CATALOGUE, listing
from contract_tests.mock.drifts.edits import other_type
from contract_tests.unit.mock.conversation import TOKEN, Ask, Reply
from contract_tests.unit.mock.library import document
from scripts.errors import InputError

SHELF = {"label": "maps", "subjects": ["a"]}
Proof = Callable[[Ask], Any]


def planted(*plants: str, api_key: str | None = None) -> Ask:
    """The library with drifts in it."""
    return Ask(create_app(Description(document()), plants=plants, api_key=api_key))


def shelf_of(ask: Ask, **more: Any) -> dict[str, Any]:
    """A shelf as creation answers it, whatever the drift makes of its status."""
    found: dict[str, Any] = ask("POST", "/shelves", {**SHELF, **more}).data
    return found


def change(ask: Ask, body: Any, **more: Any) -> dict[str, Any]:
    """A shelf after an update."""
    found: dict[str, Any] = ask("PATCH", f"/shelves/{shelf_of(ask, **more)['id']}", body).data
    return found


def after_deletion(ask: Ask) -> int:
    """The status of reading a deleted shelf."""
    url = f"/shelves/{shelf_of(ask)['id']}"
    assert ask("DELETE", url).status == 200
    return ask("GET", url).status


def read_again(ask: Ask, body: Any) -> Any:
    """The floor of a shelf, read back after an update to 5."""
    shelf = shelf_of(ask)
    assert ask("PATCH", f"/shelves/{shelf['id']}", body).data["floor"] == 5
    return ask("GET", f"/shelves/{shelf['id']}").data["floor"]


def book_after(ask: Ask, value: Any) -> Any:
    """The shelf of a book that had one, after an update to ``value``."""
    shelf = ask.create_shelf()
    book = ask.create_book(shelf_id=shelf["id"])
    found = ask("PATCH", f"/books/{book['id']}", {"shelf_id": value}).data["shelf_id"]
    return "kept" if found == shelf["id"] else found


def listed(ask: Ask, query: str) -> int:
    """How many of five shelves a query lists."""
    for floor in range(5):
        ask.create_shelf(floor=floor)
    return len(ask("GET", f"/shelves?{query}").data)


def blocked(ask: Ask) -> int:
    """The status of deleting a shelf that holds a book."""
    shelf = ask.create_shelf()
    ask.create_book(shelf_id=shelf["id"])
    return ask("DELETE", f"/shelves/{shelf['id']}").status


def stamps(ask: Ask) -> bool:
    """Whether an update moves updated_at."""
    shelf = change(ask, {"floor": 3})
    return bool(shelf["updated_at"] > shelf["created_at"])


def missing(ask: Ask) -> Reply:
    """An answer that reports an error."""
    return ask("GET", "/shelves/nothing")


# drift → (its arguments, what is seen with it and without it, how to see it)
PROOFS: dict[str, tuple[str, Any, Any, Proof]] = {
    "drop-response-field": ("note", False, True, lambda ask: "note" in shelf_of(ask)),
    "change-response-type": ("floor", "1", 1, lambda ask: shelf_of(ask)["floor"]),
    "null-response-field": ("label", None, "maps", lambda ask: shelf_of(ask)["label"]),
    "unknown-enum-member": ("kind", "planted-value", "closed", lambda ask: shelf_of(ask)["kind"]),
    "add-response-field": ("colour", True, False, lambda ask: "colour" in shelf_of(ask)),
    "status": ("createShelf:418", 418, 201, lambda ask: ask("POST", "/shelves", SHELF).status),
    "null-clears": ("", None, "kept", lambda ask: book_after(ask, None)),
    "null-keeps": ("", "n", None, lambda ask: change(ask, {"note": None}, note="n")["note"]),
    "empty-string-keeps": ("", "kept", None, lambda ask: book_after(ask, "")),
    "update-applies-defaults": ("", 1, 7, lambda ask: change(ask, {"label": "x"}, floor=7)["floor"]),
    "forget-create": ("", 404, 200, lambda ask: ask("GET", f"/shelves/{shelf_of(ask)['id']}").status),
    "forget-update": ("", 1, 5, lambda ask: read_again(ask, {"floor": 5})),
    "forget-delete": ("", 200, 404, after_deletion),
    "stale-updated-at": ("", False, True, stamps),
    "ignore-paging": ("", 3, 1, lambda ask: listed(ask, "page[size]=1")),
    "ignore-filters": ("", 3, 1, lambda ask: listed(ask, "filter[floor]=4")),
    "allow-blocked-deletion": ("", 200, 409, blocked),
    "accept-any-token": ("", 200, 401, lambda ask: Ask(ask.mock, "wrong")("GET", "/shelves").status),
    "accept-no-token": ("", 200, 401, lambda ask: ask("GET", "/shelves", headers={"authorization": ""}).status),
    "accept-missing-fields": ("", 201, 400, lambda ask: ask("POST", "/shelves", {"label": "maps"}).status),
    "accept-bad-values": (
        "",
        201,
        422,
        lambda ask: ask("POST", "/shelves", {**SHELF, "floor": 99, "kind": "x"}).status,
    ),
    "error-without-envelope": ("", "10005", None, lambda ask: missing(ask).json.get("code")),
    "integer-error-codes": ("", 10005, "10005", lambda ask: missing(ask).errors[0]["code"]),
    "html-errors": ("", True, False, lambda ask: missing(ask).content.startswith(b"<html>")),
    "wrong-content-type": (
        "",
        "text/plain",
        "application/json; charset=utf-8",
        lambda ask: ask("GET", "/shelves").headers["content-type"],
    ),
    "throttle": ("", 429, 200, lambda ask: ask("GET", "/shelves").status),
    "outage": ("", 503, 200, lambda ask: ask("GET", "/shelves").status),
    "crash": ("", 500, 200, lambda ask: ask("GET", "/shelves").status),
}


@pytest.mark.parametrize("name", sorted(PROOFS))
def test_a_drift_does_what_it_says_and_nothing_does_without_it(name: str) -> None:
    argument, with_drift, without, proof = PROOFS[name]
    text = f"{name}:{argument}" if argument else name
    assert proof(planted(text, api_key=TOKEN)) == with_drift
    assert proof(planted(api_key=TOKEN)) == without


def test_accepting_any_token_is_not_admitted() -> None:
    assert "x-mock-credentials" not in planted("accept-any-token")("GET", "/shelves").headers
    assert planted("accept-any-token")("GET", "/shelves", headers={"authorization": ""}).status == 401


def test_changes_of_answers_leave_the_stored_record_alone() -> None:
    ask = planted("drop-response-field:note", "change-response-type:lighting.lux", "add-response-field:colour")
    shelf = ask("POST", "/shelves", {**SHELF, "lighting": {"lux": 5}}).data
    assert "note" not in shelf and shelf["lighting"]["lux"] == "5" and shelf["colour"] == "planted"
    stored = ask.mock.store["shelves"].get(shelf["id"])
    assert stored is not None
    assert stored["note"] == "" and stored["lighting"] == {"lux": 5, "dimmed": False} and "colour" not in stored


def test_a_change_reaches_single_answers_lists_nested_fields_and_meta() -> None:
    ask = Ask(
        create_app(
            load(),
            plants=[
                "drop-response-field:number_pool_settings.geomatch",
                "change-response-type:meta.total_results",
                "null-response-field:detailed.metrics.sent",
            ],
        )
    )
    profile = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    single = ask("GET", f"/messaging_profiles/{profile}").data
    listed_one = ask("GET", "/messaging_profiles").data[0]
    assert "geomatch" not in single["number_pool_settings"] and single == listed_one
    total = len(ask.mock.store["messaging_profiles"])
    assert ask("GET", "/messaging_profiles").json["meta"]["total_results"] == str(total)
    detailed = ask("GET", f"/messaging_profiles/{profile}/metrics").data["detailed"]
    assert {series["sent"] for interval in detailed for series in interval["metrics"]} == {None}


def test_a_status_drift_touches_good_answers_of_its_operation_only() -> None:
    ask = planted("status:createShelf:200")
    assert ask("POST", "/shelves", SHELF).status == 200
    assert ask("POST", "/shelves", {}).status == 422
    assert ask("POST", "/books", {"isbn": "1"}).status == 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "there is no drift 'nonsense'"),
        ("", "there is no drift ''"),
        ("drop-response-field", "drop-response-field:FIELD"),
        ("outage:now", "is written outage"),
        ("drop-header:x-colour", "no answer has a header 'x-colour'"),
        ("ignore-on-update:colour", "no schema has a property 'colour'"),
        ("slow:createRoom", "there is no operation 'createRoom'"),
        ("sometimes:outage", "'sometimes:outage' is no drift"),
        ("sometimes:0:outage", "'sometimes:0:outage' is no drift"),
        ("sometimes:2:nonsense", "there is no drift 'nonsense'"),
        ("sometimes:2:sometimes:2:outage", "only one drift can be intermittent"),
        ("drop-response-field:colour", "no schema has a property 'colour'"),
        ("drop-response-field:lighting.colour", "no schema has a property 'colour'"),
        ("status:createShelf", "'' is no status"),
        ("status:createShelf:2x0", "'2x0' is no status"),
        ("status:createShelf:700", "'700' is no status"),
        ("status:createRoom:200", "there is no operation 'createRoom'"),
    ],
)
def test_a_drift_that_could_never_bite_stops_the_start(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        planted(text)
    assert message in refused.value.message
    assert refused.value.fix


def test_an_unknown_drift_is_answered_with_the_list_of_known_ones() -> None:
    with pytest.raises(InputError) as refused:
        planted("nonsense")
    assert all(name in str(refused.value.fix) for name in BY_NAME)
    assert len(listing().splitlines()) == len(CATALOGUE) + 1  # and the intermittent form of all of them


@pytest.mark.parametrize("value", [None, True, 1, 0.5, "text", "12", [1], {"a": 1}])
def test_another_type_is_another_json_type(value: Any) -> None:
    def kind(one: Any) -> str:
        return "number" if type(one) in (int, float) else type(one).__name__

    assert kind(other_type(value)) != kind(value)
