"""Whether the API changed or we were wrong follows from what overlays and evidence say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.comparison import causes, description
from scripts.comparison.change import Cause, Change
from scripts.comparison.snapshot import Snapshot
from scripts.pipeline import bundle, overlay
from scripts.pipeline.layout import Layout

DOCUMENTS = """documents:
  - {id: OLD, title: Old, address: a, date: "2024-01-01", kind: document, trust: 3}
  - {id: SAME, title: Same, address: a, date: "2024-01-01", kind: guide, trust: 3}
  - {id: OTHER, title: Other, address: a, date: "2023-01-01", kind: guide, trust: 3}
  - {id: NEW, title: New, address: a, date: "2026-01-01", kind: document, trust: 3}
"""
ENTRY = """openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200": {description: Things, content: {application/json: {schema: {$ref: resources/Thing.yaml}}}}
"""
ACTION = """  - target: $.components.schemas.Thing.properties
    description: Colours.
    x-date: 2026-02-01
    x-reason: Seen.
    x-evidence: [{document: %s, note: there}]
    update: {%s: {type: string}}
"""
OVERLAY = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
POINTER = "#/components/schemas/Thing/properties/name"


def version(root: Path, *, name: str = "string", cites: str = "OLD", actions: str = "") -> Snapshot:
    """A working copy whose field ``name`` has a type that rests on some documents, with overlay actions."""
    layout = Layout(root)
    (layout.description / "evidence").mkdir(parents=True)
    (layout.description / "resources").mkdir()
    layout.description_overlays.mkdir(parents=True)
    layout.entry.write_text(ENTRY, encoding="utf-8")
    thing = f"type: object\nproperties:\n  name: {{type: {name}}}\n"
    (layout.description / "resources" / "Thing.yaml").write_text(thing, encoding="utf-8")
    (layout.description / "evidence" / "documents.yaml").write_text(DOCUMENTS, encoding="utf-8")
    claims = f'open_points: []\nclaims:\n  - {{pointer: "{POINTER}", claim: A name, documents: [{cites}]}}\n'
    (layout.description / "evidence" / "things.yaml").write_text(claims, encoding="utf-8")
    if actions:
        (layout.description_overlays / "010-since.overlay.yaml").write_text(OVERLAY + actions, encoding="utf-8")
    bundled = bundle.bundle(layout.entry, root=root)
    effective, _ = overlay.apply_folder(bundled.document, layout.description_overlays, root=root)
    return Snapshot(root.name, effective, None, root)


def between(before: Snapshot, after: Snapshot) -> Change:
    """The only change between two versions, with its cause."""
    assert before.description is not None
    assert after.description is not None
    compared = description.compare(before.description, after.description)
    (change,) = causes.assign(compared.changes, before, after)
    return change


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ("OLD", "NEW", Cause.API_CHANGED),
        ("OLD", "OLD, NEW", Cause.API_CHANGED),
        ("OLD", "OLD", Cause.WE_WERE_WRONG),
        ("OLD", "OTHER", Cause.WE_WERE_WRONG),
        ("OLD", "OLD, SAME", Cause.WE_WERE_WRONG),
        ("NEW", "OLD", Cause.WE_WERE_WRONG),
        ("NEW", "NEW, OLD", Cause.WE_WERE_WRONG),
    ],
)
def test_a_newer_document_tells_of_a_change_of_the_api_and_no_other_does(
    tmp_path: Path, before: str, after: str, cause: Cause
) -> None:
    change = between(version(tmp_path / "a", cites=before), version(tmp_path / "b", name="integer", cites=after))
    assert change.kind == "type-changed"
    assert change.evidence.cause is cause
    assert change.evidence.notes == (f"openapi/evidence/things.yaml:3: A name ({after})",)


@pytest.mark.parametrize(
    ("stated", "cause"),
    [("api-changed", Cause.API_CHANGED), ("we-were-wrong", Cause.WE_WERE_WRONG), ("who-knows", Cause.UNKNOWN)],
)
def test_an_overlay_action_may_say_it_itself(tmp_path: Path, stated: str, cause: Cause) -> None:
    action = ACTION % ("OLD", "colour") + f"    x-cause: {stated}\n"
    change = between(version(tmp_path / "a"), version(tmp_path / "b", actions=action))
    assert change.evidence.cause is cause
    assert change.evidence.notes == ("overlays/description/010-since.overlay.yaml:4: 2026-02-01 Seen. (OLD: there)",)


def test_an_overlay_action_that_was_there_before_explains_nothing(tmp_path: Path) -> None:
    action = ACTION % ("OLD", "colour")
    change = between(
        version(tmp_path / "a", actions=action), version(tmp_path / "b", actions=action + ACTION % ("OLD", "size"))
    )
    assert change.place == "Thing.size"
    assert change.evidence.notes == ("overlays/description/010-since.overlay.yaml:10: 2026-02-01 Seen. (OLD: there)",)


def test_of_several_actions_about_one_part_the_new_one_explains(tmp_path: Path) -> None:
    action = ACTION % ("OLD", "colour")
    further = (
        (ACTION % ("NEW", "x")).replace("properties", "properties.colour").replace("x: {type: string}", "maxLength: 9")
    )
    change = between(version(tmp_path / "a", actions=action), version(tmp_path / "b", actions=action + further))
    assert (change.kind, change.place) == ("limit-tightened", "Thing.colour")
    assert change.evidence.notes == ("overlays/description/010-since.overlay.yaml:10: 2026-02-01 Seen. (NEW: there)",)


def test_a_correction_that_is_withdrawn_was_wrong(tmp_path: Path) -> None:
    change = between(version(tmp_path / "a", actions=ACTION % ("NEW", "colour")), version(tmp_path / "b"))
    assert change.kind == "property-removed"
    assert change.evidence.cause is Cause.WE_WERE_WRONG
    assert change.evidence.notes == ("overlays/description/010-since.overlay.yaml:4: this correction was withdrawn",)


def test_without_evidence_the_cause_stays_open(tmp_path: Path) -> None:
    before, after = version(tmp_path / "a"), version(tmp_path / "b", name="integer")
    alone = Snapshot("file", after.description)
    assert between(before, alone).evidence.cause is Cause.UNKNOWN
    assert between(Snapshot("file", before.description), after).evidence.cause is Cause.UNKNOWN


def test_evidence_that_cannot_be_read_leaves_the_cause_open_and_the_changes_told(tmp_path: Path) -> None:
    before, after = version(tmp_path / "a"), version(tmp_path / "b", name="integer")
    (tmp_path / "b" / "openapi" / "evidence" / "things.yaml").write_text("claims: 1\n", encoding="utf-8")
    assert between(before, after).evidence.cause is Cause.UNKNOWN


def test_a_name_of_ours_has_no_cause_in_what_documents_say_of_the_api(tmp_path: Path) -> None:
    sides = []
    for folder, name in (("a", "listThings"), ("b", "showThings")):
        side = version(tmp_path / folder)
        claims = tmp_path / folder / "openapi" / "evidence" / "things.yaml"
        claims.write_text(claims.read_text("utf-8").replace(POINTER, "#/paths/~1things/get"), encoding="utf-8")
        described = json.loads(json.dumps(side.description))
        described["paths"]["/things"]["get"]["operationId"] = name
        sides.append(Snapshot(folder, described, None, side.root))
    change = between(*sides)
    assert (change.kind, change.evidence.cause, change.evidence.notes) == ("operation-renamed", Cause.UNKNOWN, ())


def test_other_words_need_no_reason(tmp_path: Path) -> None:
    before = version(tmp_path / "a")
    words: dict[str, Any] = json.loads(json.dumps(before.description))
    words["info"]["title"] = "More things"
    change = between(before, Snapshot("words", words, None, before.root))
    assert change.evidence.notes == ()
