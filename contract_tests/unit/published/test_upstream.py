"""``python3 -m scripts upstream``: the points on which two descriptions disagree, the evidence, and the proposals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift.proposals import accept as drift_accept
from contract_tests.unit.published.conftest import Edit, schemas
from scripts import regenerate, upstream
from scripts.errors import InputError
from scripts.lint.document import Document
from scripts.pipeline import load, overlay, overlay_file
from scripts.published import adoption, disagreements, reading

pytestmark = pytest.mark.takes(15)

Publish = Callable[[Edit], Path]
DAY = "2026-11-22"


def vendor(document: dict[str, Any]) -> None:
    """What the vendor says otherwise."""
    found = schemas(document)
    profile = found["MessagingProfile"]["properties"]
    profile["colour"] = {"type": "string", "description": "Words of the vendor"}
    profile["routing"] = {"type": "object", "properties": {"mode": {"type": "string", "enum": ["a", "b"]}}}
    profile["name"]["maxLength"] = 64
    profile["enabled"] = {"type": "string"}
    del profile["v1_secret"]
    found["MessagingProfileCreate"]["required"] = ["name"]
    found["PhoneNumberType"]["enum"].append("satellite")
    document["paths"]["/calls"] = {"post": {"operationId": "DialCall", "responses": {}}}
    listing = document["paths"]["/messaging_profiles"]["get"]
    listing["operationId"] = "ListProfiles"
    listing["summary"] = "Other words"
    listing["parameters"].append({"name": "filter[tag]", "in": "query", "schema": {"type": "string"}})


def run(root: Path, capsys: pytest.CaptureFixture[str], file: Path, *more: str) -> tuple[int, dict[str, Any]]:
    code = upstream.main([str(file), "--json", "--date", DAY, *more], root)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def by_place(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["place"]: one for one in found["points"]}


def test_the_same_in_other_words_is_no_disagreement(
    root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = run(root, capsys, publish(lambda document: None))
    assert (code, found["points"], found["operations_in_both"]) == (0, [], 84)


def test_every_point_says_who_has_it_and_what_speaks_for_ours(
    root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = run(root, capsys, publish(vendor))
    points = by_place(found)
    assert code == 1
    assert {place: one["relation"] for place, one in points.items()} == {
        "MessagingProfile.colour": "they_have",
        "MessagingProfile.routing": "they_have",
        "MessagingProfile.name": "they_have",
        "PhoneNumberType": "they_have",
        "operation": "they_have",
        "query parameter filter[tag]": "they_have",
        "MessagingProfile.v1_secret": "we_have",
        "MessagingProfile.enabled": "different",
        "MessagingProfileCreate.whitelisted_destinations": "different",
    }
    assert points["operation"]["theirs"] == "POST /calls"
    assert points["query parameter filter[tag]"]["operations"] == ["listMessagingProfiles"], "as we call it"
    assert points["MessagingProfile.colour"]["evidence"] == {
        "stance": "nothing in our evidence is about it",
        "sources": [],
    }
    enabled = points["MessagingProfile.enabled"]["evidence"]
    assert enabled["stance"] == "ours rests on documents"
    assert any("openapi/evidence/messaging_profiles.yaml:" in source for source in enabled["sources"])
    destinations = points["MessagingProfileCreate.whitelisted_destinations"]["evidence"]
    assert destinations["stance"] == "our sources contradict each other about it; a choice was made"
    assert any("conflict D4" in source for source in destinations["sources"])
    assert any("L4: live" in source for source in destinations["sources"])


def test_a_run_against_the_live_api_is_the_third_source(
    root: Path, publish: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {
        "operation_id": "retrieveMessagingProfile",
        "fields": {"/data/colour": {"present": 7}, "/data/x": {"present": 0}},
    }
    pointer = "#/components/schemas/MessagingProfile/properties/enabled"
    finding = {
        "fingerprint": "0123456789ab",
        "headline": "enabled came as text",
        "places": [{"described": pointer}],
        "described": {"pointer": pointer},
    }
    report = {"run": {"started": "2026-11-20T01:00:00Z"}, "operations": [seen], "findings": [finding]}
    monkeypatch.setattr("contract_tests.drift.reading.read", lambda path: report)
    _, found = run(root, capsys, publish(vendor), "--drift", str(tmp_path))
    colour = by_place(found)["MessagingProfile.colour"]["evidence"]
    assert colour["stance"] == "a live run saw it"
    assert colour["sources"] == ["run 2026-11-20: retrieveMessagingProfile answered /data/colour 7 times"]
    enabled = by_place(found)["MessagingProfile.enabled"]["evidence"]
    assert enabled["stance"] == "a live run saw it; ours rests on documents"
    assert enabled["sources"][0] == "run 2026-11-20, finding 0123456789ab: enabled came as text"


def test_what_can_be_adopted_becomes_a_proposal_without_the_vendors_words(
    root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = run(root, capsys, publish(vendor), "--propose")
    points = by_place(found)
    waiting = {path.name.partition("-")[0]: path for path in (root / "overlays" / "proposed").glob("*.overlay.yaml")}
    assert {one["proposal"] for one in found["points"] if one["proposal"]} == set(waiting)
    assert len(waiting) == 6
    for place, why in (
        ("MessagingProfile.v1_secret", "that they leave it out does not say that it is not there"),
        ("MessagingProfileCreate.whitelisted_destinations", "live behaviour was observed to be as ours says"),
        ("operation", "it takes a person to say what that means here"),
    ):
        assert (points[place]["proposal"], points[place]["unadopted"]) == (None, why)
    texts = [path.read_text(encoding="utf-8") for path in waiting.values()]
    assert not any("Words of the vendor" in text for text in texts)
    assert all(f"x-date: '{DAY}'" in text and "x-evidence" in text and "PUB-7.1-" in text for text in texts)


def test_proposing_twice_leaves_one_proposal_for_each_point(
    root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    file = publish(vendor)
    run(root, capsys, file, "--propose")
    first = sorted(path.name for path in (root / "overlays" / "proposed").iterdir())
    run(root, capsys, file, "--propose")
    assert sorted(path.name for path in (root / "overlays" / "proposed").iterdir()) == first


def test_an_accepted_proposal_ends_the_disagreement(
    root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    file = publish(vendor)
    _, found = run(root, capsys, file, "--propose")
    fingerprint = by_place(found)["MessagingProfile.routing"]["proposal"]
    (accepted,) = drift_accept.accept(root, [fingerprint], lambda: regenerate.main([], root))
    capsys.readouterr()
    assert accepted.listed, "the published file is a document of the evidence now"
    assert (root / "generated" / "telnyx_bindings" / "models" / "messaging_profile_routing.py").is_file()
    _, left = run(root, capsys, file)
    assert by_place(found).keys() - by_place(left).keys() == {"MessagingProfile.routing"}


@pytest.mark.parametrize(
    ("theirs", "ours", "path"),
    [
        ("https://a.example/v2", "https://a.example/v2", "/things"),
        ("https://a.example", "https://a.example/v2", "/things"),
        ("https://a.example/", "https://a.example/v2/", "/things"),
        ("https://b.example/api", "https://a.example/api/v2", "/things"),
        ("https://a.example/v2", "https://a.example", "/v2/things"),
    ],
)
def test_paths_are_brought_to_our_base_address(theirs: str, ours: str, path: str) -> None:
    written = {
        "https://a.example": "/v2/things",
        "https://a.example/": "/v2/things",
        "https://b.example/api": "/v2/things",
    }
    document = {"servers": [{"url": theirs}], "paths": {written.get(theirs, "/things"): {}}}
    found = reading.aligned(document, {"servers": [{"url": ours}]})
    assert list(found["paths"]) == [path]
    assert reading.base_path(found) == reading.base_path({"servers": [{"url": ours}]})


def test_the_file_of_another_api_is_an_input_error(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(
        '{"openapi": "3.0.0", "info": {}, "paths": {"/pets": {"get": {"responses": {}}}}}', encoding="utf-8"
    )
    with pytest.raises(InputError, match="has no operation in common with our description"):
        upstream.main([str(other)], root)


@pytest.mark.parametrize(
    ("text", "said"), [("{", "not valid JSON"), ('{"swagger": "2.0"}', "no OpenAPI 3.0 or 3.1 document")]
)
def test_a_file_that_cannot_be_read_is_an_input_error(root: Path, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        upstream.main([str(file)], root)
    with pytest.raises(InputError, match="cannot be read"):
        upstream.main([str(tmp_path / "missing.json")], root)


def test_lines_and_markdown_tell_the_same(root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    file = publish(vendor)
    assert upstream.main([str(file), "--md"], root) == 1
    text = capsys.readouterr().out
    assert "### They have it, we lack it: 6" in text
    assert "| `MessagingProfile.colour` | property added | nothing |" in text
    assert upstream.main([str(file)], root) == 1
    text = capsys.readouterr().out
    assert "84 operations in both, 6 x they have it, we lack it, 1 x we have it, they lack it" in text
    assert "evidence: ours rests on documents" in text


ADOPTED: list[tuple[str, Edit]] = [
    ("limit", lambda one: schemas(one)["Error"]["properties"]["code"].update(maxLength=9)),
    ("format", lambda one: schemas(one)["Error"]["properties"]["code"].update(format="uuid")),
    ("type", lambda one: schemas(one)["Error"]["properties"]["code"].update(type="integer")),
    ("nullable", lambda one: schemas(one)["Error"]["properties"]["code"].update(type=["string", "null"])),
    ("default", lambda one: schemas(one)["MessagingProfileCreate"]["properties"]["enabled"].update(default=False)),
    ("required", lambda one: schemas(one)["Error"]["required"].remove("code")),
    (
        "property",
        lambda one: schemas(one)["Error"]["properties"].update(tags={"type": "array", "items": {"type": "string"}}),
    ),
    ("enum", lambda one: schemas(one)["PhoneNumberType"]["enum"].append("satellite")),
    (
        "status",
        lambda one: one["paths"]["/messaging_profiles"]["get"]["responses"].update({"409": {"description": "No"}}),
    ),
    (
        "parameter",
        lambda one: one["paths"]["/messaging_profiles"]["get"]["parameters"].append(
            {"name": "q", "in": "query", "schema": {"type": "string", "enum": ["a"]}}
        ),
    ),
]


@pytest.mark.parametrize(("name", "edit"), ADOPTED, ids=[name for name, _ in ADOPTED])
def test_adopting_a_point_makes_the_two_agree(root: Path, name: str, edit: Edit) -> None:
    """Without the evidence, which would keep some of it from being proposed."""
    ours = json.loads((root / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
    theirs = json.loads(json.dumps(ours))
    edit(theirs)
    (point,) = disagreements.find(ours, theirs).points
    adopter = adoption.Adopter(Document(ours), Document(theirs), set(Document(ours).components("schemas")))
    actions = adopter.actions(point)
    text = json.dumps({"overlay": "1.0.0", "info": {"title": "T", "version": "1"}, "actions": actions})
    path = Path("case.overlay.json")
    adopted, _ = overlay.apply(ours, overlay_file.parse(load.parse(text, path, path.name)))
    left = {(one.kind, one.place) for one in disagreements.find(adopted, theirs).points}
    assert (point.kind, point.place) not in left


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "one of several"),
        ({"$ref": "#/components/schemas/Loop"}, "refers to itself"),
        ({"type": "object", "properties": {"code": {"type": "string", "enum": ["a"]}}}, "there is a component"),
    ],
)
def test_what_needs_a_person_is_not_adopted(root: Path, schema: dict[str, Any], why: str) -> None:
    ours = json.loads((root / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
    theirs = json.loads(json.dumps(ours))
    schemas(theirs)["Loop"] = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    schemas(theirs)["Error"]["properties"]["novelty"] = schema
    (point,) = disagreements.find(ours, theirs).points
    names = {*Document(ours).components("schemas"), "ErrorNovelty"}
    with pytest.raises(adoption.NotAdoptable, match=why):
        adoption.Adopter(Document(ours), Document(theirs), names).actions(point)


def test_an_operation_that_neither_has_is_told_by_its_name(root: Path, publish: Publish) -> None:
    with pytest.raises(InputError, match="neither version describes an operation 'listMessagingProfile'") as caught:
        upstream.main([str(publish(lambda document: None)), "--only", "listMessagingProfile"], root)
    assert caught.value.fix == "did you mean listMessagingProfiles?"
