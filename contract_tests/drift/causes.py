"""Root causes: the findings of all operations that say the same about the same place of the description, as one.

Findings are joined in three steps. Those of one kind about one place belong together ("one field, 12 operations"); so
do those about the frame of an answer (status, header, credentials, error envelope) that look alike. Then one place
keeps one cause: what follows from a field that is gone or has another type stands under it as ``also``. Last, behaviour
that many fields of one component show is one cause, since no field is to blame for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from contract_tests.description import Description
from contract_tests.drift.anchors import anchor, shared, status_of
from contract_tests.drift.cause import Cause, Place
from contract_tests.drift.echoes import ABSENT, distinct
from contract_tests.drift.finding import Finding, effort, generalise

# Kinds about the frame of an answer: they look alike wherever they come from.
FRAME = frozenset(
    {
        "allow-header-wrong",
        "content-type",
        "error-code",
        "error-envelope",
        "header-missing",
        "header-value",
        "method-not-refused",
        "missing-token-accepted",
        "no-answer",
        "response-not-json",
        "right-token-refused",
        "server-error",
        "undocumented-status",
        "wrong-refusal",
        "wrong-token-accepted",
    }
)
# Of several kinds about the value of one field the first is the cause, and the others follow from it.
VALUES = (
    "response-required",
    "response-type",
    "field-never-sent",
    "response-",
    "value-not-read-back",
    "value-not-stored",
    "default-not-applied",
    "first-value-wrong",
    "generated-value-missing",
)
# Kinds of update after which a field holds null, wherever it is read.
CLEARING = frozenset({"null-clears", "empty-string-clears"})
# Kinds that JSON Schema or a table of fields decides: each field is a cause of its own, however many there are.
BY_FIELD = ("response-", "field-")
# From so many fields of one component on, a behaviour is that of the component.
MANY = 4


def causes(description: Description, findings: Iterable[Finding]) -> list[Cause]:
    """The root causes behind the findings of a run, gravest first, then by how many operations show them."""
    groups: dict[tuple[str, str], list[tuple[Finding, str]]] = {}
    for one in distinct(findings):
        place = anchor(description, one)
        groups.setdefault((one.kind, _key(description, one, place)), []).append((one, place))
    found = [
        replace(_cause(key, members), spots=frozenset(anchor(description, one, follow=False) for one, _ in members))
        for (_, key), members in groups.items()
    ]
    return sorted(
        _many_fields(_with_filters(description, _by_place(found))),
        key=lambda one: (one.severity.rank, -len(one.operations), one.operations, one.pointer, one.kind),
    )


def _key(description: Description, finding: Finding, place: str) -> str:
    if shared(place) and not (finding.kind in FRAME and "/responses/" in place):
        return place
    pointer = generalise(finding.pointer)
    if finding.kind == "content-type" and finding.exchange is not None:
        media = finding.exchange.headers.get("content-type", "").partition(";")[0]
        return f"{pointer} {media.strip().lower()}"
    if finding.kind in FRAME:
        # A header that is missing is missing, whatever the status; a wrong status is that status.
        return pointer if finding.pointer.startswith("header:") else f"{pointer} {status_of(finding)}"
    operation = description.by_id.get(finding.operation)
    if operation is None:
        return finding.operation
    resource = operation.resource
    return f"{pointer} {resource.collection if resource else operation.path}"


def _cause(key: str, members: list[tuple[Finding, str]]) -> Cause:
    members = sorted(members, key=lambda one: (one[0].severity.rank, effort(one[0]), one[0].operation))
    places = [
        Place(one.operation, generalise(one.pointer), at, one.occurrences, one.observed, tuple(sorted(one.statuses)))
        for one, at in members
    ]
    return Cause(key, members[0][1], members[0][0], tuple(one for one, _ in members), tuple(places))


def _by_place(found: Iterable[Cause]) -> list[Cause]:
    """One cause for the value of one field: the others about it stand below the one that explains them."""
    kept: list[Cause] = []
    about: dict[str, list[Cause]] = {}
    for cause in found:
        if _rank(cause) is None or not any("/properties/" in spot for spot in cause.spots):
            kept.append(cause)
        else:
            # An enum that several fields use: the first of them stands for it.
            about.setdefault(min(cause.spots), []).append(cause)
    for together in about.values():
        first, *rest = sorted(together, key=lambda one: _rank(one) or 0)
        following = [one for one in rest if _follows(one, first)]
        kept += [replace(first, also=tuple(following)), *(one for one in rest if one not in following)]
    return _with_cleared(kept)


def _with_cleared(found: list[Cause]) -> list[Cause]:
    """Null where none may stand follows from an update that cleared what it had to keep."""
    clearing = {cause.anchor: cause for cause in found if cause.kind in CLEARING}
    kept, nulls = [], dict[str, Cause]()
    for cause in found:
        null = cause.kind == "response-type" and all(one.observed.startswith("null") for one in cause.findings)
        if null and cause.anchor in clearing:
            nulls[cause.anchor] = cause
        else:
            kept.append(cause)
    return [
        replace(one, also=(*one.also, nulls[one.anchor]))
        if one is clearing.get(one.anchor) and one.anchor in nulls
        else one
        for one in kept
    ]


def _rank(cause: Cause) -> int | None:
    return next((rank for rank, prefix in enumerate(VALUES) if cause.kind.startswith(prefix)), None)


def _follows(cause: Cause, first: Cause) -> bool:
    """Whether one deviation of a field's value is explained by another."""
    if first.kind in {"response-required", "field-never-sent"}:
        return all(one.observed.startswith(ABSENT) for one in cause.findings)
    return first.kind.startswith("response-") or cause.main.observed == first.main.observed


def _with_filters(description: Description, found: list[Cause]) -> list[Cause]:
    """A filter or sort that fails on a field which is gone or has another type follows from that."""
    about = {cause.anchor: cause for cause in found if cause.kind.startswith(BY_FIELD)}
    kept: list[Cause] = []
    following: dict[str, list[Cause]] = {}
    for cause in found:
        field_of = about.get(_filtered_field(description, cause.main))
        if field_of is None or cause is field_of:
            kept.append(cause)
        else:
            following.setdefault(field_of.anchor, []).append(cause)
    return [
        replace(one, also=(*one.also, *following[one.anchor]))
        if about.get(one.anchor) is one and one.anchor in following
        else one
        for one in kept
    ]


def _filtered_field(description: Description, finding: Finding) -> str:
    """The place of the record field that the query parameter of a finding filters or sorts by; empty without one."""
    operation = description.by_id.get(finding.operation)
    if operation is None or not finding.pointer.startswith("query:"):
        return ""
    for parameter in operation.parameters:
        rule = parameter.get("x-filter") or parameter.get("x-sort")
        if parameter["name"] == finding.pointer.removeprefix("query:") and rule:
            return anchor(description, replace(finding, pointer=f"/data/0/{rule['field']}", exchange=None))
    return ""


def _many_fields(found: Iterable[Cause]) -> list[Cause]:
    kept: list[Cause] = []
    alike: dict[tuple[str, str], list[Cause]] = {}
    for cause in found:
        owner, _, name = cause.anchor.rpartition("/properties/")
        if owner and name and not cause.kind.startswith(BY_FIELD) and not cause.also:
            alike.setdefault((cause.kind, owner), []).append(cause)
        else:
            kept.append(cause)
    for (_, owner), group in alike.items():
        if len(group) < MANY:
            kept += group
            continue
        members = [one for each in group for one in each.findings]
        members.sort(key=lambda one: (one.severity.rank, effort(one)))
        places = tuple(place for each in group for place in each.places)
        parts = tuple(each.fingerprint for each in group)
        kept.append(Cause(owner, owner, members[0], tuple(members), places, parts=parts))
    return kept
