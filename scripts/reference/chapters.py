"""Chapters of the page beyond the operations: schemas, answers, sources, conflicts, assumptions, corrections.

Redoc shows a tag without operations (``x-traitTag``) as a page of Markdown, each ``##`` heading of it as an entry of
the menu that the search finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.pipeline import grammar
from scripts.pipeline.load import JsonObject
from scripts.reference.annotate import NOTHING
from scripts.reference.blocks import ANSWERS, SOURCES, Blocks
from scripts.reference.corrections import Correction
from scripts.reference.evidence import Ledger
from scripts.reference.markup import inline, literal, markdown, ticked
from scripts.reference.provenance import Provenance

SCHEMAS = "reference-schemas"
LEGEND = (
    "Below each statement stands what it rests on. *Evidence* names documents, which Sources lists; open it to"
    " read what is claimed and where. *Assumed* means that no document says it outright, *conflict* that documents"
    " contradict each other, *overlay* that it was corrected on that date after it was first written."
)


def add(
    annotated: JsonObject,
    document: JsonObject,
    found: Mapping[str, Provenance],
    ledger: Ledger,
    corrections: tuple[Correction, ...],
    blocks: Blocks,
) -> None:
    """Append the chapters to the tags of ``annotated``, and group the tags."""
    evidence = [
        _chapter(SOURCES, "Sources", _sources(ledger)),
        _chapter("reference-conflicts", "Conflicts between sources", _conflicts(ledger, blocks)),
        _chapter("reference-assumptions", "Assumptions", _assumptions(ledger, blocks)),
        _chapter("reference-corrections", "Corrections by overlay", _corrections(corrections, blocks)),
    ]
    data = [
        _chapter(SCHEMAS, "Schemas", _schemas(document, found, blocks)),
        _chapter(ANSWERS, "Answers", _answers(document, found, blocks)),
    ]
    operations = _operation_tags(annotated)
    annotated["tags"] = [*operations, *data, *evidence]
    info = annotated.setdefault("info", {})
    info["description"] = _joined([info.get("description", ""), LEGEND])
    annotated["x-tagGroups"] = [
        {"name": "Operations", "tags": [tag["name"] for tag in operations]},
        {"name": "Data", "tags": [tag["name"] for tag in data]},
        {"name": "Evidence", "tags": [tag["name"] for tag in evidence]},
    ]


def _operation_tags(annotated: JsonObject) -> list[JsonObject]:
    """The tags that are declared and those that operations merely use, which the renderer would leave out."""
    declared = [tag for tag in annotated.get("tags", []) if isinstance(tag, dict) and "name" in tag]
    names = {tag["name"] for tag in declared}
    used = (tag for node in grammar.walk(annotated) if node.kind == "operation" for tag in node.value.get("tags", []))
    return [*declared, *({"name": name} for name in dict.fromkeys(used) if name not in names)]


def _chapter(name: str, title: str, text: str) -> JsonObject:
    return {"name": name, "x-displayName": title, "x-traitTag": True, "description": text}


def _schemas(document: JsonObject, found: Mapping[str, Provenance], blocks: Blocks) -> str:
    sections = ["Every object and every list of values by its name; the Python class has the same one."]
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        reference = f"#/components/schemas/{name}"
        # The renderer's search reads the text of a section, not the fields it draws.
        fields = "".join(f"{literal(field)} " for field in schema.get("properties", {}))
        sections += [
            f"## {name}",
            markdown(schema.get("description", "")),
            blocks.meaning(schema) + blocks.evidence(found.get(reference, NOTHING)),
            f'<p class="fields">{fields}</p>' if fields else "",
            f'<SchemaDefinition schemaRef="{reference}" showReadOnly={{true}} showWriteOnly={{true}} />',
        ]
    return _joined(sections)


def _answers(document: JsonObject, found: Mapping[str, Provenance], blocks: Blocks) -> str:
    sections = ["The answers that operations share, and what each rests on; the operations show what is in them."]
    for name, response in sorted(document.get("components", {}).get("responses", {}).items()):
        provenance = found.get(f"#/components/responses/{name}", NOTHING)
        sections += [f"## {name}", markdown(response.get("description", "")), blocks.evidence(provenance)]
    return _joined(sections)


def _sources(ledger: Ledger) -> str:
    sections = [
        "What the statements of the description rest on. Trust decides where they disagree; 1 is the strongest."
    ]
    for one in ledger.documents:
        facts = f"{inline(one.address)}<br>{literal(one.date)}, {literal(one.kind)}, trust {one.trust}"
        sections += [f"## {_heading(one.id)}", f"<p>{inline(one.title)}</p>", _aside(facts)]
    return _joined(sections)


def _conflicts(ledger: Ledger, blocks: Blocks) -> str:
    sections = ["Points on which sources contradict each other, and what this description says."]
    for conflict in ledger.conflicts:
        sections += [f"## {_heading(conflict.id)}: {_heading(conflict.topic)}", f"<p>{blocks.conflict(conflict)}</p>"]
        sections.append(_about(conflict.pointers, conflict.place))
    return _joined(sections)


def _assumptions(ledger: Ledger, blocks: Blocks) -> str:
    sections = ["Points that no source tells. The mock obeys them; the API may differ."]
    for assumption in ledger.assumptions:
        sections += [f"## {_heading(assumption.topic)}", f"<p>{blocks.assumption(assumption)}</p>"]
        sections.append(_about(assumption.pointers, assumption.place))
    return _joined(sections)


def _corrections(corrections: tuple[Correction, ...], blocks: Blocks) -> str:
    sections = ["What overlays changed in the description as it was first written, in the order they were applied."]
    for correction in corrections:
        touched = (f"{change.how.value} {inline(ticked(change.pointer))}" for change in correction.changes)
        sections += [
            f"## {_heading((correction.description or correction.place).rstrip('.'))}",
            f"<p>{blocks.correction(correction, 'Made')}</p>",
            _aside("<br>".join(touched)),
        ]
    return _joined(sections)


def _about(pointers: tuple[str, ...], place: str) -> str:
    """Which parts of the description an entry is about, and where it is written."""
    named = [*map(ticked, pointers), f"written in {ticked(place)}"]
    return _aside("<br>".join(map(inline, named)))


def _aside(markup: str) -> str:
    return f'<p class="meaning">{markup}</p>'


def _heading(text: Any) -> str:
    """One line of Markdown for a heading, which the menu shows as it is."""
    return markdown(" ".join(str(text).split()))


def _joined(sections: list[str]) -> str:
    return "\n\n".join(section for section in sections if section)
