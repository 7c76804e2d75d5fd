"""What the ``x-`` extensions of an operation say, as values: its records, its refusals, what bars a deletion."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parent:
    """A list shows the records whose ``field`` equals path parameter ``parameter``, a record of ``collection``."""

    collection: str
    parameter: str
    field: str


@dataclass(frozen=True, slots=True)
class ResourceRule:
    """``x-resource``: which records an operation works on, and how it addresses them."""

    collection: str
    action: str
    key: str | None = None
    lookup: tuple[str, ...] = ()
    parent: Parent | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class RuleError:
    """``x-rule-errors``: a refusal that a schema-valid request may meet."""

    status: int
    code: str
    when: str


@dataclass(frozen=True, slots=True)
class Block:
    """``x-blocked-by``: deletion is refused while a record of ``collection`` has ``field`` equal to the id."""

    collection: str
    field: str
    status: int
    code: str
