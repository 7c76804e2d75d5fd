"""What the server dates: when a record was made and last changed, held against each other and against the clock.

The clock is the one that the answer itself tells in its ``Date`` header (RFC 9110, 6.6.1), so that neither this
machine's nor a stand-in's need be right; an answer that tells none is held against this machine's.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from contract_tests.drift.finding import Severity
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record
from contract_tests.rules.bench import Bench
from contract_tests.rules.compare import instant
from contract_tests.rules.resource import Resource

MADE, TOUCHED = "created-at", "updated-at"
# Machines of one service are seconds apart, time zones a quarter of an hour or more.
APART = timedelta(minutes=5)


def new_is_dated(bench: Bench, resource: Resource, record: Record, exchange: Exchange) -> bool:
    """Judge that a record that was just made says so, and was last changed when it was made.

    Where both times agree and are wrong, that is said of both.
    """
    pairs = itertools.product(resource.generated(MADE), resource.generated(TOUCHED))
    verdicts = [_agree(bench, record, exchange, made, touched) for made, touched in pairs]
    agree = all(verdicts)
    names = (*resource.generated(MADE), *(resource.generated(TOUCHED) if agree else ()))
    return _are_now(bench, names, record, exchange) and agree


def change_is_dated(bench: Bench, resource: Resource, before: Record, after: Record, exchange: Exchange) -> bool:
    """Judge that a record that was just changed says so, and tells a later time than before."""
    moved = []
    for name in resource.generated(TOUCHED):
        then, now = instant(before.get(name)), instant(after.get(name))
        later = bench.expect(
            then is not None and now is not None and now > then,
            "updated-at-not-advanced",
            exchange,
            pointer=exchange.at(name),
            expected=f"later than {before.get(name)}",
            observed=str(after.get(name)),
        )
        moved += [name] if later else []
    return _are_now(bench, tuple(moved), after, exchange) and len(moved) == len(resource.generated(TOUCHED))


def clock_of(exchange: Exchange) -> datetime:
    """When an answer was given: as its ``Date`` header says, else as this machine's clock does."""
    try:
        told = parsedate_to_datetime(exchange.headers.get("date", ""))
    except ValueError:
        return datetime.now(UTC)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _agree(bench: Bench, record: Record, exchange: Exchange, made: str, touched: str) -> bool:
    """Judge that both times are one; a missing time is reported already."""
    begin, last = instant(record.get(made)), instant(record.get(touched))
    return (
        begin is None
        or last is None
        or bench.expect(
            begin == last,
            "new-record-changed",
            exchange,
            pointer=exchange.at(touched),
            expected=f"{record[made]}, as {made}",
            observed=str(record[touched]),
            severity=Severity.DEGRADED,
        )
    )


def _are_now(bench: Bench, names: tuple[str, ...], record: Record, exchange: Exchange) -> bool:
    """Judge that these times are the present; one that does not say its zone names no moment to be held to."""
    clock, right = clock_of(exchange), []
    for name in names:
        moment = instant(record.get(name))
        if moment is None or not _has_zone(str(record[name])):
            continue
        right.append(
            bench.expect(
                abs(moment - clock) <= APART,
                "time-not-now",
                exchange,
                pointer=exchange.at(name),
                expected=f"the time of the answer, {clock.isoformat(timespec='seconds')}",
                observed=str(record[name]),
            )
        )
    return all(right)


def _has_zone(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None
