"""A reference names a whole component of its kind, never a part of one or something elsewhere in the document.

The generator knows components only and drops what refers to anything else.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.document import Document, local
from scripts.lint.finding import Finding, Loss, OverlayAction
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers
from scripts.pipeline.grammar import Node

SCOPE = Scope.ANY
LOSSES = {"schemas": Loss.SCHEMA, "parameters": Loss.OPERATION, "responses": Loss.RESPONSE}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each reference into something."""
    document = subject.document
    for kind, loss in LOSSES.items():
        for node in document.nodes(kind):
            target = local(node.value.get("$ref"))
            if target is None or not target.startswith("/"):
                continue
            tokens = pointers.split(target)
            if len(tokens) == 3 and tokens[:2] == ("components", kind):
                continue
            fix = f"make it a component of the kind {kind} and refer to that"
            mend = _mend(document, node, target)
            yield Finding(node.pointer, f"the reference leads into something: {node.value['$ref']}", fix, loss, mend)


def _mend(document: Document, node: Node, target: str) -> tuple[OverlayAction, ...]:
    """Copy the target into a component of its own and refer to that."""
    value = document.resolve(node.pointer, node.value)[1]
    if not isinstance(value, dict):
        return ()
    tokens = [
        token for token in pointers.split(target) if token not in {"components", "schemas", "properties", "$defs"}
    ]
    name = python_names.class_name("_".join(tokens[-2:]))
    new = {"components": {node.kind: {name: copy.deepcopy(value)}}}
    reference = {"$ref": f"#/components/{node.kind}/{name}"}
    return overlay_action.update("", new), overlay_action.update(node.pointer, reference, document.root)
