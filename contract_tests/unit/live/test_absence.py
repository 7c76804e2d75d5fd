"""What an account has not is told when the policy says so and an empty list confirms it; the rest stays missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.live import absence, policy
from contract_tests.live.policy import OptIn
from contract_tests.live.verdict import Terms
from contract_tests.outlet import Excuse, Looked, Sight
from contract_tests.unit.live.stage import DELETING, staged
from contract_tests.unit.live.test_live_run import run, target
from contract_tests.unit.live.test_policy import GOOD, written
from scripts.errors import InputError

OURS = load()
EMPTY, FULL, NOTHING = Sight(3, 0), Sight(3, 7), Sight(0, 0)
SENDING = OptIn(frozenset({"costs", "contacts-people", "irreversible"}), Decimal(0))


@contextmanager
def terms(**policies: Any) -> Iterator[Terms]:
    with staged(**policies) as stage:
        yield stage.gate.terms


def looked(default: Sight = FULL, **told: Sight) -> Looked:
    """What came of operations: as told, of the others ``default``."""
    return lambda operation_id: told.get(operation_id, default)


def told(look: Looked, **policies: Any) -> list[Excuse]:
    with terms(**policies) as made:
        return list(absence.excuses(made, look))


def test_where_everything_was_exercised_nothing_is_told() -> None:
    assert told(looked()) == []


def test_records_that_only_withheld_operations_make_are_told_with_the_reason() -> None:
    (one,) = told(looked(retrieveMessage=NOTHING))
    assert one.operations == ("retrieveMessage",)
    assert one.reason == (
        "retrieveMessage: nothing lists messages, and the run may not make any "
        "(sendMessage: the policy does not opt in to costs, and 5 more)"
    )


def test_once_one_maker_is_allowed_what_was_not_exercised_is_missing() -> None:
    names = {**DELETING, "sendGroupMmsMessage": SENDING}
    assert told(looked(retrieveMessage=NOTHING), opt_ins=names) == []


@pytest.mark.parametrize("operation_id", ["retrieveAutorespConfig", "retrieveShortCode", "retrieveMessagingProfile"])
def test_records_that_something_lists_stay_missing(operation_id: str) -> None:
    assert told(looked(**{operation_id: NOTHING})) == []


def test_what_the_policy_says_is_absent_and_lists_do_not_show_is_told() -> None:
    nothing = {"listShortCodes": EMPTY, "listMessagingProfileShortCodes": EMPTY, "retrieveShortCode": NOTHING}
    (one,) = told(looked(**nothing), absent=frozenset({"short_codes"}))
    assert set(one.operations) >= {"listShortCodes", "listMessagingProfileShortCodes", "retrieveShortCode"}
    assert "the account has no short_codes, as the policy says" in one.reason
    assert told(looked(**nothing)) == []


def test_a_list_that_never_answered_confirms_nothing() -> None:
    nothing = {"listShortCodes": NOTHING, "listMessagingProfileShortCodes": NOTHING, "retrieveShortCode": NOTHING}
    assert told(looked(**nothing), absent=frozenset({"short_codes"})) == []
    (one,) = told(looked(**{**nothing, "listShortCodes": EMPTY}), absent=frozenset({"short_codes"}))
    assert "listMessagingProfileShortCodes" not in one.operations


def test_a_record_that_shows_up_is_said_and_excuses_nothing() -> None:
    nothing = {"listShortCodes": EMPTY, "listMessagingProfileShortCodes": Sight(1, 2), "retrieveShortCode": NOTHING}
    (one,) = told(looked(**nothing), absent=frozenset({"short_codes"}))
    assert one.operations == ()
    assert "listMessagingProfileShortCodes showed 2: take it out of `absent`" in one.reason


def test_what_stands_below_absent_records_cannot_be_asked_for_either() -> None:
    nothing = {"listBrands": EMPTY, "listBrandExternalVettings": NOTHING, "retrieveBrand": NOTHING}
    (one,) = told(looked(**nothing), absent=frozenset({"brands"}))
    assert set(one.operations) >= {"listBrands", "listBrandExternalVettings", "retrieveBrand"}


def test_one_list_may_be_empty_although_others_are_not() -> None:
    (one,) = told(looked(listMessagingProfileShortCodes=EMPTY), absent=frozenset({"listMessagingProfileShortCodes"}))
    assert one.operations == ("listMessagingProfileShortCodes",)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("short_code", "no collection or list 'short_code'"),
        ("messages", "no list could confirm that there are no messages"),
        ("retrieveMessage", "no list could confirm"),
    ],
)
def test_what_nothing_could_confirm_is_an_input_error(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        policy.load(OURS, written(tmp_path, {**GOOD, "absent": [name]}))
    assert caught.value.pointer == "/absent/0"
    found = policy.load(OURS, written(tmp_path, {**GOOD, "absent": ["short_codes", "listBrands"]}))
    assert found.absent == {"short_codes", "listBrands"}


ONLY = ["--only", "listShortCodes", "retrieveShortCode", "listMessagingUrlDomains", "retrieveMessage"]


@pytest.mark.parametrize(("absent", "code"), [("[]", 6), ("[short_codes]", 0), ("[short_codes, brands]", 0)])
def test_a_run_on_an_account_without_such_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], absent: str, code: int
) -> None:
    file = tmp_path / "policy.yaml"
    limits = 'requests: 3000, writes: 0, creations: 0, usd: "0", people: 0, minutes: 9'
    file.write_text(f"version: 1\nabsent: {absent}\nlimits: {{{limits}}}\n", encoding="utf-8")
    with target(monkeypatch) as (mock, recorder):
        for record in list(mock.store["short_codes"]):
            mock.store["short_codes"].remove(record["id"])
        ended, _ = run(recorder, tmp_path, "--policy", str(file), *ONLY)
    shown = capfd.readouterr().out
    assert ended == code, shown
    assert "not checked: retrieveMessage: nothing lists messages" in shown
    missing = "not exercised: listShortCodes never listed a record"
    assert (missing in shown) == (code == 6)
    assert ("the account has no short_codes, as the policy says" in shown) == (code == 0)


def test_nothing_is_excused_where_nothing_was_exercised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target(monkeypatch) as (_, recorder):
        assert run(recorder, tmp_path, "--only", "retrieveMessage")[0] == 6
