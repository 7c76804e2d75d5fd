"""An OpenAPI document as rules read it: its objects by kind, its operations, and where its references lead.

Nothing here trusts the document: values of a wrong type read as empty, references may lead nowhere or in a circle.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import attrs

from scripts.lint.reading import mapping, sequence, text
from scripts.pipeline import grammar, pointers
from scripts.pipeline.grammar import Node

JSON = "application/json"


@attrs.frozen
class Operation:
    """One method of one path. ``parameters`` holds pointer and object of each parameter, references resolved."""

    pointer: str
    path: str
    method: str
    value: dict[str, Any] = attrs.field(repr=False)
    parameters: tuple[tuple[str, dict[str, Any]], ...] = attrs.field(repr=False)

    @property
    def label(self) -> str:
        """``GET /messages``: the way a person names it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def id(self) -> str:
        """The operationId, or ``""``."""
        return text(self.value.get("operationId"))


@attrs.frozen
class Body:
    """One media type of a request or response: where it stands, what for (``request`` or the status), and itself."""

    pointer: str
    role: str
    content_type: str
    value: dict[str, Any] = attrs.field(repr=False)


class Document:
    """Indexes over a parsed document; it is read, never changed."""

    def __init__(self, root: Any) -> None:
        self.root: dict[str, Any] = mapping(root)
        self._targets: dict[str, Any] = {}

    @functools.cached_property
    def _by_kind(self) -> dict[str, tuple[Node, ...]]:
        found: dict[str, list[Node]] = {}
        for node in grammar.walk(self.root):
            found.setdefault(node.kind, []).append(node)
        return {kind: tuple(nodes) for kind, nodes in found.items()}

    @functools.cached_property
    def version(self) -> str:
        """``3.0`` or ``3.1``."""
        return text(self.root.get("openapi"))[:3]

    def nodes(self, kind: str) -> tuple[Node, ...]:
        """Every object of a kind (see ``grammar``), references included, in document order."""
        return self._by_kind.get(kind, ())

    @functools.cached_property
    def schemas(self) -> tuple[Node, ...]:
        """Every schema that is written out; references are left out."""
        return tuple(node for node in self.nodes("schemas") if "$ref" not in node.value)

    @functools.cached_property
    def every_node(self) -> tuple[Node, ...]:
        """Every OpenAPI object."""
        return tuple(node for nodes in self._by_kind.values() for node in nodes)

    def components(self, kind: str) -> dict[str, Any]:
        """The components of a kind by name."""
        return mapping(mapping(self.root.get("components")).get(kind))

    @functools.cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation of ``paths``; path items behind a reference are followed, as a reader would."""
        return tuple(self._operations())

    def _operations(self) -> Iterator[Operation]:
        for path, item in mapping(self.root.get("paths")).items():
            if path.startswith("x-"):
                continue
            pointer, resolved = self.resolve(pointers.join("/paths", path), item)
            for method in grammar.METHODS:
                value = mapping(resolved).get(method)
                if not isinstance(value, dict):
                    continue
                here = pointers.join(pointer, method)
                listed = [(pointers.join(pointer, "parameters", i), p) for i, p in self._parameters(resolved)]
                listed += [(pointers.join(here, "parameters", i), p) for i, p in self._parameters(value)]
                found = [self.resolve(at, parameter) for at, parameter in listed]
                kept = tuple((at, parameter) for at, parameter in found if isinstance(parameter, dict))
                yield Operation(here, path, method, value, kept)

    @staticmethod
    def _parameters(holder: Any) -> Iterator[tuple[int, Any]]:
        yield from enumerate(sequence(mapping(holder).get("parameters")))

    def bodies(self, operation: Operation) -> Iterator[Body]:
        """Every media type of an operation's request and responses."""
        at, request = self.resolve(pointers.join(operation.pointer, "requestBody"), operation.value.get("requestBody"))
        yield from self._contents(at, "request", request)
        for status, pointer, response in self.responses(operation):
            yield from self._contents(pointer, status, response)

    def responses(self, operation: Operation) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Status, pointer and object of each response, references resolved."""
        for status, response in mapping(operation.value.get("responses")).items():
            if status.startswith("x-"):
                continue
            at, resolved = self.resolve(pointers.join(operation.pointer, "responses", status), response)
            if isinstance(resolved, dict):
                yield status, at, resolved

    @staticmethod
    def _contents(at: str, role: str, holder: Any) -> Iterator[Body]:
        for content_type, media in mapping(mapping(holder).get("content")).items():
            if isinstance(media, dict):
                yield Body(pointers.join(at, "content", content_type), role, content_type, media)

    def resolve(self, pointer: str, value: Any) -> tuple[str, Any]:
        """Follow references from ``value`` to something that is none; ``None`` for those that lead nowhere."""
        seen: set[str] = set()
        while isinstance(value, dict) and "$ref" in value:
            target = local(value["$ref"])
            if target is None or target in seen:
                return pointer, None
            seen.add(target)
            if target not in self._targets:
                try:
                    self._targets[target] = pointers.follow(self.root, target)
                except (pointers.PointerToNowhere, ValueError):
                    return pointer, None
            pointer, value = target, self._targets[target]
        return pointer, value

    def reachable(self, starts: Iterable[tuple[str, str, Any]]) -> Iterator[Node]:
        """Every object at and below the given (pointer, kind, value), through references, each once."""
        pending, seen = list(starts), set[str]()
        while pending:
            pointer, kind, value = pending.pop()
            if pointer in seen:
                continue
            seen.add(pointer)
            for node in grammar.walk(value, kind, pointer):
                if "$ref" not in node.value:
                    yield node
                    continue
                at, target = self.resolve(node.pointer, node.value)
                if isinstance(target, dict) and at not in seen:
                    pending.append((at, node.kind, target))

    @functools.cached_property
    def sent(self) -> tuple[Node, ...]:
        """Every schema that describes something a client sends: request bodies and parameters."""
        starts: list[tuple[str, str, Any]] = []
        for operation in self.operations:
            starts += [
                (body.pointer, "mediaType", body.value) for body in self.bodies(operation) if body.role == "request"
            ]
            starts += [(pointer, "parameters", parameter) for pointer, parameter in operation.parameters]
        found = {node.pointer: node for node in self.reachable(starts) if node.kind == "schemas"}
        return tuple(found.values())


def local(reference: Any) -> str | None:
    """The pointer of a reference into the same document, ``None`` for any other."""
    return unquote(reference[1:]) if isinstance(reference, str) and reference[:2] in {"#", "#/"} else None
