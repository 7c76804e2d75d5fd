"""When a rule repeats what a check said: the checks see every exchange first, and one deviation is one finding.

A field of the wrong type is ``response-type``; that it also differs from what was written follows from it. The same
goes for a status that nobody described, which every rule trips over that waits for a good answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from contract_tests.drift.finding import Finding, generalise

# Kinds of rules that follow from a bad status, whatever their pointer.
_STATUS = ("undocumented-status", "server-error", "response-not-json")
FOLLOWS_ANYWHERE = {
    "valid-request-refused": ("valid-request-refused", *_STATUS),
    "wrong-request-accepted": ("wrong-token-accepted", "missing-token-accepted", "invalid-accepted"),
    "no-list": ("response-", *_STATUS),
    "no-record": ("response-", *_STATUS),
    "wrong-refusal": ("error-", *_STATUS),
    # The package is generated from the schemas: what breaks them is what it cannot read.
    "package-cannot-read": ("response-", "error-", "content-type", *_STATUS),
}
# Kinds of rules that compare values: they follow from a fault of the schema at the same place.
FOLLOWS_AT_PLACE = {
    "computed-for-another": ("response-",),
    "default-not-applied": ("response-",),
    "first-value-wrong": ("response-",),
    "value-not-read-back": ("response-",),
    "value-not-stored": ("response-",),
}
# Kinds that give way to others for the same operation and place, whichever exchanges showed them.
GIVES_WAY = {
    "error-envelope": ("response-type",),
    "response-enum": ("response-type",),
    "wrong-refusal": ("wrong-token-accepted",),
}
# The same, where both are about a value that is not there at all.
_UNSENT = ("value-not-read-back", "value-not-stored")
GIVES_WAY_IF_ABSENT = {
    "field-never-sent": ("response-required", "default-not-applied", "first-value-wrong", *_UNSENT),
    "default-not-applied": ("response-required", *_UNSENT),
    "first-value-wrong": ("response-required", *_UNSENT),
    "value-not-read-back": ("response-required",),
    "value-not-stored": ("response-required", "value-not-read-back"),
}
# How findings say that nothing was there.
ABSENT = ("absent", "nothing")


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a whole run, in their order, without those that another one says better.

    ``repeats`` sees one exchange; here are deviations that show in several, like a field that never comes.
    """
    findings = list(findings)
    said: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        said.setdefault((one.operation, generalise(one.pointer)), []).append(one)
    return [one for one in findings if not _gives_way(one, said[one.operation, generalise(one.pointer)])]


def _gives_way(finding: Finding, beside: Iterable[Finding]) -> bool:
    better = GIVES_WAY.get(finding.kind, ())
    absent = GIVES_WAY_IF_ABSENT.get(finding.kind, ()) if finding.observed.startswith(ABSENT) else ()
    return any(one.kind in better or (one.kind in absent and one.observed.startswith(ABSENT)) for one in beside)


def repeats(kind: str, pointer: str, said: Iterable[Finding]) -> bool:
    """Whether a finding of ``kind`` at ``pointer`` adds nothing to what was said about the same exchange."""
    said = tuple(said)
    if any(one.kind == "server-error" for one in said):
        # Nothing else can be said about an answer that is none.
        return True
    anywhere = FOLLOWS_ANYWHERE.get(kind, ())
    at_place = FOLLOWS_AT_PLACE.get(kind, ())
    place = generalise(pointer)
    return any(
        (one.kind == kind and (not pointer or generalise(one.pointer) == place))
        or one.kind.startswith(anywhere)
        or (one.kind.startswith(at_place) and generalise(one.pointer) == place)
        for one in said
    )
