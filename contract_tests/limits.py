"""Where a target refuses a number that the description allows, the number it does take is found by halving.

Only the query of operations that read is tried: it changes nothing, whatever the answers are. What was found stands in
the finding, from where a proposal states it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from contract_tests.drift.finding import Finding
from contract_tests.exchange import Exchange
from contract_tests.session import Session

READ = ("read",)
KIND, PLACE = "valid-request-refused", "query:"


def state(session: Session, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> int:
    """Find the limits behind the findings of a run and note them there; how many were found within the time."""
    until, found = clock() + seconds, 0
    for finding in session.findings.all():
        limit = _limit(session, finding, lambda: clock() > until)
        if limit is not None:
            session.findings.update(replace(finding, limit=limit))
            found += 1
    return found


def _limit(session: Session, finding: Finding, late: Callable[[], bool]) -> tuple[str, int] | None:
    """Keyword and value of the limit that the target keeps to; None where it cannot be found by reading."""
    operation = session.description.by_id.get(finding.operation)
    exchange, name = finding.exchange, finding.pointer.removeprefix(PLACE)
    if finding.kind != KIND or name == finding.pointer or exchange is None or operation is None:
        return None
    parameter = next((one for one in operation.parameters if one["name"] == name), None)
    schema = session.description.resolve(parameter["schema"]) if parameter else {}
    sent = dict(parse_qsl(urlsplit(exchange.url).query)).get(name, "")
    if operation.effects != READ or schema.get("type") != "integer" or not sent.isdecimal():
        return None
    taken, refused = int(schema.get("minimum", 1)), int(sent)

    def takes(number: int) -> bool:
        return session.repeat(_with(exchange, name, number), operation).ok

    if not takes(taken) or takes(refused):
        # Something else than this number is refused, or it is refused no more.
        return None
    while refused - taken > 1:
        if late():
            return None
        middle = (taken + refused) // 2
        taken, refused = (middle, refused) if takes(middle) else (taken, middle)
    return "maximum", taken


def _with(exchange: Exchange, name: str, number: int) -> Exchange:
    """The same request with another number in its query."""
    parts = urlsplit(exchange.url)
    pairs = [(key, str(number) if key == name else value) for key, value in parse_qsl(parts.query)]
    return replace(exchange, url=urlunsplit(parts._replace(query=urlencode(pairs))))
