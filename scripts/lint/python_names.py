"""Names as openapi-python-client makes them, asked of the generator itself, which is pinned to one version.

Our own description gets those of ``scripts.pipeline.spelling``, any other one the generator's.

It is imported on the first question: reading it takes longer than most rules.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from scripts.lint.subject import Subject
from scripts.pipeline import spelling

FIELD_PREFIX = spelling.FIELD_PREFIX


def attribute(subject: Subject) -> Callable[[str], str]:
    """The function that gives the argument or attribute that a name becomes in the package of this document."""
    return spelling.identifier if subject.house else identifier


@functools.cache
def identifier(name: str, *, raw: bool = False, prefix: str = FIELD_PREFIX) -> str:
    """The snake_case name of an argument, attribute, module or package; ``raw`` keeps the case, as after a clash."""
    from openapi_python_client.strings import PythonIdentifier

    return str(PythonIdentifier(name, prefix, skip_snake_case=raw))


@functools.cache
def class_name(name: str) -> str:
    """The PascalCase name of a class for the last part of ``name`` after a slash."""
    from openapi_python_client.strings import ClassName

    return str(ClassName(name.rsplit("/", maxsplit=1)[-1], FIELD_PREFIX))


@functools.cache
def pascal(name: str) -> str:
    """``name`` as a part of a longer class name."""
    from openapi_python_client.strings import pascal_case

    return pascal_case(name)


@functools.cache
def member(name: str) -> str:
    """The name of an enum member."""
    from openapi_python_client.strings import snake_case

    return snake_case(name).upper()


def operation_module(operation_id: str, method: str, path: str) -> str:
    """The module of an operation; without an operationId it is made of method and path."""
    if operation_id:
        return identifier(operation_id)
    bare = path.replace("{", "").replace("}", "").replace("/", "_").removeprefix("_").removesuffix("_")
    return identifier(f"{method}_{bare}")


def tag_package(tag: str) -> str:
    """The package of a tag."""
    return identifier(tag, prefix="tag")
