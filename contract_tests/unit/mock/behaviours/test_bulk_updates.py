"""Moving many numbers: pending first, then each moved or not."""

from __future__ import annotations

from typing import Any

from contract_tests.unit.mock.behaviours.account import BUSY, LONG_CODE, SECOND, TOLL_FREE, UNASSIGNED, Account

PATH = "/messaging_numbers_bulk_updates"
STRANGER = "+13125550199"


def profile_of(account: Account, number: str) -> Any:
    """The profile that a number is assigned to."""
    return account.call("GET", f"/phone_numbers/{number}/messaging").data["messaging_profile_id"]


def move(account: Account, *numbers: str, to: str = BUSY, **more: Any) -> Any:
    """An order as it is answered."""
    return account.call("POST", PATH, {"messaging_profile_id": to, "numbers": list(numbers), **more}).data


def after(account: Account, order: Any) -> tuple[list[str], list[str], list[str]]:
    """What became of an order: moved, still pending, failed."""
    account.mock.clock.advance(2)
    found = account.call("GET", f"{PATH}/{order['order_id']}").data
    return found["success"], found["pending"], found["failed"]


def test_numbers_are_pending_and_where_they_were_until_they_are_moved(account: Account) -> None:
    order = move(account, UNASSIGNED, LONG_CODE)
    assert (order["success"], order["pending"], order["failed"]) == ([], [UNASSIGNED, LONG_CODE], [])
    assert profile_of(account, LONG_CODE) == SECOND
    assert after(account, order) == ([UNASSIGNED, LONG_CODE], [], [])
    assert {profile_of(account, one) for one in (UNASSIGNED, LONG_CODE)} == {BUSY}


def test_numbers_are_moved_though_nobody_asks_for_the_order(account: Account) -> None:
    move(account, UNASSIGNED)
    account.mock.clock.advance(2)
    listed = account.call("GET", f"/messaging_profiles/{BUSY}/phone_numbers").json["data"]
    assert {one["phone_number"] for one in listed} == {TOLL_FREE, UNASSIGNED}


def test_a_number_that_the_account_lacks_fails_alone(account: Account) -> None:
    assert after(account, move(account, STRANGER, UNASSIGNED)) == ([UNASSIGNED], [], [STRANGER])


def test_an_empty_profile_takes_numbers_off_theirs(account: Account) -> None:
    assert after(account, move(account, LONG_CODE, to="")) == ([LONG_CODE], [], [])
    assert profile_of(account, LONG_CODE) is None


def test_assign_only_spares_numbers_of_other_profiles(account: Account) -> None:
    order = move(account, LONG_CODE, UNASSIGNED, TOLL_FREE, assign_only=True)
    assert after(account, order) == ([UNASSIGNED, TOLL_FREE], [], [LONG_CODE])
    assert profile_of(account, LONG_CODE) == SECOND


def test_a_profile_that_is_deleted_meanwhile_gets_nothing(account: Account) -> None:
    made = account.call("POST", "/messaging_profiles", {"name": "Short", "whitelisted_destinations": ["US"]}).data["id"]
    order = move(account, UNASSIGNED, to=made)
    assert account.call("DELETE", f"/messaging_profiles/{made}").status == 200
    assert after(account, order) == ([], [], [UNASSIGNED])


def test_a_profile_that_does_not_exist_is_refused_and_nothing_is_ordered(account: Account) -> None:
    body = {"messaging_profile_id": "3fa85f64-5717-4562-b3fc-2c963f66afa7", "numbers": [UNASSIGNED]}
    before = account.mock.records("messaging_numbers_bulk_updates")
    assert account.call("POST", PATH, body).refusal == (422, ["10017"])
    assert account.mock.records("messaging_numbers_bulk_updates") == before


def test_a_number_that_is_named_twice_is_moved_once(account: Account) -> None:
    assert after(account, move(account, UNASSIGNED, UNASSIGNED)) == ([UNASSIGNED], [], [])
