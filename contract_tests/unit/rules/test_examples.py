"""The description's own examples name records that can be asked for, and its answers hold fields by name or not."""

from __future__ import annotations

import pytest

from contract_tests.description import Operation, load
from contract_tests.rules.examples import addresses_shown, describes_fields
from contract_tests.unit.rules.stage import LIBRARY, OPERATION, staged

READS = [one for one in load().operations if one.effects == ("read",) and addresses_shown(load(), one)]


@pytest.mark.parametrize("operation", READS, ids=[one.operation_id for one in READS])
def test_a_stand_in_has_the_record_that_the_path_shows(operation: Operation) -> None:
    with staged(load()) as (session, _):
        first, *_ = addresses_shown(load(), operation)
        assert session.call(operation.operation_id, path=first).status == 200


def test_each_kind_of_a_union_is_shown() -> None:
    shown = addresses_shown(load(), load().by_id["retrieveMessage"])
    with staged(load()) as (session, _):
        kinds = [session.call("retrieveMessage", path=path).content["direction"] for path in shown]
    assert kinds == ["outbound", "inbound"]


def test_an_operation_without_a_key_or_examples_shows_no_record() -> None:
    assert addresses_shown(load(), load().by_id["listBrands"]) == ()
    assert addresses_shown(LIBRARY, OPERATION["retrieveShelf"]) == ()


@pytest.mark.parametrize(
    ("name", "described"),
    [
        ("deleteBrand", False),  # silent
        ("retrieveCampaignOsrAttributes", False),  # an open object
        ("acceptSharedCampaign", False),
        ("retrieveMessage", True),  # a union
        ("listBrandExternalVettings", True),  # a bare list
        ("listMessagingProfiles", True),
    ],
)
def test_an_answer_describes_fields_or_not(name: str, described: bool) -> None:
    assert describes_fields(load(), load().by_id[name]) is described
