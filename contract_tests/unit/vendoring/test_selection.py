"""Which operations a name means."""

from __future__ import annotations

import pytest

from scripts.errors import InputError
from scripts.vendoring.selection import select

METHODS = {
    "listProfiles": "profiles.list",
    "createProfile": "profiles.create",
    "listMetrics": "profile_metrics.list",
    "updateNumber": "phone_numbers.messaging.update",
    "listNumbers": "phone_numbers.list",
}
MODULES = {
    "listProfiles": "api.profiles.list_profiles",
    "createProfile": "api.profiles.create_profile",
    "listMetrics": "api.profiles.list_metrics",
    "updateNumber": "api.number_settings.update_number",
    "listNumbers": "api.numbers.list_numbers",
}


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (["profiles.create"], {"createProfile"}),
        (["createProfile"], {"createProfile"}),
        (["profiles"], {"listProfiles", "createProfile"}),
        (["phone_numbers"], {"updateNumber", "listNumbers"}),
        (["phone_numbers.messaging"], {"updateNumber"}),
        (["number_settings"], {"updateNumber"}),
        (["profiles.list,phone_numbers.list", " createProfile ,"], {"listProfiles", "listNumbers", "createProfile"}),
    ],
)
def test_methods_resources_tags_and_operation_ids_are_names(asked: list[str], meant: set[str]) -> None:
    found = select(asked, METHODS, MODULES)
    assert found.operations == meant
    assert not found.webhooks


def test_the_names_are_kept_sorted_and_once_so_that_the_same_slice_is_the_same_bytes() -> None:
    assert select(["profiles.list", "createProfile,profiles.list"], METHODS, MODULES).names == (
        "createProfile",
        "profiles.list",
    )


def test_webhooks_can_be_asked_for_alone() -> None:
    found = select(["webhooks"], METHODS, MODULES)
    assert found.webhooks
    assert found.operations == frozenset()


@pytest.mark.parametrize(
    ("asked", "fix"),
    [
        (["profile"], "did you mean profiles?"),
        (["Profiles.create"], "did you mean profiles.create?"),
        (["createprofile"], "did you mean createProfile?"),
        (["profiles.creat"], "did you mean profiles.create?"),
        (["webhook"], "did you mean webhooks?"),
        (["xyz"], "there are phone_numbers, phone_numbers.messaging, profile_metrics, profiles"),
        (["profiles", "prof"], "did you mean profiles?"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(asked: list[str], fix: str) -> None:
    with pytest.raises(InputError) as raised:
        select(asked, METHODS, MODULES)
    assert raised.value.fix == fix


@pytest.mark.parametrize("asked", [[""], [","], [" ", " , "]])
def test_naming_nothing_is_refused(asked: list[str]) -> None:
    with pytest.raises(InputError, match="names nothing"):
        select(asked, METHODS, MODULES)


def test_a_part_of_a_name_is_no_name() -> None:
    with pytest.raises(InputError, match="'phone'"):
        select(["phone"], METHODS, MODULES)
