"""Generic behaviour: a made-up resource is served by the rules of its description alone."""

from __future__ import annotations

import re

import pytest

from contract_tests.description import Description
from contract_tests.mock.app import create_app
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.library import SHELF_ID, document


def test_what_is_created_can_be_read_found_changed_and_deleted(ask: Ask) -> None:
    shelf = ask.create_shelf()
    assert ask("GET", f"/shelves/{shelf['id']}").data == shelf
    assert ask("GET", "/shelves").data == [shelf]
    changed = ask("PATCH", f"/shelves/{shelf['id']}", {"floor": 4}).data
    assert (
        ask("GET", f"/shelves/{shelf['id']}").data
        == changed
        == {
            **shelf,
            "floor": 4,
            "updated_at": changed["updated_at"],
        }
    )
    assert ask("DELETE", f"/shelves/{shelf['id']}").data == changed
    assert ask("GET", f"/shelves/{shelf['id']}").places == [("10005", None)]
    assert ask("DELETE", f"/shelves/{shelf['id']}").status == 404
    assert ask("GET", "/shelves").data == []


def test_success_has_the_status_and_the_body_that_the_description_declares(ask: Ask) -> None:
    assert ask("POST", "/shelves", {"label": "maps", "subjects": ["a"]}).status == 201
    book = ask.create_book()
    gone = ask("DELETE", f"/books/{book['id']}")
    assert (gone.status, gone.content, "content-type" in gone.headers) == (204, b"", False)


def test_creation_fills_defaults_initial_values_constants_and_nulls(ask: Ask) -> None:
    shelf = ask.create_shelf()
    assert shelf["record_type"] == "shelf"
    assert shelf["owner"] == "city"
    assert (shelf["kind"], shelf["floor"], shelf["note"], shelf["visits"]) == ("closed", 1, "", 0)
    assert shelf["lighting"] is None
    assert "reviewer" not in shelf, "nothing is known of its value, and it may not be null"
    assert re.fullmatch(r"[0-9A-Za-z]{24}", shelf["key"])
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", shelf["id"])
    assert re.fullmatch(r"[1-9][0-9]{18}", ask.create_book()["id"])
    assert shelf["created_at"] == shelf["updated_at"]


def test_members_come_in_the_order_of_the_description(ask: Ask) -> None:
    known = list(document()["components"]["schemas"]["Shelf"]["properties"])
    assert list(ask.create_shelf(note="x", floor=2)) == [name for name in known if name != "reviewer"]


def test_null_at_creation_is_stored_where_the_schema_allows_it(ask: Ask) -> None:
    assert ask.create_shelf(note=None)["note"] is None


def test_nested_defaults_enter_when_an_object_is_set_and_nested_unknown_members_fall_away(ask: Ask) -> None:
    shelf = ask.create_shelf(lighting={"lux": 5, "colour": "blue", "measured": "yesterday"})
    assert shelf["lighting"] == {"lux": 5, "dimmed": False}


def test_read_only_and_unknown_members_of_a_body_are_ignored_even_when_invalid(ask: Ask) -> None:
    shelf = ask.create_shelf(id=17, created_at=False, colour="red")
    assert shelf["id"] != 17 and "colour" not in shelf and shelf["created_at"]
    changed = ask("PATCH", f"/shelves/{shelf['id']}", {"id": None, "owner": 3, "colour": 1, "floor": 2}).data
    assert changed == {**shelf, "floor": 2, "updated_at": changed["updated_at"]}


def test_an_update_keeps_what_it_leaves_out_and_applies_no_default(ask: Ask) -> None:
    shelf = ask.create_shelf(floor=7, note="n", lighting={"lux": 1, "dimmed": True})
    changed = ask("PATCH", f"/shelves/{shelf['id']}", {"label": "atlases"}).data
    assert changed == {**shelf, "label": "atlases", "updated_at": changed["updated_at"]}


def test_updates_advance_updated_at_and_only_it(ask: Ask) -> None:
    shelf = ask.create_shelf()
    stamps = [shelf["updated_at"]]
    for floor in (2, 2, 3):
        changed = ask("PATCH", f"/shelves/{shelf['id']}", {"floor": floor}).data
        assert changed["created_at"] == shelf["created_at"]
        stamps.append(changed["updated_at"])
    assert stamps == sorted(set(stamps)), "each later than the one before"


def test_null_clears_where_the_description_says_clear(ask: Ask) -> None:
    shelf = ask.create_shelf(note="n", lighting={"lux": 1})
    changed = ask("PATCH", f"/shelves/{shelf['id']}", {"note": None, "lighting": None}).data
    assert (changed["note"], changed["lighting"]) == (None, None)


def test_an_object_is_merged_where_the_description_says_merge(ask: Ask) -> None:
    shelf = ask.create_shelf(lighting={"lux": 1, "dimmed": True})
    url = f"/shelves/{shelf['id']}"
    assert ask("PATCH", url, {"lighting": {"lux": 9}}).data["lighting"] == {"lux": 9, "dimmed": True}
    ask("PATCH", url, {"lighting": None})
    assert ask("PATCH", url, {"lighting": {"lux": 3}}).data["lighting"] == {"lux": 3, "dimmed": False}


def test_an_object_is_replaced_where_the_description_does_not_say_merge() -> None:
    spec = document()
    del spec["components"]["schemas"]["ShelfUpdate"]["properties"]["lighting"]["x-on-object"]
    ask = Ask(create_app(Description(spec)))
    shelf = ask.create_shelf(lighting={"lux": 1, "dimmed": True})
    changed = ask("PATCH", f"/shelves/{shelf['id']}", {"lighting": {"lux": 9}}).data
    assert changed["lighting"] == {"lux": 9, "dimmed": False}


def test_null_keeps_and_the_empty_string_clears_where_the_description_says_so(ask: Ask) -> None:
    shelf = ask.create_shelf()
    book = ask.create_book(shelf_id=shelf["id"])
    url = f"/books/{book['id']}"
    assert ask("PATCH", url, {"shelf_id": None}).data == book, "nothing was written, so nothing moved"
    cleared = ask("PATCH", url, {"shelf_id": ""}).data
    assert cleared["shelf_id"] is None and cleared["updated_at"] > book["updated_at"]
    assert ask("PATCH", url, {"shelf_id": shelf["id"]}).data["shelf_id"] == shelf["id"]


def test_the_empty_string_is_stored_where_nothing_is_said_about_it(ask: Ask) -> None:
    shelf = ask.create_shelf(note="n")
    assert ask("PATCH", f"/shelves/{shelf['id']}", {"note": ""}).data["note"] == ""


def test_a_value_outside_the_record_s_own_list_changes_nothing(ask: Ask) -> None:
    book = ask.create_book()
    url = f"/books/{book['id']}"
    assert ask("PATCH", url, {"language": "fr"}).data == book
    assert ask("PATCH", url, {"language": ""}).data == book
    assert ask("PATCH", url, {"language": "de"}).data["language"] == "de"


def test_a_reference_to_nothing_is_refused_with_the_rule_of_the_description(ask: Ask) -> None:
    refused = ask("POST", "/books", {"isbn": "1", "shelf_id": SHELF_ID})
    assert (refused.status, refused.places) == (409, [("10017", "/shelf_id")])
    book = ask.create_book()
    refused = ask("PATCH", f"/books/{book['id']}", {"shelf_id": SHELF_ID})
    assert (refused.status, refused.places) == (409, [("10017", "/shelf_id")])
    assert ask("GET", f"/books/{book['id']}").data == book


def test_deletion_is_refused_while_something_refers_to_the_record(ask: Ask) -> None:
    shelf = ask.create_shelf()
    book = ask.create_book(shelf_id=shelf["id"])
    refused = ask("DELETE", f"/shelves/{shelf['id']}")
    assert (refused.status, refused.places) == (409, [("10021", None)])
    assert ask("GET", f"/shelves/{shelf['id']}").status == 200
    ask("PATCH", f"/books/{book['id']}", {"shelf_id": ""})
    assert ask("DELETE", f"/shelves/{shelf['id']}").status == 200


def test_an_update_of_nothing_is_refused_or_accepted_as_the_description_says(ask: Ask) -> None:
    shelf, book = ask.create_shelf(), ask.create_book()
    for nothing in ({}, {"colour": "red"}, {"id": SHELF_ID}):
        refused = ask("PATCH", f"/shelves/{shelf['id']}", nothing)
        assert (refused.status, refused.places) == (409, [("10004", None)])
        assert ask("PATCH", f"/books/{book['id']}", nothing).data == book
    assert ask("PATCH", f"/books/{book['id']}").data == book, "no body at all, and none is required"


def test_a_field_is_required_on_update_only_while_the_record_has_none(ask: Ask) -> None:
    shelf = ask.create_shelf()
    stored = ask.mock.store["shelves"].get(shelf["id"])
    assert stored is not None
    ask.mock.store["shelves"].replace({name: value for name, value in stored.items() if name != "subjects"})
    url = f"/shelves/{shelf['id']}"
    refused = ask("PATCH", url, {"floor": 2})
    assert (refused.status, refused.places) == (400, [("40331", "/subjects")])
    assert ask("PATCH", url, {"floor": 2, "subjects": ["a"]}).status == 200
    assert ask("PATCH", url, {"floor": 3}).status == 200


def test_a_list_whose_absence_is_refused_may_not_be_empty_either(ask: Ask) -> None:
    refused = ask("POST", "/shelves", {"label": "maps", "subjects": []})
    assert (refused.status, refused.places) == (400, [("40331", "/subjects")])
    url = f"/shelves/{ask.create_shelf()['id']}"
    assert ask("PATCH", url, {"subjects": []}).places == [("40331", "/subjects")]


def test_a_record_is_addressed_by_its_lookup_fields_too(ask: Ask) -> None:
    book = ask.create_book(isbn="978+3")
    assert ask("GET", "/books/978%2B3").data == ask("GET", "/books/978+3").data == book
    assert ask("PATCH", "/books/978%2B3", {"language": "de"}).data["id"] == book["id"]
    assert ask("DELETE", "/books/978%2B3").status == 404, "this operation names no lookup"


def test_a_list_under_a_parent_shows_only_its_records(ask: Ask) -> None:
    first, second = ask.create_shelf(), ask.create_shelf()
    books = [ask.create_book(isbn=str(number), shelf_id=first["id"]) for number in range(2)]
    ask.create_book(isbn="9")
    assert ask("GET", f"/shelves/{first['id']}/books").data == books
    assert ask("GET", f"/shelves/{second['id']}/books").data == []
    assert ask("GET", f"/shelves/{SHELF_ID}/books").places == [("10005", None)]


@pytest.mark.parametrize("identifier", ["nothing", "%00", "%zz", "%ff", "..", "a%2Fb", "%F0%9F%98%80", "x" * 5000])
def test_an_id_that_nothing_has_is_not_found_whatever_it_looks_like(ask: Ask, identifier: str) -> None:
    for method in ("GET", "DELETE"):
        assert ask(method, f"/shelves/{identifier}").places == [("10005", None)]


def test_seeds_and_records_are_never_changed_through_what_was_answered(ask: Ask) -> None:
    first, second = ask.create_book(), ask.create_book()
    stored = ask.mock.store["books"].get(first["id"])
    other = ask.mock.store["books"].get(second["id"])
    assert stored is not None and other is not None
    stored["languages"].append("fr")
    assert other["languages"] == ["en", "de"], "initial values are copies"
