"""``python3 -m scripts vendor``: lay the package or a slice of it into another repository, and look after the copy.

Exit codes: 0 laid, updated, or (``--check``) unmodified and current; 1 the copy has local edits, so that nothing was
written, or (``--check``) it is edited or behind; 2 wrong usage, or something that can't be read or written.
"""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from scripts.changes import Progress
from scripts.errors import InputError
from scripts.pipeline import publish
from scripts.pipeline.layout import Layout
from scripts.pipeline.load import JsonObject
from scripts.pipeline.publish import Differences
from scripts.vendoring import account, making
from scripts.vendoring.account import COMMAND, Account
from scripts.vendoring.form import ALL, BOTH, CLIENTS, DOCS, Form

ROOT = Path(__file__).resolve().parent.parent
EPILOG = """\
DEST is the package's folder and its last part the package's name; with --name NAME the package is the folder NAME in
DEST. A name for --only is a method (messaging_profiles.create), a resource with all below it (messaging_profiles), a
tag, an operationId, or "webhooks", which brings the checking of signatures and the classes of events.

exit codes: 0 laid or updated, or --check found it unmodified and current; 1 local edits (nothing was written), or
--check found it edited or behind; 2 wrong usage, or something can't be read or written.
"""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command on the working copy at ``root``."""
    options = _options(arguments)
    layout = Layout(root.resolve())
    making.require_current(layout)
    given = _absolute(Path(options.dest))
    if options.name is not None:
        making.check_identifier(options.name)
    with publish.explained(given):
        if options.check or options.update:
            target = _copy(given, options.name)
            _refuse_original(target, layout)
            return _check(target, layout, options) if options.check else _update(target, layout, options)
        target = given / options.name if options.name else given
        _refuse_original(target, layout)
        return _lay(target, layout, options)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Lay the package, or a slice of it, into another repository.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dest", metavar="DEST", help="the folder that the package gets, or has")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="just these operations and the models they need")
    parser.add_argument("--client", choices=CLIENTS, help="just this client and what it needs (default: both)")
    parser.add_argument(
        "--docs", choices=DOCS, help="public: no comments, and only docstrings that callers read; none (default: all)"
    )
    parser.add_argument("--name", help="the package's name, a folder in DEST")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="say whether a copy is unmodified, and how far behind")
    mode.add_argument("--update", action="store_true", help="lay the same slice of this version in a copy's place")
    parser.add_argument("--force", action="store_true", help="overwrite local edits")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    options = parser.parse_args(arguments)
    given = [f"--{name}" for name in ("only", "client", "docs") if getattr(options, name)]
    if (options.check or options.update) and given:
        parser.error(f"{given[0]} is for a new copy: a copy knows its slice and form")
    if options.check and options.force:
        parser.error("--check writes nothing that could be forced")
    return options


def _absolute(given: Path) -> Path:
    """Where a path leads, except that its last part may be a link, which is nothing to be followed or replaced."""
    return given.resolve() if given.name in {"", ".."} else given.parent.resolve() / given.name


def _copy(given: Path, name: str | None) -> Path:
    """The copy that a user means: what was named, or the only one in there."""
    if name:
        return given / name
    if not given.is_dir() or account.is_copy(given):
        return given
    inside = sorted(path for path in given.iterdir() if account.is_copy(path))
    if len(inside) > 1:
        names = ", ".join(path.name for path in inside)
        raise InputError(f"holds {len(inside)} vendored copies: {names}", file=given, fix="say which by --name")
    return inside[0] if inside else given


def _refuse_original(target: Path, layout: Layout) -> None:
    """The generated package has a manifest as a copy has, so that it could be taken for one, and be replaced."""
    real = target.resolve()
    if real == layout.root or layout.generated == real or layout.generated in real.parents:
        raise InputError("is where the original stands", file=target, fix="choose a folder of another repository")


def _lay(target: Path, layout: Layout, options: argparse.Namespace) -> int:
    making.check_name(target)
    selection = making.selected(layout, tuple(options.only) if options.only else None)
    form = Form(options.client or BOTH, options.docs or ALL)
    progress = Progress("vendor")
    with publish.staging(target) as folder:
        old = _present(target)
        edits = account.edits(target, old) if old else None
        if edits and not options.force:
            return _refuse(target, edits, options)
        progress.say("making the copy")
        new = making.make(layout, folder, target.name, selection, form)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        publish.swap(folder, target)
    lines = [
        f"laid: {new.described()}, as {target.name}: {len(new.hashes) + 1} files, {size / 1024:.0f} KiB",
        f"  in    {target}",
        f"  of    {new.origin}",
        f"  needs {', '.join(new.requires)}",
    ]
    _say(options, lines, {"status": "laid", **_told(target, new), "files": len(new.hashes) + 1, "bytes": size})
    return 0


def _present(target: Path) -> Account | None:
    """The account of what is there; ``None`` for nothing or an empty folder. ``InputError`` for anything else."""
    if not target.exists() or not any(target.iterdir()):
        return None
    try:
        return account.read(target)
    except InputError as problem:
        fix = "choose a folder that does not exist yet"
        said = problem.message
        said = said if said.startswith("is no vendored copy") else f"is no vendored copy: {said}"
        raise InputError(f"exists, and {said}", file=target, fix=fix) from problem


def _check(target: Path, layout: Layout, options: argparse.Namespace) -> int:
    from scripts.comparison import report
    from scripts.vendoring import standing

    old = account.read(target)
    edits = account.edits(target, old)
    found = standing.of(target, old, layout, Progress("vendor").say)
    lines = [f"{target.name}: {old.described()}, of {old.origin or 'unknown origin'}"]
    lines += ["edited:", *_listed(edits)] if edits else [f"unmodified: {len(old.hashes)} files as they were laid"]
    if found.files:
        lines += [f"behind: {_counted(found.files)}", *_indented(_changes(found.found))]
        lines.append(f"  run: {COMMAND} {shlex.quote(str(target))} --update")
    else:
        lines.append("current: this working copy would lay the same")
    status = [word for word, is_so in (("edited", edits), ("behind", found.files)) if is_so] or ["clean", "current"]
    told = {
        "status": " and ".join(status),
        **_told(target, old),
        "edits": attrs.asdict(edits),
        "behind": attrs.asdict(found.files),
        "changes": report.as_json(found.found) if found.found else None,
    }
    _say(options, lines, told)
    return 1 if edits or found.files else 0


def _update(target: Path, layout: Layout, options: argparse.Namespace) -> int:
    from scripts.comparison import report
    from scripts.vendoring import standing

    progress = Progress("vendor")
    _copy_must_be_there(target)
    with publish.staging(target) as folder:
        old = account.read(target)
        edits = account.edits(target, old)
        if edits and not options.force:
            return _refuse(target, edits, options)
        if not edits and old.inputs == making.expected_inputs(layout):
            return _up_to_date(target, old, options)
        progress.say("making the copy")
        new = making.make(layout, folder, old.package, making.selected(layout, old.only), old.form)
        found = standing.compare(target, old, folder, new, layout, progress.say)
        if not edits and not found.files:
            return _up_to_date(target, old, options)
        publish.swap(folder, target)
    lines = [f"updated: {new.described()}, from {old.origin or 'unknown origin'} to {new.origin}"]
    lines += [f"  {_counted(found.files)}", *_changes(found.found)] if found.files else ["  local edits are gone"]
    changes = report.as_json(found.found) if found.found else None
    _say(options, lines, {"status": "updated", **_told(target, new), "changes": changes})
    return 0


def _copy_must_be_there(target: Path) -> None:
    """A kill between two renames leaves the copy aside; ``staging`` puts it back, so that is not looked at here."""
    if not target.parent.is_dir():
        raise InputError("is no vendored copy: there is no such folder", file=target)


def _up_to_date(target: Path, old: Account, options: argparse.Namespace) -> int:
    _say(options, [f"up to date: {old.described()}"], {"status": "up to date", **_told(target, old), "changes": None})
    return 0


def _refuse(target: Path, edits: Differences, options: argparse.Namespace) -> int:
    lines = [f"refused: {target} has local edits, and nothing was written", *_listed(edits)]
    lines.append("  fix: keep them elsewhere (this project's overlays/ for one), or overwrite them with --force")
    _say(options, lines, {"status": "refused", "folder": target.name, "edits": attrs.asdict(edits)})
    return 1


def _listed(edits: Differences) -> list[str]:
    """The edits as their author sees them: files that were changed, removed, added."""
    kinds = (("changed", edits.changed), ("removed", edits.missing), ("added", edits.unexpected))
    return [f"  {kind:<8} {name}" for kind, names in kinds for name in names]


def _counted(files: Differences) -> str:
    kinds = (("differ", files.changed), ("are new", files.missing), ("go", files.unexpected))
    return "files that " + ", ".join(f"{kind}: {len(names)}" for kind, names in kinds if names)


def _changes(found: Any) -> list[str]:
    from scripts.comparison import report

    if found is None:
        return ["what that does to callers can't be said: no history has the description that it was made of"]
    return list(report.lines(found))


def _indented(lines: list[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _told(target: Path, one: Account) -> JsonObject:
    """What every JSON answer says about a copy; the folder by its name alone, for no report names a machine's paths."""
    return {
        "folder": target.name,
        "package": one.package,
        "origin": attrs.asdict(one.origin) if one.origin else None,
        "slice": None if one.only is None else list(one.only),
        "form": attrs.asdict(one.form),
        "operations": sorted(one.operations),
    }


def _say(options: argparse.Namespace, lines: list[str], told: JsonObject) -> None:
    print(json.dumps({"version": 1, **told}, indent=2, ensure_ascii=False) if options.json else "\n".join(lines))
