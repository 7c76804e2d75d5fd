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


def path(raw: str) -> str:
    """A path without a template, as logs and errors may show it: ``/messages/4031…`` becomes ``/messages/{}``."""
    segments = raw.partition("?")[0].split("/")
    return "/".join(one if not one or _WORD.fullmatch(one) else "{}" for one in segments)
