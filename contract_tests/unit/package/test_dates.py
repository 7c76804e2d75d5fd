"""RFC 3339 in all its forms is understood; whatever else is kept as text, and nothing ambiguous is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telnyx_bindings.runtime.dates import datetime_text, parse_date, parse_datetime

INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-03T04:05:06Z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03t04:05:06z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03 04:05:06Z", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03T04:05:06.7Z", datetime(2026, 2, 3, 4, 5, 6, 700_000, tzinfo=UTC)),
        ("2026-02-03T04:05:06.123456789Z", datetime(2026, 2, 3, 4, 5, 6, 123_456, tzinfo=UTC)),
        ("2026-02-03T04:05:06.123456789z", datetime(2026, 2, 3, 4, 5, 6, 123_456, tzinfo=UTC)),
        ("2026-02-03T04:05:06+05:30", datetime(2026, 2, 3, 4, 5, 6, tzinfo=INDIA)),
        ("2026-02-03T04:05:06-00:00", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03T24:00:00Z", datetime(2026, 2, 4, tzinfo=UTC)),
        ("2026-02-03T24:00:00+05:30", datetime(2026, 2, 4, tzinfo=INDIA)),
        ("2026-12-31T24:00:00.000Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-06-30T23:59:60Z", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-06-30t23:59:60.5z", datetime(2026, 7, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-07-01T05:29:60+05:30", datetime(2026, 7, 1, 5, 30, tzinfo=INDIA)),
    ],
)
def test_forms_of_rfc_3339_name_their_moment(text: str, moment: datetime) -> None:
    found = parse_datetime(text)
    assert found == moment
    assert found is not None
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-02-03", "2026-02-03T04:05:06", "1770091506", "Tue, 03 Feb 2026 04:05:06 GMT",
     "2026-02-30T00:00:00Z",
     "2026-02-03T24:00:00.5Z", "2026-02-03T25:00:00Z", "2026-02-03T04:05:61Z", "2026-02-03T24:00:01Z",
     "9999-12-31T24:00:00Z", "24:00:00Z"],
)  # fmt: skip
def test_texts_that_name_no_moment_are_left_to_the_caller(text: str) -> None:
    assert parse_datetime(text) is None


@given(st.text())
def test_no_text_makes_parsing_raise(text: str) -> None:
    parse_datetime(text)
    parse_date(text)


@given(
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
    )
)
def test_no_text_that_looks_like_a_moment_makes_parsing_raise(text: str) -> None:
    found = parse_datetime(text)
    assert found is None or found.tzinfo is not None


@given(st.datetimes(timezones=st.sampled_from([UTC, INDIA, timezone(-timedelta(hours=8))])))
def test_moments_are_read_back_as_they_were_written(moment: datetime) -> None:
    text = datetime_text(moment)
    found = parse_datetime(text)
    assert found == moment
    assert found is not None
    assert found.utcoffset() == moment.utcoffset()
    assert text.endswith("Z") == (moment.utcoffset() == timedelta())


@pytest.mark.parametrize(
    "text", ["2026-02-03T04:05:06Z", "2026-02-03T04:05:06.789Z", "2026-02-03T04:05:06.123456+05:30"]
)
def test_usual_texts_are_written_as_they_came(text: str) -> None:
    found = parse_datetime(text)
    assert found is not None
    assert datetime_text(found) == text


def test_utc_by_another_name_is_written_as_utc() -> None:
    assert (
        datetime_text(datetime(2026, 2, 3, 4, 5, 6, 7000, tzinfo=timezone(timedelta()))) == "2026-02-03T04:05:06.007Z"
    )


def test_moment_without_a_time_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="2026-02-03T00:00:00 has no time zone"):
        datetime_text(datetime(2026, 2, 3))


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-02-03", date(2026, 2, 3)), ("2026-02-30", None), ("20260203", None), ("2026-W06-2", None), ("", None)],
)
def test_days_are_read_in_their_one_form(text: str, day: date | None) -> None:
    assert parse_date(text) == day
