"""Which findings a description can absorb, and what makes the actions; for the others, the words that a person needs.

A patch is only made where the description can say what was seen: a field, a type, null, a member of an enum, a format,
a status, a header, a default, a limit. Behaviour that deviates (an update that forgets, say) is for people to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_tests.drift.proposals import fields, frames
from contract_tests.drift.proposals.case import Case, Json, Step

Maker = Callable[[Case], Iterator[Step]]
MAKERS: dict[str, Maker] = {
    "default-not-applied": frames.other_default,
    "field-undocumented": fields.added,
    "first-value-wrong": frames.other_first_value,
    "header-missing": frames.without_header,
    "header-value": frames.any_header_value,
    "invalid-accepted": fields.laxer,
    "response-enum": fields.more_members,
    "response-format": fields.wider,
    "response-items": fields.wider,
    "response-length": fields.wider,
    "response-pattern": fields.wider,
    "response-range": fields.wider,
    "response-required": fields.optional,
    "response-type": fields.other_type,
    "undocumented-status": frames.more_statuses,
    "valid-request-refused": frames.tighter,
}


def steps(case: Case) -> list[Step]:
    """The actions that absorb a finding, in order; empty when the description cannot say what was seen."""
    make = MAKERS.get(case.finding["kind"])
    return list(make(case)) if make else []


def behaviour(finding: Json) -> str:
    """What changed, for a finding that no description can absorb."""
    where = f" at {finding['pointer']}" if finding["pointer"] else ""
    lines = [
        f"{', '.join(finding['operations'])}{where}: {finding['kind']}.",
        f"Described: {finding['expected']}. Observed: {finding['observed']}.",
        f"Effect on {finding['effect']}.",
        f"What to do: {finding['advice']}.",
    ]
    return "\n".join(lines)
