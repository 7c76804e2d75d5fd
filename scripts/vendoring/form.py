"""In which form a copy is laid: with both clients or one of them, and with how much of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

BOTH, ALL = "both", "all"
CLIENTS = (BOTH, "sync", "async")
# Comments go with all that is not kept: ``public`` keeps what a caller reads in an editor, ``none`` nothing.
DOCS = (ALL, "public", "none")
_CLIENT = {"sync": "the synchronous client alone", "async": "the asynchronous client alone"}
_DOCS = {"public": "public documentation alone", "none": "no documentation"}


@attrs.frozen
class Form:
    """``client`` is one of ``CLIENTS``, ``docs`` one of ``DOCS``; by default as the package itself."""

    client: str = attrs.field(default=BOTH, validator=attrs.validators.in_(CLIENTS))
    docs: str = attrs.field(default=ALL, validator=attrs.validators.in_(DOCS))

    def described(self) -> str:
        """The same in words, each part after a semicolon; empty for the usual form."""
        said = (_CLIENT.get(self.client), _DOCS.get(self.docs))
        return "".join(f"; {one}" for one in said if one)


USUAL = Form()


def read(told: Mapping[str, Any]) -> Form:
    """The form that a manifest tells, the usual one if it tells none; ``ValueError`` for one that there is not."""
    return Form(**{name: told[name] for name in ("client", "docs") if name in told})
