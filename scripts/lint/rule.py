"""A rule: an id, what it demands, for which documents, and the function that finds what breaks it."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator

import attrs

from scripts.lint import rules
from scripts.lint.finding import Finding
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject


@attrs.frozen
class Rule:
    """``id`` is the module's name; ``demand`` is what holds when nothing is found, in one sentence."""

    id: str
    scope: Scope
    demand: str
    check: Callable[[Subject], Iterator[Finding]]

    def applies(self, subject: Subject) -> bool:
        """Whether the rule is meant for this kind of document."""
        return self.scope is Scope.ANY or (self.scope is Scope.HOUSE) == (subject.house is not None)


@functools.cache
def discover() -> dict[str, Rule]:
    """Every rule by id, sorted: each module of ``scripts.lint.rules`` has SCOPE, a docstring and ``check(subject)``."""
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(rules.__path__)):
        module = importlib.import_module(f"{rules.__name__}.{name}")
        demand = (module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        found[name] = Rule(name, module.SCOPE, demand, module.check)
    return found
