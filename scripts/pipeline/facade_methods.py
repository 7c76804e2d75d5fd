"""The methods of the facade: for each operation its dotted name, its arguments, and how they reach the function below.

Types come from the generated functions and models, names and texts from the description.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from scripts.errors import InputError
from scripts.pipeline import names, pointers, signatures, spelling
from scripts.pipeline.facade_parts import Argument, Body, Method, Paging, Place
from scripts.pipeline.load import JsonObject
from scripts.pipeline.prepare import with_default
from scripts.pipeline.signatures import Module, Parameter, Signature, Typed

METHOD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
# Arguments that every method may have beside those of its operation.
OWN_ARGUMENTS = frozenset({"self", "client", "body", "extra_body", "max_pages", "timeout"})
# The field of a body's class that holds what the description does not name.
UNNAMED = "additional_properties"
EXTRA = Typed("Mapping[str, Any] | None", {"Mapping": ("collections.abc", "Mapping"), "Any": ("typing", "Any")})
UUID = Typed("UUID", {"UUID": ("uuid", "UUID")})


def methods(package: Path, document: JsonObject, modules: Mapping[str, str]) -> tuple[Method, ...]:
    """A method for every operation of the effective ``document``; ``modules`` are theirs by operationId.

    ``InputError`` for a name that can't be a method's, or that two operations claim.
    """
    seen: dict[tuple[str, ...], str] = {}
    found = []
    read = functools.cache(functools.partial(signatures.read, package))
    for pointer, path, _, operation in names.operations(document):
        method = _Reader(read, document, modules, operation, path, pointer).method()
        if (other := seen.setdefault(method.path, method.operation)) != method.operation:
            raise InputError(
                f"{other} and {method.operation} would both be {'.'.join(method.path)}",
                pointer=pointers.join(pointer, "x-sdk-method"),
                fix="name each by its own x-sdk-method",
            )
        found.append(method)
    return tuple(sorted(found, key=lambda method: method.path))


class _Reader:
    """Everything about one operation that its method needs."""

    def __init__(
        self,
        source: Callable[[str], Module],
        document: JsonObject,
        modules: Mapping[str, str],
        operation: JsonObject,
        path: str,
        at: str,
    ) -> None:
        self.source, self.document, self.operation, self.at = source, document, operation, at
        self.module = modules[operation["operationId"]]
        self.parameters = [
            self.resolved(one)
            for one in (*document["paths"][path].get("parameters", []), *operation.get("parameters", []))
        ]

    def method(self) -> Method:
        read = self.source(self.module)
        detailed = read.functions["sync_detailed"]
        plain = read.functions.get("sync")
        body = self.body(detailed)
        arguments = [*self.own_arguments(detailed), *(self.fields(body) if body else ())]
        arguments += [self.option(one) for one in detailed.keyword if self.is_option(one, body)]
        returns = plain.returns if plain else Typed("None")
        return Method(
            operation=self.operation["operationId"],
            path=self.dotted(),
            module=self.module,
            arguments=tuple(self.distinct(arguments)),
            body=body,
            returns=returns,
            returns_detailed=detailed.returns,
            paging=self.paging(returns),
            gives=plain is not None,
            raw=self.operation,
        )

    def dotted(self) -> tuple[str, ...]:
        """The method's name; an operation that names none is reached by its tag and its id."""
        given = self.operation.get("x-sdk-method")
        if given is None:
            module = self.module.split(".")
            return (module[-2], module[-1])
        if not isinstance(given, str) or not METHOD.fullmatch(given):
            raise InputError(
                f"x-sdk-method {given!r} is no resource and method in snake_case, joined by dots",
                pointer=pointers.join(self.at, "x-sdk-method"),
            )
        return tuple(given.split("."))

    def own_arguments(self, detailed: Signature) -> Iterator[Argument]:
        described = {self.python_name(one): one for one in self.parameters}
        for one in (*detailed.positional, *detailed.keyword):
            if one.name not in described:
                continue
            raw = described[one.name]
            place: Place = "path" if raw["in"] == "path" else "query"
            yield self.widened(one, place, self.said(raw, raw.get("schema", {})), references=False)

    def fields(self, body: Body) -> Iterator[Argument]:
        schema = self.document["components"]["schemas"].get(body.name, {})
        described = {spelling.identifier(name): one for name, one in self.properties(schema)}
        for one in self.read(body.module).classes[body.name]:
            if one.name == UNNAMED:
                said = "Further fields of the body, sent as they are: for what this version does not know yet."
                yield Argument("extra_body", UNNAMED, "body", EXTRA, "None", said)
                continue
            raw = described.get(one.name, {})
            yield self.widened(one, "body", self.said(raw, raw), references="x-references" in raw)

    def said(self, described: JsonObject, schema: JsonObject) -> str:
        """What the description says of an argument, with the default that the server takes when it is left out."""
        text = described.get("description") or self.resolved(schema).get("description")
        return with_default(text, schema["default"]) if "default" in schema else str(text or "")

    def widened(self, one: Parameter, place: Place, said: str, references: bool) -> Argument:
        """The argument with the types that a caller may give beside those of the function or class below."""
        argument = Argument(one.name, one.name, place, one.type, one.default, said)
        members = [part.strip() for part in one.type.text.split("|")]
        if place == "path" and members == ["UUID"]:
            return attrs.evolve(argument, type=Typed("str | UUID", one.type.origins))
        if references and "str" in members and "UUID" not in members:
            type_ = Typed(f"UUID | {one.type.text}", {**one.type.origins, **UUID.origins})
            return attrs.evolve(argument, type=type_, identifies=True)
        for member in members:
            enum = self.document["components"].get("schemas", {}).get(member, {}).get("enum")
            if enum and one.type.origins.get(member, ("",))[0].startswith(".models"):
                plain = "int" if isinstance(enum[0], int) else "str"
                return attrs.evolve(
                    argument,
                    type=Typed(f"{plain} | {one.type.text}", one.type.origins),
                    member_of=(one.type.origins[member][0], member),
                    plain=plain,
                )
        return argument

    def body(self, detailed: Signature) -> Body | None:
        """The class of the body, when it is one whose fields can be arguments; any other is an argument itself."""
        one = next((one for one in detailed.keyword if one.name == "body"), None)
        if one is None:
            return None
        members = {part.strip() for part in one.type.text.split("|")}
        name = next(iter(members - {"Unset"})) if len(members - {"Unset"}) == 1 else ""
        module, _ = one.type.origins.get(name, ("", ""))
        if not module.startswith(".models.") or name not in self.read(module).classes:
            return None
        return Body(name, module, optional="Unset" in members)

    def is_option(self, one: Parameter, body: Body | None) -> bool:
        own = {self.python_name(parameter) for parameter in self.parameters}
        return one.name not in {*own, "client"} and not (one.name == "body" and body)

    def option(self, one: Parameter) -> Argument:
        said = {"body": "What is sent.", "timeout": "Replaces the client's timeouts for this call; in seconds."}
        return Argument(one.name, one.name, "option", one.type, one.default, said.get(one.name, ""))

    def distinct(self, arguments: Iterable[Argument]) -> Iterator[Argument]:
        """The arguments, those of the body renamed where another one has the name already."""
        given = list(arguments)
        taken = {one.name for one in given if one.place != "body"} | OWN_ARGUMENTS
        for one in given:
            renamed = f"body_{one.name}"
            if one.place == "body" and one.name in taken and one.target != UNNAMED:
                one = attrs.evolve(one, name=renamed)
            if one.place in {"path", "query"} and one.name in OWN_ARGUMENTS:
                raise InputError(f"a parameter named {one.name!r} hides the method's own", pointer=self.at)
            yield one
        everywhere = [one.name for one in given if one.target != UNNAMED]
        if clash := sorted({name for name in everywhere if f"body_{name}" in everywhere and name in taken}):
            raise InputError(f"body_{clash[0]} is an argument already", pointer=self.at, fix="rename the property")

    def paging(self, returns: Typed) -> Paging | None:
        pages = {one.get("x-page"): self.python_name(one) for one in self.parameters if one.get("x-page")}
        said = self.envelope()
        records = spelling.identifier(said["records"]) if said else "data"
        item = next((item for name in sorted(returns.names()) if (item := self.item(returns, name, records))), None)
        if "number" not in pages or item is None or returns.text not in returns.origins:
            return None
        told = [f'{what}="{spelling.identifier(said[what])}"' for what in ("pages", "total", "size") if what in said]
        form = ", ".join([f'"{records}"', *told]) if said else ""
        needed = any(one.get("x-page") == "number" and one.get("required", False) for one in self.parameters)
        return Paging(pages["number"], pages.get("size"), item, form, needed)

    def envelope(self) -> JsonObject:
        """``x-envelope`` of the first successful answer's schema; empty when its records stand under ``data``."""
        status = min((one for one in self.operation["responses"] if one.startswith("2")), default="")
        content = self.resolved(self.operation["responses"].get(status)).get("content", {})
        media: JsonObject = next(iter(content.values()), {})
        found = self.resolved(media.get("schema")).get("x-envelope", {})
        return found if isinstance(found, dict) else {}

    def item(self, returns: Typed, name: str, records: str) -> Typed | None:
        """The type of the entries of ``records`` in the class ``name``; None when it is no list of anything."""
        module, _ = returns.origins.get(name, ("", ""))
        if not module.startswith(".models."):
            return None
        for one in self.read(module).classes.get(name, ()):
            if one.name != records:
                continue
            for node in ast.walk(ast.parse(one.type.text, mode="eval")):
                if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "list":
                    inner = Typed(ast.unparse(node.slice))
                    return Typed(inner.text, {n: o for n, o in one.type.origins.items() if n in inner.names()})
        return None

    def read(self, module: str) -> Module:
        return self.source(module.removeprefix("."))

    def properties(self, schema: Any) -> Iterator[tuple[str, JsonObject]]:
        """The properties of a schema and of what its allOf names."""
        schema = self.resolved(schema)
        for part in schema.get("allOf", ()):
            yield from self.properties(part)
        for name, one in schema.get("properties", {}).items():
            yield name, one if isinstance(one, dict) else {}

    def resolved(self, node: Any) -> JsonObject:
        while isinstance(node, dict) and "$ref" in node:
            node = pointers.follow(self.document, node["$ref"][1:])
        return node if isinstance(node, dict) else {}

    def python_name(self, parameter: JsonObject) -> str:
        wire = parameter["name"]
        bracketed = parameter["in"] == "query" and "[" in wire
        return spelling.identifier(names.parameter_argument(wire) if bracketed else wire)
