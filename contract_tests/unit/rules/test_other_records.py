"""Rules of records hold, and find their faults, where operations show a record in part, or ask for more of it.

Reading one of the library's shelves shows less than creating it; an update names all that is required; books stay on
their shelf.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import Description
from contract_tests.rules import creation, deletion, references, updating
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.resource import by_collection
from contract_tests.unit.mock.library import answer, document, ref
from contract_tests.unit.rules.stage import Place, places_of, staged
from contract_tests.unit.rules.wire import After, after, sets

Rule = Callable[..., None]
Node = dict[str, Any]
# What a record shows no more.
GONE = object()
HIDDEN = ("note", "visits", "reviewer")


def with_views() -> Description:
    """Reading a shelf shows it without some members, and with a number; one field that is sent is never shown."""
    made = document()
    schemas = made["components"]["schemas"]
    shown = {name: node for name, node in schemas["Shelf"]["properties"].items() if name not in HIDDEN}
    seen = {"type": "string", "readOnly": True}
    schemas["ShelfView"] = {"type": "object", "properties": {**shown, "seen_on": seen}}
    schemas["ShelfCreate"]["properties"]["hint"] = {"type": "string"}
    made["paths"]["/shelves/{id}"]["get"]["responses"] = answer(ref("schemas", "ShelfView"))
    return Description(made)


def views(request: httpx.Request, status: int, shown: Node) -> None:
    """What reading a shelf answers there."""
    if request.method == "GET" and status == 200 and isinstance(shown["data"], dict):
        for name in HIDDEN:
            shown["data"].pop(name, None)
        shown["data"]["seen_on"] = "the second floor"


def spoilt(spoil: After) -> After:
    """Views in which something is wrong besides."""

    def both(request: httpx.Request, status: int, shown: Node) -> None:
        views(request, status, shown)
        spoil(request, status, shown)

    return both


def with_whole_updates() -> Description:
    """An update of a shelf has to name its label and its subjects."""
    made = document()
    made["components"]["schemas"]["ShelfUpdate"]["required"] = ["label", "subjects"]
    return Description(made)


def with_receipts() -> Description:
    """An update of a shelf answers with a number that nothing else shows."""
    made = document()
    shown = made["components"]["schemas"]["Shelf"]["properties"]
    number = {"type": "string", "readOnly": True, "examples": ["R-7"]}
    made["components"]["schemas"]["ShelfReceipt"] = {"type": "object", "properties": {**shown, "receipt": number}}
    made["paths"]["/shelves/{id}"]["patch"]["responses"] = answer(ref("schemas", "ShelfReceipt"))
    return Description(made)


def with_tied_books(*, deletable: bool = True) -> Description:
    """A book has its shelf from the start, for good."""
    made = document()
    schemas = made["components"]["schemas"]
    schemas["BookCreate"]["required"] = ["isbn", "shelf_id"]
    del schemas["BookUpdate"]["properties"]["shelf_id"]
    if not deletable:
        del made["paths"]["/books/{id}"]["delete"]
    return Description(made)


def with_books_below_shelves() -> Description:
    """Books are listed below shelves only."""
    made = document()
    made["components"]["schemas"]["BookCreate"]["required"] = ["isbn", "shelf_id"]
    del made["paths"]["/books"]["get"], made["paths"]["/books/latest"]
    return Description(made)


def with_books_listed_by_number() -> Description:
    """Lists show books without their ids; a book is addressed by its number, too."""
    made = document()
    book = made["components"]["schemas"]["Book"]["properties"]
    entry = {name: node for name, node in book.items() if name != "id"}
    made["components"]["schemas"]["BookEntry"] = {"type": "object", "properties": entry}
    listed = answer({"type": "array", "items": ref("schemas", "BookEntry")})
    made["paths"]["/books"]["get"]["responses"] = listed
    return Description(made)


def without_ids(request: httpx.Request, status: int, shown: Node) -> None:
    """What a list of books answers there."""
    if status == 200 and isinstance(shown["data"], list):
        shown["data"] = [{name: value for name, value in one.items() if name != "id"} for one in shown["data"]]


def lists_with(**values: Any) -> After:
    """A server whose lists show other values than reading one record."""

    def spoil(request: httpx.Request, status: int, shown: Node) -> None:
        for record in shown["data"] if isinstance(shown["data"], list) else ():
            record.update(values)
            for name in [name for name, value in record.items() if value is GONE]:
                del record[name]

    return spoil


VIEWS, WHOLE, TIED, BELOW = with_views(), with_whole_updates(), with_tied_books(), with_books_below_shelves()
RECEIPTS = with_receipts()
KEPT, NUMBERED = with_tied_books(deletable=False), with_books_listed_by_number()


def case(
    description: Description, rule: Rule, collection: str, *more: Any
) -> tuple[Description, Rule, tuple[Any, ...]]:
    """A rule on a collection of a description."""
    return description, rule, (by_collection(description, collection), *more)


def block_of(description: Description) -> Any:
    """What keeps a shelf from being deleted."""
    (block,) = description.by_id["deleteShelf"].blocked_by
    return block


# What answers hold besides there.
SHOWN: dict[Description, After] = {VIEWS: views, RECEIPTS: after("PATCH", sets(receipt="R-1")), NUMBERED: without_ids}
CLEAN = [
    case(VIEWS, creation.value_alone_reads_back, "shelves", "note"),
    case(VIEWS, creation.value_alone_reads_back, "shelves", "hint"),
    case(VIEWS, creation.values_together_read_back, "shelves"),
    case(VIEWS, creation.generated_fields_are_made, "shelves"),
    case(VIEWS, creation.defaults_apply, "shelves"),
    case(VIEWS, deletion.record_reads_alike, "shelves"),
    case(VIEWS, deletion.deleted_record_is_gone, "shelves"),
    case(VIEWS, updating.one_field_changes, "shelves", "floor"),
    case(VIEWS, updating.faulty_values_are_refused, "shelves", "floor"),
    case(WHOLE, updating.one_field_changes, "shelves", "floor"),
    case(WHOLE, updating.one_field_changes, "shelves", "label"),
    case(WHOLE, updating.fields_change_together, "shelves"),
    case(WHOLE, updating.null_keeps_or_clears, "shelves", "note"),
    case(WHOLE, updating.unknown_keys_are_ignored, "shelves"),
    case(WHOLE, updating.objects_merge, "shelves", "lighting"),
    case(WHOLE, updating.faulty_values_are_refused, "shelves", "floor"),
    case(RECEIPTS, updating.read_only_fields_are_ignored, "shelves"),
    case(TIED, references.deletion_waits_for_what_is_assigned, "shelves", block_of(TIED)),
    case(TIED, creation.unknown_keys_are_ignored, "books"),
    case(TIED, creation.creation_makes_one_record, "books"),
    case(KEPT, references.deletion_waits_for_what_is_assigned, "shelves", block_of(KEPT)),
    case(BELOW, deletion.deleted_record_is_not_listed, "books"),
    case(BELOW, deletion.record_reads_alike, "books"),
    case(NUMBERED, deletion.record_reads_alike, "books"),
]


@pytest.mark.parametrize(
    ("description", "rule", "arguments"),
    CLEAN,
    ids=[f"{rule.__name__}-{more[0].collection}" for _, rule, more in CLEAN],
)
def test_a_mock_without_faults_satisfies_every_rule(
    description: Description, rule: Rule, arguments: tuple[Any, ...]
) -> None:
    conditions: dict[str, Any] = {"after": SHOWN[description]} if description in SHOWN else {}
    assert places_of(rule, *arguments, description=description, **conditions) == set()


def deleted_stays_listed(request: httpx.Request) -> httpx.Response | None:
    """A server that says that it deletes a book, and does not."""
    if request.method == "DELETE" and "/books/" in request.url.path:
        return httpx.Response(204)
    return None


FAULTY: list[tuple[str, tuple[Description, Rule, tuple[Any, ...]], dict[str, Any], set[Place]]] = [
    (
        "a member that no view has is another in the answer",
        case(VIEWS, creation.value_alone_reads_back, "shelves", "note"),
        {"after": spoilt(after("POST", sets(note="another")))},
        {("value-not-read-back", "createShelf", "/data/note")},
    ),
    (
        "a member that views have reads back otherwise",
        case(VIEWS, creation.values_together_read_back, "shelves"),
        {"after": spoilt(after("GET", sets(floor=77)))},
        {("value-not-read-back", "retrieveShelf", "/data/floor")},
    ),
    (
        "a member that both show is another when read",
        case(VIEWS, updating.faulty_values_are_refused, "shelves", "floor"),
        {"after": spoilt(after("GET", sets(label="another")))},
        {("unrelated-field-changed", "retrieveShelf", "/data/label")},
    ),
    (
        "a member that nobody describes is changed",
        case(VIEWS, updating.faulty_values_are_refused, "shelves", "floor"),
        {"after": spoilt(after("GET", sets(shadow=1)))},
        {("unrelated-field-changed", "retrieveShelf", "/data/shadow")},
    ),
    (
        "a value that nothing shows is refused",
        case(VIEWS, creation.value_alone_reads_back, "shelves", "hint"),
        {"instead": lambda request: httpx.Response(409) if b"hint" in request.content else None},
        {("valid-request-refused", "createShelf", "")},
    ),
    (
        "what stands beside the required fields is changed",
        case(WHOLE, updating.one_field_changes, "shelves", "floor"),
        {"after": after("PATCH", sets(label="another"))},
        {("unrelated-field-changed", f"{operation}Shelf", "/data/label") for operation in ("update", "retrieve")},
    ),
    (
        "a faulty value is taken beside the required fields",
        case(WHOLE, updating.faulty_values_are_refused, "shelves", "floor"),
        {"faults": ["accept-bad-values"]},
        {
            ("invalid-accepted", "updateShelf", "request:/floor"),
            ("unrelated-field-changed", "retrieveShelf", "/data/floor"),
        },
    ),
    (
        "what only an update shows is taken from its body",
        case(RECEIPTS, updating.read_only_fields_are_ignored, "shelves"),
        {"after": after("PATCH", sets(receipt="R-7"))},
        {("read-only-field-written", "updateShelf", "/data/receipt")},
    ),
    (
        "a shelf is deleted with a book on it",
        case(TIED, references.deletion_waits_for_what_is_assigned, "shelves", block_of(TIED)),
        {"faults": ["allow-blocked-deletion"]},
        {("deletion-not-blocked", "deleteShelf", "")},
    ),
    (
        "a shelf is deleted with a book on it that stays",
        case(KEPT, references.deletion_waits_for_what_is_assigned, "shelves", block_of(KEPT)),
        {"faults": ["allow-blocked-deletion"]},
        {("deletion-not-blocked", "deleteShelf", "")},
    ),
    (
        "a deleted book stands below its shelf",
        case(BELOW, deletion.deleted_record_is_not_listed, "books"),
        {"instead": deleted_stays_listed},
        {("deleted-still-listed", "listShelfBooks", "/data"), ("valid-request-refused", "deleteShelf", "")},
    ),
    (
        "a list below a shelf shows another state of a book",
        case(BELOW, deletion.record_reads_alike, "books"),
        {"after": lists_with(language="fr")},
        {("unrelated-field-changed", "listShelfBooks", "/data/language")},
    ),
    (
        "a list that tells books by their numbers shows another state",
        case(NUMBERED, deletion.record_reads_alike, "books"),
        {"after": lists_with(language="fr", id=GONE)},
        {("unrelated-field-changed", "listBooks", "/data/language")},
    ),
    (
        "a book of a new shelf is on another",
        case(TIED, creation.unknown_keys_are_ignored, "books"),
        {"after": after("POST", lambda record: record.update(shelf_id="another") if "shelf_id" in record else None)},
        {("value-not-read-back", "createBook", "/data/shelf_id")},
    ),
]


@pytest.mark.parametrize(
    ("held", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    held: tuple[Description, Rule, tuple[Any, ...]], conditions: dict[str, Any], expected: set[Place]
) -> None:
    description, rule, arguments = held
    assert places_of(rule, *arguments, description=description, **conditions) == expected


def test_an_update_names_what_is_required_as_it_is() -> None:
    shelves = by_collection(WHOLE, "shelves")
    with staged(WHOLE) as (session, _):
        bench = Bench(session, "check")
        record = bench.subject(shelves, full=True)
        body = bench.amended(shelves, record["id"], {"floor": 2})
        assert body == {"label": record["label"], "subjects": record["subjects"], "floor": 2}
        assert bench.amended(shelves, record["id"], {"label": "maps", "subjects": []}) == {
            "label": "maps",
            "subjects": [],
        }


def test_a_record_that_stands_in_no_list_is_nothing_to_check() -> None:
    made = document()
    del made["paths"]["/books"]["get"], made["paths"]["/books/latest"]
    description = Description(made)
    with staged(description) as (session, _), pytest.raises(NothingToCheck, match="stands in no list"):
        deletion.deleted_record_is_not_listed(Bench(session, "check"), by_collection(description, "books"))


def test_what_each_update_has_to_bring_is_required() -> None:
    description = with_whole_updates()
    shelves = by_collection(description, "shelves")
    case = (updating.required_field_is_required, shelves, "label")
    assert places_of(*case, description=description) == set()
    found = places_of(*case, description=description, faults=["accept-missing-fields"])
    assert found == {("invalid-accepted", "updateShelf", "request:/label")}
    with staged(description) as (session, _), pytest.raises(NothingToCheck, match="floor is not required"):
        updating.required_field_is_required(Bench(session, "check"), shelves, "floor")
