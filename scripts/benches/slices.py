"""A vendored slice of three operations: what it costs to import, and how big it is, against what we aim at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.benches import pairing
from scripts.benches.pairing import Figure, figure
from scripts.bootstrap import ROOT
from scripts.pipeline.layout import Layout
from scripts.vendoring import making
from scripts.vendoring.form import USUAL, Form

THREE = ("messaging_profiles.create", "messaging_profiles.retrieve", "phone_numbers.messaging.update")
NAME = "sliced"
IMPORT = f"from {NAME}.api.messaging_profiles import retrieve_messaging_profile"
FILES, KIB = 40, 120
# Smaller forms of the same slice, by what they leave out.
FORMS = {
    "one client": Form("sync"),
    "one client, public docs": Form("sync", "public"),
    "one client, no docs": Form("sync", "none"),
}


def bench_slice(rounds: int) -> Iterator[Figure]:
    """Cold start with the slice's client and with one of its operations; its files and size as they lie on disk, and
    the size of smaller forms."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        sizes = _laid(Path(scratch), USUAL)
        for name, code in (
            ("import the client", f"from {NAME} import AsyncTelnyx, Telnyx"),
            ("import and make a client", f"from {NAME} import Telnyx; Telnyx('KEY')"),
            ("import one operation", IMPORT),
        ):
            yield from pairing.lifetimes(
                f"slice: {name}",
                lambda code=code: pairing.lifetime(code, pairing.location(Path(scratch))),  # type: ignore[misc]
                lambda: pairing.lifetime("import httpx"),
                rounds,
            )
    yield figure("slice: files", f"{FILES} files", [len(sizes)], [FILES], unit="files")
    yield figure("slice: size", f"{KIB} KiB", [sum(sizes) / 1024], [KIB], unit="KiB")
    for name, form in FORMS.items():
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            sizes = _laid(Path(scratch), form)
        yield figure(f"slice: size, {name}", f"{KIB} KiB", [sum(sizes) / 1024], [KIB], unit="KiB")


def _laid(place: Path, form: Form) -> list[int]:
    """Lay the slice into ``place``; the sizes of its files, in bytes."""
    folder = place / NAME
    folder.mkdir()
    layout = Layout(ROOT)
    making.make(layout, folder, NAME, making.selected(layout, THREE), form)
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
