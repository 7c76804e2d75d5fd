"""What follows from what: a cause that another one explains stands below it, so that a reader meets the reason first.

A field that is gone, or has another type, cannot be read back, filtered by, or looked into. Nothing is lost: what
follows keeps its kind, operations and values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from contract_tests.description import Description
from contract_tests.drift.anchors import anchor
from contract_tests.drift.cause import Cause, Place
from contract_tests.drift.echoes import ABSENT
from contract_tests.drift.finding import Finding
from scripts.pipeline import pointers

# Of several kinds about the value of one field the first is the reason, and the others follow from it.
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
    "no-record",
    "no-list",
    "package-",
)
# Kinds about what holds a value, which need no words of their own once that is gone.
HOLDERS = ("no-record", "no-list", "package-")
GONE = frozenset({"response-required", "field-never-sent"})
# Kinds of update after which a field holds null, wherever it is read.
CLEARING = frozenset({"null-clears", "empty-string-clears"})
# Kinds that follow from anything that is wrong with what lists say about their pages.
PAGING = frozenset({"page-meta", "pages-do-not-join"})

# Whether the first cause follows from the second.
Rule = Callable[[Description, Cause, Cause], bool]


def below_their_causes(description: Description, found: Iterable[Cause]) -> list[Cause]:
    """The causes that none of the others explains, each with those that follow from it."""
    found = list(found)
    reasons: dict[int, Cause] = {}
    for cause in found:
        for other in found:
            if _first(other, reasons) is not cause and any(rule(description, cause, other) for rule in RULES):
                reasons[id(cause)] = other
                break
    for cause, gone in _moved_ones(description, found):
        reasons.setdefault(id(cause), gone)
    following: dict[int, list[Cause]] = {}
    for cause in found:
        if id(cause) in reasons:
            following.setdefault(id(_first(cause, reasons)), []).append(cause)
    return [
        replace(one, also=tuple(sorted(following.get(id(one), ()), key=lambda each: _rank(each.kind))))
        for one in found
        if id(one) not in reasons
    ]


def _first(cause: Cause, reasons: dict[int, Cause]) -> Cause:
    """The cause at the beginning of a chain of reasons."""
    while id(cause) in reasons:
        cause = reasons[id(cause)]
    return cause


def _rank(kind: str) -> int:
    return next((rank for rank, prefix in enumerate(VALUES) if kind.startswith(prefix)), len(VALUES))


def _same_value(description: Description, cause: Cause, reason: Cause) -> bool:
    """Another finding about the value of the same field, or of fields that are all among those of the reason."""
    if _rank(reason.kind) >= _rank(cause.kind) or _rank(cause.kind) == len(VALUES):
        return False
    if not cause.spots or not cause.spots <= reason.spots or not any("/properties/" in spot for spot in cause.spots):
        return False
    if cause.kind.startswith(HOLDERS):
        return reason.kind.startswith("response-") or reason.kind in GONE
    if reason.kind in GONE:
        return all(one.observed.startswith(ABSENT) for one in cause.findings)
    return reason.kind.startswith("response-") or cause.main.observed == reason.main.observed


def _null_left(description: Description, cause: Cause, reason: Cause) -> bool:
    """Null where none may stand, after an update that cleared what it had to keep."""
    null = cause.kind == "response-type" and all(one.observed.startswith("null") for one in cause.findings)
    return null and reason.kind in CLEARING and cause.spots <= reason.spots


def _filtered_by(description: Description, cause: Cause, reason: Cause) -> bool:
    """A filter or a sort by a field that is gone or has another type."""
    if not reason.kind.startswith(("response-", "field-")):
        return False
    field = _filtered_field(description, cause.main)
    return bool(field) and field in reason.spots


def _inside(description: Description, cause: Cause, reason: Cause) -> bool:
    """Something inside an object that is gone or is none: every place of the cause lies below one of the reason."""
    if reason.kind not in GONE | {"response-type"} or reason.parts:
        return False
    holders = {(one.operation, one.pointer) for one in reason.places if one.pointer.startswith("/")}
    return all(
        any(operation == place.operation and place.pointer.startswith(f"{at}/") for operation, at in holders)
        for place in cause.places
    )


def _paged_by(description: Description, cause: Cause, reason: Cause) -> bool:
    """Pages cannot join where what lists say about their pages is gone or wrong."""
    about_meta = all(_tells_of_pages(description, place) for place in reason.places)
    paging = cause.kind in PAGING and (reason.kind not in PAGING or cause.kind != "page-meta")
    if not paging or not about_meta:
        return False
    return set(cause.operations) <= set(reason.operations)


def _tells_of_pages(description: Description, place: Place) -> bool:
    """Whether a place is a member in which answers tell about their page, or the object that holds these."""
    operation = description.by_id.get(place.operation)
    told = [] if operation is None else [operation.envelope.page_pointer(what) for what in operation.envelope.page]
    return place.pointer.startswith("/") and any(f"{one}/".startswith(f"{place.pointer}/") for one in told)


def _unread(description: Description, cause: Cause, reason: Cause) -> bool:
    """A body that is no JSON, in answers that say themselves that they are of another media type."""
    same = set(cause.operations) <= set(reason.operations)
    return cause.kind == "response-not-json" and reason.kind == "content-type" and same


def _moved_ones(description: Description, found: list[Cause]) -> list[tuple[Cause, Cause]]:
    """New fields with those whose place they take; where several could have moved, nobody knows which one did."""
    pairs = [(new, gone) for new in found for gone in found if _moved(description, new, gone)]
    new, old = (Counter(id(pair[side]) for pair in pairs) for side in (0, 1))
    return [pair for pair in pairs if new[id(pair[0])] == old[id(pair[1])] == 1]


def _moved(description: Description, cause: Cause, reason: Cause) -> bool:
    """New fields in place of those that are gone: as many of them, or the members of an object that is gone."""
    if cause.kind != "field-undocumented" or reason.kind not in GONE:
        return False
    new, gone = (_names(one) for one in (cause, reason))
    if {holder for holder, _ in new} != {holder for holder, _ in gone} or not _meet(cause, reason):
        return False
    if len(new) == len(gone):
        return True
    members = {name for at in reason.spots for name in _members(description, at)}
    return {name for _, name in new} <= members


def _meet(one: Cause, other: Cause) -> bool:
    return bool({place.operation for place in one.places} & {place.operation for place in other.places})


def _names(cause: Cause) -> set[tuple[str, str]]:
    """Schema and name of each field that a cause is about."""
    split = (spot.rpartition("/properties/") for spot in cause.spots)
    return {(holder, name) for holder, _, name in split if holder}


def _members(description: Description, pointer: str) -> set[str]:
    try:
        node = pointers.follow(description.document, pointer.removeprefix("#"))
    except pointers.PointerToNowhere:
        return set()
    return {pointers.escape(name) for name in description.properties(node)}


def _filtered_field(description: Description, finding: Finding) -> str:
    """The place of the record field that the query parameter of a finding filters or sorts by; empty without one."""
    operation = description.by_id.get(finding.operation)
    if operation is None or not finding.pointer.startswith("query:"):
        return ""
    name = finding.pointer.removeprefix("query:")
    for parameter in operation.parameters:
        rule = parameter.get("x-filter") or parameter.get("x-sort")
        if parameter["name"] == name and rule and (field := rule.get("field") or _sorted_by(finding, name)):
            place = f"{operation.envelope.pointer}/0/{pointers.escape(field)}"
            return anchor(description, replace(finding, pointer=place, exchange=None), follow=False)
    return ""


def _sorted_by(finding: Finding, name: str) -> str:
    """The field that a request names as the value of a sort parameter; empty without a request that does."""
    asked = parse_qsl(urlsplit(finding.exchange.url).query) if finding.exchange else []
    return next((value.removeprefix("-") for key, value in asked if key == name), "")


RULES: tuple[Rule, ...] = (_same_value, _null_left, _filtered_by, _inside, _paged_by, _unread)
