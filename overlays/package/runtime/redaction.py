"""Texts about calls, fit for logs: without credentials, and without the ids and numbers that stand in a path."""

from __future__ import annotations

import re

HIDDEN = "***"
_KEY = re.compile(r"(?i)\bbearer\s+[^\s\"',;]+|\bKEY[0-9A-Za-z_\-]{6,}")
# Segments of a path that name a kind of thing; everything else may be an id, a phone number or an e-mail address.
_WORD = re.compile(r"[a-z][a-z_]*(?:2fa)?|v\d|10dlc")


def text(said: str, secret: str = "") -> str:
    """``said`` without API keys, bearer tokens and the given secret."""
    if secret and secret in said:
        said = said.replace(secret, HIDDEN)
    return _KEY.sub(HIDDEN, said)


def tainted(problem: BaseException, secret: str = "") -> bool:
    """Whether a traceback of this exception, with all that stands behind it, would show what ``text`` hides."""
    seen: set[int] = set()
    left: list[BaseException | None] = [problem]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        try:
            said = f"{one}\n{one!r}\n{getattr(one, '__notes__', '')}"
        except Exception:
            return True  # nobody knows what it would show
        if text(said, secret) != said:
            return True
        left += [one.__cause__, one.__context__, *(one.exceptions if isinstance(one, BaseExceptionGroup) else ())]
    return False


def path(raw: str) -> str:
    """A path without a template, as logs and errors may show it: ``/messages/4031…`` becomes ``/messages/{}``."""
    segments = raw.partition("?")[0].split("/")
    return "/".join(one if not one or _WORD.fullmatch(one) else "{}" for one in segments)
