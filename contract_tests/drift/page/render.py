"""Render the page: every text is escaped, an undefined name is an error, and no request can leave the page."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from contract_tests.drift.page import charts, matrix

TEMPLATES = Path(__file__).parent / "templates"
NO_HISTORY: Mapping[str, Any] = {"runs": [], "drifts": [], "verified": []}


def render(report: Mapping[str, Any], history: Mapping[str, Any] | None = None) -> str:
    """The page for a report; ``history`` is what ``drift.story`` tells as JSON of runs against the same target."""
    style, script = (TEMPLATES / "page.css").read_text("utf-8"), (TEMPLATES / "page.js").read_text("utf-8")
    story = history or NO_HISTORY
    return _template().render(
        report=report,
        run=report["run"],
        counts=report["counts"],
        columns=matrix.columns(report),
        rows=matrix.rows(report),
        severities={one: sum(1 for each in report["findings"] if each["severity"] == one) for one in matrix.SEVERITIES},
        odd=sum(1 for one in report["operations"] for seen in one["fields"].values() if seen["note"]),
        history=story,
        bars=charts.findings_by_run(story["runs"]),
        spans=charts.spans(story["drifts"], story["runs"]),
        last_verified={one["operation"]: one["last"] for one in story["verified"]},
        style=style,
        script=script,
        style_hash=_digest(style),
        script_hash=_digest(script),
    )


def _digest(text: str) -> str:
    """The source that a content security policy names for a text inside the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["pretty"] = _pretty
    environment.filters["ticked"] = _ticked
    environment.filters["moment"] = lambda text: text[:19].replace("T", " ") if text else ""
    environment.filters["of_class"] = lambda counts, first: sum(n for status, n in counts.items() if status[0] == first)
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment.get_template("page.html.jinja")


def _ticked(text: str) -> Markup:
    """A sentence whose words between backticks are code; everything in it is escaped."""
    parts = [
        Markup("<code>{}</code>" if index % 2 else "{}").format(part) for index, part in enumerate(text.split("`"))
    ]
    return Markup("").join(parts)


def _pretty(value: Any) -> str:
    """A body as people read it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
