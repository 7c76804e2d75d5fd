"""Make one document of the description's files.

The rules are few, so that every name can be predicted: a reference to a file lifts the file's whole content to
``components/<kind>/<file name without suffix>``, where the kind follows from the place of the reference; path items are
written out where they are referred to; the root document's own components keep their names. Two files that would
get one name, a reference to nowhere and a reference where OpenAPI 3.1 has none are ``InputError`` with file, line and
pointer. Nothing is renamed to avoid a clash.
"""

from __future__ import annotations

import copy
from collections import deque
from pathlib import Path
from typing import Any

import attrs

from scripts.pipeline import grammar, pointers, references
from scripts.pipeline.files import DescriptionFiles
from scripts.pipeline.load import JsonObject, Source
from scripts.pipeline.places import At, Sources


@attrs.frozen
class Bundle:
    """The one-file document and where its parts come from."""

    document: JsonObject = attrs.field(repr=False)
    sources: Sources


def bundle(entry: Path, *, root: Path | None = None) -> Bundle:
    """Bundle the description whose table of contents is ``entry``.

    Messages name files relative to ``root`` (default: the folder above the entry's). Files outside the entry's
    folder can't be referred to. ``InputError`` for every fault of the files.
    """
    entry = entry.resolve()
    return _Bundler(entry, entry.parent.parent if root is None else root.resolve()).bundle()


@attrs.frozen
class _Claim:
    """A component name is taken: by which file (or the root document), and where that was said first."""

    kind: str
    name: str
    source: Source
    by: At


class _Bundler:
    def __init__(self, entry: Path, root: Path) -> None:
        self._files = DescriptionFiles(entry.parent, root)
        self._entry = self._files.read(entry)
        self._claims: dict[tuple[str, str], _Claim] = {}
        self._used_as: dict[Path, _Claim] = {}
        self._waiting: deque[_Claim] = deque()
        self._origins: dict[str, tuple[Source, str]] = {"": (self._entry, "")}
        self._mapped: list[tuple[At, str]] = []

    def bundle(self) -> Bundle:
        start = At(self._entry, "", "")
        document = self._entry.contents
        if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3.1."):
            raise start.down("openapi").error("the description must say openapi: 3.1.x")
        components: dict[str, JsonObject] = {}
        for kind, name, at, value in self._own_components(document, start):
            self._claim(kind, name, self._own_target(kind, name, at, value), at)
        bundled: JsonObject = self._copy({k: v for k, v in document.items() if k != "components"}, "document", start)
        for kind, name, at, value in self._own_components(document, start):
            if not _is_reference(value):
                components.setdefault(kind, {})[name] = self._copy(value, kind, at)
        while self._waiting:
            claim = self._waiting.popleft()
            written = pointers.join("/components", claim.kind, claim.name)
            self._origins[written] = (claim.source, "")
            content = self._copy(claim.source.contents, claim.kind, At(claim.source, "", written))
            components.setdefault(claim.kind, {})[claim.name] = content
        bundled["components"] = {kind: dict(sorted(components[kind].items())) for kind in sorted(components)}
        self._check_mappings(bundled["components"].get("schemas", {}))
        return Bundle(document=bundled, sources=Sources(self._origins))

    def _own_components(self, document: JsonObject, start: At) -> list[tuple[str, str, At, Any]]:
        """The root document's components as (kind, name, place, value)."""
        own = document.get("components", {})
        if not isinstance(own, dict):
            raise start.down("components").error(f"must be an object, not {_described(own)}")
        found = []
        for kind, members in own.items():
            if kind not in references.REFERABLE or not isinstance(members, dict):
                raise start.down("components", kind).error(
                    f"components has no place for {kind!r}", f"use one of: {', '.join(grammar.COMPONENT_KINDS)}"
                )
            found += [(kind, name, start.down("components", kind, name), value) for name, value in members.items()]
        return found

    def _own_target(self, kind: str, name: str, at: At, value: Any) -> Source:
        """The file that a root component is: the root document itself, or the file that it names."""
        if not _is_reference(value):
            return self._entry
        target = self._files.target(value["$ref"], at.down("$ref"))
        if target.path.stem != name:
            raise at.error(
                f"the component {name!r} is the file {target.name}, whose name says {target.path.stem!r}",
                f"name the component {target.path.stem!r} or rename the file",
            )
        return target

    def _copy(self, node: Any, kind: str, at: At) -> Any:
        """A fresh copy of an OpenAPI object in which every reference points into the bundled document."""
        if not isinstance(node, dict):
            if kind == "schemas" and isinstance(node, bool):
                return node
            raise at.error(f"must be an object ({kind}), not {_described(node)}")
        if "$ref" in node:
            return self._reference(node, kind, at)
        for keyword in references.UNSUPPORTED_KEYWORDS:
            if kind == "schemas" and keyword in node:
                raise at.down(keyword).error(f"{keyword} is not supported", "give the schema a file of its own")
        result: JsonObject = {}
        for key, value in node.items():
            member = grammar.member(kind, key)
            here = at.down(key)
            if member is not None:
                result[key] = self._member(value, member, here)
            elif kind == "schemas" and key == "discriminator":
                result[key] = self._discriminator(value, here)
            elif kind == "links" and key == "operationRef":
                raise here.error("operationRef is not supported", "name the target with operationId")
            else:
                result[key] = copy.deepcopy(value)
        return result

    def _member(self, value: Any, member: grammar.Member, at: At) -> Any:
        """A copy of what a key holds, in the arrangement the grammar wants."""
        if member.shape is grammar.Shape.ONE:
            return self._copy(value, member.kind, at)
        if member.shape is grammar.Shape.LIST:
            if not isinstance(value, list):
                raise at.error(f"must be a list of objects, not {_described(value)}")
            return [self._copy(item, member.kind, at.down(index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            raise at.error(f"must be objects by name, not {_described(value)}")
        if isinstance(value.get("$ref"), str):
            raise at.down("$ref").error("a $ref can replace one object, not a whole map of them")
        named = {way[0] for way, _ in grammar.entries(member.shape, value)}
        return {
            key: self._copy(item, member.kind, at.down(key)) if key in named else copy.deepcopy(item)
            for key, item in value.items()
        }

    def _reference(self, node: JsonObject, kind: str, at: At) -> Any:
        """What stands in the bundled document for a reference."""
        here = at.down("$ref")
        if kind not in references.REFERABLE:
            raise here.error(f"OpenAPI 3.1 has no $ref here ({kind})", "write the object out")
        if not isinstance(node["$ref"], str):
            raise here.error(f"$ref must be a string, not {_described(node['$ref'])}")
        if extra := references.forbidden_siblings(kind, node):
            raise at.down(extra[0]).error(
                f"{', '.join(extra)} beside $ref would be ignored here", "write it into the file that is referred to"
            )
        if kind == "pathItems":
            return self._path_item(node["$ref"], here)
        name = self._name(node["$ref"], kind, here)
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {"$ref": f"#/components/{kind}/{name}", **(self._copy(rest, kind, at) if rest else {})}

    def _path_item(self, reference: str, at: At) -> Any:
        """The path item itself: generators drop an operation behind a reference in silence."""
        target = self._files.target(reference, at)
        if target is self._entry:
            raise at.error(f"a path item can't be taken from {target.name}", "give it a file under paths/")
        written = pointers.join("", *pointers.split(at.written)[:-1])
        if _is_reference(target.contents):
            raise target.error("holds nothing but a $ref", "/$ref", f"let {at.source.name} refer to its target")
        self._origins[written] = (target, "")
        return self._copy(target.contents, "pathItems", At(target, "", written))

    def _name(self, reference: str, kind: str, at: At) -> str:
        """The component name that a reference leads to; a file met for the first time is queued to be lifted."""
        if reference.startswith("#/") and at.source is self._entry:
            return self._own_name(reference, kind, at)
        target = self._files.target(reference, at)
        name = target.path.stem
        if target is self._entry:
            raise at.error(f"refers to the root document as a whole, which is no {kind}")
        if _is_reference(target.contents) and set(target.contents) == {"$ref"}:
            raise target.error("holds nothing but a $ref", "/$ref", f"let {at.source.name} refer to its target")
        self._claim(kind, name, target, at)
        return name

    def _own_name(self, reference: str, kind: str, at: At) -> str:
        """The name in a reference to one of the root document's components."""
        tokens = pointers.split(reference[1:])
        known = sorted(name for (k, _), claim in self._claims.items() if k == kind for name in [claim.name])
        if len(tokens) == 3 and tokens[:2] == ("components", kind) and tokens[2] in known:
            return tokens[2]
        guess = references.nearest(tokens[-1], known)
        raise at.error(
            f"$ref to nowhere: {reference}",
            f"did you mean #/components/{kind}/{guess}?" if guess else "refer to a file or to a component of this kind",
        )

    def _claim(self, kind: str, name: str, source: Source, at: At) -> None:
        """Take a component name for a file; the same file may take it again, another may not."""
        if not references.COMPONENT_NAME.fullmatch(name):
            raise at.error(f"{name!r} can't name a component", "use letters, digits, '.', '_' and '-' only")
        # Equal but for case is a clash as well: file systems and the generator's modules don't tell them apart.
        key = (kind, name.casefold())
        claim = self._claims.get(key)
        if claim is not None and (claim.source is not source or claim.name != name):
            first, second = _claimed(claim.source, self._entry, claim.by), _claimed(source, self._entry, at)
            raise at.error(f"two files claim the component {kind}/{name}: {first} and {second}", "rename one of them")
        if claim is not None:
            return
        self._claims[key] = claim = _Claim(kind, name, source, at)
        if source is self._entry:
            return
        other = self._used_as.setdefault(source.path, claim)
        if other.kind != kind:
            raise at.error(f"{source.name} is used as {kind} here and as {other.kind} in {other.by}")
        self._waiting.append(claim)

    def _discriminator(self, value: Any, at: At) -> Any:
        """A copy whose mapping points into the bundled document; a bare name means a schema of that name."""
        if not isinstance(value, dict):
            raise at.error(f"must be an object, not {_described(value)}")
        result = copy.deepcopy(value)
        mapping = result.get("mapping", {})
        if not isinstance(mapping, dict):
            raise at.down("mapping").error(f"must be texts by name, not {_described(mapping)}")
        for key, reference in mapping.items():
            here = at.down("mapping", key)
            if not isinstance(reference, str):
                raise here.error(f"must be text, not {_described(reference)}")
            is_name = references.COMPONENT_NAME.fullmatch(reference) and Path(reference).suffix not in _SUFFIXES
            name = reference if is_name else self._name(reference, "schemas", here)
            self._mapped.append((here, name))
            result["mapping"][key] = f"#/components/schemas/{name}"
        return result

    def _check_mappings(self, schemas: JsonObject) -> None:
        for at, name in self._mapped:
            if name not in schemas:
                guess = references.nearest(name, schemas)
                hint = f"did you mean {guess}?" if guess else None
                raise at.error(f"the discriminator's mapping names no schema: {name}", hint)


_SUFFIXES = {".yaml", ".yml", ".json"}


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("$ref"), str)


def _claimed(source: Source, entry: Source, by: At) -> str:
    return str(by) if source is entry else f"{source.name} (referred to in {by})"


def _described(value: Any) -> str:
    if value is None:
        return "nothing"
    return {dict: "an object", list: "a list", str: "text", bool: "true or false"}.get(type(value), "a number")
