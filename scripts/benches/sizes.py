"""The package as it would be with many more operations: the description's own, described over and over again."""

from __future__ import annotations

import compileall
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.bootstrap import ROOT
from scripts.pipeline import counts
from scripts.pipeline.layout import EFFECTIVE, PACKAGE, Layout
from scripts.pipeline.load import JsonObject
from scripts.pipeline.package import make


@contextmanager
def package(least: int) -> Iterator[Path]:
    """A folder with the package of a description of ``least`` operations or somewhat more, byte-compiled."""
    layout = Layout(ROOT)
    document = json.loads((layout.generated / EFFECTIVE).read_text(encoding="utf-8"))
    document = repeated(document, -(-least // len(counts.operations(document))))
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch) / PACKAGE
        make(folder, document, document, layout)
        compileall.compile_dir(folder, quiet=2)
        yield Path(scratch)


def repeated(document: JsonObject, times: int) -> JsonObject:
    """``document`` with ``times - 1`` copies of each operation and schema, under names of their own."""
    whole: JsonObject = json.loads(json.dumps(document))
    for number in range(1, times):
        copy = _renamed(document, number)
        for path, item in copy["paths"].items():
            whole["paths"][f"/copy{number}{path}"] = item
        whole["components"]["schemas"].update(copy["components"]["schemas"])
        for kind in ("parameters", "responses", "requestBodies"):
            whole["components"].setdefault(kind, {}).update(copy["components"].get(kind, {}))
    return whole


def _renamed(document: JsonObject, number: int) -> JsonObject:
    """A copy in which every component and operation has the number in its name."""
    text = re.sub(
        r'"#/components/(schemas|parameters|responses|requestBodies)/(\w+)"',
        rf'"#/components/\1/\2Copy{number}"',
        json.dumps(document),
    )
    copy: JsonObject = json.loads(text)
    for kind in ("schemas", "parameters", "responses", "requestBodies"):
        parts: dict[str, Any] = copy["components"].get(kind, {})
        copy["components"][kind] = {f"{name}Copy{number}": part for name, part in parts.items()}
    for item in copy["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                operation["operationId"] += f"Copy{number}"
                operation["tags"] = [f"{tag}_copy{number}" for tag in operation["tags"]]
                operation["x-sdk-method"] = f"copy{number}_{operation['x-sdk-method']}"
    return copy
