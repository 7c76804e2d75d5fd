"""The resources of the clients: what their methods take, send and give, and how they help who misspells an argument."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, create_autospec
from uuid import UUID

import httpx
import pytest
import telnyx_bindings
from telnyx_bindings import UNSET, AsyncTelnyx, NotFound, Response, Telnyx
from telnyx_bindings.models import MessagingProfileResponse, MetricsTimeFrame, NumberPoolSettings, WebhookApiVersion
from telnyx_bindings.runtime import nearest
from telnyx_bindings.runtime.resource import AsyncResource, Resource

MANIFEST = json.loads((Path(telnyx_bindings.__file__).parent / "MANIFEST.json").read_text(encoding="utf-8"))
METHODS: dict[str, str] = MANIFEST["methods"]
PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


class Recorder:
    """Stands in for the network: keeps each request, gives the same answer to all."""

    def __init__(self, answer: Any = None, status: int = 200) -> None:
        self.requests: list[httpx.Request] = []
        self.answer = {"data": {"id": PROFILE, "name": "My name"}} if answer is None else answer
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, json=self.answer)

    @property
    def last(self) -> httpx.Request:
        """The latest request."""
        return self.requests[-1]

    @property
    def body(self) -> Any:
        """What the latest request said."""
        return json.loads(self.last.content)


@pytest.fixture
def network() -> Recorder:
    return Recorder()


@pytest.fixture
def telnyx(network: Recorder) -> Iterator[Telnyx]:
    with Telnyx("KEY", base_url="http://test/v2", transport=httpx.MockTransport(network)) as client:
        yield client


def in_async(network: Recorder, work: Callable[[AsyncTelnyx], Any]) -> Any:
    """The result of ``work`` with an asynchronous client."""

    async def run() -> Any:
        transport = httpx.MockTransport(network)
        async with AsyncTelnyx("KEY", base_url="http://test/v2", transport=transport) as client:
            return await work(client)

    return asyncio.run(run())


def found(client: object, dotted: str) -> Any:
    for name in dotted.split("."):
        client = getattr(client, name)
    return client


def test_every_operation_has_its_method_on_both_clients_and_a_variant_of_it(telnyx: Telnyx) -> None:
    assert set(METHODS) == set(MANIFEST["operations"])
    for dotted in METHODS.values():
        resource, _, name = dotted.rpartition(".")
        for client, base in ((telnyx, Resource), (AsyncTelnyx("KEY"), AsyncResource)):
            assert isinstance(found(client, resource), base)
            plain = getattr(found(client, resource), name)
            whole = getattr(found(client, resource).with_response, name)
            taken = dict(inspect.signature(plain).parameters)
            taken.pop("max_pages", None)
            assert taken.keys() == inspect.signature(whole).parameters.keys()
            assert plain.__doc__
            assert "Raises:" in plain.__doc__
            assert whole.__doc__
            assert inspect.iscoroutinefunction(whole) == (base is AsyncResource)


def test_methods_take_what_the_functions_and_their_bodies_take(telnyx: Telnyx) -> None:
    for operation, dotted in METHODS.items():
        module = importlib.import_module(f"telnyx_bindings.{MANIFEST['operations'][operation]}")
        below = set(inspect.signature(module.sync).parameters) - {"client", "body"}
        taken = set(inspect.signature(found(telnyx, dotted)).parameters)
        assert below <= taken, dotted


def test_the_readme_way_works_from_end_to_end(telnyx: Telnyx, network: Recorder) -> None:
    profile = telnyx.messaging_profiles.create(name="My name", whitelisted_destinations=["US"]).data
    assert network.last.method == "POST"
    assert network.last.url.path == "/v2/messaging_profiles"
    assert network.body == {"name": "My name", "whitelisted_destinations": ["US"]}, "only what was set is sent"
    assert profile.id == UUID(PROFILE)
    telnyx.phone_numbers.messaging.update("1293384261075731499", messaging_profile_id=profile.id)
    assert network.last.method == "PATCH"
    assert network.last.url.path == "/v2/phone_numbers/1293384261075731499/messaging"
    assert network.body == {"messaging_profile_id": PROFILE}


def test_the_same_in_asyncio(network: Recorder) -> None:
    async def work(telnyx: AsyncTelnyx) -> Any:
        profile = (await telnyx.messaging_profiles.create(name="My name", whitelisted_destinations=["US"])).data
        return await telnyx.phone_numbers.messaging.update("1293384261075731499", messaging_profile_id=profile.id)

    in_async(network, work)
    assert [request.method for request in network.requests] == ["POST", "PATCH"]
    assert network.body == {"messaging_profile_id": PROFILE}


def test_a_call_may_have_a_timeout_of_its_own(telnyx: Telnyx, network: Recorder) -> None:
    telnyx.messaging_profiles.retrieve(PROFILE, timeout=3)
    assert network.last.extensions["timeout"]["read"] == 3
    telnyx.messaging_profiles.with_response.retrieve(PROFILE, timeout=httpx.Timeout(400))
    assert network.last.extensions["timeout"]["read"] == 400
    telnyx.messaging_profiles.list(timeout=4).first()
    assert network.last.extensions["timeout"]["read"] == 4
    in_async(network, lambda client: client.messaging_profiles.retrieve(PROFILE, timeout=5))
    assert network.last.extensions["timeout"]["read"] == 5
    telnyx.messaging_profiles.retrieve(PROFILE)
    assert network.last.extensions["timeout"]["read"] == 60
    with pytest.raises(ValueError, match="timeout"):
        telnyx.messaging_profiles.retrieve(PROFILE, timeout=0)


def test_none_is_sent_and_unset_is_not(telnyx: Telnyx, network: Recorder) -> None:
    telnyx.messaging_profiles.update(PROFILE, webhook_url=None, name=UNSET)
    assert network.body == {"webhook_url": None}


def test_objects_are_given_as_models_and_enum_members_as_themselves_or_as_text(
    telnyx: Telnyx, network: Recorder
) -> None:
    pool = NumberPoolSettings(toll_free_weight=10, long_code_weight=1, skip_unhealthy=True)
    for version in (WebhookApiVersion.VERSION_2, "2"):
        telnyx.messaging_profiles.update(PROFILE, webhook_api_version=version, number_pool_settings=pool)
        assert network.body == {
            "webhook_api_version": "2",
            "number_pool_settings": {"toll_free_weight": 10, "long_code_weight": 1, "skip_unhealthy": True},
        }
    telnyx.messaging_profiles.update(PROFILE, webhook_api_version="of tomorrow")
    assert network.body == {"webhook_api_version": "of tomorrow"}
    for span in (MetricsTimeFrame("24h"), "24h"):
        telnyx.messaging_profiles.retrieve_metrics(PROFILE, time_frame=span)
        assert network.last.url.query == b"time_frame=24h"


def test_fields_that_this_version_does_not_know_can_be_sent(telnyx: Telnyx, network: Recorder) -> None:
    telnyx.messaging_profiles.update(PROFILE, name="A", extra_body={"of_tomorrow": [1]})
    assert network.body == {"name": "A", "of_tomorrow": [1]}


def test_query_parameters_go_by_readable_names_with_brackets_encoded(telnyx: Telnyx, network: Recorder) -> None:
    network.answer = {"data": [], "meta": {"total_pages": 0}}
    assert list(telnyx.messaging_profiles.list(page_size=5, filter_name_contains="a b")) == []
    assert network.last.url.query == b"page%5Bsize%5D=5&filter%5Bname%5D%5Bcontains%5D=a%20b"


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_id_that_would_address_another_resource_is_never_sent(
    identifier: str, telnyx: Telnyx, network: Recorder
) -> None:
    with pytest.raises(ValueError, match="another resource"):
        telnyx.messaging_profiles.delete(identifier)
    assert network.requests == []


def test_list_walks_all_pages(telnyx: Telnyx, network: Recorder) -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        network.requests.append(request)
        number = int(request.url.params.get("page[number]", 1))
        return httpx.Response(200, json={"data": [{"name": f"{number}"}], "meta": {"total_pages": 3}})

    client = Telnyx("KEY", base_url="http://test", transport=httpx.MockTransport(serve))
    assert [profile.name for profile in client.messaging_profiles.list()] == ["1", "2", "3"]
    assert [request.url.params.get("page[number]") for request in network.requests] == [None, "2", "3"]
    assert [profile.name for profile in client.messaging_profiles.list(page_number=2, max_pages=1)] == ["2"]
    assert client.messaging_profiles.list().first().meta.total_pages == 3
    whole = client.messaging_profiles.with_response.list(page_number=3)
    assert [profile.name for profile in whole.parsed.data] == ["3"]


def test_list_walks_all_pages_in_asyncio(network: Recorder) -> None:
    network.answer = {"data": [{"id": "1"}], "meta": {"total_pages": 1}}

    async def work(telnyx: AsyncTelnyx) -> Any:
        return [number.id async for number in telnyx.messaging_profiles.list_phone_numbers(PROFILE, page_size=1)]

    assert in_async(network, work) == ["1"]
    assert network.last.url.path == f"/v2/messaging_profiles/{PROFILE}/phone_numbers"


def test_variant_gives_the_whole_response(telnyx: Telnyx, network: Recorder) -> None:
    response = telnyx.messaging_profiles.with_response.retrieve(PROFILE)
    assert isinstance(response, Response)
    assert response.status == 200
    assert isinstance(response.parsed, MessagingProfileResponse)
    again = in_async(network, lambda client: client.messaging_profiles.with_response.retrieve(PROFILE))
    assert again.parsed == response.parsed


def test_refusal_is_raised_by_both_clients(network: Recorder, telnyx: Telnyx) -> None:
    network.answer, network.status = {"errors": [{"code": "10005", "title": "Resource not found"}]}, 404
    with pytest.raises(NotFound, match="10005"):
        telnyx.messaging_profiles.delete(PROFILE)
    with pytest.raises(NotFound, match="10005"):
        in_async(network, lambda client: client.messaging_profiles.delete(PROFILE))


@pytest.mark.parametrize(
    ("given", "free", "meant"),
    [
        ("page_number", ["page", "page_size", "phone_number"], "page"),
        ("page_size", ["page", "size", "page_number"], "size"),
        ("page_number", ["page", "records_per_page", "phone_number"], "page"),
        ("phone_numbr", ["phone", "phone_number"], "phone_number"),
        ("destinations", ["description", "whitelisted_destinations"], "whitelisted_destinations"),
        ("webhookUrl", ["webhook_failover_url", "webhook_url"], "webhook_url"),
        ("profile_id", ["brand_id", "messaging_profile_id"], "messaging_profile_id"),
        ("colour", ["color", "cover"], "color"),
    ],
)
def test_the_name_that_shares_a_word_is_nearer_than_one_that_shares_letters(
    given: str, free: list[str], meant: str
) -> None:
    assert nearest.hint(given, free, free) == nearest.hint(given, free[::-1], []) == f": did you mean {meant!r}?"


def test_a_name_that_is_near_to_none_gets_all_of_them() -> None:
    assert nearest.hint("zzz", ["page", "size"], ["page", "size"]) == "; it has page, size"
    assert nearest.hint("___", [], []) == "; it has none"


def test_a_page_of_a_list_that_counts_otherwise_is_asked_for_by_its_name(telnyx: Telnyx) -> None:
    with pytest.raises(TypeError, match=r"has no argument 'page_number': did you mean 'page'\?"):
        telnyx.messaging_tollfree.verification.requests.list(page_number=2, page_size=5)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"nam": "x", "whitelisted_destinations": []}, r"create\(\) has no argument 'nam': did you mean 'name'\?"),
        ({"name": "x", "whitelisted_destination": []}, "did you mean 'whitelisted_destinations'"),
        ({"name": "x", "whitelisted_destinations": [], "webhookUrl": ""}, "did you mean 'webhook_url'"),
        ({"name": "x", "whitelisted_destinations": [], "zzz": 1}, "has no argument 'zzz'; it has name, "),
        ({"name": "x"}, "missing 1 required keyword-only argument: 'whitelisted_destinations'"),
    ],
)
def test_misspelt_argument_names_the_nearest_and_nothing_is_sent(
    arguments: dict[str, Any], said: str, telnyx: Telnyx, network: Recorder
) -> None:
    with pytest.raises(TypeError, match=said):
        telnyx.messaging_profiles.create(**arguments)
    with pytest.raises(TypeError, match=said):
        telnyx.messaging_profiles.with_response.create(**arguments)
    with pytest.raises(TypeError, match=said):
        in_async(network, lambda client: client.messaging_profiles.create(**arguments))
    assert network.requests == []


def test_type_error_from_within_a_call_stays_what_it_is(telnyx: Telnyx) -> None:
    with pytest.raises(TypeError, match=r"not JSON serializable|object"):
        telnyx.messaging_profiles.create(name=object(), whitelisted_destinations=[])  # type: ignore[arg-type]


def test_resources_are_bound_once_and_can_be_replaced_in_tests(telnyx: Telnyx, monkeypatch: pytest.MonkeyPatch) -> None:
    assert telnyx.messaging_profiles is telnyx.messaging_profiles
    monkeypatch.setattr(telnyx.messaging_profiles, "delete", lambda id: f"deleted {id}")
    assert telnyx.messaging_profiles.delete(PROFILE) == f"deleted {PROFILE}"


def test_mocks_made_from_a_resource_know_what_is_asynchronous() -> None:
    # Not asked of ``inspect``: Python 3.13.0 does not call its own AsyncMock a coroutine function.
    assert isinstance(create_autospec(AsyncTelnyx("KEY").messaging_profiles).create, AsyncMock)


def test_repr_of_a_resource_shows_the_address_and_no_key(telnyx: Telnyx) -> None:
    shown = repr(telnyx.phone_numbers.messaging)
    assert "PhoneNumbersMessaging" in shown
    assert "http://test/v2" in shown
    assert "KEY" not in shown
