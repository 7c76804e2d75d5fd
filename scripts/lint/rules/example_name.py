"""An example is named ``<operation>.<scenario>``, with ``.response`` for an answer, and stands at that operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.document import Document, Operation
from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, text
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import names, pointers

SCOPE = Scope.HOUSE
STYLE = re.compile(r"(?P<about>[a-z0-9_]+)\.(?P<scenario>[a-z0-9]+(?:-[a-z0-9]+)*)(?P<answer>\.response)?")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each example of another name, without a summary, or at another operation."""
    document = subject.document
    for name, example in document.components("examples").items():
        at = pointers.join("/components/examples", name)
        if not STYLE.fullmatch(name):
            yield Finding(at, f"{name} is not <operation>.<scenario>", "rename it, say update_thing.rename.response")
        if not text(mapping(example).get("summary")):
            yield Finding(at, f"{name} has no summary", "say in a few words what it shows")
    for operation in document.operations:
        yield from _at(document, operation)


def _at(document: Document, operation: Operation) -> Iterator[Finding]:
    # Where words with digits in them part (``10dlc``) is left to the writer.
    own = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", operation.id).lower()
    for body in document.bodies(operation):
        if body.role != "request" and not body.role.startswith("2"):
            continue
        for key, listed in mapping(body.value.get("examples")).items():
            name = text(mapping(listed).get("$ref")).rpartition("/")[2]
            wanted = f"{own}.{key}" + ("" if body.role == "request" else ".response")
            at = pointers.join(body.pointer, "examples", key)
            about, _, rest = name.partition(".")
            if names.flat(about) != names.flat(own) or rest != wanted.partition(".")[2]:
                yield Finding(
                    at, f"the example is {name or 'written out'}, not {wanted}", "refer to a file of this name"
                )
