"""Small charts as inline SVG, drawn here so that the page needs no library; colours come from the page's style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

WIDTH, HEIGHT, GAP = 720, 90, 2
# Runs and drifts that a chart shows; older ones stay in the history.
RUNS, DRIFTS = 60, 30
ROW = 16
BAR = '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{}"><title>{}</title></rect>'


def findings_by_run(runs: Sequence[Mapping[str, Any]]) -> Markup:
    """A bar per run, as high as its findings are many; a run without any has a short one in another colour."""
    shown = runs[-RUNS:]
    top = max([run["findings"] for run in shown], default=0) or 1
    step = WIDTH / max(len(shown), 1)
    bars = []
    for index, run in enumerate(shown):
        high = max(3.0, (HEIGHT - 14) * run["findings"] / top)
        kind = "bad" if run["findings"] else "good" if run["exit_code"] == 0 else "stopped"
        text = f"{run['started']}: {run['findings']} findings, exit {run['exit_code']}, {run['requests']} requests"
        width = max(1.0, min(step - GAP, 24))
        bars.append(Markup(BAR).format(kind, index * step, HEIGHT - high, width, high, 1.5, text))
    label = f"Findings of the last {len(shown)} runs, at most {top if any(run['findings'] for run in shown) else 0}"
    return _svg(HEIGHT, label, Markup("").join(bars))


def spans(drifts: Sequence[Mapping[str, Any]], runs: Sequence[Mapping[str, Any]]) -> Markup:
    """A line per drift over the runs: where it was there, and where it was gone again."""
    moments = [run["started"] for run in runs[-RUNS:]]
    shown = [one for one in drifts if not moments or one["open"] or one["spans"][-1]["ended"] >= moments[0]][:DRIFTS]
    if not shown or not moments:
        return Markup("")
    step = WIDTH / len(moments)
    lines = []
    for row, one in enumerate(shown):
        y = row * ROW + ROW / 2
        lines.append(Markup('<line class="rail" x1="0" x2="{}" y1="{}" y2="{}"/>').format(WIDTH, y, y))
        for span in one["spans"]:
            first = _index(moments, span["began"])
            last = _index(moments, span["ended"]) if span["ended"] else len(moments)
            if last > first:
                lines.append(_bar(one, span, first * step, max((last - first) * step - GAP, 4), y))
    return _svg(len(shown) * ROW, f"{len(shown)} drifts over the last {len(moments)} runs", Markup("").join(lines))


def _bar(drift: Mapping[str, Any], span: Mapping[str, Any], x: float, width: float, y: float) -> Markup:
    text = f"{drift['id']}: {span['began']} to {span['ended'] or 'now'}: {drift['headline']}"
    return Markup(BAR).format(drift["severity"], x, y - 4, width, 8, 4, text)


def _index(moments: Sequence[str], moment: str) -> int:
    """The number of the first run that is not before a moment."""
    return next((index for index, one in enumerate(moments) if one >= moment), len(moments))


def _svg(height: float, label: str, inner: Markup) -> Markup:
    form = '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" height="{}">{}</svg>'
    return Markup(form).format(label, WIDTH, height, height, inner)
