"""Evidence, conflicts, assumptions and corrections reach the part that they are about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.docs import ROOT
from scripts.errors import InputError
from scripts.lint import evidence as check
from scripts.pipeline import bundle
from scripts.pipeline.layout import Layout
from scripts.reference import corrections, evidence, provenance
from scripts.reference.corrections import Change, Correction, How
from scripts.reference.evidence import Assumption, Claim, Conflict, Ledger

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/pets": {"get": {"parameters": [{"name": "q"}, {"$ref": "#/components/parameters/P"}], "responses": {}}}
    },
    "components": {
        "parameters": {"P": {"name": "p", "schema": {"type": "string"}}},
        "responses": {"R": {"description": "Fine."}},
        "schemas": {
            "Kind": {"type": "string", "enum": ["cat"]},
            "Pet": {
                "required": ["tags"],
                "properties": {"tags": {"items": {"properties": {"x": {}}}}, "properties": {}},
            },
        },
    },
}
PET = "#/components/schemas/Pet"
TAGS = f"{PET}/properties/tags"
INNER = f"{TAGS}/items/properties/x"


def test_parts_are_what_a_reader_looks_at_as_one_thing() -> None:
    assert provenance.parts(DOCUMENT) == {
        "#/paths/~1pets/get": "operation",
        "#/paths/~1pets/get/parameters/0": "parameters",
        "#/components/parameters/P": "parameters",
        "#/components/responses/R": "responses",
        "#/components/schemas/Kind": "schema",
        PET: "schema",
        TAGS: "property",
        INNER: "property",
        f"{PET}/properties/properties": "property",
    }


@pytest.mark.parametrize(
    ("pointer", "part", "where"),
    [
        (f"{PET}/required", PET, "required"),
        (TAGS, TAGS, ""),
        (f"{TAGS}/items/type", TAGS, "items/type"),
        (f"{INNER}/enum/0", INNER, "enum/0"),
        ("#/paths/~1pets/get/x-rule-errors", "#/paths/~1pets/get", "x-rule-errors"),
        ("#/info/title", "", ""),
    ],
)
def test_the_innermost_part_owns_what_a_pointer_names(pointer: str, part: str, where: str) -> None:
    assert provenance.owner(pointer, provenance.parts(DOCUMENT)) == (part, where)


def correction(*changes: Change) -> Correction:
    return Correction("o.overlay.yaml", 4, 1, "A change.", "2026-01-02", "A reason.", (), changes)


def test_each_kind_of_evidence_is_collected_where_it_points() -> None:
    claim = Claim((TAGS, f"{PET}/required"), "there are tags", ("D",), False, "pets.yaml:2")
    conflict = Conflict("D1", "tags", (), "yes", "because", (TAGS,), "pets.yaml:9")
    assumption = Assumption("kinds", "cats", "because", ("#/components/schemas/Kind/enum",), "pets.yaml:12")
    found = provenance.collect(DOCUMENT, Ledger((), (claim,), (conflict,), (assumption,)), ())
    assert [(about.subject, about.where) for about in found[TAGS].claims] == [(claim, "")]
    assert [(about.subject, about.where) for about in found[PET].claims] == [(claim, "required")]
    assert [about.subject for about in found[TAGS].conflicts] == [conflict]
    assert [(about.subject, about.where) for about in found["#/components/schemas/Kind"].assumptions] == [
        (assumption, "enum")
    ]
    assert set(found) == {TAGS, PET, "#/components/schemas/Kind"}


def test_an_object_that_an_overlay_added_brings_its_parts_along() -> None:
    added = correction(Change(PET, How.ADDED))
    found = provenance.collect(DOCUMENT, Ledger((), (), (), ()), (added,))
    assert set(found) == {PET, TAGS, INNER, f"{PET}/properties/properties"}
    assert found[INNER].corrections[0].subject.how is How.ADDED


def test_what_an_overlay_removed_is_told_where_it_stood() -> None:
    removed = correction(Change(f"{PET}/properties/age", How.REMOVED), Change("#/info/contact", How.REMOVED))
    found = provenance.collect(DOCUMENT, Ledger((), (), (), ()), (removed,))
    assert set(found) == {PET}
    (about,) = found[PET].corrections
    assert (about.where, about.subject.how) == ("properties/age", How.REMOVED)


@pytest.fixture(scope="module")
def ours() -> tuple[dict[str, Any], Ledger, tuple[Correction, ...]]:
    layout = Layout(ROOT)
    bundled = bundle.bundle(layout.entry, root=ROOT)
    document, made = corrections.replay(bundled.document, layout.description_overlays, ROOT)
    return document, evidence.read(layout.description / "evidence", ROOT), made


def test_every_statement_of_our_description_shows_what_it_rests_on(ours: tuple[Any, Ledger, Any]) -> None:
    document, ledger, made = ours
    known, found = provenance.parts(document), provenance.collect(document, ledger, made)
    wanted = {provenance.owner(pointer, known)[0] for pointer in check.needs(document)}
    assert len(wanted) > 150
    assert {part for part in wanted if not (found[part].claims or found[part].corrections)} == set()


def test_all_our_evidence_is_read_and_most_of_it_names_its_parts(ours: tuple[Any, Ledger, Any]) -> None:
    _, ledger, made = ours
    assert min(map(len, (ledger.documents, ledger.claims, ledger.conflicts, ledger.assumptions, made))) > 15
    assert sum(bool(one.pointers) for one in ledger.conflicts) > len(ledger.conflicts) * 0.9
    assert sum(bool(one.pointers) for one in ledger.assumptions) > len(ledger.assumptions) * 0.8
    assert all(one.line and one.date and one.reason and one.citations and one.changes for one in made)


def test_evidence_that_the_lint_refuses_is_refused_here(tmp_path: Path) -> None:
    (tmp_path / "documents.yaml").write_text("documents: [{id: D}]\n", encoding="utf-8")
    with pytest.raises(InputError, match="is missing"):
        evidence.read(tmp_path, tmp_path)
