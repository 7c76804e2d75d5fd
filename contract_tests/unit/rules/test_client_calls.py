"""Calls through the generated package: what it cannot call, cannot read or reads wrongly is found."""

from __future__ import annotations

import enum
import types
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from contract_tests.bodies import fields_of
from contract_tests.description import load
from contract_tests.drift.finding import Findings
from contract_tests.mock.app import create_app
from contract_tests.mock.server import serve
from contract_tests.rules import client_calls, package
from contract_tests.rules.bench import Bench, CannotContinue, NothingToCheck
from contract_tests.session import Session
from contract_tests.target import Target

TOKEN = "KEY_of_the_client_tests"
DESCRIPTION = load()
MODULES = package.modules()
Place = tuple[str, str, str]


@contextmanager
def running(*faults: str, api_key: str | None = TOKEN) -> Iterator[Session]:
    """A session with a mock behind a real socket: the package brings its own HTTP client."""
    with serve(create_app(DESCRIPTION, api_key=api_key, plants=faults)) as base_url:
        session = Session(DESCRIPTION, Target("running", base_url, TOKEN), base_url, [], Findings())
        try:
            yield session
        finally:
            session.close()


def module_of(operation_id: str) -> types.ModuleType:
    """The endpoint module of an operation."""
    return MODULES[package.key(DESCRIPTION.by_id[operation_id].tag, operation_id)]


def places(session: Session, rule: Any, operation_id: str, mode: str, module: Any = None) -> set[Place]:
    """What a rule finds about an operation."""
    bench = Bench(session, "check")
    operation = DESCRIPTION.by_id[operation_id]
    try:
        rule(bench, operation, module or module_of(operation_id), mode)
    finally:
        bench.close()
    assert bench.checked > 0
    return {(one.kind, one.operation, one.pointer) for one in session.findings.all()}


def test_package_and_description_agree() -> None:
    assert package.agreement(DESCRIPTION, MODULES) == ([], [])
    assert len(MODULES) == len(DESCRIPTION.operations)


def test_an_operation_that_cannot_be_called_both_ways_is_named() -> None:
    half = types.SimpleNamespace(sync_detailed=len)
    available: dict[str, Any] = {**MODULES, "messaging_profiles/listmessagingprofiles": half, "more/makemore": half}
    del available["messaging_profiles/createmessagingprofile"]
    uncallable, unknown = package.agreement(DESCRIPTION, available)
    assert uncallable == ["createMessagingProfile", "listMessagingProfiles"]
    assert unknown == ["more/makemore"]


def test_a_module_is_found_wherever_its_name_is_parted() -> None:
    assert package.key("t", "listMessaging10DlcBrands") == package.key("t", "list_messaging_10_dlc_brands")
    assert package.key("t", "listThings") != package.key("other", "listThings")


@pytest.mark.parametrize("mode", package.MODES)
def test_a_mock_without_faults_is_read_as_it_answers(mode: str) -> None:
    with running() as session:
        for operation in DESCRIPTION.operations:
            for rule in (client_calls.answer_is_read, client_calls.refusal_is_read):
                assert places(session, rule, operation.operation_id, mode) == set()
        silent = [
            one for one in DESCRIPTION.operations if not session.counts[one.operation_id][min(one.success_statuses)]
        ]
        assert silent == []
        assert all(session.counts[one.operation_id][401] for one in DESCRIPTION.operations)


@pytest.mark.parametrize("mode", package.MODES)
def test_an_answer_that_the_package_cannot_read_is_found(mode: str) -> None:
    with running("html-errors") as session:
        found = places(session, client_calls.refusal_is_read, "listMessagingProfiles", mode)
    assert found == {("package-cannot-read", "listMessagingProfiles", "")}


@pytest.mark.parametrize("mode", package.MODES)
def test_an_answer_that_the_package_changes_is_found(mode: str) -> None:
    right = module_of("retrieveMessagingProfile")

    def spoilt(response: Any) -> Any:
        answer = response.parsed.to_dict()
        answer["data"]["name"] = "another"
        del answer["data"]["enabled"]
        return types.SimpleNamespace(parsed=types.SimpleNamespace(to_dict=lambda: answer))

    def sync_detailed(id: uuid.UUID, *, client: Any) -> Any:
        return spoilt(right.sync_detailed(id, client=client))

    async def asyncio_detailed(id: uuid.UUID, *, client: Any) -> Any:
        return spoilt(await right.asyncio_detailed(id, client=client))

    module = types.SimpleNamespace(sync_detailed=sync_detailed, asyncio_detailed=asyncio_detailed)
    with running() as session:
        found = places(session, client_calls.answer_is_read, "retrieveMessagingProfile", mode, module)
    assert found == {
        ("package-misreads", "retrieveMessagingProfile", "/data/name"),
        ("package-misreads", "retrieveMessagingProfile", "/data/enabled"),
    }


@pytest.mark.parametrize("mode", package.MODES)
def test_ids_in_capitals_are_the_target_s_doing(mode: str) -> None:
    with running("ids-in-capitals") as session:
        found = places(session, client_calls.answer_is_read, "retrieveMessagingProfile", mode)
        told = {one.expected for one in session.findings.all()}
    assert found == {("response-format", "retrieveMessagingProfile", "/data/id")}
    assert all(one == one.lower() for one in told)


def test_a_refusal_where_an_answer_is_due_is_found() -> None:
    with running("status:listMessagingProfiles:418") as session:
        found = places(session, client_calls.answer_is_read, "listMessagingProfiles", "sync")
    assert found == {("valid-request-refused", "listMessagingProfiles", "")}


def test_a_wrong_token_that_is_taken_is_found() -> None:
    with running("accept-any-token") as session:
        found = places(session, client_calls.refusal_is_read, "listMessagingProfiles", "sync")
    assert found == {("wrong-token-accepted", "listMessagingProfiles", "request:header:authorization")}


def test_a_target_that_takes_any_token_has_no_refusal_to_read() -> None:
    with running(api_key=None) as session, pytest.raises(NothingToCheck, match="takes any token"):
        places(session, client_calls.refusal_is_read, "createMessagingProfile", "sync")


def test_a_live_target_that_claims_to_take_any_token_is_held_to_it_all_the_same() -> None:
    with running(api_key=None) as session:
        session.target = replace(session.target, live=True)
        found = places(session, client_calls.refusal_is_read, "listMessagingProfiles", "sync")
    assert found == {("wrong-token-accepted", "listMessagingProfiles", "request:header:authorization")}


def test_a_page_that_is_none_is_refused_through_the_package_too() -> None:
    with running("accept-bad-values", api_key=None) as session:
        found = places(session, client_calls.refusal_is_read, "listMessagingProfiles", "sync")
    assert found == {("invalid-accepted", "listMessagingProfiles", "query:page[number]")}


def test_a_call_that_sends_nothing_ends_the_rule() -> None:
    def sync_detailed(*, client: Any, **arguments: Any) -> Any:
        raise RuntimeError("before anything was sent")

    module = types.SimpleNamespace(sync_detailed=sync_detailed)
    with running() as session, pytest.raises(CannotContinue, match="before anything was sent"):
        places(session, client_calls.answer_is_read, "listMessagingProfiles", "sync", module)


def test_every_parameter_with_an_example_is_sent() -> None:
    with running() as session:
        bench = Bench(session, "check")
        operation = DESCRIPTION.by_id["listMessagingProfiles"]
        plain, full = client_calls.requests(bench, operation)
        assert plain == {}
        assert set(full) == {parameter["name"] for parameter in operation.parameters}


class Colour(enum.StrEnum):
    """An enum as the package has them."""

    RED = "red"


class Model:
    """A model as the package has them."""

    def __init__(self, value: Any) -> None:
        self.value = value

    @classmethod
    def from_dict(cls, value: Any) -> Model:
        """As the package's models are made."""
        return cls(value)


def test_values_take_the_type_of_their_argument() -> None:
    some = uuid.uuid4()
    assert package.convert(uuid.UUID, str(some)) == some
    assert package.convert(Colour | None, "red") is Colour.RED
    assert package.convert(datetime, "2031-01-01T00:00:00+00:00").year == 2031
    assert package.convert(Model | None, {"a": 1}).value == {"a": 1}
    assert package.convert(int | None, 3) == 3
    with pytest.raises(ValueError, match="blue"):
        package.convert(Colour, "blue")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("page[number]", "page_number"), ("a[b][c]", "a_b_c"), ("imageURLs", "image_urls"), ("line1", "line_1")],
)
def test_an_argument_is_found_however_its_words_are_parted(name: str, expected: str) -> None:
    assert package.argument(name, {"client": str, "page": str, expected: str}) == expected


@pytest.mark.parametrize("of", [{"page": int, "page_numbers": int}, {"page_number": int, "pagenumber": int}])
def test_a_name_that_is_sent_by_no_argument_or_by_several_is_not_guessed(of: dict[str, type]) -> None:
    with pytest.raises(LookupError, match=r"'page\[number\]' is sent by .*there are page"):
        package.argument("page[number]", of)


def answers(parsed: Any) -> Any:
    """A module whose calls are sent, and read as ``parsed``, whatever comes."""

    def of(right: types.ModuleType) -> types.SimpleNamespace:
        def sync_detailed(*positional: Any, client: Any, **named: Any) -> Any:
            right.sync_detailed(*positional, client=client, **named)
            return types.SimpleNamespace(parsed=parsed)

        hints = getattr(right.sync_detailed, "__annotations__", {})
        sync_detailed.__annotations__ = {name: hint for name, hint in hints.items() if name != "return"}
        return types.SimpleNamespace(sync_detailed=sync_detailed)

    return of


UNREADABLE: list[tuple[str, Any]] = [
    ("resendBrandTwoFactorEmail", ""),  # nothing is said, and something was read
    ("listBrandExternalVettings", None),
    ("listBrandExternalVettings", [object()]),
    ("retrieveMessagingProfile", None),
    ("retrieveMessagingProfile", object()),
]


@pytest.mark.parametrize(("operation_id", "parsed"), UNREADABLE)
def test_what_is_read_as_something_else_than_was_said_is_found(operation_id: str, parsed: Any) -> None:
    module = answers(parsed)(module_of(operation_id))
    with running() as session:
        found = places(session, client_calls.answer_is_read, operation_id, "sync", module)
    assert found == {("package-cannot-read", operation_id, "")}


def test_a_list_that_loses_an_item_is_found() -> None:
    with running() as session:
        found = places(
            session,
            client_calls.answer_is_read,
            "retrieveRegistryEnum",
            "sync",
            answers(["A"])(module_of("retrieveRegistryEnum")),
        )
    assert {(kind, operation) for kind, operation, _ in found} == {("package-misreads", "retrieveRegistryEnum")}


def test_a_form_reaches_the_target_with_its_files() -> None:
    operation = DESCRIPTION.by_id["uploadMessagingHostedNumberOrderFile"]
    with running() as session:
        bench = Bench(session, "check")
        (arguments,) = client_calls.requests(bench, operation)
        done = package.call(session, module_of(operation.operation_id), operation, "sync", arguments)
        bench.close()
    assert done.exchange is not None
    sent = fields_of(done.exchange.request_body, done.exchange.request_headers["content-type"])
    assert sent == arguments["body"]
    assert b'filename="loa"' in done.exchange.request_body


def test_a_refusal_that_the_state_of_a_record_explains_is_read_as_one() -> None:
    operation = "deleteTollfreeVerificationRequest"
    with running() as session:
        assert places(session, client_calls.answer_is_read, operation, "sync") == set()
        assert session.counts[operation][400]
        assert session.counts[operation][200]


def test_required_query_parameters_are_arguments() -> None:
    with running() as session:
        (plain, *_) = client_calls.requests(Bench(session, "check"), DESCRIPTION.by_id["listCampaigns"])
    assert set(plain) == {"brandId"}
