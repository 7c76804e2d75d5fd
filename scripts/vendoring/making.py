"""Put a copy together in an empty folder: the whole package as it is committed, or a slice made like it."""

from __future__ import annotations

import json
import keyword
import shutil
import sys
import tomllib
from pathlib import Path

from scripts.errors import InputError
from scripts.pipeline import assemble, counts, load, manifest, overlay, package, package_scan, portable, shape
from scripts.pipeline.layout import COMMAND, EFFECTIVE, MANIFEST, PACKAGE, Layout
from scripts.pipeline.load import JsonObject
from scripts.vendoring import history, joining, reduction, scopes, trimming
from scripts.vendoring.account import Account, Origin
from scripts.vendoring.selection import Selection, select

LICENSE = "LICENSE"
SCRIPTS = ("scripts/pipeline", "scripts/vendoring")
# The folders of the working copy that decide what a copy holds.
MADE_FROM = ("generated", "openapi", "overlays", "pyproject.toml", LICENSE, *SCRIPTS)


def check_identifier(name: str) -> None:
    """``InputError`` for what is no name of a package: a path that leads elsewhere, above all."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise InputError(f"{name!r} can't be the name of a Python package", fix="choose another by --name")


def check_name(target: Path) -> None:
    """``InputError`` for a folder whose name can't be that of a package, or would hide one that the copy needs."""
    name = target.name
    check_identifier(name)
    if said := portable.fault(name):
        raise InputError(f"{said}", fix="choose another by --name")
    inside = (target.parent / "__init__.py").is_file()  # of another package, where a name hides nothing
    if not inside and name in package_scan.ALLOWED_IMPORTS | sys.stdlib_module_names:
        raise InputError(f"a package {name!r} would hide the one that it needs", fix="choose another by --name")


def selected(layout: Layout, only: tuple[str, ...] | None) -> Selection | None:
    """The slice of the committed package that the names in ``only`` mean; ``None`` for the whole."""
    if only is None:
        return None
    made = _generated(layout)
    return select(only, made["methods"], made["operations"])


def expected_inputs(layout: Layout) -> dict[str, str]:
    """The hashes of everything that a copy of now would be made from."""
    given = manifest.inputs(layout)
    own = manifest.files(layout.root / SCRIPTS[1])
    vendoring = {name: manifest.digest(path) for name, path in own.items()}
    summed = manifest.summary(given, layout.generated / EFFECTIVE)
    return {**summed, SCRIPTS[1]: manifest.combined(vendoring), LICENSE: manifest.digest(_licence(layout))}


def require_current(layout: Layout) -> None:
    """``InputError`` when ``generated/`` is not what the working copy gives: nobody could say what was copied."""
    if not manifest.is_current(layout):
        raise InputError("generated/ is stale", fix=f"run {COMMAND} first")


def make(layout: Layout, folder: Path, name: str, selection: Selection | None) -> Account:
    """Fill the empty ``folder`` with a copy called ``name``, its account included; gives the account.

    ``InputError`` when the slice can't be generated, or files can't be read or written.
    """
    with shape.explained():
        account = _whole(layout, folder, name) if selection is None else _slice(layout, folder, name, selection)
        account.write(folder)
    return account


def _whole(layout: Layout, folder: Path, name: str) -> Account:
    made = _generated(layout)
    for inside, path in manifest.files(layout.generated / PACKAGE).items():
        if inside != MANIFEST:
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    origins = {inside: entry["origin"] for inside, entry in made["files"].items()}
    return _account(layout, folder, name, None, (made["operations"], made["methods"], origins))


def _slice(layout: Layout, folder: Path, name: str, selection: Selection) -> Account:
    """A slice is what the pipeline makes of the description cut down to it, less what its operations do not need."""
    effective: JsonObject = load.read(layout.generated / EFFECTIVE, layout.shown(layout.generated / EFFECTIVE)).contents
    hinted, _ = overlay.apply_folder(effective, layout.generator_overlays, root=layout.root)
    reduced, told = (
        reduction.reduce(document, selection.operations, webhooks=selection.webhooks)
        for document in (effective, hinted)
    )
    made = package.make(folder, reduced, told, layout)
    if set(counts.operations(reduced)) != selection.operations:
        raise RuntimeError("the slice lost operations on the way")
    trimmed = trimming.trim(folder, list(made.methods.values()), webhooks=selection.webhooks)
    origins = {inside: origin for inside, origin in made.origins.items() if inside not in trimmed.files}
    sources = scopes.read(folder)
    for inside, parts in joining.join(folder, sources, joining.groups(sources)).items():
        of = sorted({origins.pop(part) for part in parts})
        origins[inside] = ", ".join(of)
    assemble.arrange(folder, [inside for inside in origins if inside.endswith(".py")])
    return _account(layout, folder, name, selection, (made.modules, made.methods, origins))


def _account(
    layout: Layout,
    folder: Path,
    name: str,
    selection: Selection | None,
    listed: tuple[dict[str, str], dict[str, str], dict[str, str]],
) -> Account:
    operations, methods, origins = listed
    project = _project(layout)
    shutil.copyfile(_licence(layout), folder / LICENSE)
    files = {**origins, LICENSE: LICENSE}
    return Account(
        package=name,
        origin=Origin(str(project["name"]), str(project["version"]), history.commit(layout.root, MADE_FROM)),
        only=None if selection is None else selection.names,
        requires=(f"python{project['requires-python']}", *project["dependencies"]),
        tools=manifest.inputs(layout).tools,
        inputs=expected_inputs(layout),
        operations=dict(sorted(operations.items())),
        methods=dict(sorted(methods.items())),
        files={
            inside: {"sha256": manifest.digest(folder / inside), "origin": files[inside]} for inside in sorted(files)
        },
    )


def _project(layout: Layout) -> JsonObject:
    """What this project says of itself: its name, version and requirements."""
    path = layout.root / "pyproject.toml"
    try:
        found: JsonObject = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        _ = found["name"], found["version"], found["requires-python"], found["dependencies"]
    except (OSError, ValueError, KeyError) as problem:
        raise InputError("says no name, version and requirements of a project", file=layout.shown(path)) from problem
    return found


def _generated(layout: Layout) -> JsonObject:
    path = layout.generated / PACKAGE / MANIFEST
    try:
        found: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError(f"can't be read: {problem}", file=layout.shown(path), fix=f"run {COMMAND}") from problem
    return found


def _licence(layout: Layout) -> Path:
    path = layout.root / LICENSE
    if not path.is_file():
        raise InputError("is missing, and no copy goes without it", file=LICENSE)
    return path
