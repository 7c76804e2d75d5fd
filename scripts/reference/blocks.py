"""What a part of the description means and rests on, as HTML to stand below its description.

Each block is one line without blank lines in it: inside Markdown that keeps it raw HTML from end to end. All texts pass
through ``markup``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from scripts.reference import semantics
from scripts.reference.corrections import Correction
from scripts.reference.evidence import Assumption, Claim, Conflict, Document, Ledger
from scripts.reference.markup import inline, literal, ticked
from scripts.reference.provenance import About, Changed, Provenance

# Chapters whose sections are named after documents and responses; the renderer makes addresses of such names.
SOURCES = "reference-sources"
ANSWERS = "reference-answers"
_PLAIN = re.compile(r"[A-Za-z0-9]+")
# What the rest of a pointer inside a part is called.
WHERE = {
    "enum": "its values",
    "required": "which fields are required",
    "x-rule-errors": "its refusals",
    "x-blocked-by": "what blocks it",
    "x-empty-update": "an update without fields",
}


@attrs.frozen
class Blocks:
    """Writes blocks; knows the titles of the documents that they cite."""

    documents: Mapping[str, Document]

    @classmethod
    def of(cls, ledger: Ledger) -> Blocks:
        """For the documents of one ledger."""
        return cls({document.id: document for document in ledger.documents})

    def cite(self, names: Iterable[str], *, linked: bool = True) -> str:
        """Document ids, each with its title and date as a hint, and leading to its chapter."""
        return ", ".join(self._cite(name, linked=linked) for name in dict.fromkeys(names))

    def meaning(self, part: Mapping[str, Any]) -> str:
        """The extensions of a part in words; ``""`` when it has none."""
        said = semantics.sentences(part)
        return f'<p class="meaning">{" ".join(map(inline, said))}</p>' if said else ""

    def operation_meaning(self, operation: Mapping[str, Any]) -> str:
        """The same as a list, and the refusals of an operation as a table.

        The id stands first: the renderer shows it nowhere, and so its search would not find it.
        """
        said = [f"Called {ticked(operation['operationId'])}."] if "operationId" in operation else []
        items = "".join(f"<li>{inline(one)}</li>" for one in [*said, *semantics.sentences(operation)])
        rows = "".join(
            f"<tr><td>{literal(status)}</td><td>{literal(code)}</td><td>{inline(when)}</td></tr>"
            for status, code, when in semantics.refusals(operation)
        )
        listed = f'<ul class="meaning">{items}</ul>' if items else ""
        head = "<thead><tr><th>Status</th><th>Code</th><th>Refused when</th></tr></thead>"
        table = f'<table class="refusals">{head}<tbody>{rows}</tbody></table>' if rows else ""
        return listed + table

    def answers(self, responses: Mapping[str, Any]) -> str:
        """Where the answers that are components are told about, by status."""
        links = []
        for status, response in responses.items():
            reference = response.get("$ref") if isinstance(response, dict) else None
            name = str(reference).rpartition("/")[2]
            if reference and _PLAIN.fullmatch(name):
                links.append(f'<a href="#tag/{ANSWERS}/{name}" title="{name}">{literal(status)}</a>')
        return f'<p class="meaning">What the answers rest on: {", ".join(links)}</p>' if links else ""

    def evidence(self, provenance: Provenance, more: Iterable[tuple[str, Provenance]] = ()) -> str:
        """A block that can be opened; closed it names the documents, and says what is assumed, contested, corrected.

        ``more`` holds what belongs beside it (the named values of a field, say) under a label.
        """
        everything = [("", provenance), *more]
        items = [item for label, each in everything for item in self._items(each, label)]
        if not items:
            return ""
        shown = next(each for _, each in everything if each)
        return f'<details class="evidence"><summary>{self._summary(shown)}</summary><ul>{"".join(items)}</ul></details>'

    def claim(self, about: About[Claim]) -> str:
        """What is claimed, about which place inside the part, and the documents that say so."""
        assumed = " <em>(the documents suggest it; assumed)</em>" if about.subject.assumed else ""
        return f"{_place(about.where)}{inline(about.subject.text)}{assumed} {self._by(about.subject.documents)}"

    def correction(self, correction: Correction, how: str) -> str:
        """Which overlay action did what, since when, why and on what evidence."""
        what = f"{how} by overlay {inline(ticked(correction.place))} (action {correction.number})"
        since = f", dated {literal(correction.date)}" if correction.date else ""
        reason = f": {inline(correction.reason)}" if correction.reason else "."
        notes = "; ".join(
            self._cite(cited.document) + (f" ({inline(cited.note)})" if cited.note else "")
            for cited in correction.citations
        )
        return f"{what}{since}{reason}" + (f" Evidence: {notes}." if notes else "")

    def conflict(self, conflict: Conflict) -> str:
        """The positions, the choice and its reason."""
        positions = "; ".join(f"{inline(one.says)} {self._by(one.documents)}" for one in conflict.positions)
        return f"{positions}. <b>Chosen:</b> {inline(conflict.choice)}. {inline(conflict.why)}"

    def assumption(self, assumption: Assumption) -> str:
        """What was decided without a document, and why."""
        return f"<b>Assumed:</b> {inline(assumption.choice)}. {inline(assumption.why)}"

    def _items(self, provenance: Provenance, label: str) -> Iterator[str]:
        lead = f"<b>{inline(label)}:</b> " if label else ""
        for claim in provenance.claims:
            yield f"<li>{lead}{self.claim(claim)}</li>"
        for changed in provenance.corrections:
            how = changed.subject.how.value.capitalize()
            yield f"<li>{lead}{_place(changed.where)}{self.correction(changed.subject.correction, how)}</li>"
        for contested in provenance.conflicts:
            topic = f"Conflict {literal(contested.subject.id)}, {inline(contested.subject.topic)}: "
            yield f"<li>{lead}{topic}{self.conflict(contested.subject)}</li>"
        for assumed in provenance.assumptions:
            yield f"<li>{lead}{inline(assumed.subject.topic)}: {self.assumption(assumed.subject)}</li>"

    def _summary(self, own: Provenance) -> str:
        corrections = _corrections(own.corrections)
        names = [name for claim in own.claims for name in claim.subject.documents]
        names += [cited.document for correction in corrections for cited in correction.citations]
        marks = [f"Evidence: {self.cite(names, linked=False)}" if names else "Evidence"]
        if own.assumptions or any(claim.subject.assumed for claim in own.claims):
            marks.append("<em>assumed</em>")
        marks += [f"conflict {literal(contested.subject.id)}" for contested in own.conflicts]
        dates = dict.fromkeys(correction.date for correction in corrections if correction.date)
        marks += [f"overlay of {literal(date)}" for date in dates]
        return " · ".join(marks)

    def _by(self, documents: Iterable[str]) -> str:
        return f"[{self.cite(documents)}]"

    def _cite(self, name: str, *, linked: bool = True) -> str:
        document = self.documents.get(name)
        hint = f"{document.title} ({document.date})" if document else "not listed"
        if linked and document and _PLAIN.fullmatch(name):
            return f'<a href="#tag/{SOURCES}/{name}" title="{literal(hint)}">{name}</a>'
        return f'<abbr title="{literal(hint)}">{literal(name)}</abbr>'


def _corrections(found: Sequence[About[Changed]]) -> list[Correction]:
    return list(dict.fromkeys(changed.subject.correction for changed in found))


def _place(where: str) -> str:
    return f"{WHERE[where]}: " if where in WHERE else f"{inline(ticked(where))}: " if where else ""
