"""The generated models as their users hold them: keyword arguments, slots, secrets out of sight, the way into JSON."""

from __future__ import annotations

import copy
import inspect
import weakref
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs
import pytest
from telnyx_bindings import models
from telnyx_bindings.models import (
    MessagingProfile,
    MessagingProfileCreate,
    MessagingProfileListResponse,
    MessagingProfileUpdate,
    NumberPoolSettings,
    OutboundMessage,
    PhoneNumberMessagingSettings,
    PhoneNumberMessagingSettingsUpdate,
    WebhookApiVersion,
)
from telnyx_bindings.runtime.model import Model
from telnyx_bindings.types import UNSET

ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
CLASSES: list[Any] = [
    found for name in models.__all__ if isinstance(found := getattr(models, name), type) and issubclass(found, Model)
]


def profile(**fields: Any) -> MessagingProfile:
    return MessagingProfile(id=UUID(ID), **fields)


@pytest.mark.parametrize("model", CLASSES, ids=lambda model: str(model.__name__))
def test_models_take_keywords_only_and_have_slots(model: Any) -> None:
    kinds = {parameter.kind for parameter in inspect.signature(model).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}
    made = model.from_dict({})
    assert not hasattr(made, "__dict__")
    with pytest.raises(AttributeError):
        made.no_such_attribute = 1
    assert [field.name for field in attrs.fields(model)][-1] == "additional_properties"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nam": "x", "whitelisted_destinations": []}, "has no field 'nam': did you mean 'name'?"),
        ({"name": "x", "whitelisted_destinations": [], "webhookUrl": ""}, "did you mean 'webhook_url'?"),
        ({"name": "x", "whitelisted_destinations": [], "qqq": ""}, "has no field 'qqq'; it has name, whitelisted_"),
        ({"name": "x", "whitelisted_destinations": [], "nam": ""}, "has no field 'nam'; it has name, whitelisted_"),
        ({"name": "x"}, "MessagingProfileCreate needs whitelisted_destinations"),
        ({}, "MessagingProfileCreate needs name and whitelisted_destinations"),
    ],
)
def test_misspelt_field_names_the_nearest_that_is_free(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError) as refused:
        MessagingProfileCreate(**fields)
    assert said in str(refused.value)


def test_signature_is_what_the_fields_declare() -> None:
    parameters = inspect.signature(MessagingProfileCreate).parameters
    assert list(parameters) == [field.name for field in attrs.fields(MessagingProfileCreate)]
    assert parameters["name"].default is inspect.Parameter.empty
    assert parameters["name"].annotation == "str"
    assert parameters["enabled"].default is UNSET


def test_models_share_no_additional_properties() -> None:
    one, other = MessagingProfileUpdate(), MessagingProfileUpdate()
    one["new"] = 1
    assert "new" not in other


def test_only_what_is_set_is_sent() -> None:
    assert MessagingProfileUpdate().to_dict() == {}
    assert MessagingProfileUpdate(webhook_url=None, enabled=False).to_dict() == {"webhook_url": None, "enabled": False}


def test_repr_shows_what_is_set_without_secrets() -> None:
    made = profile(name="shown", v1_secret="hidden", additional_properties={"api_key": "hidden", "new": 1})
    said = repr(made)
    assert "hidden" not in said
    assert said == (
        f"MessagingProfile(id=UUID('{ID}'), name='shown', v1_secret=***, "
        "additional_properties={'api_key': ***, 'new': ***})"
    )


def test_repr_hides_what_stands_in_an_object_without_a_model() -> None:
    made = MessagingProfile.from_dict(
        {"id": ID, "name": {"password": "hidden"}, "tags": 1, "enabled": [{"k": "hidden"}]}
    )
    assert "hidden" not in repr(made)
    assert "name={'password': ***}" in repr(made)
    assert "enabled=[{'k': ***}]" in repr(made)


def test_repr_shows_the_one_text_that_a_field_can_have_and_no_other_there() -> None:
    assert "direction='outbound'" in repr(OutboundMessage.from_dict({"id": "1", "direction": "outbound"}))
    assert "direction=***" in repr(OutboundMessage.from_dict({"id": "1", "direction": '{"password": "hidden"}'}))


def test_repr_hides_a_text_in_place_of_an_object_or_a_list() -> None:
    made = MessagingProfile.from_dict(
        {
            "id": "odd id",
            "name": "shown",
            "number_pool_settings": '{"v1_secret": "hidden"}',
            "whitelisted_destinations": "hidden",
        }
    )
    said = repr(made)
    assert "hidden" not in said
    assert "id='odd id', name='shown', whitelisted_destinations=***, number_pool_settings=***" in said
    assert "['US', {'k': ***}]" in repr(MessagingProfile.from_dict({"whitelisted_destinations": ["US", {"k": "x"}]}))
    page = MessagingProfileListResponse.from_dict({"data": ["hidden", {"id": ID, "v1_secret": "hidden"}]})
    assert "hidden" not in repr(page)


def test_equality_is_by_class_and_content() -> None:
    assert profile(name="a") == profile(name="a")
    assert profile(name="a") != profile(name="b")
    assert profile() != profile(additional_properties={"new": 1})
    assert MessagingProfileUpdate() != PhoneNumberMessagingSettingsUpdate()
    with pytest.raises(TypeError, match="unhashable"):
        hash(profile())


def test_attrs_can_evolve_a_model() -> None:
    assert attrs.evolve(profile(name="a"), name="b") == profile(name="b")


def test_attrs_knows_the_fields_of_a_model() -> None:
    fields = attrs.fields(MessagingProfileCreate)
    assert attrs.has(MessagingProfileCreate)
    assert fields is attrs.fields(MessagingProfileCreate)
    assert fields.name.default is attrs.NOTHING
    assert fields.enabled.default is UNSET
    assert all(field.kw_only for field in fields)
    assert attrs.asdict(profile(name="a"), recurse=False)["name"] == "a"
    assert not attrs.fields(Model)


def test_a_class_of_the_callers_own_stays_a_model() -> None:
    class Mine(MessagingProfile):
        """A profile with something of the caller's own."""

        note = "x"

    class Kept(Mine):
        """One more step away."""

    made = Kept.from_dict({"id": ID, "name": "a"})
    assert made == Kept(id=UUID(ID), name="a")
    assert made != profile(name="a")
    assert repr(made) == f"Kept(id=UUID('{ID}'), name='a')"
    assert attrs.fields(Kept) == attrs.fields(MessagingProfile)
    assert inspect.signature(Kept) == inspect.signature(MessagingProfile)
    assert attrs.evolve(made, name="b").name == "b"


def test_weak_references_to_models_are_possible() -> None:
    made = profile()
    assert weakref.ref(made)() is made


def test_state_of_an_older_package_lacks_newer_fields() -> None:
    made: Any = copy.copy(profile(name="a"))
    made.__setstate__({"name": "b"})
    assert made.name == "b"
    assert made.id is UNSET
    assert made.to_dict() == {"name": "b"}


def test_values_become_their_types_and_go_back() -> None:
    document = {
        "id": ID,
        "created_at": "2026-02-03T04:05:06.789Z",
        "webhook_api_version": "2",
        "number_pool_settings": {"toll_free_weight": 1, "long_code_weight": 2.5, "skip_unhealthy": True, "later": [1]},
        "url_shortener_settings": None,
        "whitelisted_destinations": ["US", "CA"],
        "later": {"a": None},
    }
    made = MessagingProfile.from_dict(document)
    assert made.id == UUID(ID)
    assert made.created_at == datetime(2026, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)
    assert made.webhook_api_version is WebhookApiVersion.VERSION_2
    assert isinstance(made.number_pool_settings, NumberPoolSettings)
    assert made.number_pool_settings["later"] == [1]
    assert made.url_shortener_settings is None
    assert made.name is UNSET
    assert made.additional_keys == ["later"]
    assert made.to_dict() == document


def test_additional_properties_are_reached_by_name() -> None:
    made = profile()
    made["new"] = 1
    assert "new" in made
    assert made["new"] == 1
    assert made.to_dict() == {"id": ID, "new": 1}
    del made["new"]
    assert "new" not in made


def test_model_and_document_share_no_container() -> None:
    document: dict[str, Any] = {"id": ID, "whitelisted_destinations": ["US"]}
    made = MessagingProfile.from_dict(document)
    assert isinstance(made.whitelisted_destinations, list)
    made.whitelisted_destinations.append("CA")
    made.to_dict()["whitelisted_destinations"].append("MX")
    made["new"] = 1
    assert document == {"id": ID, "whitelisted_destinations": ["US"]}
    assert made.whitelisted_destinations == ["US", "CA"]


def test_values_of_near_types_are_written_as_json() -> None:
    made: Any = MessagingProfileUpdate(name="x")
    made.name = UUID(ID)
    made.webhook_api_version = "2"
    made.daily_spend_limit = datetime(2026, 2, 3, tzinfo=UTC)
    made.number_pool_settings = {"a": WebhookApiVersion.VERSION_1, "b": (UUID(ID), None)}
    made.whitelisted_destinations = ("US",)
    assert made.to_dict() == {
        "name": ID,
        "webhook_api_version": "2",
        "daily_spend_limit": "2026-02-03T00:00:00Z",
        "number_pool_settings": {"a": "1", "b": [ID, None]},
        "whitelisted_destinations": ["US"],
    }


def test_unset_within_a_value_is_refused() -> None:
    made: Any = MessagingProfileUpdate(whitelisted_destinations=["US"])
    made.whitelisted_destinations.append(UNSET)
    with pytest.raises(ValueError, match="UNSET can't stand inside"):
        made.to_dict()


def test_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        profile(created_at=datetime(2026, 2, 3)).to_dict()


def test_body_leaves_out_what_only_the_server_sets() -> None:
    document = {
        "id": ID,
        "record_type": "messaging_profile",
        "name": "a",
        "created_at": "2026-02-03T04:05:06Z",
        "new": 1,
    }
    made = MessagingProfile.from_dict(document)
    assert made.to_body() == {"name": "a", "new": 1}
    assert made.to_dict() == document


def test_body_leaves_it_out_at_any_depth() -> None:
    page = MessagingProfileListResponse.from_dict({"data": [{"id": ID, "name": "a"}], "meta": {}})
    assert page.to_body() == {"data": [{"name": "a"}], "meta": {}}
    number = PhoneNumberMessagingSettings.from_dict({"id": "1", "type": "long-code", "tags": ["x"]})
    assert number.to_body() == {"tags": ["x"]}


def test_body_leaves_it_out_of_models_in_objects_and_tuples() -> None:
    record = profile(name="a", created_at=datetime(2026, 2, 3, tzinfo=UTC))
    made: Any = MessagingProfileUpdate(name="x", additional_properties={"new": {"deep": [record]}, "pair": (record,)})
    made.number_pool_settings = {"of": record, "when": datetime(2026, 2, 3, tzinfo=UTC)}
    assert made.to_body() == {
        "name": "x",
        "number_pool_settings": {"of": {"name": "a"}, "when": "2026-02-03T00:00:00Z"},
        "new": {"deep": [{"name": "a"}]},
        "pair": [{"name": "a"}],
    }
