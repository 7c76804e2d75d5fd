"""What a webhook sends is a component schema: the generator ignores webhooks, but it makes classes of components."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import grammar, pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each payload that is written out inside a webhook."""
    for name, item in mapping(subject.document.root.get("webhooks")).items():
        for node in grammar.walk(item, "pathItems", pointers.join("/webhooks", name)):
            schema = node.value.get("schema")
            if node.kind != "mediaType" or not isinstance(schema, dict) or "$ref" in schema:
                continue
            new = f"{python_names.class_name(name)}Event"
            yield Finding(
                node.pointer,
                f"the payload of the webhook {name} becomes no class",
                f"make it the component schema {new}",
                Loss.GARBLED,
                (
                    overlay_action.update("", {"components": {"schemas": {new: schema}}}),
                    *overlay_action.replace(node.pointer, "schema", {"$ref": f"#/components/schemas/{new}"}),
                ),
            )
