"""An amount of money is text: the generator makes a float of a number, and a float can't hold every cent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint import overlay_action
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping, types
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY
MONEY = re.compile(r"(?:^|_)(?:amount|price|cost|fee|balance|credit)(?:$|_)|_limit_usd$")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each property that is named like money and is a number."""
    for node in subject.document.schemas:
        for name, schema in mapping(node.value.get("properties")).items():
            if MONEY.search(name) and "number" in types(mapping(schema)):
                at = pointers.join(node.pointer, "properties", name)
                mend = overlay_action.replace(at, "type", {}, subject.document.root)[:1]
                fix = "leave the type out for the generator and read the value with decimal.Decimal"
                yield Finding(at, f"{name} looks like money and becomes a float", fix, Loss.GARBLED, mend)
