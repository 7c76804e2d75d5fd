"""What the names of a package stand for on the wire: of the real package all that a call sends."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts.comparison import surface_reading, wire_names
from scripts.comparison.surface import FUNCTIONS, Surface

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "generated" / "telnyx_bindings"
# Arguments that are no part of the request, or of no part that is described.
BESIDE = {"client", "timeout", "extra_body", "max_pages"}
API = """OPERATION = _Operation("listThings", "GET", "/shelves/{shelf}/things/{id}")
def _call(shelf: str, id: str, *, body: ThingCreate, page_size: int, note: str) -> _Call:
    _query = []
    _query += _wire.query_pairs("page[size]", page_size)
    if note is not UNSET:
        _headers += _wire.query_pairs("X-Note", note)
    return _Call(OPERATION, "/shelves/{shelf}/things/{id}".format(shelf=_wire.path_segment(shelf), id=id))
def sync(shelf: str, id: str, *, client: Telnyx, body: ThingCreate, page_size: int, note: str) -> Thing: ...
"""
MODEL = """class ThingCreate(_Model):
    _renamed: ClassVar[Mapping[str, str]] = {"from_": "from"}
    from_: str
    size: int
    local: int
    def to_dict(self) -> dict[str, Any]:
        d = {}
        d["from"] = self.from_
        d["size"] = self.size
        return d
"""
METHOD = """class Things(Resource):
    def list(self, shelf_id: str, thing: str, *, sender: str, pages: int, size: int, both: str) -> Pages[Thing]:
        from ..api.things import list_things as _operation
        from ..models.thing_create import ThingCreate as _Body
        _body = _Body(from_=plain(sender), size=both)
        return _Pages(
            lambda _page: _operation.sync_detailed(shelf_id, thing, client=c, page_size=_page, note=both, body=_body),
            pages,
            size,
        )
    def odd(self, a: str) -> None:
        from ..other import list_things as _operation
        return _operation.sync(a)
"""


@pytest.fixture(scope="module")
def real() -> Surface:
    return surface_reading.read(PACKAGE)


def tiny() -> wire_names.WireNames:
    modules = {
        ("api", "things", "list_things"): API,
        ("models", "thing_create"): MODEL,
        ("resources", "things"): METHOD,
    }
    return wire_names.read({parts: ast.parse(text) for parts, text in modules.items()})


def test_of_every_function_and_method_it_is_known_where_each_argument_goes(real: Surface) -> None:
    functions = [
        (name, one)
        for name, one in real.entries.items()
        if one.kind in FUNCTIONS and name.startswith(("api.", "resources.", "async_resources."))
    ]
    assert len(functions) > 600
    unknown = [
        f"{name}({argument.name})"
        for name, one in functions
        for argument in one.arguments
        if argument.name not in BESIDE and f"{name}({argument.name})" not in real.wire
    ]
    assert unknown == []


def test_of_every_field_of_a_model_its_key_is_known(real: Surface) -> None:
    fields = [name for name, one in real.entries.items() if name.startswith("models.") and one.role == "model"]
    fields = [name for name in fields if real.entries[name].kind == "attribute"]
    assert len(fields) > 1000
    assert {name.rpartition(".")[2] for name in fields if name not in real.wire} == {"additional_properties"}


def test_every_operation_is_a_module_and_four_forms_of_a_method(real: Surface) -> None:
    for name in {*real.operations.values()}:
        places = [one.partition(".")[0] for one, operation in real.operations.items() if operation == name]
        assert sorted(places) == ["api", *["async_resources"] * 2, *["resources"] * 2], name


def test_arguments_go_to_a_position_in_the_path_or_a_name_elsewhere() -> None:
    found = tiny()
    assert found.operations["api.things.list_things"] == "listThings"
    assert found.names["api.things.list_things"] == "GET /shelves/{}/things/{}"
    sync = {name.partition("(")[2].rstrip(")"): wire for name, wire in found.names.items() if ".sync(" in name}
    assert sync == {
        "shelf": "path 0",
        "id": "path 1",
        "body": "body",
        "page_size": "query page[size]",
        "note": "headers X-Note",
    }


def test_fields_have_the_keys_that_are_written_and_no_others() -> None:
    fields = {name: wire for name, wire in tiny().names.items() if name.startswith("models.")}
    module = "models.thing_create.ThingCreate"
    assert fields == {f"{module}.from_": "field from", f"{module}.size": "field size"}


def test_methods_stand_for_what_they_call_and_an_argument_that_goes_to_two_places_for_neither() -> None:
    found = tiny()
    name = "resources.things.Things.list"
    assert found.names[name] == "GET /shelves/{}/things/{}"
    given = {one.removeprefix(f"{name}("): wire for one, wire in found.names.items() if one.startswith(f"{name}(")}
    assert given == {
        "shelf_id)": "path 0",
        "thing)": "path 1",
        "sender)": "field from",
        "pages)": "query page[size]",
    }
    assert "resources.things.Things.odd" not in found.names


def test_the_classes_of_events_stand_for_their_types() -> None:
    text = 'EVENTS: Final[dict] = {"b.new": (".models.thing", "Thing"), "a.new": (".models.thing", "Thing")}\n'
    assert wire_names.read({("event_classes",): ast.parse(text)}).names == {"models.thing.Thing": "events a.new, b.new"}


@pytest.mark.parametrize(
    "text",
    [
        "OPERATION = 1",
        "OPERATION = _Operation('a')",
        "OPERATION = _Operation('a', 'GET', path)",
        "EVENTS: dict = {'a': 1, 'b': (1, 2), 'c': ('x',)}",
        "EVENTS: dict = {'a': made()}",
        "class A:\n    _renamed: dict = {a: 'b'}\n    x: int\n    def to_dict(self): ...",
        "OPERATION = _Operation('a', 'GET', '/')\ndef _call(a):\n    q += f()\n    q += g(a, 'x')\n    '{}'.format(a)",
    ],
)
def test_what_is_not_written_out_stands_for_nothing(text: str) -> None:
    found = wire_names.read({("m",): ast.parse(text)}).names
    assert {name for name in found if name != "m"} == set()
