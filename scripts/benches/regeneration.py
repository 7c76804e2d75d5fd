"""``regenerate`` against the generator alone, on our description and on one of a thousand operations; slices.

The generator alone is its command line on the same effective description, formatting included. It makes half of what
``regenerate`` makes: neither bundle nor overlays, neither facade nor hand-written part, no proof that nothing is lost.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.benches import pairing, sizes
from scripts.benches.pairing import Figure, pair, timed
from scripts.bootstrap import ROOT
from scripts.pipeline import counts
from scripts.pipeline.layout import EFFECTIVE, Layout
from scripts.pipeline.load import JsonObject

MANY = 1000
COMPONENTS = "#/components/"
# Components that stand in the table of contents itself.
INLINE = "securitySchemes"
# Both start as people start them: with httpx as it is.
OURS = """
import contextlib, io, sys
del sys.modules["httpx._main"]
sys.path[:0] = [{here!r}]
from pathlib import Path
from scripts import regenerate
with contextlib.redirect_stdout(io.StringIO()) as said:
    code = regenerate.main(["--check", "--full"], Path({root!r}))
assert code in (0, 1), said.getvalue()
"""
ALONE = """
import contextlib, io, os, sys
del sys.modules["httpx._main"]
os.environ["PATH"] = {path!r}
sys.argv = ["openapi-python-client", "generate", "--path", {document!r}, "--meta", "none", "--overwrite"]
sys.argv += ["--output-path", {out!r}]
from openapi_python_client.cli import app
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    app()
assert os.path.exists(os.path.join({out!r}, "client.py"))
"""


def bench_regenerate(rounds: int) -> Iterator[Figure]:
    """The check that finds nothing to do, the whole rebuild, and that of a thousand operations with its memory."""
    nothing = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True, cwd=ROOT))
    command = [sys.executable, "-m", "scripts", "regenerate", "--check"]
    again = timed(lambda: subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False))
    yield pair("regenerate, up to date", "python -c pass", again, nothing, rounds)
    yield from _rebuilt("regenerate, rebuilt", ROOT, Layout(ROOT).generated / EFFECTIVE, min(rounds, 5))
    print(f"making a description of {MANY:,} operations, which takes a while", file=sys.stderr, flush=True)
    with working_copy(MANY) as (root, document):
        yield from _rebuilt(f"regenerate, {MANY:,} operations", root, document, 1)


def _rebuilt(name: str, root: Path, document: Path, rounds: int) -> list[Figure]:
    """Time and memory of a full rebuild of the working copy at ``root`` against the generator alone."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        alone = ALONE.format(document=str(document), out=f"{scratch}/alone", path=path)
        ours = OURS.format(here=str(ROOT), root=str(root))
        return pairing.lifetimes(
            name,
            lambda: pairing.lifetime(ours),
            lambda: pairing.lifetime(alone),
            rounds,
            yardstick="generator alone",
        )


@contextmanager
def working_copy(least: int) -> Iterator[tuple[Path, Path]]:
    """The root of a working copy whose description has ``least`` operations or somewhat more, and that in one file."""
    layout = Layout(ROOT)
    document = json.loads((layout.generated / EFFECTIVE).read_text(encoding="utf-8"))
    document = sizes.repeated(document, -(-least // len(counts.operations(document))))
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        root = Path(scratch) / "copy"
        for part in ("overlays/generator", "overlays/package"):
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        (root / "scripts").mkdir()
        shutil.copy(layout.requirements, root / "scripts")
        _write(document, root / "openapi")
        whole = Path(scratch) / "openapi.json"
        whole.write_text(json.dumps(document), encoding="utf-8")
        yield root, whole


def _write(document: JsonObject, folder: Path) -> None:
    """A description as people write it, one component or path a file."""
    components = document["components"]
    kinds = sorted(kind for kind in components if kind != INLINE)
    for kind in kinds:
        for name, part in components[kind].items():
            _write_file(folder / "shared" / kind / f"{name}.json", part, "..")
    contents = {**document, "components": {INLINE: components[INLINE]}}
    for kind in ("paths", "webhooks"):
        items = contents[kind] = {}
        for number, (name, item) in enumerate(document.get(kind, {}).items()):
            inside = f"resources/all/{kind}/{number}.json"
            _write_file(folder / inside, item, "../../../shared")
            items[name] = {"$ref": inside}
    (folder / "openapi.yaml").write_text(json.dumps(contents), encoding="utf-8")


def _write_file(path: Path, part: Any, shared: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_relative(part, shared)), encoding="utf-8")


def _relative(value: Any, shared: str) -> Any:
    """``value`` with references to components as references to files; ``shared`` is the way to their folder.

    They stand under ``$ref`` and in the mapping of a discriminator; no other text begins so.
    """
    if isinstance(value, dict):
        return {key: _relative(each, shared) for key, each in value.items()}
    if isinstance(value, str) and value.startswith(COMPONENTS):
        return f"{shared}/{value.removeprefix(COMPONENTS)}.json"
    return [_relative(each, shared) for each in value] if isinstance(value, list) else value
