"""Dates and times as RFC 3339 writes them, and as servers write them instead.

``parse_datetime`` and ``parse_date`` give ``None`` for what they do not understand, so that the caller keeps the text.
A time without an offset is such a text: it names no moment. Digits beyond the microsecond are cut off.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

_DAY_LENGTH: Final = len("2026-02-03")
_TWO: Final = [f"{number:02}" for number in range(60)]
_from_text: Final = datetime.fromisoformat


def parse_datetime(text: str) -> datetime | None:
    """The moment that ``text`` names, with its offset; ``None`` when it names none."""
    try:
        moment = _from_text(text)
    except ValueError:
        return _unusual(text)
    return moment if moment.tzinfo is not None else None


def parse_date(text: str) -> date | None:
    """The day that ``text`` names as ``2026-02-03``, or ``None``."""
    if len(text) != _DAY_LENGTH or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def datetime_text(moment: datetime) -> str:
    """The RFC 3339 text of a moment: ``Z`` for UTC, milliseconds where that is all there is.

    ``ValueError`` without an offset: the server would guess one.
    """
    fine = moment.microsecond
    if moment.tzinfo is UTC:  # pieced together in half of the time that isoformat takes
        text = f"{moment.date().isoformat()}T{_TWO[moment.hour]}:{_TWO[moment.minute]}:{_TWO[moment.second]}"
        if not fine:
            return text + "Z"
        return f"{text}.{fine:06}Z" if fine % 1000 else f"{text}.{fine // 1000:03}Z"
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; say tzinfo=UTC, or call astimezone() for local time")
    text = moment.isoformat() if fine % 1000 or not fine else moment.isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _unusual(text: str) -> datetime | None:
    """Forms that RFC 3339 has and the standard library refuses: small ``t`` and ``z``, 24:00, second 60, ``-00:00``.

    Midnight at the end of a day becomes the next day's; a leap second becomes the second after it.
    """
    plain = text.strip().upper()
    later = timedelta()
    day, clock = plain[:_DAY_LENGTH], plain[_DAY_LENGTH + 1 :]
    if clock.startswith("24:00") and not clock[5:].lstrip(":0.")[:1].isdigit():
        clock, later = f"00{clock[2:]}", timedelta(days=1)
    elif clock[5:8] == ":60":
        clock, later = f"{clock[:5]}:59{clock[8:]}", timedelta(seconds=1)
    try:
        moment = _from_text(f"{day}T{clock}") + later
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None


__all__ = ["UTC", "datetime_text", "parse_date", "parse_datetime"]
