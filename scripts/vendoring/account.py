"""A copy's account of itself, ``MANIFEST.json``: where it is from, what slice it is, each file's hash; and the proof.

The account is sealed: a hash of its own content stands in it, so that a change to it is noticed like any other.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from scripts.errors import InputError
from scripts.pipeline import manifest
from scripts.pipeline.layout import MANIFEST
from scripts.pipeline.load import JsonObject
from scripts.pipeline.publish import Differences
from scripts.vendoring import form
from scripts.vendoring.form import Form

COMMAND = "python3 -m scripts vendor"
FORMAT = 2
# The generated package's own manifest tells none; 1 had an origin beside each file's hash.
KNOWN = frozenset({None, 1, FORMAT})
NOTE = f"a vendored copy, written by `{COMMAND}`: do not edit; `{COMMAND} --check` tells what was"


@attrs.frozen
class Origin:
    """The project and version that a copy was made of; ``commit`` is empty where no commit holds just that."""

    project: str
    version: str
    commit: str = ""

    def __str__(self) -> str:
        return f"{self.project} {self.version} ({self.commit[:10] or 'of no commit'})"


@attrs.frozen
class Account:
    """What ``MANIFEST.json`` says. ``only``: the names that the slice was asked by, ``None`` for the whole package;
    ``requires``: Python and the packages that a copy needs; ``inputs``: hashes of what it was made from; ``hashes``:
    that of each file, whose head names its origin."""

    package: str
    origin: Origin | None
    only: tuple[str, ...] | None
    requires: tuple[str, ...]
    tools: dict[str, str]
    inputs: dict[str, str]
    operations: dict[str, str]
    methods: dict[str, str]
    hashes: dict[str, str]
    form: Form = form.USUAL
    sealed: bool = True

    def described(self) -> str:
        """What was copied, in a few words."""
        if self.only is None:
            return f"the whole package, {len(self.operations)} operations{self.form.described()}"
        names = ", ".join(self.only)
        return f"a slice of {len(self.operations)} operations ({names}){self.form.described()}"

    def write(self, folder: Path) -> None:
        """Write ``MANIFEST.json`` into the copy."""
        content: JsonObject = {
            "note": NOTE,
            "format": FORMAT,
            "package": self.package,
            "origin": attrs.asdict(self.origin) if self.origin else None,
            "slice": None if self.only is None else {"only": list(self.only)},
            "form": attrs.asdict(self.form),
            "requires": list(self.requires),
            "tools": self.tools,
            "inputs": self.inputs,
            "operations": self.operations,
            "methods": self.methods,
            "files": self.hashes,
        }
        (folder / MANIFEST).write_bytes(manifest.dump({**content, "seal": manifest.seal(content)}))


def is_copy(folder: Path) -> bool:
    """Whether a folder holds an account that can be read."""
    try:
        read(folder)
    except InputError:
        return False
    return True


def read(folder: Path) -> Account:
    """The account of the copy in ``folder``; ``InputError`` when there is none, or it is no account of ours.

    A package that was copied by hand has the manifest that it was generated with: it is a copy of unknown origin.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fix = f"{COMMAND} {shlex.quote(str(folder))} makes one where there is nothing yet"
        raise InputError("is no vendored copy: it has no MANIFEST.json", file=folder, fix=fix) from None
    except (OSError, ValueError, RecursionError) as problem:
        raise InputError(
            f"can't be read: {problem}", file=path, fix="restore it, or vendor anew elsewhere"
        ) from problem
    try:
        return _account(content)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise InputError("is no account of a vendored copy", file=path, fix="restore it") from problem


def _account(content: Any) -> Account:
    said = content.get("format")
    if said not in KNOWN:
        raise InputError(f"{MANIFEST} has format {said!r}, which this version does not know", fix="update the clone")
    unsealed = {key: value for key, value in content.items() if key != "seal"}
    origin = content.get("origin")
    part = content.get("slice")
    return Account(
        package=_text(content["package"]),
        origin=Origin(**{key: _text(value) for key, value in origin.items()}) if origin else None,
        only=tuple(_text(name) for name in part["only"]) if part else None,
        requires=tuple(_text(one) for one in content.get("requires", ())),
        tools=_texts(content["tools"]),
        inputs=_texts(content["inputs"]),
        operations=_texts(content["operations"]),
        methods=_texts(content["methods"]),
        hashes={_text(name): _text(_hash(entry)) for name, entry in content["files"].items()},
        form=form.read(content.get("form", {})),
        sealed=content.get("seal") == manifest.seal(unsealed) if said else True,
    )


def _hash(entry: Any) -> Any:
    """A file's hash, beside which the generated package's own manifest also tells its origin."""
    return entry["sha256"] if isinstance(entry, dict) else entry


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {_text(key): _text(each) for key, each in value.items()}


def edits(folder: Path, account: Account) -> Differences:
    """What somebody changed, took out of or put into a copy since it was made; compiled Python does not count."""
    have = {name: path for name, path in manifest.files(folder).items() if name != MANIFEST}
    want = account.hashes
    changed = [name for name in want.keys() & have.keys() if _digest(have[name]) != want[name]]
    return Differences(
        changed=tuple(sorted([*changed, *([] if account.sealed else [MANIFEST])])),
        missing=tuple(sorted(want.keys() - have.keys())),
        unexpected=tuple(sorted(have.keys() - want.keys())),
    )


def _digest(path: Path) -> str:
    """A file's hash, whatever line ends git checks it out with; a link is no file of ours."""
    return "a link" if path.is_symlink() else manifest.digest(path)
