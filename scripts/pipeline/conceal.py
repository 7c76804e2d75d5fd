"""Keep secrets out of ``repr``: the client's credentials and every property that the description marks ``x-sensitive``.

A ``repr`` ends up in logs, tracebacks and test reports. The generator shows every attribute there, so the declarations
of the secret ones get ``repr=False``. They are found in the syntax tree and changed where they stand in the text; a
declaration that is not found is an error, never a secret shown.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from pathlib import Path

from scripts.errors import InputError
from scripts.pipeline.load import JsonObject
from scripts.pipeline.package_scan import PackageScan

# What the generator's client classes hold that may be or contain a credential, and their name for attrs' ``field``.
CLIENT_SECRETS = {
    "Client": ("_cookies", "_headers", "_httpx_args"),
    "AuthenticatedClient": ("_cookies", "_headers", "_httpx_args", "token"),
}
CLIENT_FIELD = "field"
MODEL_FIELD = "_attrs_field"


def conceal(package: Path, scanned: PackageScan, effective: JsonObject) -> int:
    """Change the package's files in place; returns how many attributes were concealed."""
    client = package / "client.py"
    text = client.read_text(encoding="utf-8")
    for name, attributes in CLIENT_SECRETS.items():
        text = hide(text, name, attributes, CLIENT_FIELD)
    client.write_text(text, encoding="utf-8", newline="\n")
    hidden = sum(map(len, CLIENT_SECRETS.values()))
    for name, properties in sensitive(effective).items():
        path = package.joinpath(*scanned.classes[name].split(".")).with_suffix(".py")
        text = hide(path.read_text(encoding="utf-8"), name, _attributes(properties), MODEL_FIELD)
        path.write_text(text, encoding="utf-8", newline="\n")
        hidden += len(properties)
    return hidden


def sensitive(document: JsonObject) -> dict[str, tuple[str, ...]]:
    """The properties marked ``x-sensitive`` by component schema."""
    found = {}
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
        if marked := tuple(
            key for key, node in properties.items() if isinstance(node, dict) and node.get("x-sensitive")
        ):
            found[name] = marked
    return found


def hide(text: str, class_name: str, attributes: Collection[str], field: str) -> str:
    """``text`` with ``repr=False`` on these attributes of a class; ``InputError`` when one of them is not declared."""
    declared = {
        statement.target.id: statement
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and node.name == class_name
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }
    if missing := sorted(set(attributes) - declared.keys()):
        raise InputError(
            f"can't keep {class_name}.{missing[0]} out of its repr: the generated class declares no such attribute",
            fix="see scripts/pipeline/conceal.py: the generator's names have changed",
        )
    lines = text.split("\n")
    # From the bottom up, so that the positions of what is still to be changed stay right.
    for statement in sorted((declared[name] for name in attributes), key=lambda node: node.lineno, reverse=True):
        start, end = statement.lineno - 1, statement.end_lineno or statement.lineno
        lines[start:end] = [f"{' ' * statement.col_offset}{_declaration(statement, field)}"]
    return "\n".join(lines)


def _declaration(statement: ast.AnnAssign, field: str) -> str:
    """The declaration as attrs must see it to leave the attribute out."""
    arguments: list[str] = []
    value = statement.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == field:
        arguments = [*map(ast.unparse, value.args), *(ast.unparse(keyword) for keyword in value.keywords)]
    elif value is not None:
        arguments = [f"default={ast.unparse(value)}"]
    declared = f"{ast.unparse(statement.target)}: {ast.unparse(statement.annotation)}"
    return f"{declared} = {field}({', '.join([*arguments, 'repr=False'])})"


def _attributes(properties: Collection[str]) -> tuple[str, ...]:
    from openapi_python_client.strings import PythonIdentifier

    return tuple(str(PythonIdentifier(name, prefix="field_")) for name in properties)
