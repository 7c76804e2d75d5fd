"""Shares cover every operation once, are the same in every process, and keep together what must not be parted."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.description import Description, load
from contract_tests.sharding import parse, share, split, weight
from contract_tests.unit.mock.library import document
from scripts.errors import InputError


@pytest.mark.parametrize("of", [1, 2, 3, 5, 12, 40])
@pytest.mark.parametrize("apart", [True, False])
def test_every_operation_is_in_one_share_and_the_walks_are_in_one(of: int, apart: bool) -> None:
    shares = split(load(), of, apart=apart)
    assert sorted(name for one in shares for name in one.operations) == sorted(load().by_id)
    assert [one.whole for one in shares].count(True) == 1
    assert [one.number for one in shares] == list(range(1, len(shares) + 1))
    assert all(one.operations or one.whole for one in shares)


def test_two_shares_of_our_description_weigh_about_the_same() -> None:
    one, other = (sum(weight(load().by_id[name]) for name in share.operations) for share in split(load(), 2))
    walks = 3 * len(load().operations)
    assert abs(one + walks - other) < 0.2 * (one + other + walks)


def test_the_split_does_not_depend_on_the_order_of_the_description() -> None:
    turned = Description({**load().document, "paths": dict(reversed(load().document["paths"].items()))})
    assert {one.operations for one in split(load(), 3)} == {one.operations for one in split(turned, 3)}


def test_only_restricts_what_is_split() -> None:
    only = frozenset({"listMessagingProfiles", "createMessagingProfile"})
    assert set().union(*(one.operations for one in split(load(), 2, only))) == only


def test_on_one_target_operations_whose_records_touch_stay_together() -> None:
    shares = split(load(), 4, apart=False)

    def share_of(name: str) -> int:
        return next(one.number for one in shares if name in one.operations)

    # Numbers refer to profiles, short codes are listed below them, messages are sent by them: one process for all.
    profiles = share_of("listMessagingProfiles")
    for name in ("updatePhoneNumberMessagingSettings", "listMessagingProfileShortCodes", "sendNumberPoolMessage"):
        assert share_of(name) == profiles
    # An order shows numbers that another operation takes away.
    assert share_of("deleteMessagingHostedNumber") == share_of("listMessagingHostedNumberOrders") == profiles
    # Campaigns belong to brands, and neither to a profile.
    assert share_of("listCampaigns") == share_of("createBrand") != profiles


def test_on_one_target_operations_that_share_no_record_are_parted() -> None:
    made: dict[str, Any] = document()
    lone = {"operationId": "listStars", "x-resource": {"collection": "stars", "action": "list"}, "responses": {}}
    made["paths"]["/stars"] = {"get": lone}
    shares = split(Description(made), 4, apart=False)
    assert [one.operations for one in shares if "listStars" in one.operations] == [{"listStars"}]
    assert len(shares) == 2


def test_what_touches_touches_through_others() -> None:
    def resource(collection: str, **more: Any) -> dict[str, Any]:
        rule = {"collection": collection, **more}
        return {"operationId": f"of{collection}{len(more)}", "x-resource": rule, "responses": {}}

    parent = {"collection": "b", "parameter": "id", "field": "b_id"}
    paths = {
        "/1": {"get": resource("a", action="list", parent=parent)},
        "/2": {"get": resource("a", action="list")},
        "/3": {"get": resource("b", action="list")},
    }
    assert len(split(Description({"paths": paths}), 3, apart=False)) == 1
    link = {"operationId": paths["/3"]["get"]["operationId"]}
    paths["/4"] = {"get": {**resource("c", action="list", order="x"), "responses": {"200": {"links": {"b": link}}}}}
    assert len(split(Description({"paths": paths}), 3, apart=False)) == 1
    paths["/4"]["get"]["responses"] = {}
    assert len(split(Description({"paths": paths}), 3, apart=False)) == 2


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/65", "-1/2", "1/2/3", "a/b", "١/2"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no share"):
        parse(text)


def test_a_share_beyond_the_last_operation_is_refused_not_run_empty() -> None:
    assert parse("2/3") == (2, 3)
    assert share(load(), 1, 40).name == "1/40"
    only = frozenset(one.operation_id for one in load().operations[:12])
    assert share(load(), 13, 40, only).name == "13/40"
    with pytest.raises(InputError, match="there is only work for 13 shares"):
        share(load(), 14, 40, only)
