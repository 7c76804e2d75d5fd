"""``python3 -m scripts regenerate``: make ``generated/`` from description and overlays, or check that it is current.

Exit codes: 0 done or nothing to do, 1 ``--check`` found differences, 2 a fault in the input (one message, nothing
written).
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import attrs

from scripts.pipeline.layout import COMMAND, Layout

ROOT = Path(__file__).resolve().parent.parent
REBUILT = "generated/ is up to date: built anew, no byte differs"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command on the working copy at ``root``."""
    options = _options(arguments)
    say = _Say(as_json=options.json, verbose=options.verbose)
    layout = Layout(root.resolve())
    # The stages import the generator, which takes longer than everything that "up to date" needs.
    from scripts.pipeline import manifest, publish

    started = time.perf_counter()
    if not options.check:
        with publish.staging(layout.generated) as folder:
            if not options.full and manifest.is_current(layout):
                return say.end(0, "up to date", "generated/ is up to date", started)
            differences, built = _build(layout, folder, say)
            if not differences:
                return say.end(0, "up to date", REBUILT, started, built)
            publish.swap(folder, layout.generated)
        return say.end(0, "written", _written(differences), started, built, differences)

    if not options.full and manifest.is_current(layout):
        return say.end(0, "up to date", "generated/ is up to date", started)
    with publish.scratch("regenerate-") as scratch:
        differences, built = _build(layout, scratch, say)
    if not differences:
        return say.end(0, "up to date", REBUILT, started, built)
    lines = ["generated/ is stale:", *differences.lines(), f"  run: {COMMAND}"]
    return say.end(1, "stale", "\n".join(lines), started, built, differences)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=COMMAND, description="Make generated/ from openapi/ and overlays/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and list what differs")
    parser.add_argument("--full", action="store_true", help="build even when no input and no output has changed")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    parser.add_argument("--verbose", action="store_true", help="also list each overlay action with its hits")
    return parser.parse_args(arguments)


def _build(layout: Layout, folder: Path, say: _Say) -> tuple[Any, Any]:
    """Build into ``folder``; what differs from ``generated/`` and what the build found."""
    from scripts.pipeline import build, publish

    built = build.build(layout, folder, say.stage)
    say.overlays(built)
    return publish.compare(folder, layout.generated), built


def _written(differences: Any) -> str:
    parts = (("changed", differences.changed), ("new", differences.missing), ("removed", differences.unexpected))
    return "generated/ written: " + ", ".join(f"{len(found)} {kind}" for kind, found in parts if found)


class _Say:
    """Prints lines as the work goes on, or one JSON object at its end. Uses no colour, with or without NO_COLOR."""

    def __init__(self, *, as_json: bool, verbose: bool) -> None:
        self._as_json = as_json
        self._verbose = verbose
        self._stages: list[dict[str, Any]] = []

    def stage(self, stage: Any) -> None:
        self._stages.append({**attrs.asdict(stage), "seconds": round(stage.seconds, 3)})
        if not self._as_json:
            print(f"{stage.name:<9} {stage.summary}  ({stage.seconds:.2f} s)", flush=True)

    def overlays(self, built: Any) -> None:
        for applied in built.overlays if self._verbose and not self._as_json else ():
            for action, hits in zip(applied.overlay.actions, applied.hits, strict=True):
                print(f"  {applied.overlay.name} action {action.number}: {hits} x {action.target}")

    def end(self, code: int, status: str, text: str, started: float, built: Any = None, differences: Any = None) -> int:
        seconds = time.perf_counter() - started
        if not self._as_json:
            print(f"{text}  ({seconds:.2f} s)" if "\n" not in text else text, flush=True)
            return code
        report: dict[str, Any] = {"status": status, "seconds": round(seconds, 3), "stages": self._stages}
        if built is not None:
            report["counts"] = {stage: counted.totals() for stage, counted in built.counts.items()}
            report["overlays"] = [
                {"file": applied.overlay.name, "hits": list(applied.hits)} for applied in built.overlays
            ]
        if differences is not None:
            report["differences"] = attrs.asdict(differences)
        print(json.dumps(report, indent=2))
        return code
