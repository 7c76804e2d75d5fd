"""Refusals that are about the account, its plan or its money, not about the API: they are said as such.

The codes are those of the catalogue in the facts about errors: 10038 and 10039 are features that the plan lacks or
limits (also what a trial may not do), 20000 to 20999 the state of key and account, 40333 a profile's daily spend limit.
"""

from __future__ import annotations

import re

from contract_tests.description import Operation
from contract_tests.live.traffic import Incoming
from contract_tests.throttling import is_quota

PLAN = {"10038": "the account's plan does not permit this feature", "10039": "the account's plan limits this feature"}
SPENDING = {"40333": "the spending limit is reached"}
ACCOUNT = range(20000, 21000)
# Anything longer is no code of the catalogue, and may be too long for a number at all.
CODE = re.compile(r"[0-9]{5}")
KEYS = {
    "20002": "the API key is revoked",
    "20006": "the access token has expired",
    "20012": "the account is inactive",
    "20013": "the account is blocked",
    "20014": "the account is not verified",
    "20100": "the account has no funds",
}
UNAUTHENTICATED = 401


def limit(answer: Incoming) -> str | None:
    """What an answer says about the account, as a sentence with its code; None for any other answer."""
    if answer.ok or answer.status < 400:
        return None
    for code in answer.codes:
        text = _meaning(code)
        if text is not None:
            return f"{text} ({answer.status}, code {code})"
    return None


def throttles(operation: Operation, answer: Incoming) -> bool:
    """Whether an answer is 429 because of a quota, which opens again by itself.

    The same status forbids a request for another reason: by a rule of its operation, or by the state of the account.
    """
    others = [code for code in answer.codes if _meaning(code) is None]
    return (bool(others) or not answer.codes) and is_quota(operation, answer.status, others)


def stops_writing(answer: Incoming) -> bool:
    """Whether nothing more may be written after this answer: the account's money is used up."""
    return any(code in SPENDING or code == "20100" for code in answer.codes)


def _meaning(code: str) -> str | None:
    """What a code says about the account; None for the codes that are about the request."""
    text = PLAN.get(code) or SPENDING.get(code) or KEYS.get(code)
    if text is None and CODE.fullmatch(code) and int(code) in ACCOUNT:
        return "the account is not allowed to do this"
    return text
