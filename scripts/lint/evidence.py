"""Every statement of the description rests on a document, or is marked as an assumption.

What needs evidence: each operation and its refusal rules, each parameter, header, response and security scheme, each
property, ``enum`` and ``required`` of a component schema, and each component schema that is a bare value. Evidence is
a claim in ``openapi/evidence`` that points there, or, for what an overlay adds, the overlay action itself.
``problems`` is pure; ``evidence_files`` reads the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
import jsonpath_rfc9535 as jsonpath

from scripts.pipeline import pointers
from scripts.pipeline.grammar import METHODS
from scripts.pipeline.overlay import Action, Overlay

# Parts of an operation that state how the API behaves; each needs evidence of its own.
RULES = ("x-rule-errors", "x-blocked-by", "x-empty-update")
# Component kinds that need one claim each; schemas need more and have their own rule.
WHOLE = ("headers", "parameters", "responses", "securitySchemes")
ACTION_FIELDS = ("x-reason", "x-date", "x-evidence")

Document = dict[str, Any]


@attrs.frozen
class Claim:
    """A statement: the pointer (``#/…``) it is about, the documents it rests on, and where it is written."""

    pointer: str
    documents: tuple[str, ...]
    place: str
    assumption: bool = False


@attrs.frozen
class Evidence:
    """All claims, and every other citation (of a conflict's position, say) as document id and place.

    ``mentions`` are the pointers (``#/…``) that conflicts and assumptions are about, each with its place; ``unlisted``
    says where a file's index of them differs from what stands in it.
    """

    claims: tuple[Claim, ...]
    documents: frozenset[str]
    citations: tuple[tuple[str, str], ...] = ()
    mentions: tuple[tuple[str, str], ...] = ()
    unlisted: tuple[str, ...] = ()


def needs(document: Document) -> frozenset[str]:
    """The pointers into a bundled or effective document that need evidence."""
    return frozenset(f"#{pointer}" for pointer in _needs(document))


def problems(
    document: Document, evidence: Evidence, overlays: Sequence[Overlay] = (), bundled: Document | None = None
) -> list[str]:
    """What is wrong with the evidence for the effective ``document``, sorted; empty when all is well.

    ``overlays`` are those that led to the document from ``bundled``: their actions have to state reason, date and
    evidence, and are the evidence for what they add. What was there before needs a claim, also where they extend it.
    """
    wanted = needs(document)
    claimed = Counter(claim.pointer for claim in evidence.claims)
    found = [f"{pointer} is claimed {times} times" for pointer, times in claimed.items() if times > 1]
    found += evidence.unlisted
    about = [*((claim.pointer, claim.place) for claim in evidence.claims), *evidence.mentions]
    found += [
        f"{place}: {pointer} is nowhere in the description"
        for pointer, place in about
        if not _exists(document, pointer)
    ]
    found += [f"{claim.place}: {claim.pointer} names no document" for claim in evidence.claims if not claim.documents]
    written: set[str] = set()
    cited = [*evidence.citations]
    cited += [(name, claim.place) for claim in evidence.claims for name in claim.documents]
    for overlay, action in ((one, action) for one in overlays for action in one.actions):
        place = f"{overlay.name}:{overlay.source.line(pointers.join('', 'actions', action.number - 1))}"
        found += [
            f"{place}: action {action.number} has no {field}"
            for field in ACTION_FIELDS
            if not action.extensions.get(field)
        ]
        names = _documents_of(action)
        cited += [(name, place) for name in names]
        if names:
            written |= _written(document, action)
    written -= needs(bundled) if bundled is not None else set()
    found += [f"{pointer} has no evidence" for pointer in wanted - set(claimed) - written]
    found += _about_documents(evidence.documents, cited)
    return sorted(found)


def _needs(document: Document) -> Iterator[str]:
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                here = pointers.join("", "paths", path, method)
                yield here
                yield from (pointers.join(here, rule) for rule in RULES if rule in item[method])
    components = document.get("components", {})
    for kind in WHOLE:
        yield from (pointers.join("", "components", kind, name) for name in components.get(kind, {}))
    for name, schema in components.get("schemas", {}).items():
        here = pointers.join("", "components", "schemas", name)
        parts = [pointers.join(here, "properties", name) for name in schema.get("properties", {})]
        parts += [pointers.join(here, keyword) for keyword in ("enum", "required") if keyword in schema]
        yield from parts or [here]


def _exists(document: Document, pointer: str) -> bool:
    if not pointer.startswith("#/"):
        return False
    try:
        pointers.follow(document, pointer[1:])
    except pointers.PointerToNowhere:
        return False
    return True


def _documents_of(action: Action) -> tuple[str, ...]:
    stated = action.extensions.get("x-evidence")
    entries = stated if isinstance(stated, list) else []
    return tuple(str(entry["document"]) for entry in entries if isinstance(entry, dict) and entry.get("document"))


def _written(document: Document, action: Action) -> set[str]:
    """The pointers of what an action's update wrote, at each place its target selects.

    What was there before and was only extended, an enum say, says something else now than the action does: its
    evidence has to come from elsewhere.
    """
    if not action.has_update:
        return set()
    found = jsonpath.find(action.target, document)
    places = ((pointers.join("", *node.location), node.value) for node in found)
    return {f"#{pointer}" for place, now in places for pointer in _members(place, action.update, now)}


def _members(pointer: str, value: Any, now: Any) -> Iterator[str]:
    if value == now:
        yield pointer
    if isinstance(value, dict) and isinstance(now, dict):
        for key, member in value.items():
            if key in now:
                yield from _members(pointers.join(pointer, key), member, now[key])


def _about_documents(known: frozenset[str], cited: Iterable[tuple[str, str]]) -> list[str]:
    """Citations of documents that are not listed, and listed documents that nothing cites."""
    cited = list(cited)
    found = [f"{place}: there is no document {name!r}" for name, place in cited if name not in known]
    unused = known - {name for name, _ in cited}
    return found + [f"document {name!r} is cited by nothing" for name in unused]
