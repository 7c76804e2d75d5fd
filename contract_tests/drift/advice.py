"""What to do about a finding, by its kind: one sentence for whoever reads the report first."""

from __future__ import annotations

ADVICE = {
    "content-type": "let the target answer with a described media type, or describe this one for the status",
    "created-not-found": "look at the chain of requests: a record is gone right after it was created",
    "error-code": "if the code is right, add it to the error overview in the description's examples",
    "error-envelope": "a client cannot read this refusal; mend the target, or describe the other envelope",
    "field-never-sent": "if the field is gone, propose an overlay that removes it; if it is conditional, say when",
    "field-undocumented": "describe the field by an overlay action with this report as its evidence",
    "header-missing": "mend the target, or take the header out of the description of this answer",
    "header-value": "mend the target, or describe the form that was observed",
    "invalid-accepted": "let the target refuse it, or loosen the request schema at this place",
    "method-not-refused": "answer 405 with an Allow header that lists the described methods",
    "missing-token-accepted": "treat as a security fault: nothing may be answered without a token",
    "no-answer": "send the request alone and look at the target's log: it ended the connection",
    "page-meta": "pagination built on these numbers skips or repeats records; mend the target",
    "response-enum": "add the new value to the enum by an overlay, or mend the target",
    "response-required": "mend the target, or make the property optional",
    "response-type": "mend the target, or correct the type by an overlay: clients parse by it",
    "right-token-refused": "check what this token may do; the others accepted it",
    "server-error": "a request must never end in 5xx; the request below reproduces it",
    "undocumented-status": "list the status for this operation, or let the target answer as described",
    "use-after-delete": "a deleted record is still served; mend the target",
    "valid-request-refused": "if the refusal is right, name it in the operation's x-rule-errors",
    "wrong-token-accepted": "treat as a security fault: a token that is not valid opens this operation",
}
FAMILIES = {
    "response-": "mend the target, or correct the response schema at this place by an overlay",
    "suite-": "the suite itself could not finish this check; run the test alone",
}
GENERAL = "compare the exchange below with the description: one of the two is wrong"


def advise(kind: str) -> str:
    """The hint for a kind, that of its family, or the general one."""
    if kind in ADVICE:
        return ADVICE[kind]
    return next((hint for prefix, hint in FAMILIES.items() if kind.startswith(prefix)), GENERAL)
