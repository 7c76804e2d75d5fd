"""The first tag of an operation is a name for a Python package as it stands: ``FQDNs`` would become ``fqd_ns``.

An operation without a tag ends up in the package ``default``.
"""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint import overlay_action, python_names
from scripts.lint.finding import Finding, Loss
from scripts.lint.reading import texts
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.ANY


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each operation whose package has another name than its tag."""
    for operation in subject.document.operations:
        tag = next(iter(texts(operation.value.get("tags"))), None)
        package = python_names.tag_package(tag or "default")
        if package == tag:
            continue
        wanted = "_".join((tag or "default").lower().split())
        wanted = wanted if python_names.tag_package(wanted) == wanted else package
        mend = [overlay_action.update(operation.pointer, {"tags": [wanted]})]
        if "tags" in operation.value:
            mend.insert(0, overlay_action.remove(pointers.join(operation.pointer, "tags")))
        said = f"the tag {tag!r} becomes the package {package}" if tag else "there is no tag, so the package is default"
        yield Finding(
            operation.pointer, f"{operation.label}: {said}", "write tags in snake_case", Loss.GARBLED, tuple(mend)
        )
