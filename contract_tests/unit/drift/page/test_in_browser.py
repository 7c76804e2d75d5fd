"""The page in headless Chromium: readable in light and dark, filtered and walked by keyboard, without any complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift.page.render import render
from contract_tests.unit.docs import browser
from contract_tests.unit.docs.browser import Browser
from contract_tests.unit.drift.page.test_render import HISTORY, hostile
from contract_tests.unit.drift.reports import operation, report, told

pytestmark = pytest.mark.skipif(bool(browser.MISSING), reason=f"not installed: {', '.join(browser.MISSING)}")

SHOWN = "return [...document.querySelectorAll('.finding')].filter(one => !one.hidden).length"
KEY = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true}))"
# Contrast of two colours by WCAG 2.1, section 1.4.3.
CONTRAST = """
const light = (text) => {
  const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((one) => {
    const part = one / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (one) => {
  for (; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (colour !== "rgba(0, 0, 0, 0)") return colour;
  }
  return "rgb(255, 255, 255)";
};
return Math.min(...[...document.querySelectorAll(arguments[0])].map((one) => {
  const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}));
"""
TEXTS = (
    "h1, h2, .lead, .verdict, .tile, .tile b, nav a, summary, .kind, .what, .badge, dt, dd, td, th, pre, button, .none"
)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser.chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def many(count: int) -> dict[str, Any]:
    severities = ["breaking", "degraded", "additive"]
    findings = [
        told(f"{number:012x}", severity=severities[number % 3], pointer=f"/data/field_{number}")
        for number in range(count)
    ]
    return report(findings, [operation("listThings")])


def draw(window: Browser, folder: Path, made: dict[str, Any], anchor: str = "") -> None:
    path = folder / "drift.html"
    path.write_text(render(made, HISTORY), encoding="utf-8")
    window.open("about:blank")
    window.complaints()
    window.resize(1280, 900)
    window.open(path.as_uri() + anchor)


@pytest.mark.parametrize("count", [0, 3, 300])
def test_it_is_readable_in_both_themes_without_a_complaint(window: Browser, tmp_path: Path, count: int) -> None:
    draw(window, tmp_path, many(count))
    window.run("for (const one of [...document.querySelectorAll('details')].slice(0, 5)) one.open = true")
    themes = set()
    for _ in range(2):
        assert window.run(CONTRAST, TEXTS) >= 4.5
        themes.add(window.run("return getComputedStyle(document.body).backgroundColor"))
        window.run("document.getElementById('theme').click()")
    assert len(themes) == 2
    assert window.run(SHOWN) == count
    assert window.complaints() == []


def test_it_fits_a_narrow_window(window: Browser, tmp_path: Path) -> None:
    draw(window, tmp_path, many(3))
    window.resize(360, 800)
    assert window.run("return document.documentElement.scrollWidth") <= 360


def test_findings_are_filtered_by_words_and_severity(window: Browser, tmp_path: Path) -> None:
    draw(window, tmp_path, many(30))
    window.type("#search", "FIELD_1 response-type")
    assert window.run(SHOWN) == 11
    assert window.run("return document.getElementById('shown').textContent") == "11 of 30 shown"
    window.run("document.querySelector('.chip.breaking').click()")
    assert window.run(SHOWN) == 8


def test_keys_walk_the_findings_that_are_shown(window: Browser, tmp_path: Path) -> None:
    draw(window, tmp_path, many(3))
    for key in "jjk":
        window.run(KEY, key)
    assert window.run("return document.activeElement.closest('.finding').id") == f"f-{0:012x}"
    window.run("document.activeElement.click()")
    assert window.run("return document.activeElement.closest('.finding').open") is True
    window.run(KEY, "/")
    assert window.run("return document.activeElement.id") == "search"
    window.run("document.getElementById('unfold').click()")
    assert window.run("return [...document.querySelectorAll('.finding')].every(one => one.open)") is True


def test_a_link_to_a_finding_unfolds_it(window: Browser, tmp_path: Path) -> None:
    draw(window, tmp_path, many(3), f"#f-{2:012x}")
    assert window.run(f"return document.getElementById('f-{2:012x}').open") is True
    window.run("document.querySelector('.matrix td a').click()")
    window.wait(lambda: window.run("return document.querySelector('.finding').open"))


def test_only_fields_with_a_note_are_left_on_demand(window: Browser, tmp_path: Path) -> None:
    plain = {"present": 1, "null": 0, "absent": 0, "types": {}, "new_values": [], "formats": {}, "note": ""}
    fields = {"/a": plain, "/b": {**plain, "note": "never sent"}}
    draw(window, tmp_path, report([], [operation("listThings", fields=fields)]))
    window.run("document.getElementById('odd').click()")
    rows = "return [...document.querySelectorAll('.fields tbody tr')].filter(one => one.offsetHeight).length"
    assert window.run(rows) == 1


def test_hostile_texts_stay_texts(window: Browser, tmp_path: Path) -> None:
    draw(window, tmp_path, hostile())
    assert window.run("return document.querySelectorAll('img').length") == 0
    assert window.complaints() == []


def test_it_follows_the_system_and_a_command_can_be_copied_or_is_selected(window: Browser, tmp_path: Path) -> None:
    draw(window, tmp_path, hostile())
    window.run("document.querySelector('.finding').open = true; document.querySelector('.copy').click()")
    window.wait(lambda: window.run("return document.querySelector('.copy').textContent") in {"Copied", "Selected"})
    assert window.run("return document.documentElement.dataset.theme") in {"light", "dark"}
