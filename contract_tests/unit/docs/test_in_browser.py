"""The page in headless Chromium: drawn without a network, its search finds things, hostile text stays text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.docs import browser
from contract_tests.unit.docs.browser import Browser
from scripts import docs
from scripts.pipeline.layout import Layout
from scripts.reference import annotate, chapters, page, provenance, renderer
from scripts.reference.blocks import Blocks
from scripts.reference.corrections import Change, Citation, Correction, How
from scripts.reference.evidence import Assumption, Claim, Conflict, Document, Ledger, Position
from scripts.reference.renderer import Renderer

pytestmark = [
    pytest.mark.takes(35),
    pytest.mark.skipif(bool(browser.MISSING), reason=f"not installed: {', '.join(browser.MISSING)}"),
]

WIDE = 1280
SEARCH = "[role=search] input"
# What the search offers; an operation has its method on a line of its own before it.
OFFERED = (
    "return [...document.querySelectorAll('[role=search] [role=menuitem]')].map(e => e.innerText.split('\\n').pop())"
)


@pytest.fixture(scope="module")
def drawn_by() -> Renderer:
    return renderer.get(docs.LOCK, docs.STORE, print)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser.chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, drawn_by: Renderer) -> str:
    """The address of our own page."""
    target = tmp_path_factory.mktemp("reference") / "out"
    files, _ = docs.contents(Layout(docs.ROOT), drawn_by)
    docs.publish_files(files, target)
    return (target / docs.INDEX).as_uri()


def draw(window: Browser, address: str, width: int = WIDE) -> None:
    """Load the page anew and wait until it has drawn itself."""
    window.open("about:blank")
    window.complaints()
    window.resize(width, 900)
    window.open(address)
    window.wait(lambda: window.run(f"return document.querySelector('{SEARCH}') !== null"))


def show(window: Browser, address: str) -> None:
    """The page in a wide window, where the search can be seen; drawn, which takes seconds, unless it is there already.

    Whichever test the window comes from, with whatever address and width.
    """
    if not window.run("return innerWidth === arguments[0] && location.href.startsWith(arguments[1])", WIDE, address):
        draw(window, address)


def search(window: Browser, term: str, wanted: str, *, among: int) -> None:
    """Type a term and wait until the first ``among`` offers hold what is wanted, and stay; else ``TimeoutError``.

    The page searches while one types: what half of the term brings may stand first already, and go again.
    """

    def offered() -> bool:
        found: list[str] = window.run(OFFERED)
        time.sleep(0.5)
        return wanted in found[:among] and window.run(OFFERED) == found

    window.type(SEARCH, term)
    window.wait(offered)


@pytest.mark.parametrize("width", [WIDE, 390])
def test_it_draws_itself_without_asking_the_network_for_anything(window: Browser, reference: str, width: int) -> None:
    draw(window, reference, width)
    assert window.complaints() == []
    requests = (
        "return performance.getEntriesByType('resource').map(one => one.name).filter(n => !n.startsWith('blob:'))"
    )
    assert window.run(requests) == []
    ids = set(
        window.run("return [...document.querySelectorAll('[data-section-id]')].map(one => one.dataset.sectionId)")
    )
    assert {"operation/updateMessagingProfile", "tag/reference-sources/S1", "tag/reference-conflicts"} <= ids
    assert window.run("return document.documentElement.scrollWidth <= innerWidth"), "it is wider than the window"


def test_the_search_finds_an_operation_and_goes_there(window: Browser, reference: str) -> None:
    draw(window, reference)
    search(window, "delete a messaging profile", "Delete a messaging profile", among=1)
    window.run("document.querySelector('[role=search] [role=menuitem]').click()")
    window.wait(lambda: "deleteMessagingProfile" in window.run("return location.hash"))
    place = "return document.querySelector('[data-section-id=\"operation/deleteMessagingProfile\"]')"
    window.wait(lambda: -50 < window.run(f"{place}.getBoundingClientRect().top") < 300)
    assert "Can't be undone." in window.run(f"{place}.innerText")


@pytest.mark.parametrize(
    ("term", "section"),
    [
        ("updateMessagingProfile", "Update a messaging profile"),
        ("sticky_sender", "NumberPoolSettings"),
        ("40158", "Delete a messaging profile"),
        ("D18", "D18: What null means for messaging_profile_id"),
    ],
)
def test_the_search_finds_ids_fields_codes_and_conflicts(
    window: Browser, reference: str, term: str, section: str
) -> None:
    show(window, reference)
    search(window, term, section, among=6)


def test_evidence_can_be_opened_and_a_citation_leads_to_its_document(window: Browser, reference: str) -> None:
    draw(window, reference)
    window.run("location.hash = 'tag/reference-schemas/MessagingProfileCreate'")
    block = """const block = document.querySelector(
        '[data-section-id="tag/reference-schemas/MessagingProfileCreate"] td details.evidence');"""
    assert window.run(f"{block} return block.querySelector('ul').checkVisibility()") is False
    assert window.run(f"{block} return block.querySelector('summary').innerText").startswith("Evidence: ")
    window.run(f"{block} block.querySelector('summary').click()")
    assert window.run(f"{block} return block.querySelector('ul').checkVisibility()") is True
    window.run(f"{block} block.querySelector('a').click()")
    window.wait(lambda: "reference-sources" in window.run("return location.hash"))


ATTACKS = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"
    "<details open ontoggle='window.hacked = 3'><summary>s</summary></details>"
    "[link](javascript:window.hacked=4) </script><script>window.hacked = 5</script>"
    "`<svg onload='window.hacked = 6'>` <iframe srcdoc='<script>parent.hacked = 7</script>'></iframe>"
)


def hostile() -> tuple[dict[str, Any], Ledger, tuple[Correction, ...]]:
    """A description that attacks from wherever text can stand."""
    schema = {
        "title": ATTACKS,
        "description": ATTACKS,
        "type": "object",
        "properties": {
            ATTACKS: {"type": "string", "description": ATTACKS, "enum": [ATTACKS], "pattern": ATTACKS},
            "b": {"type": "string", "default": ATTACKS, "examples": [ATTACKS], "x-note": ATTACKS},
        },
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}, "example": {"b": ATTACKS}}}
    operation = {
        "operationId": "readA",
        "tags": ["a"],
        "summary": ATTACKS,
        "description": ATTACKS,
        "x-rule-errors": [{"status": 400, "code": ATTACKS, "when": ATTACKS}],
        "parameters": [{"name": ATTACKS, "in": "query", "description": ATTACKS, "schema": {"type": "string"}}],
        "responses": {"200": {"description": ATTACKS, "content": content}},
        "externalDocs": {"url": "javascript:window.hacked=8", "description": ATTACKS},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": ATTACKS, "version": ATTACKS, "summary": ATTACKS, "description": ATTACKS},
        "servers": [{"url": "javascript:window.hacked=9", "description": ATTACKS}],
        "tags": [{"name": "a", "x-displayName": ATTACKS, "description": ATTACKS}],
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": {"A": schema}},
    }
    about = ("#/components/schemas/A", "#/paths/~1a/get", "#/components/schemas/A/properties/b")
    ledger = Ledger(
        (Document("S1", ATTACKS, ATTACKS, ATTACKS, ATTACKS, 1), Document(ATTACKS, ATTACKS, "", "", "", 2)),
        (Claim(about, ATTACKS, ("S1", ATTACKS), True, ATTACKS),),
        (Conflict(ATTACKS, ATTACKS, (Position(ATTACKS, ("S1",)),), ATTACKS, ATTACKS, about, ATTACKS),),
        (Assumption(ATTACKS, ATTACKS, ATTACKS, about, ATTACKS),),
    )
    change = Change("#/components/schemas/A/properties/b", How.CHANGED)
    made = Correction(ATTACKS, 1, 1, ATTACKS, ATTACKS, ATTACKS, (Citation(ATTACKS, ATTACKS),), (change,))
    return document, ledger, (made,)


def test_a_hostile_description_runs_nothing_and_is_shown_as_it_is(
    window: Browser, drawn_by: Renderer, tmp_path: Path
) -> None:
    document, ledger, made = hostile()
    found, blocks = provenance.collect(document, ledger, made), Blocks.of(ledger)
    annotated = annotate.annotate(document, found, blocks)
    chapters.add(annotated, document, found, ledger, made, blocks)
    (tmp_path / "index.html").write_text(page.render(annotated, drawn_by.script), encoding="utf-8")
    draw(window, (tmp_path / "index.html").as_uri())
    window.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
    window.run("document.querySelectorAll('#reference button, #reference a').forEach(one => one.click())")
    assert window.run("return window.hacked ?? null") is None
    # Not by the policy alone: nothing that could run is in the page at all.
    assert window.run("return document.querySelectorAll('#reference :is(script, iframe, svg[onload])').length") == 0
    handlers = (
        "[...document.querySelectorAll('#reference *')].filter(e => [...e.attributes].some(a => /^on/.test(a.name)))"
    )
    assert window.run(f"return {handlers}.length") == 0
    assert "onerror='window.hacked = 2'" in window.run("return document.body.innerText")
