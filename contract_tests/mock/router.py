"""Stage 1: which operation a method and a raw path mean. Routing comes before authentication, as seen live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from ..description import Description
from . import errors
from .exchange import Refusal, Request
from .plan import OperationPlan

DEFAULT_BASE = "/v2"


@dataclass(frozen=True, slots=True)
class Route:
    """An operation and the decoded values of its path parameters."""

    plan: OperationPlan
    path_values: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Template:
    """One path of the description: its segments (None: a parameter) and an operation for each method."""

    literals: tuple[bytes | None, ...]
    names: tuple[str, ...]
    methods: Mapping[str, OperationPlan]

    def match(self, segments: list[bytes]) -> dict[str, str] | None:
        """The parameter values, None when the path differs; an empty segment never fills a parameter."""
        values = []
        for literal, segment in zip(self.literals, segments, strict=True):
            if literal is None:
                if not segment:
                    return None
                values.append(decode_segment(segment))
            elif literal != segment:
                return None
        return dict(zip(self.names, values, strict=True))


def decode_segment(segment: bytes) -> str:
    """Percent-decoded text; what is no UTF-8 or a broken escape stays something that matches no id."""
    return unquote_to_bytes(segment).decode("utf-8", "replace")


def base_path(description: Description) -> str:
    """The path of the first server's address, ``/v2`` when it has none."""
    servers = description.document.get("servers") or [{}]
    return urlsplit(servers[0].get("url", "")).path.rstrip("/") or DEFAULT_BASE


class Router:
    """Finds the operation; fixed paths win over templates, templates with more fixed segments over others."""

    def __init__(self, plans: Mapping[str, OperationPlan], base: str) -> None:
        self._base = base.encode()
        by_path: dict[str, dict[str, OperationPlan]] = {}
        for plan in plans.values():
            by_path.setdefault(plan.operation.path, {})[plan.operation.method.upper()] = plan
        self._fixed: dict[bytes, _Template] = {}
        self._templates: dict[int, list[_Template]] = {}
        for path, methods in by_path.items():
            template = _template(path, methods)
            if template.names:
                self._templates.setdefault(len(template.literals), []).append(template)
            else:
                self._fixed[path.encode()] = template
        for templates in self._templates.values():
            templates.sort(key=lambda template: [literal is None for literal in template.literals])

    def route(self, request: Request) -> Route:
        """The operation meant; refused with 404 10005 (no such path) or 405 10030 with ``Allow``."""
        template, values = self._find(request.path)
        if template is None:
            raise errors.refusal(errors.NOT_FOUND, "There is no such address.")
        plan = template.methods.get(request.method)
        if plan is None:
            allowed = ", ".join(sorted(template.methods))
            detail = f"This address takes {allowed}."
            raise Refusal(405, [errors.entry(errors.WRONG_METHOD, detail)], ((b"allow", allowed.encode()),))
        return Route(plan, values)

    def _find(self, path: bytes) -> tuple[_Template | None, dict[str, str]]:
        if not path.startswith(self._base):
            return None, {}
        rest = path[len(self._base) :]
        fixed = self._fixed.get(rest)
        if fixed is not None:
            return fixed, {}
        segments = rest.split(b"/")[1:]
        if rest[:1] == b"/":
            for template in self._templates.get(len(segments), ()):
                values = template.match(segments)
                if values is not None:
                    return template, values
        return None, {}


def _template(path: str, methods: Mapping[str, OperationPlan]) -> _Template:
    literals: list[bytes | None] = []
    names = []
    for segment in path.split("/")[1:]:
        if segment.startswith("{") and segment.endswith("}"):
            literals.append(None)
            names.append(segment[1:-1])
        else:
            literals.append(segment.encode())
    return _Template(tuple(literals), tuple(names), methods)
