"""What a package offers, and what changed of it: tiny packages, and griffe's findings as a second opinion."""

from __future__ import annotations

import ast
from pathlib import Path

import griffe
import pytest

from scripts.comparison import python_changes, surface_reading
from scripts.comparison.python_changes import PythonChange
from scripts.comparison.surface import Surface
from scripts.errors import InputError

MODEL = """from attrs import define, field
from typing import TYPE_CHECKING, ClassVar

@define(kw_only=True)
class Thing:
    _known: ClassVar[set[str]] = set()
    {fields}
    extra: dict[str, str] = field(factory=dict)
    made: int = field(init=False)
    @classmethod
    def from_dict(cls, src: dict[str, str]) -> Self: ...
    if not TYPE_CHECKING:
        def __init__(self, **given):
            self.extra = given
"""
TAKES = "from models import Thing\ndef send(thing: Thing) -> None: ...\n"
GIVES = "from models import Thing\ndef read() -> Thing: ...\n"


def package(folder: Path, **modules: str) -> Surface:
    """The surface of a package of these modules; ``_`` in a name stands for a folder."""
    for name, text in modules.items():
        path = folder / "pack" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "pack" / "__init__.py").touch()
    return surface_reading.read(folder / "pack")


def between(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> list[PythonChange]:
    return [*python_changes.compare(package(tmp_path / "a", **before), package(tmp_path / "b", **after))]


def told(tmp_path: Path, before: str, after: str) -> list[tuple[str, str, str]]:
    found = between(tmp_path, {"m": before}, {"m": after})
    return [(one.kind, one.names[0], one.effect.value) for one in found]


B, D, A = "breaking", "degraded", "additive"
CASES = [
    ("def f(): ...", "", [("name-removed", "m.f", B)]),
    ("", "def f(): ...", [("name-added", "m.f", A)]),
    ("def f(): ...", "async def f(): ...", [("kind-changed", "m.f", B)]),
    ("def f(): ...", "f = 1", [("kind-changed", "m.f", B)]),
    ("def _f(): ...", "", []),
    ("if not TYPE_CHECKING:\n def f(): ...", "", []),
    ("if TYPE_CHECKING:\n def f(a): ...\nelse:\n def f(b): ...", "def f(a): ...", []),
    ("def f(a): ...", "def f(): ...", [("argument-removed", "m.f(a)", B)]),
    ("def f(): ...", "def f(a): ...", [("required-argument-added", "m.f(a)", B)]),
    ("def f(): ...", "def f(a=1): ...", [("argument-added", "m.f(a)", A)]),
    ("def f(): ...", "def f(**more): ...", [("argument-added", "m.f(**more)", A)]),
    ("def f(a=1): ...", "def f(a): ...", [("argument-became-required", "m.f(a)", B)]),
    ("def f(a): ...", "def f(a=1): ...", [("argument-became-optional", "m.f(a)", A)]),
    ("def f(a=1): ...", "def f(a=2): ...", [("argument-default-changed", "m.f(a)", D)]),
    ("def f(a): ...", "def f(*, a): ...", [("argument-kind-changed", "m.f(a)", B)]),
    ("def f(*, a): ...", "def f(a): ...", [("argument-kind-changed", "m.f(a)", A)]),
    ("def f(a, b): ...", "def f(b, a): ...", [("arguments-moved", "m.f", B)]),
    ("def f(*, a, b): ...", "def f(*, b, a): ...", []),
    ("def f(a): ...", "def f(b, a): ...", [("arguments-moved", "m.f", B), ("required-argument-added", "m.f(b)", B)]),
    ("def f(a, b): ...", "def f(b): ...", [("argument-removed", "m.f(a)", B), ("arguments-moved", "m.f", B)]),
    ("def f(a: int): ...", "def f(a: int | str): ...", [("argument-type-changed", "m.f(a)", A)]),
    ("def f(a: int | str): ...", "def f(a: int): ...", [("argument-type-changed", "m.f(a)", B)]),
    ("def f(a: int | str): ...", "def f(a: str | int): ...", []),
    ("def f(a: 'int'): ...", "def f(a: int): ...", []),
    ("U = int | str\ndef f(a: int): ...", "U = int | str\ndef f(a: U): ...", [("argument-type-changed", "m.f(a)", A)]),
    ("U = int | str\ndef f(a: U): ...", "U = int | str\ndef f(a: int): ...", [("argument-type-changed", "m.f(a)", B)]),
    ("U = int | str\ndef f(a: U): ...", "U = int | bool\ndef f(a: U): ...", [("argument-type-changed", "m.f(a)", B)]),
    (
        "U = int | str\nV = U | None\ndef f(a: int | str | None): ...",
        "U = int | str\nV = U | None\ndef f(a: V): ...",
        [],
    ),
    ("def f(a: BinaryIO): ...", "def f(a: IO[bytes]): ...", [("argument-type-changed", "m.f(a)", A)]),
    ("def f(a: IO[bytes]): ...", "def f(a: BinaryIO): ...", [("argument-type-changed", "m.f(a)", B)]),
    ("def f(a: TextIO): ...", "def f(a: IO[bytes]): ...", [("argument-type-changed", "m.f(a)", B)]),
    ("def f() -> int: ...", "def f() -> int | None: ...", [("return-type-changed", "m.f", B)]),
    ("def f() -> int | None: ...", "def f() -> int: ...", [("return-type-changed", "m.f", A)]),
    ("class C: ...", "class D: ...", [("name-removed", "m.C", B), ("name-added", "m.D", A)]),
    ("class C(A, B): ...", "class C(A): ...", [("base-removed", "m.C", B)]),
    ("class C(A): ...", "class C(A, B): ...", []),
    ("class C:\n def f(self): ...", "class C:\n def f(self, a): ...", [("required-argument-added", "m.C.f(a)", B)]),
    ("class C:\n def f(self) -> Self: ...", "class C:\n def f(self) -> C: ...", []),
    ("class C:\n @property\n def p(self) -> int: ...", "class C:\n p: int", []),
    ("class K(StrEnum):\n A = 'a'", "class K(StrEnum):\n A = 'b'", [("member-changed", "m.K.A", B)]),
    ("class K(StrEnum):\n A = 'a'\n B = 'b'", "class K(StrEnum):\n A = 'a'", [("name-removed", "m.K.B", B)]),
    ("v: int = 1", "v: str = 'a'", [("type-changed", "m.v", B)]),
    ('"""One."""', '"""Two."""', []),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES, ids=[f"{a} -> {b}" for a, b, _ in CASES])
def test_a_change_of_a_module(tmp_path: Path, before: str, after: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(tmp_path, before, after) == expected


@pytest.mark.parametrize(
    ("used", "before", "after", "expected"),
    [
        (TAKES, "a: int", "a: int = 1", [("argument-became-optional", A)]),
        (TAKES, "a: int = 1", "a: int", [("argument-became-required", B)]),
        (TAKES, "a: int", "a: int | str", [("argument-type-changed", A)]),
        (TAKES, "a: int | str", "a: int", [("argument-type-changed", B)]),
        (TAKES, "a: int = field(default=1)", "a: int = field(default=2)", [("argument-default-changed", D)]),
        (GIVES, "a: int", "a: int | None", [("type-changed", B)]),
        (GIVES, "a: int | None", "a: int", [("type-changed", A)]),
        (GIVES, "a: int = 1", "a: int", [("argument-became-required", D)]),
        (TAKES + GIVES, "a: int | None", "a: int", [("argument-type-changed", B), ("type-changed", A)]),
    ],
)
def test_models_are_constructed_where_they_are_sent_and_read_where_they_come(
    tmp_path: Path, used: str, before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    models = [MODEL.replace("{fields}", fields) for fields in (before, after)]
    found = between(tmp_path, {"models": models[0], "api": used}, {"models": models[1], "api": used})
    assert [(one.kind, one.effect.value) for one in found] == expected


@pytest.mark.parametrize(
    ("used", "removed", "added"),
    [
        (TAKES, [("argument-removed", B)], [("argument-added", A)]),
        (GIVES, [("name-removed", B)], [("name-added", A)]),
        ("", [("name-removed", B)], [("name-added", A)]),
        (TAKES + GIVES, [("argument-removed", B), ("name-removed", B)], [("argument-added", A), ("name-added", A)]),
    ],
    ids=["sent", "comes", "comes with an event", "both"],
)
def test_a_field_is_an_argument_where_it_is_sent_and_an_attribute_where_it_comes(
    tmp_path: Path, used: str, removed: list[tuple[str, str]], added: list[tuple[str, str]]
) -> None:
    """That every model can be made of JSON does not mean that every model comes."""
    models = [MODEL.replace("{fields}", fields) for fields in ("a: int = 1\n    b: int = 2", "a: int = 1")]
    sides = [{"models": text, "api": used} for text in models]
    assert [(one.kind, one.effect.value) for one in between(tmp_path / "1", *sides)] == removed
    assert [(one.kind, one.effect.value) for one in between(tmp_path / "2", *reversed(sides))] == added


def test_what_a_change_of_a_field_does_is_said_for_its_direction(tmp_path: Path) -> None:
    models = [MODEL.replace("{fields}", fields) for fields in ("a: int = 1\n    b: int", "a: int")]
    sent = between(tmp_path / "1", *({"models": text, "api": TAKES} for text in models))
    assert {one.kind: one.callers for one in sent} == {
        "argument-became-required": "calls without it are a TypeError",
        "argument-removed": "passing it is a TypeError",
    }
    comes = between(tmp_path / "2", *({"models": text, "api": GIVES} for text in models))
    assert {one.kind: one.callers for one in comes} == {
        "argument-became-required": "where code makes such objects itself: calls without it are a TypeError",
        "name-removed": "reading it is an AttributeError",
    }


def test_heirs_of_a_class_that_transforms_are_made_from_their_fields(tmp_path: Path) -> None:
    core = "@dataclass_transform(kw_only_default=True)\nclass Frozen: ...\n"
    attrs = {"m": "@define(kw_only=True)\nclass Policy:\n    wait: float = 0.5\n", "runtime__core": core}
    plain = {
        "m": "from .runtime.core import Frozen\nclass Policy(Frozen):\n    wait: float = 0.5\n",
        "runtime__core": core,
    }
    assert between(tmp_path / "1", attrs, plain) == []
    more = plain | {"m": plain["m"] + "    deadline: float\n"}
    assert [(one.kind, one.names[0]) for one in between(tmp_path / "2", plain, more)] == [
        ("required-argument-added", "m.Policy(deadline)"),
        ("name-added", "m.Policy.deadline"),
    ]


def test_a_constructor_of_its_own_counts_instead_of_the_fields(tmp_path: Path) -> None:
    text = "@define\nclass Policy:\n    wait: float\n    def __init__(self, seconds: float): ...\n"
    found = package(tmp_path, m=text).entries["m.Policy"]
    assert [one.name for one in found.arguments] == ["seconds"]


def test_the_name_that_something_is_imported_under_says_nothing(tmp_path: Path) -> None:
    before = "from .core import Model\nclass Thing(Model):\n def f(self, a: Model | None): ...\n"
    after = "from .core import Model as _Model\nclass Thing(_Model):\n def f(self, a: None | _Model): ...\n"
    assert between(tmp_path, {"m": before}, {"m": after}) == []


def test_variants_of_a_method_are_one_change(tmp_path: Path) -> None:
    def client(argument: str) -> dict[str, str]:
        bodies = {
            "resources__things": "class Things:\n def get(self{0}) -> Thing: ...\n"
            "class ThingsWithResponse:\n def get(self{0}) -> Response[Thing]: ...\n",
            "async_resources__things": "class AsyncThings:\n async def get(self{0}) -> Thing: ...\n",
            "api__things": "def sync({1}): ...\ndef sync_detailed({1}): ...\nasync def asyncio({1}): ...\n",
        }
        return {name: text.format(argument, argument.removeprefix(", ")) for name, text in bodies.items()}

    found = between(tmp_path, client(""), client(", size=1"))
    assert [(one.kind, one.names[0], len(one.names)) for one in found] == [
        ("argument-added", "api.things.sync(size)", 3),
        ("argument-added", "resources.things.Things.get(size)", 3),
    ]


def test_the_inner_workings_count_where_a_public_module_offers_names_from_them(tmp_path: Path) -> None:
    inner = "class Seen:\n def f(self): ...\nclass Unseen: ...\n"
    text = "from .runtime.core import Seen, Unseen\n__all__ = ['Seen', 'other']\n"
    found = package(tmp_path, runtime__core=inner, client=text)
    assert sorted(found.entries) == ["Seen", "Seen.f", "client", "client.Seen", "client.other"]


def test_options_of_a_client_are_its_arguments(tmp_path: Path) -> None:
    client = (
        "from .runtime.options import Options\nclass Telnyx:\n def __init__(self, **options: Unpack[Options]): ...\n"
    )
    options = "class Options(TypedDict, total=False):\n    timeout: float\n    retry: int\n"
    before = {"client": client, "runtime__options": options}
    after = {"client": client, "runtime__options": options.replace("    retry: int\n", "")}
    assert [(one.kind, one.names, one.effect.value) for one in between(tmp_path, before, after)] == [
        ("name-removed", ("Options.retry",), B)
    ]


def test_a_name_that_is_no_longer_offered_is_removed(tmp_path: Path) -> None:
    text = "from .core import Telnyx\n__all__ = ('Telnyx',)\n"
    assert told(tmp_path, text, text.replace("'Telnyx',", "")) == [("name-removed", "m.Telnyx", B)]


def test_what_is_no_python_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read as Python"):
        package(tmp_path / "broken", m="def f(:")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="it has no public module"):
        surface_reading.read(tmp_path / "empty")


def test_whatever_griffe_finds_is_found(tmp_path: Path) -> None:
    for number, (before, after, expected) in enumerate(CASES):
        if "TYPE_CHECKING" in before:
            continue  # griffe takes both branches for what a type checker sees
        loaded = []
        for side, text in (("a", before), ("b", after)):
            package(tmp_path / str(number) / side, m=text)
            loaded.append(griffe.load("pack", search_paths=[tmp_path / str(number) / side], allow_inspection=False))
        theirs = [one.obj.path for one in griffe.find_breaking_changes(*loaded)]
        serious = [name for _, name, effect in expected if effect in {B, D}]
        for path in theirs:
            inside = path.removeprefix("pack.").partition("(")[0]
            assert any(name.startswith(inside) for name in serious), (
                f"{ast.unparse(ast.parse(before))} -> {after}: {path}"
            )
