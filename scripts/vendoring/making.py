"""Put a copy together in an empty folder: the whole package as it is committed, or a slice made like it."""

from __future__ import annotations

import json
import keyword
import shutil
import sys
import tomllib
from pathlib import Path

import attrs

from scripts.errors import InputError
from scripts.pipeline import assemble, counts, load, manifest, overlay, package, package_scan, portable, shape
from scripts.pipeline.layout import COMMAND, EFFECTIVE, MANIFEST, PACKAGE, Layout
from scripts.pipeline.load import JsonObject
from scripts.vendoring import history, joining, leaning, one_client, reduction, scopes, trimming
from scripts.vendoring.account import Account, Origin
from scripts.vendoring.form import ALL, BOTH, USUAL, Form
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


def make(layout: Layout, folder: Path, name: str, selection: Selection | None, form: Form = USUAL) -> Account:
    """Fill the empty ``folder`` with a copy called ``name``, its account included; gives the account.

    ``InputError`` when the slice can't be generated, or files can't be read or written.
    """
    with shape.explained():
        made = _whole(layout, folder) if selection is None else _slice(layout, folder, selection)
        if selection is not None or form.client != BOTH:
            _fit(folder, made, selection, form)
        if form.docs != ALL:
            leaning.lean(folder, form.docs)
        if selection is not None or form != USUAL:
            assemble.arrange(folder, [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.py"))])
        account = _account(layout, folder, name, selection, form, made)
        account.write(folder)
    return account


@attrs.frozen
class _Made:
    """By operationId the module of its functions and the method of the clients."""

    modules: dict[str, str]
    methods: dict[str, str]


def _whole(layout: Layout, folder: Path) -> _Made:
    made = _generated(layout)
    for inside, path in manifest.files(layout.generated / PACKAGE).items():
        if inside != MANIFEST:
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return _Made(made["operations"], made["methods"])


def _slice(layout: Layout, folder: Path, selection: Selection) -> _Made:
    """A slice is what the pipeline makes of the description cut down to it."""
    effective: JsonObject = load.read(layout.generated / EFFECTIVE, layout.shown(layout.generated / EFFECTIVE)).contents
    hinted, _ = overlay.apply_folder(effective, layout.generator_overlays, root=layout.root)
    reduced, told = (
        reduction.reduce(document, selection.operations, webhooks=selection.webhooks)
        for document in (effective, hinted)
    )
    made = package.make(folder, reduced, told, layout)
    if set(counts.operations(reduced)) != selection.operations:
        raise RuntimeError("the slice lost operations on the way")
    return _Made(made.modules, made.methods)


def _fit(folder: Path, made: _Made, selection: Selection | None, form: Form) -> None:
    """Take out what the operations and clients that are wanted do not need; a slice is joined to few modules, too."""
    unwanted = one_client.cut(folder, form.client) if form.client != BOTH else frozenset()
    methods = None if selection is None else tuple(made.methods.values())
    trimming.trim(folder, methods, webhooks=selection is None or selection.webhooks, unwanted=unwanted)
    sources = scopes.read(folder)
    joining.join(folder, sources, {} if selection is None else joining.groups(sources))


def _account(layout: Layout, folder: Path, name: str, selection: Selection | None, form: Form, made: _Made) -> Account:
    project = _project(layout)
    shutil.copyfile(_licence(layout), folder / LICENSE)
    return Account(
        package=name,
        origin=Origin(str(project["name"]), str(project["version"]), history.commit(layout.root, MADE_FROM)),
        only=None if selection is None else selection.names,
        requires=(f"python{project['requires-python']}", *project["dependencies"]),
        tools=manifest.inputs(layout).tools,
        inputs=expected_inputs(layout),
        operations=dict(sorted(made.modules.items())),
        methods=dict(sorted(made.methods.items())),
        hashes={inside: manifest.digest(path) for inside, path in manifest.files(folder).items()},
        form=form,
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
