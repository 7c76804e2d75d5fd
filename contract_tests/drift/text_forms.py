"""The form of a text: what a field held, without what it said."""

from __future__ import annotations

import re

# The form of a text: the first that fits. Longer texts than the longest of these are not looked at.
FORM_LIMIT = 200
FORMS_OF_TEXT = (
    ("empty", re.compile(r"")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("phone-number", re.compile(r"\+[1-9]\d{6,14}")),
    ("decimal", re.compile(r"-?\d+(\.\d+)?")),
    ("uri", re.compile(r"[a-z][a-z0-9+.-]*://\S+")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
)


def form_of(text: str) -> str:
    """What a text looks like: ``uuid``, ``date-time`` …, or ``text``."""
    if len(text) > FORM_LIMIT:
        return "text"
    return next((name for name, form in FORMS_OF_TEXT if form.fullmatch(text)), "text")
