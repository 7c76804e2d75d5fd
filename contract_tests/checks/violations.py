"""Where a value breaks a schema: every violation with its RFC 6901 pointer, alternatives opened up.

``[$ref, null]`` is how the description writes nullable objects; a plain validator then says only that "no alternative
fits". Here the alternative that comes nearest is followed, so that the violation names the field inside it.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from contract_tests.description import Description
from contract_tests.exchange import REDACTED, Redactor

# JSON Schema keyword -> the word that finding kinds use for it.
WORDS = {
    "type": "type",
    "enum": "enum",
    "const": "enum",
    "required": "required",
    "format": "format",
    "pattern": "pattern",
    "minLength": "length",
    "maxLength": "length",
    "minimum": "range",
    "maximum": "range",
    "exclusiveMinimum": "range",
    "exclusiveMaximum": "range",
    "multipleOf": "range",
    "minItems": "items",
    "maxItems": "items",
    "uniqueItems": "items",
    "contains": "items",
    "additionalProperties": "undocumented",
    "falseSchema": "undocumented",
    # What is left of these once the nearest alternative was followed: the value is of no described type.
    "anyOf": "type",
    "oneOf": "type",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a value breaks: ``word`` says which kind, ``pointer`` where, the texts what was and came."""

    word: str
    pointer: str
    expected: str
    observed: str


class Validators:
    """Compiled validators of one description, made when first asked for."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._sensitive = description.sensitive_fields
        self._redactor = Redactor(fields=description.sensitive_fields)
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def violations(self, schema: Mapping[str, Any], value: Any) -> list[Violation]:
        """Every violation of ``schema`` by ``value``, outermost first; empty when it conforms."""
        key = json.dumps(schema, sort_keys=True)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = jsonschema_rs.Draft202012Validator(self._description.alone(schema), validate_formats=True)
            self._compiled[key] = compiled
        if compiled.is_valid(value):
            return []
        return [self._violation(error) for error in _opened(compiled.iter_errors(value))]

    def _violation(self, error: jsonschema_rs.ValidationError) -> Violation:
        keyword = error.kind.name
        path = [str(step) for step in error.instance_path]
        details = error.kind.as_dict()
        # Null is no secret, and that it is null is the observation.
        secret = error.instance is not None and not self._sensitive.isdisjoint(path)
        # A value may hold sensitive members although it stands where none is described.
        observed = REDACTED if secret else shown(self._redactor.value(error.instance))
        if keyword == "required":
            path.append(str(details["property"]))
            return Violation("required", pointer(path), "a value", "absent")
        return Violation(WORDS.get(keyword, keyword), pointer(path), _expected(keyword, details), observed)


_COMPILED: weakref.WeakKeyDictionary[Description, Validators] = weakref.WeakKeyDictionary()


def validators(description: Description) -> Validators:
    """The validators of a description, shared by all checks."""
    found = _COMPILED.get(description)
    if found is None:
        found = _COMPILED[description] = Validators(description)
    return found


def pointer(path: Iterable[str]) -> str:
    """An RFC 6901 pointer for these steps."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


def shown(value: Any) -> str:
    """A value as findings print it: its JSON type and itself, at full length.

    Sensitive members are masked before. Reports cut it, after they have taken out the secrets that a run learned.
    """
    text = json.dumps(value, ensure_ascii=False)
    return f"{type_name(value)} {text}" if not isinstance(value, bool | None) else text


def type_name(value: Any) -> str:
    """The JSON type of a value."""
    names = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"))
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _opened(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    for error in errors:
        alternatives = error.kind.as_dict().get("context") if error.kind.name in {"anyOf", "oneOf"} else None
        nearest = _nearest(alternatives or [], len(error.instance_path))
        if nearest is None:
            yield error
        else:
            yield from _opened(nearest)


def _nearest(
    alternatives: list[list[jsonschema_rs.ValidationError]], depth: int
) -> list[jsonschema_rs.ValidationError] | None:
    """The alternative whose type fits; None when none does, or several do and none is plainly meant.

    Objects are told apart by members with listed values: meant is the one that has fewer of those wrong than the rest.
    """
    fitting = [
        errors
        for errors in alternatives
        if not any(error.kind.name == "type" and len(error.instance_path) == depth for error in errors)
    ]
    wrong = [sum(_is_listed(error) and len(error.instance_path) == depth + 1 for error in errors) for errors in fitting]
    meant = [errors for errors, count in zip(fitting, wrong, strict=True) if count == min(wrong)]
    return meant[0] if len(meant) == 1 else None


def _is_listed(error: jsonschema_rs.ValidationError) -> bool:
    return error.kind.name in {"enum", "const"}


def _expected(keyword: str, details: Mapping[str, Any]) -> str:
    if keyword == "type":
        return " or ".join(details["types"])
    if keyword == "enum":
        return "one of " + ", ".join(json.dumps(option, ensure_ascii=False) for option in details["options"])
    if keyword == "const":
        return json.dumps(details["expected_value"], ensure_ascii=False)
    if keyword in {"anyOf", "oneOf"}:
        return "one of the described alternatives"
    if keyword == "falseSchema":
        return "nothing here"
    return " ".join([keyword, *(str(limit) for limit in details.values())])
