"""From the arguments to the written files: derive the names, fill the templates, look for clashes, install.

A rehearsal in a folder of its own comes before the first write: what ``regenerate`` or ``lint`` would refuse never
gets into the working copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from scripts.errors import InputError
from scripts.pipeline import bundle, load
from scripts.pipeline.layout import COMMAND, Layout
from scripts.pipeline.load import Source
from scripts.scaffold import clashes, naming, rehearsal, render, table
from scripts.scaffold.install import install
from scripts.scaffold.naming import Names
from scripts.scaffold.shape import USUAL, Shape, parent

CONTENTS = "openapi/openapi.yaml"
DOCUMENTS = "openapi/evidence/documents.yaml"
PLACEHOLDER = "SCAFFOLD"
GUIDE = 'openapi/README.md, "Add a resource in ten steps"'


@attrs.frozen
class Written:
    """What a run wrote; paths are relative to the root."""

    names: Names
    created: tuple[str, ...]
    changed: tuple[str, ...]

    def next_steps(self) -> list[str]:
        """The commands that try the scaffold out, in their order, and the one that lists what is left to replace."""
        folder = f"openapi/resources/{self.names.resource}"
        return [
            COMMAND,
            "python3 -m scripts lint",
            f"python3 -m scripts contract --budget quick --only {' '.join(self.names.operations)}",
            f"grep -rniI scaffold {folder} {' '.join(name for name in self.created if not name.startswith(folder))}",
        ]

    def lines(self) -> list[str]:
        """The report for people."""
        counts: dict[str, int] = {}
        for name in self.created:
            folder = "/".join(name.split("/")[:4]) + "/" if name.startswith("openapi/resources/") else name
            counts[folder] = counts.get(folder, 0) + 1
        shown = [f"  created  {name}" + (f"  ({n} files)" if name.endswith("/") else "") for name, n in counts.items()]
        shown += [f"  changed  {name}" for name in self.changed]
        named = self.names
        first = f"{named.resource}: one record is {named.one} ({named.class_name}), listed at {named.path}"
        return [first, *shown, "next:", *(f"  {step}" for step in self.next_steps()), f"  see {GUIDE}"]

    def report(self) -> dict[str, Any]:
        """The same as one JSON object."""
        return {
            "status": "written",
            **{key: getattr(self.names, key) for key in ("resource", "record", "path", "operations")},
            "created": self.created,
            "changed": self.changed,
            "next": self.next_steps(),
        }


def scaffold(
    root: Path,
    resource: str,
    record: str | None = None,
    path: str | None = None,
    shape: Shape = USUAL,
    below: str | None = None,
) -> Written:
    """Add a resource to the working copy at ``root``; ``InputError`` with nothing written when it can't be.

    ``below`` names the collection of the record above, which takes the place of ``shape.below``.
    """
    layout = Layout(root.resolve())
    if not layout.entry.is_file():
        raise InputError("is no working copy: it has no openapi/openapi.yaml", file=root)
    if below is not None:
        document = bundle.bundle(layout.entry, root=layout.root).document
        shape = attrs.evolve(shape, below=parent(document, below))
    names = naming.derive(resource, record, path, shape)
    created = render.files(names)
    clashes.refuse(names, created, layout)
    changed = _changed(layout, names)
    rehearsal.rehearse(layout, created, {name: new.text for name, (_, new) in changed.items()})
    install(
        layout.root, created, {name: (_raw(old), _as_it_was(old, new.text)) for name, (old, new) in changed.items()}
    )
    return Written(names, tuple(created), tuple(changed))


def _changed(layout: Layout, names: Names) -> dict[str, tuple[Source, Source]]:
    """The files that list things, before and after."""
    old = load.read(layout.root / CONTENTS, CONTENTS)
    new = table.add(old, "tags", render.entry("tag", names), by="name")
    new = table.add(new, "paths", render.entry("path", names))
    new = table.add(new, "paths", render.entry("item_path", names))
    changed = {CONTENTS: (old, new)}
    documents = load.read(layout.root / DOCUMENTS, DOCUMENTS)
    if PLACEHOLDER not in {one.get("id") for one in documents.contents.get("documents", ())}:
        entry = render.entry("document", names)
        changed[DOCUMENTS] = (documents, table.add(documents, "documents", entry, by="id", last=True))
    return changed


def _raw(source: Source) -> str:
    """A file's text as it is on disk; reading it turned CRLF into LF."""
    return source.path.read_bytes().decode()


def _as_it_was(old: Source, text: str) -> str:
    """``text`` with the line ends and the byte order mark that the file has."""
    raw = _raw(old)
    mark = "\ufeff" if raw.startswith("\ufeff") else ""
    return mark + (text.replace("\n", "\r\n") if "\r\n" in raw else text)
