"""Root causes: the findings of all operations that say the same about the same place of the description, as one.

Findings of one kind about one place belong together ("one field, 12 operations"); so do those about the frame of an
answer (status, header, credentials, error envelope) that look alike. What only follows from another cause then stands
below it (``following``), and a behaviour that many fields show is one cause (``spreading``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from contract_tests.description import Description
from contract_tests.drift.anchors import anchor, shared, status_of
from contract_tests.drift.cause import Cause, Place
from contract_tests.drift.echoes import distinct
from contract_tests.drift.finding import Finding, effort, generalise
from contract_tests.drift.following import below_their_causes
from contract_tests.drift.spreading import joined

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
        below_their_causes(description, joined(description, found)),
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
    operation = description.named(finding.operation)
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
