"""What a new resource must not meet: files, components, paths, operations and tags that are there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from scripts.errors import InputError
from scripts.pipeline import bundle, load, names, overlay, pointers
from scripts.pipeline.bundle import Bundle
from scripts.pipeline.layout import Layout
from scripts.pipeline.load import JsonObject
from scripts.scaffold.naming import Names

ANOTHER = "choose another name, or say what one record is called with --record"
_PARAMETER = re.compile(r"{[^}]*}")


def refuse(new: Names, files: Mapping[str, str], layout: Layout) -> None:
    """``InputError`` for the first clash of the rendered ``files`` with the working copy of ``layout``."""
    _refuse_own_fields(new, files)
    for name in (f"openapi/resources/{new.resource}", *files):
        if (layout.root / name).exists():
            raise InputError(
                "exists already; nothing was written", file=name, fix="choose another name for the resource"
            )
    bundled = bundle.bundle(layout.entry, root=layout.root)
    document, _ = overlay.apply_folder(bundled.document, layout.description_overlays, root=layout.root)
    _refuse_path(new, document, bundled)
    _refuse_operations(new, document, bundled)
    _refuse_components(files, document, bundled)


def _refuse_own_fields(new: Names, files: Mapping[str, str]) -> None:
    """The generated class reads a field and builds itself in variables of these names: they must differ."""
    file = f"openapi/resources/{new.resource}/schemas/{new.class_name}.yaml"
    if new.record in load.parse(files[file], Path(file), file).contents["properties"]:
        said = f"the record {new.record!r} has a field of that name itself"
        raise InputError(said, fix="give it another name with --record, say what kind it is")


def _refuse_path(new: Names, document: JsonObject, bundled: Bundle) -> None:
    """Two templates that differ only in a parameter's name are one path."""
    wanted = {_PARAMETER.sub("{}", path) for path in (new.path, f"{new.path}/{{id}}")}
    for path in document.get("paths", {}):
        if _PARAMETER.sub("{}", path) in wanted:
            where = _where(pointers.join("/paths", path), document, bundled)
            raise InputError(f"the path {path} is described already in {where}", fix="give another one with --path")


def _refuse_operations(new: Names, document: JsonObject, bundled: Bundle) -> None:
    flat = {names.flat(name): name for name in new.operations}
    for pointer, _, _, operation in names.operations(document):
        taken = operation["operationId"]
        if names.flat(taken) in flat:
            said = f"the operation {taken} is described already in {_where(pointer, document, bundled)}"
            raise InputError(said, fix=ANOTHER)
        resource = operation.get("x-resource", {})
        if new.resource in (*operation.get("tags", ()), resource.get("collection")):
            said = f"{taken} works on {new.resource} already, in {_where(pointer, document, bundled)}"
            raise InputError(said, fix="extend what is there, or choose another name")
    if any(tag.get("name") == new.resource for tag in document.get("tags", ())):
        raise InputError(
            f"the tag {new.resource} exists already", file="openapi/openapi.yaml", fix="choose another name"
        )


def _refuse_components(files: Mapping[str, str], document: JsonObject, bundled: Bundle) -> None:
    """Components of one kind must differ in more than case and separators: each becomes a module."""
    components: Mapping[str, Mapping[str, Any]] = document.get("components", {})
    taken = {(kind, names.flat(name)): name for kind, held in components.items() for name in held}
    for file in files:
        place = PurePosixPath(file)
        name = taken.get((place.parent.name, names.flat(place.stem)))
        if name is not None:
            pointer = pointers.join("/components", place.parent.name, name)
            said = f"{place.stem} would clash with {name} in {_where(pointer, document, bundled)}"
            raise InputError(said, fix=ANOTHER)


def _where(pointer: str, document: JsonObject, bundled: Bundle) -> str:
    """The file that says what stands at a pointer; ``an overlay`` for what only an overlay adds."""
    try:
        pointers.follow(bundled.document, pointer)
    except pointers.PointerToNowhere:
        return "an overlay"
    return Path(bundled.sources.place(pointer).file).as_posix()
