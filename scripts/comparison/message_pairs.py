"""What differs between bodies and answers: content types, statuses, headers, and the schemas in them."""

from __future__ import annotations

from typing import Any

from scripts.comparison import schema_pairs
from scripts.comparison.change import Difference, Direction
from scripts.comparison.schema_view import Part
from scripts.comparison.structure import Unit, Walk
from scripts.lint.document import Document, Operation
from scripts.lint.reading import mapping
from scripts.pipeline import merge, pointers

# Kind, place, before, after.
Found = tuple[str, str, Any, Any]


class MessagePairs:
    """Adds the differences of messages to a walk."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    def payloads(self, unit: Unit, before: Part, after: Part, label: str) -> None:
        """Compare what two webhooks or callbacks (path items) deliver: data that callers receive."""
        for method in before.value.keys() & after.value.keys():
            old, new = before.down(method), after.down(method)
            if isinstance(old.value, dict) and isinstance(new.value, dict):
                self._body(unit, old, new, label, Direction.RESPONSE)

    def _add(self, unit: Unit, found: Found, before: Part, after: Part, *way: str | int) -> None:
        kind, place, old, new = found
        ends = pointers.join(before.pointer, *way), pointers.join(after.pointer, *way)
        unit.differences.append(Difference(kind, place, old, new, *ends))

    def _body(self, unit: Unit, holder_before: Part, holder_after: Part, place: str, direction: Direction) -> None:
        ends = [
            Part(*document.resolve(pointers.join(holder.pointer, "requestBody"), holder.value.get("requestBody")))
            for document, holder in ((self._walk.before, holder_before), (self._walk.after, holder_after))
        ]
        before, after = ends
        if not isinstance(before.value, dict) or not isinstance(after.value, dict):
            if isinstance(after.value, dict):
                kind = "required-body-added" if after.value.get("required") is True else "body-added"
                self._add(unit, (kind, place, None, "a body"), Part(holder_before.pointer, None), after)
            elif isinstance(before.value, dict):
                self._add(unit, ("body-removed", place, "a body", None), before, Part(holder_after.pointer, None))
            return
        inner = self._walk.shared(unit, before, after, direction)
        if inner is None:
            return
        required = before.value.get("required") is True, after.value.get("required") is True
        if required[0] != required[1]:
            kind = "body-became-required" if required[1] else "body-became-optional"
            self._add(inner, (kind, place, *required), before, after, "required")
        for raw in schema_pairs.described(before.value, after.value):
            self._add(inner, (raw.kind, place, raw.before, raw.after), before, after, *raw.way)
        self._contents(inner, before, after, place, "request" if direction is Direction.REQUEST else "response")

    def _contents(self, unit: Unit, before: Part, after: Part, place: str, role: str) -> None:
        old, new = _contents(before), _contents(after)
        for name in old:
            if name not in new:
                found = (f"{role}-content-type-removed", place, name, None)
                self._add(unit, found, old[name], after)
        for name, media in new.items():
            if name not in old:
                self._add(unit, (f"{role}-content-type-added", place, None, name), before, media)
                continue
            if "schema" in old[name].value and "schema" in media.value:
                self._walk.schema(unit, old[name].down("schema"), media.down("schema"), place)
            elif "schema" in old[name].value or "schema" in media.value:
                kind = "type-narrowed" if "schema" in media.value else "type-widened"
                shown = [one.value.get("schema", "anything") for one in (old[name], media)]
                self._add(unit, (kind, place, *shown), old[name], media, "schema")
            for key in ("example", "examples"):
                if not merge.same(old[name].value.get(key), media.value.get(key)):
                    shown = [one.value.get(key) for one in (old[name], media)]
                    self._add(unit, ("description-changed", place, *shown), old[name], media, key)
            if not merge.same(old[name].value.get("encoding"), media.value.get("encoding")):
                shown = [one.value.get("encoding") for one in (old[name], media)]
                self._add(unit, (f"{role}-encoding-changed", place, *shown), old[name], media, "encoding")

    def _responses(self, unit: Unit, before: Operation, after: Operation) -> None:
        old = {status: Part(at, value) for status, at, value in self._walk.before.responses(before)}
        new = {status: Part(at, value) for status, at, value in self._walk.after.responses(after)}
        for status, part in old.items():
            if status not in new:
                kind = f"{_outcome(status)}-status-removed"
                self._add(unit, (kind, f"response {status}", status, None), part, Part(after.pointer, None))
        for status, part in new.items():
            if status not in old:
                kind = f"{_outcome(status)}-status-added"
                self._add(unit, (kind, f"response {status}", None, status), Part(before.pointer, None), part)
            elif inner := self._walk.shared(unit, old[status], part, Direction.RESPONSE):
                self._response(inner, old[status], part, f"response {status}")

    def _response(self, unit: Unit, before: Part, after: Part, place: str) -> None:
        for raw in schema_pairs.described(before.value, after.value):
            self._add(unit, (raw.kind, place, raw.before, raw.after), before, after, *raw.way)
        if not merge.same(before.value.get("links"), after.value.get("links")):
            found = ("description-changed", place, before.value.get("links"), after.value.get("links"))
            self._add(unit, found, before, after, "links")
        self._contents(unit, before, after, place, "response")
        self._headers(unit, before, after, place)

    def _headers(self, unit: Unit, before: Part, after: Part, place: str) -> None:
        old, new = (self._named_headers(*end) for end in ((self._walk.before, before), (self._walk.after, after)))
        for name in old.keys() - new.keys():
            self._add(unit, ("header-removed", f"{place} header {name}", name, None), old[name], after)
        for name, part in new.items():
            here = f"{place} header {name}"
            if name not in old:
                self._add(unit, ("header-added", here, None, name), before, part)
                continue
            inner = self._walk.shared(unit, old[name], part, Direction.HEADER)
            if inner is None:
                continue
            required = old[name].value.get("required") is True, part.value.get("required") is True
            if required[0] != required[1]:
                kind = "header-became-certain" if required[1] else "header-became-optional"
                self._add(inner, (kind, here, *required), old[name], part, "required")
            for raw in schema_pairs.described(old[name].value, part.value):
                self._add(inner, (raw.kind, here, raw.before, raw.after), old[name], part, *raw.way)
            if "schema" in old[name].value and "schema" in part.value:
                self._walk.schema(inner, old[name].down("schema"), part.down("schema"), here)

    @staticmethod
    def _named_headers(document: Document, response: Part) -> dict[str, Part]:
        found = {}
        for name, value in mapping(response.value.get("headers")).items():
            at, header = document.resolve(pointers.join(response.pointer, "headers", name), value)
            if isinstance(header, dict):
                found[name.lower()] = Part(at, header)
        return found


def _contents(holder: Part) -> dict[str, Part]:
    """The media types of a body, in lower case and without parameters."""
    return {
        name.partition(";")[0].strip().lower(): holder.down("content", name)
        for name, media in mapping(holder.value.get("content")).items()
        if isinstance(media, dict)
    }


def _outcome(status: str) -> str:
    return "success" if status[:1] in {"1", "2", "3"} else "default" if status == "default" else "error"
