"""What answers say about the rate limit is read in every form seen, and garbled forms are nothing at all."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telnyx_bindings.runtime.rate_limit import LONGEST, RateLimit, read, wait

NOW = 1_800_000_000.0


def test_the_headers_that_telnyx_sends() -> None:
    headers = httpx.Headers(
        {"X-RateLimit-Limit": "40, 40;w=60", "x-ratelimit-remaining": "39", "x-ratelimit-reset": "15"}
    )
    assert read(headers) == RateLimit(limit=40, remaining=39, reset=timedelta(seconds=15))
    assert wait(headers) == 15.0


def test_no_header_is_no_limit() -> None:
    assert read({"content-type": "text/html"}) is None
    assert wait({}) is None


def test_a_reset_that_is_a_point_in_time_becomes_seconds() -> None:
    assert wait({"x-ratelimit-reset": str(NOW + 30)}, NOW) == 30.0
    assert wait({"x-ratelimit-reset": str(NOW - 30)}, NOW) == 0.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7", "x-ratelimit-reset": "15"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:20 GMT"}, 20.0),
        ({"retry-after": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0.0),
        ({"retry-after": "soon", "x-ratelimit-reset": "15"}, 15.0),
        ({"retry-after": "-1", "x-ratelimit-reset": "15"}, 15.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1_0"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "Fri, 31 Dec 99999 23:59:59 GMT"}, None),
        ({"retry-after": "9" * 30}, LONGEST),
        ({"x-ratelimit-reset": "-5"}, None),
    ],
    ids=str,
)
def test_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    assert wait(headers, NOW) == seconds


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ["retry-after", "retry-after-ms", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"],
            st.text() | st.floats().map(str) | st.integers().map(str),
        ),
    )
)
@settings(deadline=None)
def test_no_header_is_too_odd(headers: dict[str, str]) -> None:
    read(headers, NOW)
    seconds = wait(headers, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST
