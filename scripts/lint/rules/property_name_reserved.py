"""No property has a name that the generated class needs for itself."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import names, pointers

SCOPE = Scope.ANY
# Local names and members of the classes that the generator's own template writes; ours needs fewer.
PLAIN = frozenset({"cls", "d", "cast", "to_dict", "from_dict", "field_dict", "src_dict", "additional_properties"})
RESERVED = PLAIN | names.RESERVED_PROPERTIES


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each property whose attribute would shadow or break a member of the class."""
    document = subject.document
    spelled = python_names.attribute(subject)
    for node in document.schemas:
        for name in mapping(node.value.get("properties")):
            if name in RESERVED or spelled(name) in RESERVED:
                at = pointers.join(node.pointer, "properties", name)
                yield Finding(
                    at,
                    f"a property named {name!r} breaks the generated class",
                    "leave it out for the generator: its value is then found among the additional properties",
                    Loss.GARBLED,
                    (overlay_action.remove(at, document.root),),
                )
