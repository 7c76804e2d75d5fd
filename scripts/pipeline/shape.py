"""Say what is misshapen in a description that a stage stumbled over.

The stages read what they need and trust the rest. Where something else than OpenAPI allows makes one of them stumble,
its own exception would say nothing about the file. So only then the document is held against OpenAPI's JSON
Schema, and what breaks it is reported with the place where it was written.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from scripts.errors import InputError
from scripts.pipeline import pointers
from scripts.pipeline.load import JsonObject
from scripts.pipeline.names import Locate

_STUMBLES = (TypeError, AttributeError, LookupError, ValueError, AssertionError)


class Watched:
    """The document that is being worked on and the way back to its files, as far as the build has come."""

    def __init__(self) -> None:
        self._now: tuple[JsonObject, Locate] | None = None

    def now(self, document: JsonObject, locate: Locate) -> None:
        """From here on ``document`` is the one that a stage may stumble over."""
        self._now = document, locate

    def explain(self) -> InputError | None:
        """The first fault in the shape of the document, if there is one."""
        if self._now is None:
            return None
        document, locate = self._now
        for pointer, message in _faults(document):
            place = locate(pointer)
            said = f"this is not what OpenAPI 3.1 allows here: {message}"
            return InputError(said, file=place.file, line=place.line, pointer=pointer)
        return None


@contextlib.contextmanager
def explained() -> Iterator[Watched]:
    """Make an ``InputError`` of every fault that comes from files: misshapen, unreadable, or not to be written.

    What the input does not explain is our own fault and raised as it is.
    """
    import jinja2  # the generator's, and needed for nothing but its exceptions

    watched = Watched()
    try:
        yield watched
    except OSError as problem:
        raise InputError(f"a file can't be read or written: {problem.strerror}", file=problem.filename) from problem
    except jinja2.TemplateError as problem:
        file, line = getattr(problem, "name", None), getattr(problem, "lineno", None)
        raise InputError(f"a template failed: {problem.message}", file=file, line=line) from problem
    except RuntimeError as problem:
        if "Symlink loop" in str(problem):  # how Python before 3.13 says it
            raise InputError(str(problem)) from problem
        raise
    except InputError as problem:
        # The generator's own words know no place.
        if problem.file is None and problem.message.startswith("the generator") and (found := watched.explain()):
            raise found from problem
        raise
    except _STUMBLES as problem:
        if found := watched.explain():
            raise found from problem
        raise


def _faults(document: JsonObject) -> Iterator[tuple[str, str]]:
    """Pointer and words of each fault; the most exact ones first: those of schemas, then those of the whole."""
    import jsonschema_rs

    dialect = jsonschema_rs.validator_for({"$ref": "https://json-schema.org/draft/2020-12/schema"}, mask="the value")
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        yield from _broken(dialect, schema, pointers.join("/components/schemas", name))
    resource = files("openapi_spec_validator").joinpath("resources", "schemas", "v3.1", "schema.json")
    whole = jsonschema_rs.validator_for(json.loads(resource.read_text("utf-8")), mask="the value")
    yield from _broken(whole, document, "")


def _broken(validator: Any, value: Any, start: str) -> Iterator[tuple[str, str]]:
    for error in validator.iter_errors(value):
        yield pointers.join(start, *error.instance_path), error.message[:200].splitlines()[0]
