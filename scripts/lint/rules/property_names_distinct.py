"""No two properties of an object would be one attribute, even when the generator keeps their spelling.

It drops the schema otherwise. In our own description they have to differ before that, too: the generator would keep
their capitals.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each property that has the attribute of another."""
    document = subject.document
    spelled = python_names.attribute(subject)
    for node in document.schemas:
        seen: dict[tuple[str, str], str] = {}
        for name in mapping(node.value.get("properties")):
            raw = "" if subject.house else python_names.identifier(name, raw=True)
            attribute = spelled(name), raw
            other = seen.setdefault(attribute, name)
            if other != name:
                at = pointers.join(node.pointer, "properties", name)
                yield Finding(
                    at,
                    f"the properties {other!r} and {name!r} are both the attribute {raw or attribute[0]}",
                    "leave one out for the generator: its value is then found among the additional properties",
                    Loss.SCHEMA,
                    (overlay_action.remove(at, document.root),),
                )
