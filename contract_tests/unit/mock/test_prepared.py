"""A description is made ready once, and mocks of it share nothing that a request can change."""

from __future__ import annotations

import copy

import pytest

from contract_tests.description import Description, load
from contract_tests.mock.app import create_app
from contract_tests.mock.prepared import KEPT, prepared
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.library import document
from scripts.errors import InputError

PROFILE = "/messaging_profiles/3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_it_is_made_once_for_a_description_and_anew_for_another_that_says_the_same() -> None:
    description = Description(document())
    assert prepared(description) is prepared(description)
    assert prepared(description).records is prepared(description).records
    assert prepared(Description(document())) is not prepared(description)


def test_whatever_one_mock_is_told_another_of_the_description_does_not_know() -> None:
    before = copy.deepcopy(prepared(load()).records)
    one, other = create_app(load()), create_app(load())
    call = Ask(one)
    assert call("PATCH", PROFILE, {"name": "Changed"}).data["name"] == "Changed"
    lists = [
        value for record in one.store["messaging_profiles"] for value in record.values() if isinstance(value, list)
    ]
    assert lists
    for value in lists:
        value.append("XX")
    assert Ask(other)("GET", PROFILE).data["name"] != "Changed"
    assert "XX" not in repr(list(other.store["messaging_profiles"]))
    assert prepared(load()).records == before
    one.reset()
    assert list(one.store["messaging_profiles"]) == list(other.store["messaging_profiles"])


def test_a_drift_of_the_description_is_met_in_its_own_mock_alone() -> None:
    plans = prepared(load()).plans
    for _ in range(KEPT + 1):
        planted, sound = create_app(load(), plants=["accept-missing-fields"]), create_app(load())
        assert Ask(planted)("POST", "/messaging_profiles", {"name": "A"}).status == 200
        assert Ask(sound)("POST", "/messaging_profiles", {"name": "A"}).status == 400
    assert prepared(load()).plans.keys() == plans.keys()


def test_a_description_that_cannot_be_served_is_refused_each_time() -> None:
    spec = document()
    del spec["paths"]["/shelves"]["get"]["x-resource"]
    description = Description(spec)
    for _ in range(2):
        with pytest.raises(InputError, match="nothing serves it"):
            create_app(description)
