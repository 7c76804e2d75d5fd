"""The number pool: weights, health, area, and the number that sticks to a recipient."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from contract_tests.mock.behaviours.senders import is_healthy, kind_of
from contract_tests.unit.mock.behaviours.account import BUSY, SOMEBODY, TOLL_FREE, UNASSIGNED, Account

HEALTH = {"message_count": 100, "inbound_outbound_ratio": 1.0, "success_ratio": 0.9, "spam_ratio": 0.0}
DAY = 24 * 3600


def pool(account: Account, **changes: Any) -> None:
    """Settings of the pool of a profile; what is not named is as it is in the seeds, without what sticks."""
    settings = {"toll_free_weight": 1, "long_code_weight": 1, "skip_unhealthy": False, "sticky_sender": False}
    body = {"number_pool_settings": {**settings, "geomatch": False, **changes}, "whitelisted_destinations": ["*"]}
    assert account.call("PATCH", f"/messaging_profiles/{BUSY}", body).status == 200


def number(account: Account, phone_number: str, kind: str = "long-code", **health: float) -> str:
    """One more number of the profile."""
    account.mock.seed(
        "phone_number_messaging_settings",
        {
            "phone_number": phone_number,
            "messaging_profile_id": BUSY,
            "type": kind,
            "health": {**HEALTH, **health},
            "country_code": "US",
        },
    )
    return phone_number


def senders(account: Account, count: int, to: str = SOMEBODY) -> Counter[str]:
    """Who sends so many messages."""
    sent = [account.send(messaging_profile_id=BUSY, to=to).data for _ in range(count)]
    return Counter(one["from"]["phone_number"] for one in sent)


def test_kinds_are_chosen_by_their_weights_and_numbers_of_a_kind_alike(account: Account) -> None:
    first, second = number(account, "+13125550111"), number(account, "+13125550112")
    pool(account, toll_free_weight=3, long_code_weight=1)
    found = senders(account, 400)
    assert 250 <= found[TOLL_FREE] <= 350  # three quarters of them
    assert 25 <= found[first] <= 75 and 25 <= found[second] <= 75


def test_the_same_seed_makes_the_same_choices(account: Account) -> None:
    def choices() -> list[str]:
        account.mock.reset()
        account.mock.clock.freeze()
        number(account, "+13125550111")
        pool(account)
        return [account.send(messaging_profile_id=BUSY).data["from"]["phone_number"] for _ in range(20)]

    assert len(set(choices())) == 2


def test_a_weight_of_zero_takes_a_kind_out(account: Account) -> None:
    number(account, "+13125550111")
    pool(account, long_code_weight=0)
    assert set(senders(account, 20)) == {TOLL_FREE}
    pool(account, long_code_weight=0, toll_free_weight=0)
    assert account.send(messaging_profile_id=BUSY).refusal == (400, ["40321"])


@pytest.mark.parametrize(
    ("health", "healthy"),
    [
        ({}, True),
        ({"success_ratio": 0.25}, True),
        ({"success_ratio": 0.24}, False),
        ({"spam_ratio": 0.75}, True),
        ({"spam_ratio": 0.76}, False),
        ({"success_ratio": 0.0, "message_count": 0}, True),  # nothing was sent yet
    ],
)
def test_who_is_healthy(health: dict[str, float], healthy: bool) -> None:
    assert is_healthy({"health": {**HEALTH, **health}}) is healthy
    assert is_healthy({"health": None}) and is_healthy({})


def test_unhealthy_numbers_are_skipped_where_that_is_wanted(account: Account) -> None:
    ill = number(account, "+13125550111", success_ratio=0.1)
    pool(account, skip_unhealthy=True)
    assert set(senders(account, 20)) == {TOLL_FREE}
    pool(account, skip_unhealthy=False, toll_free_weight=0)
    assert set(senders(account, 3)) == {ill}
    pool(account, skip_unhealthy=True, toll_free_weight=0)
    assert account.send(messaging_profile_id=BUSY).refusal == (400, ["40321"])


def test_geomatch_prefers_the_area_code_of_the_recipient(account: Account) -> None:
    near = number(account, "+13125550111")
    number(account, "+12125550112")
    pool(account, geomatch=True)
    assert set(senders(account, 20, to="+13125550100")) == {near}
    assert len(senders(account, 60, to="+14155550100")) == 3  # nobody is near
    assert len(senders(account, 60, to="+442075550100")) == 3  # not of the North American plan


def test_a_sender_sticks_to_a_recipient_for_eight_days_since_the_last_message(account: Account) -> None:
    for digit in range(8):
        number(account, f"+1312555011{digit}")
    pool(account, sticky_sender=True)
    first = senders(account, 30)
    assert len(first) == 1
    account.mock.clock.advance(7.9 * DAY)
    assert senders(account, 1) == Counter(list(first))  # and from now on eight days more
    account.mock.clock.advance(7.9 * DAY)
    assert senders(account, 1) == Counter(list(first))
    later = set()
    for _ in range(12):
        account.mock.clock.advance(8.1 * DAY)
        later |= set(senders(account, 1))
    assert len(later) > 1


def test_each_recipient_has_a_sender_of_its_own(account: Account) -> None:
    for digit in range(8):
        number(account, f"+1312555011{digit}")
    pool(account, sticky_sender=True)
    chosen = [list(senders(account, 2, to=f"+1212555010{digit}")) for digit in range(10)]
    assert all(len(one) == 1 for one in chosen) and len({one[0] for one in chosen}) > 1


def test_a_sticky_sender_that_falls_ill_is_replaced(account: Account) -> None:
    ill = number(account, "+13125550111")
    pool(account, sticky_sender=True, skip_unhealthy=True, toll_free_weight=0)
    assert set(senders(account, 2)) == {ill}
    store = account.mock.app.store["phone_number_messaging_settings"]
    store.replace({**store.find("phone_number", ill), "health": {**HEALTH, "success_ratio": 0.0}})  # type: ignore[dict-item]
    well = number(account, "+13125550112")
    assert set(senders(account, 2)) == {well}


def test_what_stuck_is_forgotten_for_good_when_the_feature_is_off(account: Account) -> None:
    for digit in range(8):
        number(account, f"+1312555011{digit}")
    seen = set()
    for _ in range(8):
        pool(account, sticky_sender=True)
        seen |= set(senders(account, 2))
        pool(account, sticky_sender=False)
    assert len(seen) > 1


def test_media_takes_a_number_that_can_send_it(account: Account) -> None:
    able = number(account, "+13125550111")
    pool(account)
    media = {"messaging_profile_id": BUSY, "media_urls": ["https://www.example.com/a.png"]}
    assert {account.send(**media).data["from"]["phone_number"] for _ in range(20)} == {able}


def test_numbers_of_other_profiles_are_not_in_the_pool(account: Account) -> None:
    pool(account)
    assert set(senders(account, 5)) == {TOLL_FREE}
    move = {"messaging_profile_id": BUSY}
    account.call("PATCH", f"/phone_numbers/{UNASSIGNED}/messaging", move)
    assert set(senders(account, 40)) == {TOLL_FREE, UNASSIGNED}


def test_kinds_are_known_however_they_are_spelt() -> None:
    assert {kind_of({"type": spelt}) for spelt in ("toll-free", "tollfree")} == {"tollfree"}
    assert kind_of({}) == ""
