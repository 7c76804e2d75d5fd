"""One HTML file that shows an annotated description: renderer, text and style inside, nothing loaded from anywhere.

Three walls keep a hostile description from running script: ``markup`` leaves no HTML in its texts, the renderer
sanitises what it makes of them, and the security policy allows the two scripts of this page by their hash and no other,
no inline handler, no ``javascript:`` address and no request.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from typing import Any

from scripts.errors import InputError
from scripts.pipeline.load import JsonObject

# Marks a page of ours, so that only such a folder is ever replaced.
GENERATOR = "telnyx-bindings docs"
DESCRIPTION_FILE = "openapi.json"
OPTIONS: JsonObject = {
    "sanitize": True,
    "nativeScrollbars": True,
    "downloadUrls": [{"title": DESCRIPTION_FILE, "url": DESCRIPTION_FILE}],
    "theme": {
        "typography": {
            "fontFamily": "system-ui, sans-serif",
            "headings": {"fontFamily": "system-ui, sans-serif"},
            "code": {"fontFamily": "ui-monospace, monospace", "wrap": True},
        }
    },
}
START = """Redoc.init(
  JSON.parse(document.getElementById("description").textContent),
  JSON.parse(document.getElementById("options").textContent),
  document.getElementById("reference"),
);
"""
STYLE = """
body { margin: 0; }
.loading { font: 1rem system-ui, sans-serif; padding: 2rem; }
.meaning { color: #4a4a55; }
p.meaning { font-size: 0.9em; margin: 0.3em 0; }
.evidence { font-size: 0.85em; margin: 0.3em 0; color: #4a4a55; overflow-wrap: anywhere; }
.evidence summary { cursor: pointer; color: #1c5d99; }
.evidence summary em { color: #8a4b00; }
.evidence ul { margin: 0.3em 0 0.6em; padding-left: 1.2em; }
.refusals td:last-child { overflow-wrap: anywhere; }
.fields { display: none; }
/* Names of schemas are one long word, which the menu would cut off; labels of examples would run into their arrow. */
[role="menuitem"] label > span { white-space: normal; overflow-wrap: anywhere; }
[role="menuitem"] label.-depth2 > span { width: 100%; }
.dropdown-select + label { padding-right: 1.5em; white-space: normal; }
@media (max-width: 50em) { #reference .refusals :is(td, th) { padding: 0.4em; } }
abbr { text-decoration: none; cursor: help; }
"""
_SCRIPT_STATES = re.compile(r"<!--|-->|<script(?=[\s/>])|</script(?=[\s/>])", re.IGNORECASE)


def render(annotated: JsonObject, script: str) -> str:
    """The page for a description, with the renderer's ``script`` inside; the same bytes for the same input."""
    refuse_unsafe_script(script)
    info = annotated.get("info", {})
    title = html.escape(f"{info.get('title', 'API')} {info.get('version', '')}".strip())
    hashes = " ".join(f"'sha256-{_digest(text)}'" for text in (script, START))
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="{GENERATOR}">',
        f"<title>{title}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        '<div id="reference"><p class="loading">The reference is drawn by the script inside this page.</p></div>',
        f'<script type="application/json" id="description">{embedded(annotated)}</script>',
        f'<script type="application/json" id="options">{embedded(OPTIONS)}</script>',
        f"<script>{script}</script>",
        f"<script>{START}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def embedded(value: Any) -> str:
    """JSON that can stand inside a ``script`` element: nothing in it looks like markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def refuse_unsafe_script(script: str) -> None:
    """``InputError`` when ``script`` would end its element early or not at all (HTML Standard, 4.12.1.3)."""
    escaped = doubly = False
    for found in _SCRIPT_STATES.finditer(script):
        token = found[0].lower()
        if token == "<!--":
            escaped = True
        elif token == "-->":
            escaped = doubly = False
        elif token == "<script":
            doubly = escaped
        elif doubly:
            doubly = False
        else:
            raise InputError("the renderer's script holds </script> and can't stand inside a page")
    if doubly or "\r" in script:
        raise InputError("the renderer's script can't stand inside a page as it is")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
