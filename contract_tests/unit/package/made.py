"""Packages of descriptions that a test makes up: written as the pipeline writes ours, finished, imported, forgotten."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from scripts.pipeline import counts, events, facade, generate, names, package_scan, prepare, settings
from scripts.pipeline.assemble import assemble
from scripts.pipeline.layout import Layout
from scripts.pipeline.load import JsonObject
from scripts.pipeline.places import Place

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def made(document: JsonObject, folder: Path, name: str) -> Iterator[ModuleType]:
    """The package ``name`` in ``folder``, every module of it imported."""
    before = json.dumps(document)
    names.check(document, lambda pointer: Place("x", 1))
    layout, package = Layout(ROOT), folder / name
    configured = settings.read(layout.generator_config, "config.yaml")
    generate.generate(prepare.prepare(document), configured, layout.templates, package)
    scanned = package_scan.scan(package)
    facade.write(package, document, counts.modules_by_operation(scanned, document))
    events.write(package, document, scanned.classes)
    assemble(package, layout, "0")
    assert json.dumps(document) == before
    sys.path.insert(0, str(folder))
    try:
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for one in [one for one in sys.modules if one.partition(".")[0] == name]:
            del sys.modules[one]
