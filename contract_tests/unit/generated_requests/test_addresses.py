"""Generated requests work on records that may be worked on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests import checks
from contract_tests.description import Description, load
from contract_tests.drift.finding import Findings
from contract_tests.generated_requests.addresses import addresses
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.session import Session
from contract_tests.target import Target

DESCRIPTION = load()


@pytest.fixture
def mock() -> Mock:
    return create_app(DESCRIPTION, api_key="KEY_own")


@pytest.fixture
def bench(mock: Mock) -> Iterator[Bench]:
    with serve(mock) as base_url:
        target = Target("mock", base_url, "KEY_own")
        session = Session(DESCRIPTION, target, base_url, checks.every("KEY_own"), Findings())
        yield Bench(session, "test")
        session.close()


def ids(mock: Mock, collection: str) -> set[str]:
    return {record["id"] for record in mock.store.snapshot()[collection]}


def test_a_read_works_on_a_record_that_is_there(bench: Bench, mock: Mock) -> None:
    ((name, value),) = addresses(bench, DESCRIPTION.by_id["retrieveMessagingProfile"])
    assert name == "id"
    assert value in ids(mock, "messaging_profiles")


@pytest.mark.parametrize("operation", ["updateMessagingProfile", "deleteMessagingProfile"])
def test_a_write_works_on_a_record_of_its_own(bench: Bench, mock: Mock, operation: str) -> None:
    before = ids(mock, "messaging_profiles")
    ((_, value),) = addresses(bench, DESCRIPTION.by_id[operation])
    assert value not in before
    bench.close()
    assert ids(mock, "messaging_profiles") == before


def test_what_cannot_be_created_is_borrowed(bench: Bench, mock: Mock) -> None:
    ((_, value),) = addresses(bench, DESCRIPTION.by_id["updatePhoneNumberMessagingSettings"])
    assert value in ids(mock, "phone_number_messaging_settings")


def test_a_list_below_a_record_is_addressed_by_that_record(bench: Bench, mock: Mock) -> None:
    ((_, value),) = addresses(bench, DESCRIPTION.by_id["listMessagingProfilePhoneNumbers"])
    assert value in ids(mock, "messaging_profiles")


def test_an_operation_without_an_id_needs_no_record(bench: Bench) -> None:
    assert addresses(bench, DESCRIPTION.by_id["listMessagingProfiles"]) == ()


def test_a_record_that_was_there_is_never_deleted(bench: Bench) -> None:
    resource = {"collection": "short_codes", "action": "delete", "key": "id"}
    made = Description(
        {"paths": {"/codes/{id}": {"delete": {"operationId": "x", "x-resource": resource, "responses": {}}}}}
    )
    with pytest.raises(NothingToCheck, match="may be deleted"):
        addresses(bench, made.by_id["x"])
