"""What can't be read behind a reference is told, with its place; it does not read as removed."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.comparison import cases
from contract_tests.unit.comparison.test_command import documents
from scripts import changes
from scripts.comparison import reference_faults
from scripts.errors import InputError
from scripts.pipeline import pointers

WHOLE = cases.document("nothing", "before")
SCHEMAS = "/components/schemas"


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_reference_to_nowhere_is_told_and_not_read_as_a_removal(side: str, tmp_path: Path) -> None:
    files = dict(zip(("before", "after"), documents(tmp_path, "nothing"), strict=True))
    damaged = cases.document("nothing", "after")
    damaged.setdefault("components", {}).setdefault("schemas", {})["Odd"] = {
        "items": {"$ref": "#/components/schemas/Gone"}
    }
    # An example may look like a reference, and is none.
    damaged["components"]["schemas"]["Odd"]["example"] = {"$ref": "#/nowhere"}
    Path(files[side]).write_text(json.dumps(damaged, indent=1), encoding="utf-8")
    with pytest.raises(InputError, match="#/components/schemas/Gone leads nowhere") as caught:
        changes.main([files["before"], files["after"]], tmp_path)
    assert caught.value.pointer == "/components/schemas/Odd/items/$ref"
    line = caught.value.line
    assert line and "Gone" in Path(files[side]).read_text(encoding="utf-8").splitlines()[line - 1]


def altered(*parts: tuple[str, Any]) -> dict[str, Any]:
    """The plain document with values put at pointers whose parents exist."""
    document = copy.deepcopy(WHOLE)
    for pointer, value in parts:
        *above, last = pointers.split(pointer)
        holder: Any = document
        for token in above:
            holder = holder[token]
        holder[last] = value
    return document


FAULTS = [
    ((f"{SCHEMAS}/Thing/items", {"$ref": "#/components/schemas/Thin"}), "/items/$ref", "leads nowhere", "did you mean"),
    ((f"{SCHEMAS}/Thing/items", {"$ref": "#"}), "/items/$ref", "# leads nowhere", "a file that was cut?"),
    ((f"{SCHEMAS}/Thing/items", {"$ref": "#anchor"}), "/items/$ref", "#anchor leads nowhere", "a file that was cut?"),
    ((f"{SCHEMAS}/Thing/items", {"$ref": 5}), "/items/$ref", "$ref is 5", "name what is meant"),
    ((f"{SCHEMAS}/Thing/items", {"$ref": ""}), "/items/$ref", "$ref is empty", "name what is meant"),
    ((f"{SCHEMAS}/Thing/items", {"$ref": "a.yaml#/B"}), "/items/$ref", "a.yaml#/B is in another file", "bundle"),
    (("/paths/~1more", {"$ref": "more.yaml"}), "/paths/~1more/$ref", "more.yaml is in another file", "bundle"),
    ((f"{SCHEMAS}/Kind", {"$ref": f"#{SCHEMAS}/Kind"}), "/Kind/$ref", "leads back to itself", "let one"),
    (
        (f"{SCHEMAS}/Kind", {"allOf": [{"$ref": f"#{SCHEMAS}/Kind"}]}),
        "/allOf/0/$ref",
        "leads back to itself",
        "let one",
    ),
    (
        (f"{SCHEMAS}/Thing/discriminator", {"propertyName": "kind", "mapping": {"a": "#/components/schemas/Gone"}}),
        "/discriminator/mapping/a",
        "leads nowhere",
        "",
    ),
]


@pytest.mark.parametrize(("part", "pointer", "message", "fix"), FAULTS, ids=[one[2] for one in FAULTS])
def test_a_reference_behind_which_nothing_can_be_read_is_a_fault(
    part: tuple[str, Any], pointer: str, message: str, fix: str
) -> None:
    (found,) = reference_faults.faults(altered(part))
    assert found.pointer.endswith(pointer)
    assert message in found.message
    assert fix in found.fix


def test_a_circle_of_several_is_told_once() -> None:
    chain = {f"A{number}": {"$ref": f"#{SCHEMAS}/A{(number + 1) % 3}"} for number in range(3)}
    (found,) = reference_faults.faults(altered(*((f"{SCHEMAS}/{name}", one) for name, one in chain.items())))
    assert found.message == f"#{SCHEMAS}/A0 leads back to itself, and nothing on the way says what it is"
    assert found.pointer == f"{SCHEMAS}/A2/$ref"


@pytest.mark.parametrize(
    "part",
    [
        (f"{SCHEMAS}/Thing/properties/parts", {"type": "array", "items": {"$ref": f"#{SCHEMAS}/Thing"}}),
        (f"{SCHEMAS}/Thing/properties/like", {"allOf": [{"$ref": f"#{SCHEMAS}/Thing"}]}),
        (f"{SCHEMAS}/Kind", {"oneOf": [{"type": "string"}, {"$ref": f"#{SCHEMAS}/Kind"}]}),
        (f"{SCHEMAS}/Thing/properties/$ref", {"type": "string"}),
        (f"{SCHEMAS}/Thing/example", {"$ref": "#/nowhere"}),
        (f"{SCHEMAS}/Thing/enum", [{"$ref": "#/nowhere"}]),
        (f"{SCHEMAS}/Thing/discriminator", {"propertyName": "kind", "mapping": {"a": "Elsewhere"}}),
        (f"{SCHEMAS}/Thing/discriminator", {"propertyName": "kind", "mapping": ["a"]}),
    ],
    ids=[
        "list of its own",
        "member of its own",
        "one of itself",
        "a name",
        "example",
        "enum",
        "by name",
        "odd mapping",
    ],
)
def test_what_leads_somewhere_in_the_end_and_what_is_no_reference_is_no_fault(part: tuple[str, Any]) -> None:
    assert [*reference_faults.faults(altered(part))] == []


def test_a_long_chain_is_no_circle_and_many_ways_to_one_part_are_walked_once() -> None:
    """Thirty schemas each of which is the next one twice: a thousand million ways to the last."""
    size = 30
    chain = {
        f"A{number}": {"allOf": [{"$ref": f"#{SCHEMAS}/A{number + 1}"}, {"$ref": f"#{SCHEMAS}/A{number + 1}"}]}
        for number in range(size)
    }
    ends = [chain | {f"A{size}": {"type": "object", "maxProperties": most}} for most in (3, 2)]
    sides = [
        altered(*((f"{SCHEMAS}/{name}", one) for name, one in [*end.items(), ("Kind", end["A0"])])) for end in ends
    ]
    assert [*reference_faults.faults(sides[0])] == []
    started = time.process_time()
    found = cases.found(*sides)
    assert ("limit-tightened", "Kind") in {(one["kind"], one["place"]) for one in found["changes"]}
    assert time.process_time() - started < 15
