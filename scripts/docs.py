"""``python3 -m scripts docs``: write the HTML reference of the effective description, searchable and without a network.

Exit codes: 0 written or up to date, 2 wrong usage or a fault in the input (nothing is written then).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from scripts.bootstrap import environment_folder
from scripts.errors import InputError
from scripts.pipeline import bundle, load, publish
from scripts.pipeline.layout import COMMAND, EFFECTIVE, Layout
from scripts.reference import annotate, chapters, corrections, evidence, page, provenance, renderer
from scripts.reference.blocks import Blocks

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "scripts" / "docs.lock"
STORE = environment_folder() / "renderer"
OUTPUT = Path("build", "reference")
INDEX = "index.html"


def main(arguments: list[str], root: Path = ROOT, lock: Path = LOCK, store: Path = STORE) -> int:
    """Write the reference of the working copy at ``root``; say where it is."""
    options = _options(arguments)
    started = time.perf_counter()
    target = Path(options.output).absolute() if options.output else root / OUTPUT
    refuse_foreign(target)
    layout = Layout(root.resolve())
    files, figures = contents(layout, renderer.get(lock, store, lambda text: print(f"[setup] {text}", file=sys.stderr)))
    written = publish_files(files, target)
    index = target / INDEX
    figures |= {"status": "written" if written else "up to date", "page": str(index), "address": index.as_uri()}
    figures["seconds"] = round(time.perf_counter() - started, 3)
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    said = (
        "{operations} operations, {webhooks} webhooks, {schemas} schemas, {claims} claims, {conflicts} conflicts,"
        " {assumptions} assumptions"
    )
    print(f"{said.format_map(figures)}, {figures['corrections']} corrections ({figures['seconds']:.1f} s)")
    print(f"{figures['status']}: {index}")
    return 0


def contents(layout: Layout, drawn_by: renderer.Renderer) -> tuple[dict[str, bytes], dict[str, Any]]:
    """File name → bytes of the reference, and figures about it.

    ``InputError`` when the description, an overlay or the evidence can't be read, or ``generated/`` is stale.
    """
    bundled = bundle.bundle(layout.entry, root=layout.root)
    document, made = corrections.replay(bundled.document, layout.description_overlays, layout.root)
    committed = _committed(layout)
    if committed.contents != document:
        raise InputError("is not what the description and its overlays say", file=committed.name, fix=COMMAND)
    ledger = evidence.read(layout.description / "evidence", layout.root)
    found = provenance.collect(document, ledger, made)
    blocks = Blocks.of(ledger)
    annotated = annotate.annotate(document, found, blocks)
    chapters.add(annotated, document, found, ledger, made, blocks)
    files = {INDEX: page.render(annotated, drawn_by.script), page.DESCRIPTION_FILE: committed.text}
    files |= drawn_by.licences
    parts = provenance.parts(document)
    kinds = list(parts.values())
    webhooks = sum(kind == "operation" and pointer.startswith("#/webhooks/") for pointer, kind in parts.items())
    figures = {
        "operations": kinds.count("operation") - webhooks,
        "webhooks": webhooks,
        "schemas": kinds.count("schema"),
        "fields": kinds.count("property"),
        "claims": len(ledger.claims),
        "conflicts": len(ledger.conflicts),
        "assumptions": len(ledger.assumptions),
        "corrections": len(made),
        "renderer": drawn_by.package,
        "bytes": sum(len(text.encode("utf-8")) for text in files.values()),
    }
    return {name: text.encode("utf-8") for name, text in files.items()}, figures


def refuse_foreign(target: Path) -> None:
    """``InputError`` when ``target`` is a file, or a folder with anything but an earlier reference in it."""
    if target.is_dir():
        index = target / INDEX
        ours = index.is_file() and page.GENERATOR in index.read_text(encoding="utf-8", errors="replace")[:4000]
        if ours or not any(target.iterdir()):
            return
    elif not target.exists():
        return
    raise InputError("holds something else and would be replaced", file=target, fix="choose a new or an empty folder")


def publish_files(files: dict[str, bytes], target: Path) -> bool:
    """Put the files into ``target``, all or nothing; whether anything differed from what was there."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"can't be made: {problem.strerror}", file=target.parent) from problem
    with publish.staging(target) as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        if target.is_dir() and not publish.compare(folder, target):
            return False
        publish.swap(folder, target)
    return True


def _committed(layout: Layout) -> load.Source:
    path = layout.generated / EFFECTIVE
    return load.read(path, layout.shown(path))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m scripts docs", description="Write the searchable HTML reference of the description."
    )
    parser.add_argument("--output", metavar="DIR", help=f"folder to write to (default: {OUTPUT.as_posix()})")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    return parser.parse_args(arguments)
