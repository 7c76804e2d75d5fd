"""Invariant 4: what is described is bundled, effective and callable; whatever is missing on the way is an error.

Generators lose operations in silence: behind a reference, after a name clash, with a schema they don't understand. So
each stage is counted by its own means (files, documents, the package's syntax trees) and the names are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from scripts.errors import InputError
from scripts.pipeline import grammar, load, names
from scripts.pipeline.bundle import Bundle
from scripts.pipeline.layout import Layout
from scripts.pipeline.load import JsonObject
from scripts.pipeline.package_scan import PackageScan

# Files of the description that no reference leads to, by folder: evidence is read by lint, not by the pipeline.
BESIDE = frozenset({"evidence"})
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@attrs.frozen
class Counted:
    """What one stage holds, by name and sorted: operationIds, component schemas, webhooks."""

    operations: tuple[str, ...]
    schemas: tuple[str, ...]
    webhooks: tuple[str, ...]

    def totals(self) -> dict[str, int]:
        """The numbers alone."""
        return {kind: len(getattr(self, kind)) for kind in ("operations", "schemas", "webhooks")}


def operations(document: JsonObject) -> tuple[str, ...]:
    """The operationIds of a document, sorted."""
    return tuple(sorted(operation["operationId"] for *_, operation in names.operations(document)))


def schemas(document: JsonObject) -> tuple[str, ...]:
    """The names of a document's component schemas, sorted."""
    return tuple(sorted(document.get("components", {}).get("schemas", {})))


def webhooks(document: JsonObject) -> tuple[str, ...]:
    """The names of a document's webhooks, sorted."""
    return tuple(sorted(document.get("webhooks", {})))


def count(document: JsonObject) -> Counted:
    """All three of a one-file document."""
    return Counted(operations(document), schemas(document), webhooks(document))


def described(layout: Layout, bundle: Bundle) -> Counted:
    """What the description's files say, counted file by file without following a reference.

    ``InputError`` for a file that nothing refers to: it would be described and reach nobody.
    """
    used = set(bundle.sources.files())
    folder = layout.description.resolve()
    root = load.read(layout.entry).contents
    own = root.get("components", {}).get("schemas", {})
    found_operations: list[str] = []
    found_schemas = {name for name, schema in own.items() if "$ref" not in schema}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix not in _SUFFIXES or not path.is_file() or inside.parts[0] in BESIDE:
            continue
        if path not in used:
            name = layout.shown(layout.description / inside)
            raise InputError("nothing refers to this file", file=name, fix="refer to it or delete it")
        if path.parent.name == "paths":
            found_operations += _operation_ids(load.read(path).contents)
        elif path.parent.name == "schemas":
            found_schemas.add(path.stem)
    for item in (*root.get("paths", {}).values(), *root.get("webhooks", {}).values()):
        found_operations += _operation_ids(item)
    hooks = webhooks(root)
    return Counted(tuple(sorted(found_operations)), tuple(sorted(found_schemas)), hooks)


def _operation_ids(path_item: Any) -> list[str]:
    methods = [path_item.get(method) for method in grammar.METHODS] if isinstance(path_item, dict) else []
    return [operation["operationId"] for operation in methods if operation and "operationId" in operation]


def callable_in(package: PackageScan, effective: JsonObject) -> Counted:
    """What of the effective description the package offers; the names are the description's.

    A schema that is plain (text, number, list, union) needs no class and counts as offered.
    """
    modules = {names.flat(module.rpartition(".")[2]) for module in package.operations}
    offered = package.classes.keys() & package.exported
    listed = effective.get("components", {}).get("schemas", {})
    return Counted(
        operations=tuple(name for name in operations(effective) if names.flat(name) in modules),
        schemas=tuple(name for name in schemas(effective) if name in offered or not needs_class(listed[name])),
        webhooks=webhooks(effective),  # their payloads are component schemas, which are counted as such
    )


def needs_class(schema: Any) -> bool:
    """Whether a component schema is an object or an enum, which Python users get as a class."""
    return isinstance(schema, dict) and (
        schema.get("type") == "object" or any(key in schema for key in ("properties", "enum", "allOf"))
    )


def modules_by_operation(package: PackageScan, effective: JsonObject) -> dict[str, str]:
    """Each operationId and the module that calls it, dotted and relative to the package."""
    modules = {names.flat(module.rpartition(".")[2]): module for module in package.operations}
    return {name: modules[names.flat(name)] for name in operations(effective)}


def compare(before: str, earlier: Counted, after: str, later: Counted, allowed: Iterable[str] = ()) -> None:
    """``InputError`` when ``later`` lacks something that ``earlier`` has, except the names in ``allowed``."""
    excused = set(allowed)
    for kind in ("operations", "schemas", "webhooks"):
        missing = [name for name in getattr(earlier, kind) if name not in {*getattr(later, kind), *excused}]
        if missing:
            raise InputError(
                f"{kind} of the {before} are missing in the {after}: {', '.join(missing)}",
                fix="nothing may get lost between two stages: see what happens in between",
            )


def refuse_unnamed(package: PackageScan, effective: JsonObject) -> None:
    """``InputError`` for a class that no component names: it comes from an object or enum inside another schema."""
    named = set(schemas(effective))
    for name in sorted(package.classes.keys() - named):
        raise InputError(
            f"the package has a class {name} that no component schema is called",
            fix="give the object or enum that stands inside another schema or a body a file of its own",
        )
