"""The check that nothing in the description stands without evidence."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import attrs
import pytest

from scripts.lint import evidence
from scripts.lint.document import Document
from scripts.lint.evidence import Claim, Evidence
from scripts.lint.rules import evidence_complete
from scripts.lint.subject import House, Subject
from scripts.pipeline import load, overlay
from scripts.pipeline.overlay import Overlay
from scripts.pipeline.overlay_file import parse
from scripts.pipeline.places import Place

DOCUMENT: dict[str, Any] = {
    "paths": {"/pets/{id}": {"delete": {"x-blocked-by": [], "x-effect": ["write"]}}},
    "components": {
        "securitySchemes": {"key": {}},
        "parameters": {"PetId": {}},
        "schemas": {
            "Pet": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
            "PetKind": {"type": "string", "enum": ["cat"]},
            "PetName": {"type": "string", "pattern": "^[a-z]+$"},
        },
    },
}
POINTERS = (
    "#/paths/~1pets~1{id}/delete",
    "#/paths/~1pets~1{id}/delete/x-blocked-by",
    "#/components/securitySchemes/key",
    "#/components/parameters/PetId",
    "#/components/schemas/Pet/required",
    "#/components/schemas/Pet/properties/id",
    "#/components/schemas/PetKind/enum",
    "#/components/schemas/PetName",
)


def claims(*without: str) -> tuple[Claim, ...]:
    return tuple(Claim(pointer, ("D",), "pets.yaml:1") for pointer in POINTERS if pointer not in without)


def evidence_of(*found: Claim) -> Evidence:
    return Evidence(found, frozenset({"D"}))


def overlay_of(text: str) -> Overlay:
    source = load.parse(
        f"overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{text}", Path("a.overlay.yaml"), "a.overlay.yaml"
    )
    return parse(source)


STATED = """
- target: $.components.schemas.Pet.properties
  x-date: "2026-01-01"
  x-reason: it came later
  x-evidence: [{document: D, note: seen}]
  update: {age: {type: integer}}
"""


def test_what_needs_evidence() -> None:
    assert evidence.needs(DOCUMENT) == set(POINTERS)


def test_all_claimed_is_all_well() -> None:
    assert evidence.problems(DOCUMENT, evidence_of(*claims())) == []


@pytest.mark.parametrize("pointer", POINTERS)
def test_each_missing_claim_is_reported(pointer: str) -> None:
    assert evidence.problems(DOCUMENT, evidence_of(*claims(pointer))) == [f"{pointer} has no evidence"]


def test_a_claim_that_points_nowhere_is_reported_with_its_place() -> None:
    stray = Claim("#/components/schemas/Pet/properties/colour", ("D",), "pets.yaml:9")
    assert evidence.problems(DOCUMENT, evidence_of(*claims(), stray)) == [
        "pets.yaml:9: #/components/schemas/Pet/properties/colour is nowhere in the description"
    ]


def test_a_conflict_or_assumption_about_nothing_is_reported_with_its_place() -> None:
    about = attrs.evolve(evidence_of(*claims()), mentions=((POINTERS[0], "pets.yaml:1"), ("#/gone", "pets.yaml:2")))
    assert evidence.problems(DOCUMENT, about) == ["pets.yaml:2: #/gone is nowhere in the description"]


@pytest.mark.parametrize("pointer", ["/components", "", "#", "components"])
def test_a_claim_has_to_be_a_pointer_into_the_document(pointer: str) -> None:
    (problem,) = evidence.problems(DOCUMENT, evidence_of(*claims(), Claim(pointer, ("D",), "p:1")))
    assert problem == f"p:1: {pointer} is nowhere in the description"


def test_a_claim_without_a_document_is_reported() -> None:
    bare = Claim(POINTERS[0], (), "pets.yaml:2")
    assert evidence.problems(DOCUMENT, evidence_of(*claims(POINTERS[0]), bare)) == [
        f"pets.yaml:2: {POINTERS[0]} names no document"
    ]


def test_a_pointer_claimed_twice_is_reported() -> None:
    assert evidence.problems(DOCUMENT, evidence_of(*claims(), claims()[0])) == [f"{POINTERS[0]} is claimed 2 times"]


def test_unknown_and_uncited_documents_are_reported() -> None:
    found = Evidence((*claims(POINTERS[0]), Claim(POINTERS[0], ("E",), "p:3")), frozenset({"D", "F"}), (("G", "q:4"),))
    assert evidence.problems(DOCUMENT, found) == [
        "document 'F' is cited by nothing",
        "p:3: there is no document 'E'",
        "q:4: there is no document 'G'",
    ]


def test_an_action_is_the_evidence_for_what_it_adds() -> None:
    addition = overlay_of(STATED)
    document, _ = overlay.apply(DOCUMENT, addition)
    assert evidence.problems(document, evidence_of(*claims()), [addition], DOCUMENT) == []
    assert evidence.problems(document, evidence_of(*claims())) == [
        "#/components/schemas/Pet/properties/age has no evidence"
    ]


def test_an_action_is_no_evidence_for_what_was_there() -> None:
    addition = overlay_of(STATED)
    document, _ = overlay.apply(DOCUMENT, addition)
    pointer = "#/components/schemas/Pet/properties/id"
    assert evidence.problems(document, evidence_of(*claims(pointer)), [addition], DOCUMENT) == [
        f"{pointer} has no evidence"
    ]


@pytest.mark.parametrize("field", ["x-date", "x-reason", "x-evidence"])
def test_an_action_has_to_state_reason_date_and_evidence(field: str) -> None:
    lines = [line for line in STATED.splitlines() if field not in line]
    addition = overlay_of("\n".join(lines))
    document, _ = overlay.apply(DOCUMENT, addition)
    found = evidence.problems(document, evidence_of(*claims()), [addition], DOCUMENT)
    assert f"a.overlay.yaml:5: action 1 has no {field}" in found
    assert ("#/components/schemas/Pet/properties/age has no evidence" in found) == (field == "x-evidence")


def test_the_rule_names_file_and_line_of_an_overlay_and_says_what_to_add() -> None:
    addition = overlay_of("\n".join(line for line in STATED.splitlines() if "x-date" not in line))
    document, _ = overlay.apply(DOCUMENT, addition)
    house = House(evidence=evidence_of(*claims()), overlays=(addition,))
    subject = Subject(Document(document), lambda pointer: Place("case.yaml", None), house)
    (finding,) = evidence_complete.check(subject)
    assert (finding.place, finding.message) == (Place("a.overlay.yaml", 5), "action 1 has no x-date")
    assert finding.fix == "add it to the overlay action"


def test_extending_an_enum_is_no_evidence_for_its_first_members() -> None:
    addition = overlay_of(
        STATED.replace("Pet.properties", "PetKind").replace("{age: {type: integer}}", "{enum: [dog]}")
    )
    document, _ = overlay.apply(DOCUMENT, addition)
    assert evidence.problems(document, evidence_of(*claims()), [addition], DOCUMENT) == []
    pointer = "#/components/schemas/PetKind/enum"
    assert evidence.problems(document, evidence_of(*claims(pointer)), [addition], DOCUMENT) == [
        f"{pointer} has no evidence"
    ]


def test_checking_changes_neither_document_nor_evidence() -> None:
    before = copy.deepcopy(DOCUMENT)
    given = evidence_of(*claims())
    evidence.problems(DOCUMENT, given)
    assert before == DOCUMENT
    assert attrs.asdict(given) == attrs.asdict(evidence_of(*claims()))
