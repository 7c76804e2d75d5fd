"""The copy of the description that the renderer gets: complete, harmless, with meaning and evidence in it."""

from __future__ import annotations

import copy
import itertools
import re
from typing import Any

from scripts.reference import annotate, chapters, provenance
from scripts.reference.blocks import Blocks
from scripts.reference.corrections import Change, Citation, Correction, How
from scripts.reference.evidence import Assumption, Claim, Conflict, Document, Ledger, Position

KIND, PET = "#/components/schemas/Kind", "#/components/schemas/Pet"
GET = "#/paths/~1pets/get"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1", "description": "All <b>pets</b>."},
    "tags": [{"name": "pets", "description": "Of `<all>` kinds."}],
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "tags": ["pets", "undeclared"],
                "description": "Lists pets.",
                "x-effect": ["read"],
                "x-rule-errors": [{"status": 422, "code": "7", "when": "`kind` is unknown"}],
                "responses": {"200": {"$ref": "#/components/responses/Pets"}},
            }
        }
    },
    "components": {
        "responses": {"Pets": {"description": "All of them."}},
        "schemas": {
            "Kind": {"type": "string", "enum": ["cat"], "description": "What it <is>."},
            "Pet": {
                "type": "object",
                "description": "A pet.",
                "properties": {
                    "kind": {"$ref": KIND},
                    "name": {"type": "string", "description": "Its name.", "x-on-null": "clear"},
                    "description": {"type": "string", "examples": ["<i>kept</i>"], "default": "<i>kept</i>"},
                },
            },
        },
        "examples": {"one": {"value": {"description": "<i>kept</i>"}}},
    },
}
LEDGER = Ledger(
    documents=(
        Document("S1", "A <page>", "somewhere", "2025", "document", 1),
        Document("K-B", "Notes", "", "", "guide", 2),
    ),
    claims=(
        Claim((f"{PET}/properties/kind",), "it has a kind", ("S1",), False, "pets.yaml:1"),
        Claim((f"{KIND}/enum",), "cats only", ("S1", "K-B"), True, "pets.yaml:2"),
        Claim((GET,), "lists them", ("S1",), False, "pets.yaml:3"),
        Claim(("#/components/responses/Pets",), "all of them", ("K-B",), False, "pets.yaml:4"),
    ),
    conflicts=(
        Conflict(
            "D1", "dogs", (Position("no", ("S1",)), Position("yes", ("K-B",))), "no", "older", (KIND,), "pets.yaml:9"
        ),
    ),
    assumptions=(
        Assumption("blank names", "accepted", "nothing is said", (f"{PET}/properties/name",), "pets.yaml:20"),
    ),
)
MADE = (
    Correction(
        "overlays/description/010-a.overlay.yaml",
        6,
        3,
        "Pets have a description.",
        "2026-01-02",
        "It <came> later.",
        (Citation("S1", "seen"),),
        (Change(f"{PET}/properties/description", How.ADDED),),
    ),
)


def annotated() -> tuple[dict[str, Any], dict[str, Any]]:
    """The copy with its chapters, and the tags by name."""
    found = provenance.collect(DOCUMENT, LEDGER, MADE)
    blocks = Blocks.of(LEDGER)
    copied = annotate.annotate(DOCUMENT, found, blocks)
    chapters.add(copied, DOCUMENT, found, LEDGER, MADE, blocks)
    return copied, {tag["name"]: tag for tag in copied["tags"]}


def field(name: str) -> str:
    properties = annotated()[0]["components"]["schemas"]["Pet"]["properties"]
    return str(properties[name]["description"])


def text(markup: str) -> str:
    """What a reader sees of HTML."""
    return re.sub(r"<[^>]*>", "", markup)


def test_the_description_itself_stays_as_it_is() -> None:
    before = copy.deepcopy(DOCUMENT)
    annotated()
    assert before == DOCUMENT


def test_descriptions_are_harmless_and_data_is_untouched() -> None:
    copied, tags = annotated()
    assert copied["info"]["description"].startswith("All &lt;b>pets&lt;/b>.")
    assert tags["pets"]["description"] == "Of <code>&lt;all&gt;</code> kinds."
    assert copied["components"]["examples"] == DOCUMENT["components"]["examples"]
    described = copied["components"]["schemas"]["Pet"]["properties"]["description"]
    assert (described["examples"], described["default"]) == (["<i>kept</i>"], "<i>kept</i>")


def test_a_field_shows_meaning_evidence_and_what_is_assumed() -> None:
    assert "Its name.\n\n" in field("name")
    assert "On update, null clears the value." in field("name")
    assert "blank names: Assumed: accepted. nothing is said" in text(field("name"))


def test_a_field_that_refers_to_values_keeps_their_description_and_shows_their_evidence() -> None:
    shown = text(field("kind"))
    assert shown.startswith("What it &lt;is>.\n\nEvidence: S1")
    assert "it has a kind [S1]" in shown
    assert "Kind: its values: cats only (the documents suggest it; assumed) [S1, K-B]" in shown
    assert "Conflict D1, dogs: no [S1]; yes [K-B]. Chosen: no. older" in shown


def test_a_field_that_an_overlay_added_says_which_one_when_and_why() -> None:
    shown = text(field("description"))
    assert "Evidence: S1 · overlay of 2026-01-02" in shown
    assert "Added by overlay overlays/description/010-a.overlay.yaml:6 (action 3), dated 2026-01-02" in shown
    assert "It &lt;came&gt; later. Evidence: S1 (seen)." in shown


def test_an_operation_shows_effect_refusals_and_what_its_answers_rest_on() -> None:
    shown = annotated()[0]["paths"]["/pets"]["get"]["description"]
    assert "<li>Called <code>listPets</code>.</li><li>Effect: Reads only; nothing changes.</li>" in shown
    assert "<td>422</td><td>7</td><td><code>kind</code> is unknown</td>" in shown
    assert "lists them [S1]" in text(shown)
    assert 'What the answers rest on: <a href="#tag/reference-answers/Pets" title="Pets">200</a>' in shown
    assert "all of them [K-B]" in text(annotated()[1]["reference-answers"]["description"].partition("## Pets")[2])


def test_an_answer_written_inside_an_operation_is_told_there() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["paths"]["/pets"]["get"]["responses"]["200"] = {"description": "All of them."}
    claim = Claim((f"{GET}/responses/200",), "200 with all of them", ("S1",), False, "pets.yaml:5")
    ledger = Ledger(LEDGER.documents, (claim,), (), ())
    found = provenance.collect(document, ledger, ())
    shown = annotate.annotate(document, found, Blocks.of(ledger))["paths"]["/pets"]["get"]["description"]
    assert "Answer 200: 200 with all of them [S1]" in text(shown)


def test_a_block_is_html_from_end_to_end() -> None:
    for shown in (field("kind"), field("name"), annotated()[0]["paths"]["/pets"]["get"]["description"]):
        for block in shown.split("\n\n")[1:]:
            assert re.match(r"<(?:p|ul|table|details)\b", block)
            assert "\n" not in block


def test_responses_keep_their_one_line() -> None:
    assert annotated()[0]["components"]["responses"]["Pets"]["description"] == "All of them."


def test_citations_lead_to_the_section_of_their_document_where_its_name_makes_an_address() -> None:
    assert '<a href="#tag/reference-sources/S1" title="A &lt;page&gt; (2025)">S1</a>' in field("kind")
    assert '<abbr title="Notes ()">K-B</abbr>' in field("kind")


def test_every_operation_has_a_group_and_every_kind_of_evidence_a_chapter() -> None:
    copied, tags = annotated()
    groups = {group["name"]: group["tags"] for group in copied["x-tagGroups"]}
    assert groups["Operations"] == ["pets", "undeclared"]
    assert list(itertools.chain(*groups.values())) == [tag["name"] for tag in copied["tags"]]
    headings = {name: re.findall(r"^## (.*)$", tag.get("description", ""), re.M) for name, tag in tags.items()}
    assert headings["reference-schemas"] == ["Kind", "Pet"]
    assert headings["reference-answers"] == ["Pets"]
    assert headings["reference-sources"] == ["S1", "K-B"]
    assert headings["reference-conflicts"] == ["D1: dogs"]
    assert headings["reference-assumptions"] == ["blank names"]
    assert headings["reference-corrections"] == ["Pets have a description"]


def test_the_search_can_find_a_schema_by_its_fields() -> None:
    section = annotated()[1]["reference-schemas"]["description"].partition("## Pet")[2]
    assert '<p class="fields">kind name description </p>' in section
