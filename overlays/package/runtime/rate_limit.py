"""What an answer says about the rate limit and about when to come back.

Telnyx sends ``x-ratelimit-limit`` ("40, 40;w=60": quota, then quota and window in seconds), ``x-ratelimit-remaining``
and ``x-ratelimit-reset``, which is seconds in practice and a Unix time in one of its documents; ``Retry-After`` is
asked for by its send guide and was not seen on its 429s. All of it may be missing or garbled: nothing here raises.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

# A reset above this is a point in time, not a number of seconds: nobody waits for 30 years.
UNIX_TIME = 1_000_000_000
# Longer waits are no statement that anybody could use, and timedelta has an end.
LONGEST = 366 * 24 * 3600.0


class RateLimit(NamedTuple):
    """``limit`` and ``remaining`` count requests; ``reset`` is how long the window lasts from the answer on."""

    limit: int | None
    remaining: int | None
    reset: timedelta | None


def read(headers: Mapping[str, str], now: float | None = None) -> RateLimit | None:
    """The rate limit of an answer, ``None`` when it says nothing; ``now`` is the time in seconds since 1970."""
    limit, remaining, reset = map(headers.get, ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"))
    if limit is None and remaining is None and reset is None:
        return None
    seconds = _reset(reset, now)
    return RateLimit(_count(limit), _count(remaining), None if seconds is None else timedelta(seconds=seconds))


def wait(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """How many seconds the server asks to wait before the next request, ``None`` when it does not say.

    ``Retry-After`` comes before the end of the rate limit's window: where there is one, it is meant for this request.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None and milliseconds >= 0:
        return min(milliseconds / 1000, LONGEST)
    asked = headers.get("retry-after")
    if asked is not None:
        seconds = _number(asked)
        if seconds is None:
            seconds = _until(asked, now)
        if seconds is not None and seconds >= 0:
            return min(seconds, LONGEST)
    return _reset(headers.get("x-ratelimit-reset"), now)


def _reset(text: str | None, now: float | None) -> float | None:
    seconds = _number(text)
    if seconds is None or seconds < 0:
        return None
    if seconds >= UNIX_TIME:
        seconds = max(0.0, seconds - (time.time() if now is None else now))
    return min(seconds, LONGEST)


def _number(text: str | None) -> float | None:
    """A plain number; ``float`` would also take ``1_0``, ``nan`` and digits of other scripts."""
    if text is None or not text.isascii() or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _count(text: str | None) -> int | None:
    """The first number of a list such as ``40, 40;w=60``."""
    first = (text or "").partition(",")[0].partition(";")[0].strip()
    return int(first) if first.isascii() and first.isdigit() and len(first) < 19 else None


def _until(date: str, now: float | None) -> float | None:
    """Seconds until an HTTP date; 0 when it has passed."""
    from email.utils import parsedate_to_datetime  # loaded by the rare answer that has a date

    try:
        then = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError, OSError):
        return None
    return max(0.0, then - (time.time() if now is None else now))
