"""A name that stands for the same on the wire is one rename, forwards and backwards; likeness alone is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.comparison import python_changes, surface_reading
from scripts.comparison.python_changes import PythonChange

# A package as it is generated: one operation that sends a model and gives another one, which holds a third and an enum.
API = """OPERATION = _Operation("createThing", "POST", "/shelves/{shelf}/things")
def _call(shelf: str, *, body: ThingCreate, page_size: int) -> _Call:
    _query += _wire.query_pairs("page[size]", page_size)
    return _Call(OPERATION, "/shelves/{shelf}/things".format(shelf=_wire.path_segment(shelf)))
def sync(shelf: str, *, client: Telnyx, body: ThingCreate, page_size: int) -> Thing: ...
"""
RESOURCE = """class {prefix}Shelves({prefix}Resource):
    def {method}(self, shelf: str, *, kind: str, page_size: int) -> Thing:
        from ..api.things import create_thing as _operation
        from ..models.thing_create import ThingCreate as _Body
        _body = _Body(kind=kind)
        return _operation.sync(shelf, client=self._client, page_size=page_size, body=_body)
"""
ROOT = "class {prefix}Resources:\n    @cached_property\n    def shelves(self) -> {prefix}Shelves: ...\n"


def model(name: str, *fields: str, **renamed: str) -> str:
    """A model of these fields; those of ``renamed`` have another key."""
    keys = {**{field.partition(":")[0]: field.partition(":")[0] for field in fields}, **renamed}
    table = "{" + ", ".join(f'"{field}": "{key}"' for field, key in renamed.items()) + "}"
    written = "".join(f'        d["{key}"] = self.{field}\n' for field, key in keys.items())
    body = "".join(f"    {field}\n" for field in fields)
    return (
        f"@_define(kw_only=True)\nclass {name}(_Model):\n    _renamed: ClassVar[Mapping[str, str]] = {table}\n{body}"
        f"    @classmethod\n    def from_dict(cls, src: Mapping[str, Any]) -> Self: ...\n"
        f"    def to_dict(self) -> dict[str, Any]:\n{written}        return d\n"
    )


PLAIN = {
    "api/things/create_thing": API,
    "resources/__init__": ROOT.format(prefix=""),
    "async_resources/__init__": ROOT.format(prefix="Async"),
    "resources/shelves": RESOURCE.format(prefix="", method="create"),
    "async_resources/shelves": RESOURCE.format(prefix="Async", method="create"),
    "models/__init__": "from .kind import Kind\n__all__ = ('Thing', 'Kind', 'ThingCreate')\n",
    "models/thing": model("Thing", "type_: str", "kind: Kind | Unset", "size: Size", type_="type"),
    "models/thing_create": model("ThingCreate", "kind: str"),
    "models/size": model("Size", "width: int"),
    "models/kind": "class Kind(OpenStrEnum):\n    BIG = 'big'\n    SMALL = 'small'\n",
}
Change = tuple[str, str, str | None, str | None]


def changes(folder: Path, before: dict[str, str], after: dict[str, str]) -> tuple[PythonChange, ...]:
    """What changed from one package to another, each given as its modules."""
    surfaces = []
    for side, modules in (("before", before), ("after", after)):
        for name, text in modules.items():
            path = folder / side / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        surfaces.append(surface_reading.read(folder / side))
    return python_changes.compare(*surfaces)


def told(folder: Path, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    return [(one.kind, one.names[0], one.before, one.after) for one in changes(folder, before, after)]


def altered(words: dict[str, str], moves: dict[str, str] | None = None) -> dict[str, str]:
    """The plain package with words replaced everywhere, and modules called otherwise."""
    result = {}
    for name, text in PLAIN.items():
        for old, new in words.items():
            text = text.replace(old, new)
        result[(moves or {}).get(name, name)] = text
    return result


RENAMES = {
    "field": (
        altered({"type_: str": "type: str", '{"type_": "type"}': "{}", "self.type_": "self.type"}),
        [("field-renamed", "models.thing.Thing.type_", "type_", "type")],
    ),
    "member": (
        altered({"BIG = 'big'": "LARGE = 'big'"}),
        [("member-renamed", "models.kind.Kind.BIG", "BIG", "LARGE")],
    ),
    "path argument": (
        altered(
            {"shelf: str": "shelf_id: str", "sync(shelf,": "sync(shelf_id,", "segment(shelf)": "segment(shelf_id)"}
        ),
        [
            ("argument-renamed", "api.things.create_thing.sync(shelf)", "shelf", "shelf_id"),
            ("argument-renamed", "resources.shelves.Shelves.create(shelf)", "shelf", "shelf_id"),
        ],
    ),
    "query argument": (
        altered({"page_size": "size"}),
        [
            ("argument-renamed", "api.things.create_thing.sync(page_size)", "page_size", "size"),
            ("argument-renamed", "resources.shelves.Shelves.create(page_size)", "page_size", "size"),
        ],
    ),
    "enum": (
        altered({"Kind": "Sort", ".kind import": ".sort import"}, {"models/kind": "models/sort"}),
        [("class-renamed", "models.Kind", "Kind", "Sort")],
    ),
    "classes inside one another": (
        altered(
            {"Thing ": "Item ", "Thing:": "Item:", "Thing(": "Item(", "Thing\n": "Item\n", "'Thing'": "'Item'"}
            | {"Size": "Extent", ".thing import": ".item import"},
            {"models/thing": "models/item", "models/size": "models/extent"},
        ),
        [
            ("class-renamed", "models.Thing", "Thing", "Item"),
            ("class-renamed", "models.size.Size", "Size", "Extent"),
        ],
    ),
    "method": (
        altered({"def create(": "def make("}),
        [("method-renamed", "resources.shelves.Shelves.create", "create", "make")],
    ),
    "operation": (
        altered(
            {"createThing": "makeThing", "import create_thing": "import make_thing"},
            {"api/things/create_thing": "api/things/make_thing"},
        ),
        [("module-renamed", "api.things.create_thing", "create_thing", "make_thing")],
    ),
    "tag": (
        altered({"..api.things": "..api.goods"}, {"api/things/create_thing": "api/goods/create_thing"}),
        [("module-renamed", "api.things.create_thing", "api.things.create_thing", "api.goods.create_thing")],
    ),
    "resource": (
        altered(
            {"Shelves": "Racks", "def shelves": "def racks"},
            {"resources/shelves": "resources/racks", "async_resources/shelves": "async_resources/racks"},
        ),
        [
            ("attribute-renamed", "resources.Resources.shelves", "shelves", "racks"),
            ("class-renamed", "resources.shelves.Shelves", "Shelves", "Racks"),
        ],
    ),
}


@pytest.mark.parametrize("case", RENAMES)
def test_a_new_name_of_the_same_is_one_change(tmp_path: Path, case: str) -> None:
    after, expected = RENAMES[case]
    assert told(tmp_path / "forwards", PLAIN, after) == expected
    backward = told(tmp_path / "backwards", after, PLAIN)
    shown = sorted((kind, new, old) for kind, _, old, new in expected)
    assert sorted((kind, old, new) for kind, _, old, new in backward) == shown


def one(folder: Path, after: dict[str, str], name: str) -> PythonChange:
    (change,) = [each for each in changes(folder, PLAIN, after) if each.names[0] == name]
    return change


def test_all_forms_of_what_is_renamed_are_one_change_with_what_callers_have_to_do(tmp_path: Path) -> None:
    method = one(tmp_path / "1", RENAMES["method"][0], "resources.shelves.Shelves.create")
    assert method.names == ("resources.shelves.Shelves.create", "async_resources.shelves.AsyncShelves.create")
    assert method.effect.value == "breaking"
    said = "{}; nothing changes on the wire"
    assert method.callers == said.format("the method's former name is an AttributeError: write the new one")
    enum = one(tmp_path / "2", RENAMES["enum"][0], "models.Kind")
    assert enum.names == ("models.Kind", "models.kind.Kind")
    path = one(tmp_path / "3", RENAMES["path argument"][0], "resources.shelves.Shelves.create(shelf)")
    assert path.callers.startswith("passing it by its former name is a TypeError, by position it works: write")


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("Thing", "reading it by its former name is an AttributeError: write"),
        ("ThingCreate", "passing it by its former name is a TypeError: write"),
    ],
)
def test_a_renamed_field_is_passed_where_it_is_sent_and_read_where_it_comes(
    tmp_path: Path, owner: str, said: str
) -> None:
    module = "models/thing" if owner == "Thing" else "models/thing_create"
    sides = [
        PLAIN | {module: model(owner, "from_: str", from_="from")},
        PLAIN | {module: model(owner, "sender: str", sender="from")},
    ]
    (change,) = changes(tmp_path, *sides)
    assert (change.kind, change.before, change.after) == ("field-renamed", "from_", "sender")
    assert change.callers.startswith(said)


def test_what_else_changed_of_a_renamed_thing_is_told_under_its_new_name(tmp_path: Path) -> None:
    after = RENAMES["method"][0]
    after = {
        name: text.replace("page_size: int) -> Thing:", "page_size: str) -> Thing:") for name, text in after.items()
    }
    assert ("argument-type-changed", "resources.shelves.Shelves.make(page_size)", "int", "str") in told(
        tmp_path, PLAIN, after
    )


def test_an_argument_of_a_renamed_operation_may_go_elsewhere(tmp_path: Path) -> None:
    words = {"createThing": "makeThing", "import create_thing": "import make_thing", "page[size]": "page[length]"}
    found = told(tmp_path, PLAIN, altered(words, {"api/things/create_thing": "api/things/make_thing"}))
    elsewhere = ("query page[size]", "query page[length]")
    assert ("wire-name-changed", "api.things.make_thing.sync(page_size)", *elsewhere) in found
    assert ("wire-name-changed", "resources.shelves.Shelves.create(page_size)", *elsewhere) in found


def test_an_operation_that_moved_keeps_its_name_by_its_operation_id(tmp_path: Path) -> None:
    after = altered(
        {'"POST", "/shelves/{shelf}/things"': '"PUT", "/racks/{shelf}"'},
        {"api/things/create_thing": "api/racks/create_thing"},
    )
    after = {name: text.replace("..api.things", "..api.racks") for name, text in after.items()}
    (module,) = [found for found in changes(tmp_path, PLAIN, after) if found.kind == "module-renamed"]
    assert module.callers.endswith("write the new one; the request is another one, too")


# Alike, and yet no rename: what it stands for is another thing, or nobody can tell which of several it is.
UNCERTAIN = {
    "another key": altered({'{"type_": "type"}': "{}", "type_": "kind_of", 'd["type"]': 'd["kind_of"]'}),
    "another value": altered({"BIG = 'big'": "LARGE = 'large'"}),
    "another content": altered(
        {"Kind": "Sort", "SMALL = 'small'": "TINY = 'tiny'", ".kind import": ".sort import"},
        {"models/kind": "models/sort"},
    ),
    "another key of a field": altered(
        {"Size": "Extent", "width: int": "height: int", "width": "height"}, {"models/size": "models/extent"}
    ),
    "another place": altered({"kind: Kind | Unset": "kind: Unset | str"}, {"models/kind": "models/sort"})
    | {
        "models/sort": "class Sort(OpenStrEnum):\n    BIG = 'big'\n    SMALL = 'small'\n",
        "models/__init__": "__all__ = ('Thing',  'ThingCreate')\n",
    },
    "several values": altered({"BIG = 'big'": "LARGE = 'big'\n    HUGE = 'big'"}),
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_what_is_only_alike_is_a_removal_and_an_addition(tmp_path: Path, case: str) -> None:
    for number, sides in enumerate([(PLAIN, UNCERTAIN[case]), (UNCERTAIN[case], PLAIN)]):
        kinds = {kind for kind, *_ in told(tmp_path / str(number), *sides)}
        assert not {kind for kind in kinds if kind.endswith("-renamed")}
        assert kinds & {"name-removed", "argument-removed"}


def test_the_former_name_beside_the_new_one_is_an_addition(tmp_path: Path) -> None:
    after = altered({"    BIG = 'big'": "    BIG = 'big'\n    LARGE = 'big'"})
    assert told(tmp_path, PLAIN, after) == [("name-added", "models.kind.Kind.LARGE", None, "attribute")]


def test_names_that_change_places_are_told_although_all_names_stay(tmp_path: Path) -> None:
    fields = ("a: str", "b: str")
    before = PLAIN | {"models/size": model("Size", *fields, a="x", b="y")}
    after = PLAIN | {"models/size": model("Size", *fields, a="y", b="x")}
    assert told(tmp_path, before, after) == [
        ("wire-name-changed", "models.size.Size.a", "field x", "field y"),
        ("wire-name-changed", "models.size.Size.b", "field y", "field x"),
    ]


def test_an_operation_at_another_address_is_told_of_packages_alone(tmp_path: Path) -> None:
    after = altered({'"POST", "/shelves/{shelf}/things"': '"POST", "/racks/{shelf}/things"'})
    assert told(tmp_path, PLAIN, after) == [
        ("address-changed", "api.things.create_thing", "POST /shelves/{}/things", "POST /racks/{}/things")
    ]


def test_a_package_beside_itself_has_no_changes(tmp_path: Path) -> None:
    for number, (after, _) in enumerate(RENAMES.values()):
        assert told(tmp_path / str(number), after, after) == []
