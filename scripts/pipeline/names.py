"""Names in a description that can't become Python without harm, found before the generator meets them.

The generator renames, drops or overwrites what it can't express, mostly in silence. Every rule here stands for
one such loss; the names that pass come out as they are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from scripts.errors import InputError
from scripts.pipeline import grammar, pointers, spelling
from scripts.pipeline.load import JsonObject
from scripts.pipeline.places import Place

Locate = Callable[[str], Place]

OPERATION_ID = re.compile(r"[a-z][A-Za-z0-9]*")
TAG = re.compile(r"[a-z][a-z0-9_]*")
SCHEMA = re.compile(r"[A-Z][A-Za-z0-9]*")
MEMBER = re.compile(r"[A-Z][A-Z0-9_]*")
PATH = re.compile(r"(/([A-Za-z0-9._~:@!$&()*+,;=-]|\{[a-z][a-z0-9_]*\})*)+")
# A component has its file's name; a member of an allOf becomes a part of the class around it.
_NAMED_OR_MERGED = re.compile(r"/components/schemas/[^/]+|.*/allOf/[0-9]+")
# Members of every generated model: a property of this name would shadow them.
RESERVED_PROPERTIES = frozenset(
    {"to_dict", "from_dict", "to_body", "to_multipart", "additional_properties", "additional_keys"}
)
# Classes that the generated modules name beside the models; one of the description's would hide them.
RESERVED_SCHEMAS = frozenset(
    {"Any", "AsyncPages", "AsyncResource", "AsyncTelnyx", "ClassVar", "File", "Literal", "Mapping", "Pages"}
    | {"RequestFiles", "Resource", "Response", "Self", "Telnyx", "Unset", "Uploadable", "UUID", "Uuid"}
    | {"None", "True", "False"}
)
# Arguments and local names of every generated function.
RESERVED_PARAMETERS = frozenset(
    {"body", "client", "url", "params", "headers", "cookies", "kwargs", "quote", "response"}
)


def operations(document: JsonObject) -> Iterator[tuple[str, str, str, JsonObject]]:
    """Every operation as (pointer, path, method, operation), in document order."""
    for path, item in document.get("paths", {}).items():
        if isinstance(item, dict) and not path.startswith("x-"):
            for method in grammar.METHODS:
                if isinstance(operation := item.get(method), dict):
                    yield pointers.join("/paths", path, method), path, method, operation


def described(document: JsonObject) -> Callable[[str], dict[str, str]]:
    """A function that gives operationId and path as they are described, by any spelling of the operationId.

    The generator's templates get to see neither: it hands them the id in snake case and a path with Python's names.
    """
    found = {
        flat(operation["operationId"]): {"operation_id": operation["operationId"], "template": path}
        for _, path, _, operation in operations(document)
    }
    return lambda name: found[flat(name)]


def check(document: JsonObject, locate: Locate) -> None:
    """``InputError`` for the first name that the generator would lose; ``locate`` tells where a pointer was written."""
    check_operations(document, locate)
    _check_tags(document, locate)
    _check_schemas(document, locate)
    _check_inline(document, locate)
    _check_arguments(document, locate)
    _check_properties(document, locate)
    _check_enums(document, locate)
    _check_wire_names(document, locate)


def check_operations(document: JsonObject, locate: Locate) -> None:
    """Every operation has an id, and no two ids are the same module (equal but for case and underscores)."""
    seen: dict[str, tuple[str, str]] = {}
    for pointer, path, method, operation in operations(document):
        at = pointers.join(pointer, "operationId")
        name = operation.get("operationId")
        if name is None:
            raise _error(f"{method.upper()} {path} has no operationId", pointer, locate)
        if not isinstance(name, str) or not OPERATION_ID.fullmatch(name):
            raise _error(f"the operationId {name!r} is no camelCase name of letters and digits", at, locate)
        other, there = seen.setdefault(flat(name), (name, at))
        if there != at:
            said = "the operationId" if other == name else f"an operationId that differs from {other} only in case:"
            raise _error(f"{said} {name} is taken by {locate(there)}", at, locate, "give each operation its own")


def flat(name: str) -> str:
    """What is left of a name when case and separators are ignored."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def parameter_argument(name: str) -> str:
    """The argument for a query parameter: ``filter[name][contains]`` becomes ``filter_name_contains``."""
    return spelling.snake("_".join(re.findall(r"[A-Za-z0-9]+", name)))


def member_name(value: str) -> str:
    """The member of an enum for a text: ``long-code`` becomes ``LONG_CODE``, ``24h`` ``VALUE_24H``, ``*`` the
    character's name."""
    words = re.findall(r"[A-Z0-9]+", value.upper())
    if not words:
        spelled = " ".join(unicodedata.name(character, f"U{ord(character):X}") for character in value) or "EMPTY"
        words = re.findall(r"[A-Z0-9]+", spelled)
    name = "_".join(words)
    return name if name[0].isalpha() else f"VALUE_{name}"


def _check_tags(document: JsonObject, locate: Locate) -> None:
    for pointer, path, method, operation in operations(document):
        tags = operation.get("tags") or []
        if not tags:
            raise _error(f"{method.upper()} {path} has no tag, which names its Python package", pointer, locate)
        if not isinstance(tags[0], str) or not TAG.fullmatch(tags[0]):
            at = pointers.join(pointer, "tags", 0)
            raise _error(f"the tag {tags[0]!r} can't name a Python package", at, locate, "write it in snake_case")


def _check_schemas(document: JsonObject, locate: Locate) -> None:
    seen: dict[str, str] = {}
    for name in document.get("components", {}).get("schemas", {}):
        at = pointers.join("/components/schemas", name)
        if not SCHEMA.fullmatch(name):
            raise _error(f"the schema name {name!r} can't name a class", at, locate, "write it in PascalCase")
        if name in RESERVED_SCHEMAS:
            hint = f"give it another name, {name}Record for instance"
            raise _error(f"a schema named {name!r} would hide a class that every model needs", at, locate, hint)
        other = seen.setdefault(flat(name), name)
        if other != name:
            there = locate(pointers.join("/components/schemas", other))
            raise _error(f"the schemas {name} and {other} ({there}) would share one module", at, locate)


def _check_inline(document: JsonObject, locate: Locate) -> None:
    """Objects and enums stand in files of their own; inside another schema they get a class with an invented name."""
    for node in grammar.walk(document):
        if node.kind != "schemas" or _NAMED_OR_MERGED.fullmatch(node.pointer) or "$ref" in node.value:
            continue
        if node.value.get("type") == "object" or node.value.keys() & {"properties", "enum"}:
            hint = "give it a file of its own, whose name the class gets"
            raise _error("an object or enum inside another object has no name", node.pointer, locate, hint)


def _check_arguments(document: JsonObject, locate: Locate) -> None:
    """No two query parameters of an operation become one argument."""
    for pointer, path, _, operation in operations(document):
        seen: dict[str, str] = {}
        shared = document["paths"][path].get("parameters", [])
        given = [(pointers.join(pointer, "parameters", i), p) for i, p in enumerate(operation.get("parameters", []))]
        given += [(pointers.join("/paths", path, "parameters", i), p) for i, p in enumerate(shared)]
        for at, parameter in given:
            if "$ref" in parameter:
                at = parameter["$ref"][1:]
                parameter = pointers.follow(document, at)
            if parameter.get("in") != "query":
                continue
            argument = parameter_argument(parameter["name"])
            other = seen.setdefault(argument, parameter["name"])
            if other != parameter["name"]:
                said = f"the parameters {other} and {parameter['name']} would both be the argument {argument}"
                raise _error(said, pointers.join(at, "name"), locate)


def _check_properties(document: JsonObject, locate: Locate) -> None:
    for node in grammar.walk(document):
        if node.kind == "schemas":
            for name in RESERVED_PROPERTIES & node.value.get("properties", {}).keys():
                at = pointers.join(node.pointer, "properties", name)
                raise _error(f"a property named {name!r} breaks the generated class", at, locate)
        elif node.kind == "parameters" and parameter_argument(str(node.value.get("name"))) in RESERVED_PARAMETERS:
            at = pointers.join(node.pointer, "name")
            raise _error(f"a parameter named {node.value['name']!r} breaks the generated function", at, locate)


def _check_enums(document: JsonObject, locate: Locate) -> None:
    for node in grammar.walk(document):
        values = node.value.get("enum")
        if node.kind != "schemas" or not isinstance(values, list):
            continue
        at = pointers.join(node.pointer, "enum")
        if not values or {type(value) for value in values} not in ({str}, {int}):
            hint = "say null with anyOf beside the enum"
            raise _error("an enum must hold only strings or only integers", at, locate, hint)
        if "x-enum-varnames" in node.value:
            _check_member_names(node, len(values), locate)
        elif isinstance(values[0], str):
            seen: dict[str, str] = {}
            for value in values:
                other = seen.setdefault(member_name(value), value)
                if other != value:
                    message = f"the enum values {other!r} and {value!r} would get one name"
                    raise _error(message, at, locate, "add x-enum-varnames")


def _check_member_names(node: grammar.Node, wanted: int, locate: Locate) -> None:
    at = pointers.join(node.pointer, "x-enum-varnames")
    given = node.value["x-enum-varnames"]
    if not isinstance(given, list) or len(given) != wanted or len(set(map(str, given))) != wanted:
        raise _error(f"x-enum-varnames must give each of the {wanted} values a name of its own", at, locate)
    for name in given:
        if not isinstance(name, str) or not MEMBER.fullmatch(name):
            raise _error(f"{name!r} can't name a member of an enum", at, locate, "write it in UPPER_CASE")


def _check_wire_names(document: JsonObject, locate: Locate) -> None:
    """What goes over the wire must survive as a literal; the generator deletes control characters from those."""
    for pointer, path, _, _ in operations(document):
        if not PATH.fullmatch(path):
            hint = "the names of its parameters never travel: write them in snake_case" if "{" in path else None
            raise _error(f"{path!r} is no path of a URL", pointer, locate, hint)
    for node in grammar.walk(document):
        for name in _wire_names(node):
            if not name.isprintable():
                # The name itself stays out of the pointer: it would break the message's line.
                raise _error(f"{name!r} can't be a name or value on the wire: not printable", node.pointer, locate)


def _wire_names(node: grammar.Node) -> Iterator[str]:
    if node.kind == "parameters" and "name" in node.value:
        yield str(node.value["name"])
    elif node.kind == "schemas":
        yield from node.value.get("properties", {})
        yield from map(str, node.value.get("enum", ()))


def _error(message: str, pointer: str, locate: Locate, fix: str | None = None) -> InputError:
    place = locate(pointer)
    return InputError(message, file=place.file, line=place.line, pointer=pointer, fix=fix)
