"""Metrics: arithmetic over stored records, the same each time, and the intervals add up to the overview."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.mock.behaviours import messaging_profiles
from contract_tests.mock.behaviours.messaging_profiles import figures_of, hours_of, overview, part
from contract_tests.mock.exchange import Record
from contract_tests.unit.mock.conversation import Ask

PROFILE = "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
EMPTY = "400198eb-b746-43f8-9d0b-51a0c3f7e2b4"
UNKNOWN = "400198eb-b746-43f8-9d0b-51a0c3f7e2b5"
FRAMES = {"1h": 1, "3h": 3, "24h": 24, "3d": 3, "7d": 7, "30d": 30}
STEADY = settings(derandomize=True, database=None, max_examples=200, deadline=None)


@pytest.mark.parametrize("frame", FRAMES)
def test_intervals_cover_the_time_frame_and_add_up(call: Ask, frame: str) -> None:
    call.mock.clock.set(datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC))
    metrics = call("GET", f"/messaging_profiles/{PROFILE}/metrics?time_frame={frame}").data
    overview, detailed = metrics["overview"], metrics["detailed"]
    assert len(detailed) == FRAMES[frame]
    stamps = [interval["timestamp"] for interval in detailed]
    assert stamps == sorted(set(stamps))
    assert stamps[-1] == ("2026-03-01T12:00:00.000Z" if frame.endswith("h") else "2026-03-01T00:00:00.000Z")

    def total(name: str) -> int:
        return sum(series[name] for interval in detailed for series in interval["metrics"])

    assert total("sent") == overview["outbound"]["sent"]
    assert total("delivered") == overview["outbound"]["delivered"]
    assert total("received") == overview["inbound"]["received"]
    assert overview["outbound"]["sent"] > 0


def test_a_day_is_the_default_and_the_same_question_has_the_same_answer(call: Ask) -> None:
    call.mock.clock.set(datetime(2026, 3, 1, tzinfo=UTC))
    url = f"/messaging_profiles/{PROFILE}/metrics"
    assert call("GET", url).data == call("GET", f"{url}?time_frame=24h").data
    assert call("GET", url).data["overview"] == {
        "record_type": "messaging_profile_metrics",
        "messaging_profile_id": PROFILE,
        "phone_numbers": 1,
        "outbound": {"sent": 160, "delivered": 155, "error_ratio": 0.0312},
        "inbound": {"received": 80},
    }


def test_figures_follow_the_numbers_of_a_profile(call: Ask) -> None:
    url = f"/messaging_profiles/{EMPTY}/metrics"
    assert call("GET", url).data["overview"]["outbound"] == {"sent": 0, "delivered": 0, "error_ratio": 0.0}
    call("PATCH", "/phone_numbers/1293384261075731501/messaging", {"messaging_profile_id": EMPTY})
    moved = call("GET", url).data["overview"]
    assert (moved["phone_numbers"], moved["outbound"]["sent"]) == (1, 160)
    assert call("GET", f"/messaging_profiles/{PROFILE}/metrics").data["overview"]["phone_numbers"] == 0


def test_the_list_has_one_overview_for_each_profile_and_filters_by_it(call: Ask) -> None:
    everything = call("GET", "/messaging_profile_metrics")
    profiles = len(call.mock.store["messaging_profiles"])
    assert len(everything.data) == everything.json["meta"]["total_results"] == profiles
    (one,) = call("GET", f"/messaging_profile_metrics?id={PROFILE}").data
    assert one == call("GET", f"/messaging_profiles/{PROFILE}/metrics").data["overview"]
    page = call("GET", "/messaging_profile_metrics?page[size]=1&page[number]=2")
    assert (page.data, page.json["meta"]["total_pages"]) == ([everything.data[1]], profiles)


@pytest.mark.parametrize(
    ("query", "found"),
    [("page[size]=1&page[number]=2", 1), (f"id={PROFILE}", 1), ("page[number]=900", 0), (f"id={UNKNOWN}", 0)],
)
def test_no_more_is_computed_than_the_page_shows(
    call: Ask, monkeypatch: pytest.MonkeyPatch, query: str, found: int
) -> None:
    computed = []

    def counted(profile: Record, numbers: list[Record], hours: int) -> Record:
        computed.append(profile["id"])
        return overview(profile, numbers, hours)

    monkeypatch.setattr(messaging_profiles, "overview", counted)
    shown = call("GET", f"/messaging_profile_metrics?{query}").data
    assert [one["messaging_profile_id"] for one in shown] == computed and len(computed) == found


def test_metrics_of_an_unknown_profile_are_not_found(call: Ask) -> None:
    assert call("GET", "/messaging_profiles/nothing/metrics").places == [("10005", None)]


RATIO = st.floats(0, 5, allow_nan=False)


@STEADY
@given(count=st.integers(0, 10**9), ratio=RATIO, success=RATIO, hours=st.sampled_from([1, 3, 24, 72, 720]))
def test_no_more_is_delivered_than_sent_and_nothing_is_lost(
    count: int, ratio: float, success: float, hours: int
) -> None:
    health: dict[str, Any] = {"message_count": count, "inbound_outbound_ratio": ratio, "success_ratio": success}
    figures = figures_of({"health": health}, hours)
    assert 0 <= figures.delivered <= figures.sent
    assert figures.sent + figures.received == round(count * hours / 720)
    assert 0 <= figures.error_ratio <= 1


@STEADY
@given(total=st.integers(0, 10**9), count=st.integers(1, 40))
def test_parts_are_nearly_equal_and_add_up(total: int, count: int) -> None:
    parts = [part(total, index, count) for index in range(count)]
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_time_frames_are_read_in_hours() -> None:
    assert [hours_of(frame) for frame in FRAMES] == [1, 3, 24, 72, 168, 720]
