"""A run in shares: which operations each process, or each job of a CI matrix, has to exercise.

The split follows from the description alone, so that every process works it out by itself and gets the same. Shares
are balanced by what an operation gives to do: fields of its body, parameters of its query. Tests that belong to no
single operation (walks along links, say) are one more piece of work, in one share only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract_tests.description import Description, Operation
from scripts.errors import InputError

MOST = 64
# What a body, a query parameter, and the walks give to do beside an operation itself (``weight``).
BODY, QUERY, WALK = 20, 4, 3


@dataclass(frozen=True, slots=True)
class Share:
    """Number ``number`` of ``of`` shares, counted from 1; ``whole`` says that tests of no operation run here."""

    number: int
    of: int
    operations: frozenset[str]
    whole: bool

    @property
    def name(self) -> str:
        """``2/3``, as it is typed."""
        return f"{self.number}/{self.of}"


def parse(text: str) -> tuple[int, int]:
    """``2/3`` as numbers; ``InputError`` for what is no share."""
    found = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of <= MOST:
        raise InputError(f"--shard {text!r} is no share", fix=f"write i/n, such as 1/4, with n at most {MOST}")
    return number, of


def split(description: Description, of: int, only: frozenset[str] = frozenset(), *, apart: bool = True) -> list[Share]:
    """At most ``of`` shares, none of them empty, heaviest first; ``only``: of these operations.

    ``apart``: each share has a target of its own. Otherwise operations whose records touch one another stay together,
    as a list that one process pages through must not grow under the hands of another.
    """
    operations = [one for one in description.operations if not only or one.operation_id in only]
    groups = [[one] for one in operations] if apart else list(_together(description, operations))
    pieces = [(sum(map(weight, group)), tuple(one.operation_id for one in group)) for group in groups]
    if apart:
        # The walks belong to no operation: an empty tuple stands for them.
        pieces.append((WALK * len(operations), ()))
    bins: list[list[tuple[int, tuple[str, ...]]]] = [[] for _ in range(min(of, len(pieces)))]
    for piece in sorted(pieces, key=lambda one: (-one[0], one[1])):
        min(bins, key=lambda held: sum(heaviness for heaviness, _ in held)).append(piece)
    named = [frozenset(name for _, names in held for name in names) for held in bins]
    walking = next((number for number, held in enumerate(bins) if () in [names for _, names in held]), 0)
    return [Share(number + 1, of, names, number == walking) for number, names in enumerate(named)]


def share(description: Description, number: int, of: int, only: frozenset[str] = frozenset()) -> Share:
    """The share of that number; one beyond the last operation has nothing to do, which is an ``InputError``."""
    shares = split(description, of, only)
    if number > len(shares):
        raise InputError(
            f"--shard {number}/{of}: there is only work for {len(shares)} shares", fix=f"split into {len(shares)}"
        )
    return shares[number - 1]


def weight(operation: Operation) -> int:
    """How much an operation gives to do, in about tenths of a second of the standard budget."""
    query = sum(1 for parameter in operation.parameters if parameter["in"] == "query")
    return 3 + QUERY * query + (BODY if "requestBody" in operation.raw else 0)


def _together(description: Description, operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Operations in groups that share no record: parents, what blocks, what is referred to and linked to included."""
    groups: list[tuple[set[str], list[Operation]]] = []
    for operation in operations:
        touched, members = _collections(description, operation), [operation]
        apart = []
        for known, others in groups:
            if known & touched:
                touched |= known
                members = [*others, *members]
            else:
                apart.append((known, others))
        groups = [*apart, (touched, members)]
    for _, members in groups:
        yield members


def _collections(description: Description, operation: Operation) -> set[str]:
    rule = operation.resource
    if rule is None:
        return {operation.operation_id}
    written = description.properties(description.request_schema(operation) or {}).values()
    return {
        rule.collection,
        *([rule.parent.collection] if rule.parent else []),
        *(block.collection for block in operation.blocked_by),
        *(field["x-references"] for field in written if "x-references" in field),
        *_linked(description, operation),
    }


def _linked(description: Description, operation: Operation) -> Iterator[str]:
    """The collections to whose records the answers of an operation lead on."""
    for status in operation.success_statuses:
        for link in (description.response(operation, status) or {}).get("links", {}).values():
            target = description.by_id.get(description.resolve(link).get("operationId", ""))
            if target is not None and target.resource is not None:
                yield target.resource.collection
