"""The facade: ``telnyx.messaging_profiles.create(...)`` for every operation, for both clients, from one template.

A resource is a module of ``resources/`` and of ``async_resources/``; a resource below another one stands in the folder
of that one. They load each other, the generated functions and the models when they are touched, not before.
"""

from __future__ import annotations

import ast
import builtins
import functools
import keyword
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import jinja2

from scripts.errors import InputError
from scripts.pipeline import docstrings, package_scan
from scripts.pipeline.facade_methods import UNNAMED, methods
from scripts.pipeline.facade_parts import Argument, Method
from scripts.pipeline.facade_texts import described
from scripts.pipeline.load import JsonObject
from scripts.pipeline.signatures import Typed

TEMPLATES = Path(__file__).with_name("facade_templates")
FOLDERS = {"resources": False, "async_resources": True}
RESERVED = frozenset({"with_response"})
INDENT = " " * 8
# The end of the name of the class whose methods give whole responses.
RESPONDING = "WithResponse"


@attrs.frozen
class Node:
    """A resource: its path below the client, its methods, and the resources below it."""

    path: tuple[str, ...]
    methods: list[Method] = attrs.field(factory=list)
    children: dict[str, Node] = attrs.field(factory=dict)

    @property
    def class_name(self) -> str:
        """``("phone_numbers", "messaging")`` is ``PhoneNumbersMessaging``."""
        return "".join(part.title() for name in self.path for part in name.split("_"))

    @property
    def members(self) -> set[str]:
        """The names that its class defines."""
        return {*(method.name for method in self.methods), *self.children, *RESERVED}


def write(package: Path, document: JsonObject, modules: Mapping[str, str]) -> dict[str, str]:
    """Write the facade of ``document`` into ``package``, unformatted; returns each operationId's dotted method.

    ``modules`` gives the generated module of each operationId. ``InputError`` when a name can't be used, when two
    operations claim one, or when the written facade misses an operation or reaches one twice.
    """
    found = methods(package, document, modules)
    root = _tree(found)
    for folder, is_async in FOLDERS.items():
        _write_node(package / folder, root, document, is_async)
        _refuse_gaps(package / folder, modules)
    return {method.operation: ".".join(method.path) for method in found}


def _tree(found: Sequence[Method]) -> Node:
    root = Node(())
    for method in found:
        node = root
        for name in method.path[:-1]:
            node = node.children.setdefault(name, Node((*node.path, name)))
        node.methods.append(method)
    _check(root)
    return root


def _check(node: Node) -> None:
    own = [method.name for method in node.methods]
    for name in (*own, *node.children):
        at = ".".join((*node.path, name))
        if keyword.iskeyword(name) or name in RESERVED:
            raise InputError(f"x-sdk-method {at}: {name!r} can't be the name of a method or resource")
        if name in own and name in node.children:
            raise InputError(f"x-sdk-method {at} is a method and a resource")
    for child in node.children.values():
        _check(child)


def _write_node(folder: Path, node: Node, document: JsonObject, is_async: bool) -> None:
    """The module of a node and of all below it; ``folder`` is the one that a node with children stands in."""
    if not node.path:
        target, template = folder / "__init__.py", "root.py.jinja"
        values: dict[str, Any] = {"links": _links(node, document)}
    else:
        target = folder / "__init__.py" if node.children else folder.with_suffix(".py")
        template, values = "resource.py.jinja", _Module(node, document, is_async).values()
    target.parent.mkdir(parents=True, exist_ok=True)
    text = _environment().get_template(template).render(is_async=is_async, **values)
    target.write_text(text, encoding="utf-8", newline="\n")
    for name, child in node.children.items():
        _write_node(folder / name, child, document, is_async)


@functools.cache  # compiling the templates takes longer than filling them
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # the result is Python: texts are made literals by docstrings.literal
    )


def _links(node: Node, document: JsonObject) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "class_name": child.class_name,
            "module": f".{name}",
            "docstring": docstrings.literal(f"{_operations(child)}.", INDENT),
        }
        for name, child in sorted(node.children.items())
    ]


def _operations(node: Node) -> str:
    """What a resource offers, in a few words: its methods and the resources below it."""
    return ", ".join([*(method.name for method in node.methods), *(f"{name} (…)" for name in sorted(node.children))])


class _Module:
    """What the template needs to know of one resource."""

    def __init__(self, node: Node, document: JsonObject, is_async: bool) -> None:
        self.node, self.document, self.prefix = node, document, "Async" if is_async else ""
        # A package's module is one level deeper than its path says.
        self.dots = "." * (len(node.path) + 1 + bool(node.children))
        self.types: list[Typed] = []
        # A model may be called like one of the module's own classes.
        classes = [node.class_name, *(child.class_name for child in node.children.values())]
        own = {f"{prefix}{name}{suffix}" for name in classes for prefix in ("", "Async") for suffix in ("", RESPONDING)}
        self.aliases = {name: f"_{name}" for name in own}

    def values(self) -> dict[str, Any]:
        """The template's variables."""
        rendered = [self.method(one) for one in self.node.methods]
        typing = {
            (self.absolute(module), f"{name} as {self.aliases[name]}" if name in self.aliases else name)
            for one in self.types
            for module, name in one.origins.values()
            if name
        } | {(module, "") for one in self.types for module, name in one.origins.values() if not name}
        links = _links(self.node, self.document)
        if self.node.methods:
            typing.add(("httpx", ""))
        if any(method.paging for method in self.node.methods):
            typing.add((f"{self.dots}runtime.pagination", f"{self.prefix}Pages"))
        typing |= {(link["module"], f"{self.prefix}{link['class_name']}") for link in links}
        return {
            "node": {
                "class_name": self.node.class_name,
                "methods": rendered,
                "docstring": docstrings.literal(f"``{'.'.join(self.node.path)}``: {_operations(self.node)}.", "    "),
            },
            "links": links,
            "pagination": f"{self.dots}runtime.pagination",
            "running": list(self.running()),
            "typing": sorted(typing),
            "named_builtins": any(
                name in self.node.members and name not in one.origins and hasattr(builtins, name)
                for one in self.types
                for name in one.names()
            ),
        }

    def running(self) -> list[tuple[str, str]]:
        """What the module imports at once: the runtime's parts that it uses."""
        used = [(f"{self.dots}runtime.resource", f"{self.prefix}Resource")]
        if self.node.methods:
            used.append((f"{self.dots}runtime.resource", "suggesting"))
        if any(one.identifies for method in self.node.methods for one in method.arguments):
            used.append((f"{self.dots}runtime.resource", "identifier as _identifier"))
        if any(_says_unset(method) for method in self.node.methods):
            used.append((f"{self.dots}types", "UNSET"))
        return used

    def absolute(self, module: str) -> str:
        """A module of the package as this one imports it; a foreign one as it is."""
        return f"{self.dots}{module[1:]}" if module.startswith(".") else module

    def spelled(self, typed: Typed) -> str:
        self.types.append(typed)
        return typed.spelled(self.node.members, self.aliases)

    def method(self, method: Method) -> dict[str, Any]:
        folder, module = method.module.rsplit(".", 1)
        arguments = [self.argument(one) for one in method.arguments]
        positional = [one for one in arguments if one["place"] == "path"]
        keyword_only = [one for one in arguments if one["place"] != "path"]
        paging = method.paging
        return {
            "name": method.name,
            "package": f"{self.dots}{folder}",
            "module": module,
            "required_path": positional,
            "keyword": keyword_only,
            "passed": [one for one in keyword_only if one["place"] != "body"],
            "fields": [one for one in keyword_only if one["place"] == "body"],
            "converted": [one for one in arguments if one["member"]],
            "body": method.body and {**attrs.asdict(method.body), "module": self.absolute(method.body.module)},
            "returns": self.spelled(method.returns),
            "returns_detailed": self.spelled(method.returns_detailed),
            "gives": method.gives,
            "paging": paging and {**attrs.asdict(paging), "item": self.spelled(paging.item)},
            "docstring": docstrings.literal(described(method, self.document), INDENT),
            "docstring_detailed": docstrings.literal(
                f"As ``{method.name}`` of ``{self.prefix}{self.node.class_name}``, giving the whole ``Response``.",
                INDENT,
            ),
        }

    def argument(self, one: Argument) -> dict[str, Any]:
        module, member = one.member_of or ("", "")
        return {
            "name": one.name,
            "target": one.target,
            "place": one.place,
            "annotation": self.spelled(one.type),
            "default": one.default,
            "value": _value(one),
            "plain": one.plain,
            # Members of such an enum are texts or numbers themselves, so there is nothing to tell apart.
            "always": {part.strip() for part in one.type.text.split("|")} == {one.plain, member},
            "module": self.absolute(module) if module else "",
            "member": member,
        }


def _says_unset(method: Method) -> bool:
    """Whether the source of a method names ``UNSET``: a default, or a body or size of pages that is left out."""
    body, paging = method.body, method.paging
    unsized = paging is not None and not paging.size
    return unsized or (body is not None and body.optional) or any(one.default == "UNSET" for one in method.arguments)


def _value(one: Argument) -> str:
    """What is passed on for an argument."""
    if one.target == UNNAMED:
        return f"dict({one.name} or {{}})"
    return f"_identifier({one.name})" if one.identifies else one.name


def _refuse_gaps(folder: Path, modules: Mapping[str, str]) -> None:
    """``InputError`` unless one method and its variant reach each operation's functions, read from the source."""
    reached: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.py")):
        for node in package_scan.statements(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and [alias.asname for alias in node.names] == ["_operation"]:
                reached[f"{node.module}.{node.names[0].name}"] += 1
    for operation, module in modules.items():
        if reached[module] != 2:
            raise InputError(f"{operation} is reached by {reached[module]} methods of {folder.name}/, not by two")
