"""Each thing stands in the file that its name says: paths, webhooks, schemas and the rest in folders of their kind.

A path's file is its path with ``/`` as ``.``; what two resources use stands under ``shared/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping, texts
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import grammar, pointers

SCOPE = Scope.HOUSE
LAYOUT = re.compile(r"(?:resources/(?P<resource>[a-z][a-z0-9_]*)|shared)/(?P<kind>\w+)/(?P<name>[^/]+)\.yaml")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each file in the wrong place or under the wrong name."""
    for pointer, file in subject.house.files.items() if subject.house else ():
        tokens = pointers.split(pointer)
        found = LAYOUT.fullmatch(file)
        kind = tokens[0] if tokens[0] in {"paths", "webhooks"} else tokens[1]
        if found is None or found["kind"] != kind:
            yield Finding(
                pointer, f"{file} is no place for {kind}", f"move it to resources/<tag>/{kind}/ or shared/{kind}/"
            )
            continue
        if kind == "paths":
            wanted = tokens[1].strip("/").replace("/", ".")
            item = mapping(pointers.follow(subject.document.root, pointer))
            tags = {tag for method in grammar.METHODS for tag in texts(mapping(item.get(method)).get("tags"))}
            if found["name"] != wanted:
                yield Finding(pointer, f"{file} holds {tokens[1]}", f"rename it to {wanted}.yaml")
            if tags and found["resource"] not in tags:
                yield Finding(
                    pointer, f"{file} is not in the folder of its tag", f"move it to resources/{sorted(tags)[0]}/"
                )
