"""Which operations a slice has: found by their methods, resources, tags and operationIds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from scripts.errors import InputError
from scripts.pipeline import references

# Asks for ``webhooks.py`` and the classes of all events; no operation can be called so: it is no method, no resource.
WEBHOOKS = "webhooks"


@attrs.frozen
class Selection:
    """``names`` as they were asked for, sorted; the operationIds that they mean; whether events can be received."""

    names: tuple[str, ...]
    operations: frozenset[str]
    webhooks: bool


def select(asked: Iterable[str], methods: Mapping[str, str], modules: Mapping[str, str]) -> Selection:
    """The slice that the names in ``asked`` mean; one of them may hold several, separated by commas.

    A name is a method of the clients (``messaging_profiles.create``), a resource with all below it
    (``messaging_profiles``), a tag, an operationId, or ``webhooks``. ``methods`` and ``modules`` are those of every
    operation by its operationId. ``InputError`` for a name that means nothing, and when no name is given.
    """
    names = sorted({name.strip() for each in asked for name in each.split(",")} - {""})
    if not names:
        raise InputError("--only names nothing", fix="name methods, resources or operationIds")
    operations: set[str] = set()
    for name in names:
        found = _meant(name, methods, modules)
        if not found and name != WEBHOOKS:
            raise _unknown(name, methods, modules)
        operations |= found
    return Selection(tuple(names), frozenset(operations), WEBHOOKS in names)


def _meant(name: str, methods: Mapping[str, str], modules: Mapping[str, str]) -> set[str]:
    """The operations that one name means; a resource is asked before a tag of the same name."""
    if name in methods:
        return {name}
    below = {one for one, method in methods.items() if method == name or method.startswith(f"{name}.")}
    return below or {one for one, module in modules.items() if _tag(module) == name}


def _tag(module: str) -> str:
    """``api.messaging_profiles.list_messaging_profiles`` is of ``messaging_profiles``."""
    return module.split(".")[-2]


def _unknown(name: str, methods: Mapping[str, str], modules: Mapping[str, str]) -> InputError:
    parts = [method.split(".") for method in methods.values()]
    resources = {".".join(part[:number]) for part in parts for number in range(1, len(part))}
    known = {*methods, *methods.values(), *resources, *map(_tag, modules.values()), WEBHOOKS}
    guess = references.nearest(name, known)
    return InputError(
        f"there is no operation, method, resource or tag {name!r}",
        fix=f"did you mean {guess}?" if guess else f"there are {', '.join(sorted(resources))}",
    )
