"""The effective description as the mock and the suite read it: operations with their rules, looked up once.

The rules stand in the description as ``x-`` extensions (``openapi/README.md`` lists them). Everything here is
read-only; nothing in this module knows a resource by name.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract_tests.envelope import USUAL, Envelope, envelope
from contract_tests.operation_rules import Block, Parent, ResourceRule, RuleError

ROOT = Path(__file__).resolve().parent.parent
# In a wheel, where this module is a part of the mock, the description lies beside it.
_BESIDE = Path(__file__).with_name("openapi.effective.json")
EFFECTIVE = _BESIDE if _BESIDE.is_file() else ROOT / "generated" / "openapi.effective.json"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = "application/json"
SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, with references in ``parameters`` resolved."""

    operation_id: str
    method: str
    path: str
    raw: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]
    effects: tuple[str, ...]
    resource: ResourceRule | None
    rule_errors: tuple[RuleError, ...]
    blocked_by: tuple[Block, ...]
    empty_update: str | None
    tag: str = field(default="")
    envelope: Envelope = USUAL

    @property
    def label(self) -> str:
        """``GET /messaging_profiles``: the way a person names it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def statuses(self) -> frozenset[int]:
        """The statuses that are listed one by one; ``default`` is not among them."""
        return frozenset(int(status) for status in self.raw["responses"] if status.isdigit())

    @property
    def success_statuses(self) -> frozenset[int]:
        """The listed statuses from 200 to 299."""
        return frozenset(status for status in self.statuses if 200 <= status < 300)


class Description:
    """A whole OpenAPI document with its operations; build it once, share it freely."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        # What references lead to: every check of every answer asks for a few.
        self._targets: dict[str, Any] = {}
        self.operations: tuple[Operation, ...] = tuple(_operations(document))
        self.by_id: dict[str, Operation] = {operation.operation_id: operation for operation in self.operations}
        # What the API sends by itself, by name: operations of the receiver, at no path (``events`` reads them).
        self.webhooks: dict[str, Operation] = {
            name: _operation(document, name, "post", name, resolve(document, item)["post"], ())
            for name, item in document.get("webhooks", {}).items()
        }

    def named(self, name: str) -> Operation | None:
        """The operation, or the webhook, of that name."""
        return self.by_id.get(name) or self.webhooks.get(name)

    def resolve(self, node: Any) -> Any:
        """Follow ``$ref`` (local only) until something else stands there; keywords beside ``$ref`` are not merged."""
        if not isinstance(node, Mapping) or not isinstance(node.get("$ref"), str):
            return node
        reference = node["$ref"]
        if reference not in self._targets:
            self._targets[reference] = resolve(self.document, node)
        return self._targets[reference]

    def alone(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """A schema without its document, but with the component schemas that it leads to.

        Validators keep a copy of what they are compiled from: megabytes for each, were it all of a description.
        """
        schemas = self.document.get("components", {}).get("schemas", {})
        used: dict[str, Any] = {}
        waiting = list(references(schema))
        while waiting:
            name = waiting.pop()
            if name in schemas and name not in used:
                used[name] = schemas[name]
                waiting += references(used[name])
        return {**schema, "components": {"schemas": used}}

    def request_schema(self, operation: Operation) -> Mapping[str, Any] | None:
        """The resolved request schema, of JSON where that can be sent; None when the operation takes no body."""
        body = self.resolve(operation.raw.get("requestBody"))
        if body is None:
            return None
        media = body["content"].get(JSON) or next(iter(body["content"].values()))
        schema: Mapping[str, Any] = self.resolve(media["schema"])
        return schema

    def response(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        """The resolved response object for a status: the exact one, else ``default``, else None."""
        responses = operation.raw["responses"]
        found = responses.get(str(status), responses.get("default"))
        return None if found is None else self.resolve(found)

    def response_schema(self, operation: Operation, status: int = 200) -> Mapping[str, Any] | None:
        """The schema of a JSON response as it stands there (a ``$ref`` stays one), None when it has no JSON body."""
        response = self.response(operation, status)
        if response is None or JSON not in response.get("content", {}):
            return None
        schema: Mapping[str, Any] = response["content"][JSON]["schema"]
        return schema

    def record_schema(self, operation: Operation) -> Mapping[str, Any] | None:
        """The resolved schema of one record of the first 2xx response, for single answers and lists; None for none."""
        content = self.content_schema(operation)
        if content is None:
            return None
        record: Mapping[str, Any] = self.resolve(content["items"]) if content.get("type") == "array" else content
        return record if "properties" in record or "oneOf" in record else None

    def content_schema(self, operation: Operation) -> Mapping[str, Any] | None:
        """The resolved schema of what the first 2xx response is about: one record, or a list of them."""
        status = min(operation.success_statuses, default=200)
        schema = self.response_schema(operation, status)
        if schema is None:
            return None
        member = operation.envelope.member
        found = self.resolve(schema)
        content: Mapping[str, Any] | None = found
        if member is not None:
            content = self.resolve(found.get("properties", {}).get(member))
        return content

    def properties(self, schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The properties of an object schema: extensions beside a ``$ref`` win over those at its target.

        Of a union (``oneOf``) those of all its members; the first that has one stands for it.
        """
        found: dict[str, Mapping[str, Any]] = {}
        resolved = self.resolve(schema)
        for member in reversed(resolved.get("oneOf", ())):
            found |= self.properties(member)
        for name, node in resolved.get("properties", {}).items():
            target = self.resolve(node)
            found[name] = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return found

    def with_action(self, collection: str, action: str) -> tuple[Operation, ...]:
        """The operations whose ``x-resource`` names this collection and action."""
        return tuple(
            operation
            for operation in self.operations
            if operation.resource and (operation.resource.collection, operation.resource.action) == (collection, action)
        )

    @functools.cached_property
    def collections(self) -> tuple[str, ...]:
        """Every collection that an operation names, sorted."""
        return tuple(sorted({operation.resource.collection for operation in self.operations if operation.resource}))

    @functools.cached_property
    def sensitive_fields(self) -> frozenset[str]:
        """Names of the properties marked ``x-sensitive``; they are redacted wherever text leaves the process."""
        return self._marked("x-sensitive")

    @functools.cached_property
    def personal_fields(self) -> frozenset[str]:
        """Names of the properties marked ``x-personal``: whose number or address it is, no report tells."""
        return self._marked("x-personal")

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """Every text that stands in the document as a value; what it shows as an example is known to everybody."""
        return frozenset(_texts(self.document))

    def _marked(self, extension: str) -> frozenset[str]:
        found: set[str] = set()
        for schema in self.document.get("components", {}).get("schemas", {}).values():
            for name, node in schema.get("properties", {}).items():
                if node.get(extension) or self.resolve(node).get(extension):
                    found.add(name)
        return frozenset(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def resolve(document: Mapping[str, Any], node: Any) -> Any:
    """Follow local ``$ref``s of ``document`` from ``node``."""
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        target: Any = document
        for segment in node["$ref"].removeprefix("#/").split("/"):
            target = target[segment.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def references(node: Any) -> Iterator[str]:
    """The names of the component schemas that stand in ``$ref`` anywhere in a schema."""
    members = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    target = node.get("$ref") if isinstance(node, Mapping) else None
    if isinstance(target, str) and target.startswith(SCHEMAS):
        yield target.removeprefix(SCHEMAS).partition("/")[0]
    for value in members:
        yield from references(value)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS:
            if method not in item:
                continue
            raw = item[method]
            yield _operation(document, raw["operationId"], method, path, raw, shared)


def _operation(
    document: Mapping[str, Any],
    operation_id: str,
    method: str,
    path: str,
    raw: Mapping[str, Any],
    shared: Iterable[Mapping[str, Any]],
) -> Operation:
    """What stands at a method of a path; ``shared``: the parameters of the whole path."""
    parameters = {}
    for node in [*shared, *raw.get("parameters", [])]:
        parameter = resolve(document, node)
        parameters[parameter["in"], parameter["name"]] = parameter
    return Operation(
        operation_id=operation_id,
        method=method,
        path=path,
        raw=raw,
        parameters=tuple(parameters.values()),
        effects=tuple(raw.get("x-effect", ())),
        resource=_resource(raw.get("x-resource")),
        rule_errors=tuple(
            RuleError(rule["status"], str(rule["code"]), rule["when"]) for rule in raw.get("x-rule-errors", ())
        ),
        blocked_by=tuple(
            Block(rule["collection"], rule["field"], rule["status"], str(rule["code"]))
            for rule in raw.get("x-blocked-by", ())
        ),
        empty_update=raw.get("x-empty-update"),
        tag=next(iter(raw.get("tags", ())), ""),
        envelope=_envelope(document, raw),
    )


def _envelope(document: Mapping[str, Any], raw: Mapping[str, Any]) -> Envelope:
    """That of the schema of the first 2xx response."""
    status = min((one for one in raw["responses"] if one.isdigit() and one.startswith("2")), default="")
    response = resolve(document, raw["responses"].get(status)) or {}
    schema = resolve(document, response.get("content", {}).get(JSON, {}).get("schema")) or {}
    meta = resolve(document, schema.get("properties", {}).get("meta"))
    return envelope(schema, meta)


def _resource(raw: Mapping[str, Any] | None) -> ResourceRule | None:
    if raw is None:
        return None
    parent = raw.get("parent")
    return ResourceRule(
        collection=raw["collection"],
        action=raw["action"],
        key=raw.get("key"),
        lookup=tuple(raw.get("lookup", ())),
        parent=Parent(parent["collection"], parent["parameter"], parent["field"]) if parent else None,
        order=raw.get("order"),
    )


@functools.lru_cache(maxsize=4)
def load(path: Path = EFFECTIVE) -> Description:
    """The description at ``path``, by default the effective one; read once per process."""
    return Description(json.loads(path.read_text(encoding="utf-8")))
