"""Descriptions are whole sentences in plain text, under 300 characters; summaries are short and have no full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
LONGEST = 300
LONGEST_SUMMARY = 60
MARKUP = re.compile(r"</?\w+[^>]*>|\[[^\]]+\]\([^)]+\)|^\s*[-*#] |\u201c|\u201d|\u2019", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
# Phrases of a vendor's pages that tell a reader nothing about the interface.
CHATTER = re.compile(
    r"\b(?:please|simply|easily|note that|this endpoint (?:allows|lets|returns)|allows you to|you can|we|our)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each description or summary of another style."""
    for node in subject.document.every_node:
        for key, judge in (("description", _description), ("summary", _summary)):
            said = node.value.get(key)
            fault = judge(text(said)) if said is not None else None
            if fault is not None:
                yield Finding(pointers.join(node.pointer, key), *fault)
    info = subject.document.root.get("info")
    if isinstance(info, dict) and (fault := _description(text(info.get("description")))) is not None:
        yield Finding("/info/description", *fault)


def _description(said: str) -> tuple[str, str] | None:
    said = said.strip()
    if len(said) >= LONGEST:
        return f"the description has {len(said)} characters", f"keep it under {LONGEST}"
    if said and not (said[0].isupper() or said[0] in "`\"'" or said[0].isdigit()):
        return f"the description begins with {said[:12]!r}", "begin a sentence with a capital"
    if said and not said.endswith((".", "?", "!")):
        return f"the description ends with {said[-12:]!r}", "write whole sentences, with a full stop"
    if found := MARKUP.search(CODE.sub("", said)):
        return f"the description holds markup: {found[0]!r}", "write plain text; `code` is all that is needed"
    if found := CHATTER.search(said):
        return f"the description says {found[0]!r}", "state the fact in our own words"
    return None


def _summary(said: str) -> tuple[str, str] | None:
    if len(said) > LONGEST_SUMMARY:
        return f"the summary has {len(said)} characters", f"keep it within {LONGEST_SUMMARY}"
    if said.endswith(".") or (said and not said[0].isupper()):
        return f"the summary is {said!r}", "begin with a capital, end without a full stop"
    return None
