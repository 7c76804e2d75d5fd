"""What computing makes is read back, what it takes is judged, and what stands below a record is found there alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import Operation, load
from contract_tests.rules import cases, computing, deletion, listing, references
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.cases import Case
from contract_tests.rules.resource import Resource, by_collection
from contract_tests.unit.rules.stage import BOOKS, OPERATION, Place, places_of, staged
from contract_tests.unit.rules.wire import after, after_refusal, before, loses, sets

Rule = Callable[..., None]
TELNYX = load()
OF = TELNYX.by_id
MESSAGES: Resource = by_collection(TELNYX, "messages")
ORDERS = by_collection(TELNYX, "messaging_hosted_number_orders")
REPLIES = by_collection(TELNYX, "autoresp_configs")
MAKERS = [*cases.makers(TELNYX)]
BELOW = [*cases.below(TELNYX)]


@pytest.mark.parametrize("case", MAKERS, ids=[case.name for case in MAKERS])
def test_what_a_sound_mock_makes_reads_back(case: Case) -> None:
    assert places_of(computing.what_is_made_reads_back, *case.arguments, description=TELNYX) == set()


@pytest.mark.parametrize("case", BELOW, ids=[case.name for case in BELOW])
def test_a_sound_mock_finds_records_below_their_own_alone(case: Case) -> None:
    assert places_of(deletion.record_is_below_its_own_alone, *case.arguments, description=TELNYX) == set()


def test_there_are_cases_of_both_kinds() -> None:
    made = {case.operation.operation_id for case in MAKERS}
    assert made > {"sendMessage", "createMessagingHostedNumberOrder", "createMessagingNumbersBulkUpdate"}
    # Its messages are of a kind that nothing reads, and the other one makes nothing.
    assert made.isdisjoint({"sendRcsMessage", "checkHostedNumberEligibility"})
    assert {case.operation.resource.action for case in BELOW if case.operation.resource} == {
        "retrieve",
        "replace",
        "delete",
    }
    judged = {case.operation.operation_id for case in cases.computed_fields_with_faults(TELNYX)}
    assert "sendMessage" in judged
    assert "uploadMessagingHostedNumberOrderFile" not in judged


def answered(operation: Operation, body: Any) -> Callable[[httpx.Request], httpx.Response | None]:
    """A server that answers an operation without path parameters in this way."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        own = request.method.lower() == operation.method and request.url.path.endswith(operation.path)
        return httpx.Response(200, json=body) if own else None

    return answer


FAULTY: list[tuple[str, Rule, tuple[Any, ...], dict[str, Any], set[Place]]] = [
    (
        "a message is not kept",
        computing.what_is_made_reads_back,
        (MESSAGES, OF["sendMessage"]),
        {"faults": ["forget-computed"]},
        {("valid-request-refused", "retrieveMessage", "")},
    ),
    (
        "a message reads otherwise",
        computing.what_is_made_reads_back,
        (MESSAGES, OF["sendMessage"]),
        {"after": after("GET", sets(text="Another."))},
        {("unrelated-field-changed", "retrieveMessage", "/data/text")},
    ),
    (
        "an order is not listed",
        computing.what_is_made_reads_back,
        (ORDERS, OF["createMessagingHostedNumberOrder"]),
        {"instead": answered(OF["listMessagingHostedNumberOrders"], {"data": [], "meta": {"total_pages": 0}})},
        {("listed-wrongly", "listMessagingHostedNumberOrders", "/data")},
    ),
    (
        "a faulty address is taken",
        computing.faulty_values_are_refused,
        (OF["sendMessage"], "webhook_url"),
        {"faults": ["accept-any-pattern"]},
        {("invalid-accepted", "sendMessage", "request:/webhook_url")},
    ),
    (
        "a kind of message that there is not is taken",
        computing.faulty_values_are_refused,
        (OF["sendMessage"], "type"),
        {"faults": ["accept-any-member"]},
        {("invalid-accepted", "sendMessage", "request:/type")},
    ),
    (
        "a refusal names no field",
        computing.faulty_values_are_refused,
        (OF["sendMessage"], "webhook_url"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-field", "sendMessage", "request:/webhook_url")},
    ),
    (
        "a required field is not required",
        computing.required_field_is_required,
        (OF["createMessagingHostedNumberOrderVerificationCodes"], "verification_method"),
        {"before": before("POST", sets(verification_method="sms"))},
        {
            (
                "invalid-accepted",
                "createMessagingHostedNumberOrderVerificationCodes",
                "request:/verification_method",
            )
        },
    ),
    (
        "a missing field is refused without its name",
        computing.required_field_is_required,
        (OF["sendMessage"], "to"),
        {"after": after_refusal(loses("source"))},
        {("refusal-names-no-field", "sendMessage", "request:/to")},
    ),
    (
        "files are filed with another order",
        computing.computes_for_each_value,
        (OF["uploadMessagingHostedNumberOrderFile"],),
        {"faults": ["computes-for-another"]},
        {("computed-for-another", "uploadMessagingHostedNumberOrderFile", "/data/id")},
    ),
    (
        "what is made below a record is not listed there",
        references.child_lists_agree_with_their_records,
        (by_collection(TELNYX, "brand_external_vettings"), OF["listBrandExternalVettings"]),
        {"faults": ["no-children"]},
        {("child-list-wrong", "listBrandExternalVettings", "")},
    ),
    (
        "another record is read",
        deletion.record_reads_alike,
        (REPLIES,),
        {"faults": ["another-record"]},
        {
            ("unrelated-field-changed", "retrieveAutorespConfig", f"/data/{name}")
            for name in ("id", "op", "keywords", "resp_text", "created_at")
        },
    ),
    *(
        (
            f"{operation} finds a record below another",
            deletion.record_is_below_its_own_alone,
            (REPLIES, OF[operation]),
            {"faults": ["below-any-record"]},
            {("child-of-another", operation, "")},
        )
        for operation in ("retrieveAutorespConfig", "replaceAutorespConfig", "deleteAutorespConfig")
    ),
]


@pytest.mark.parametrize(
    ("rule", "arguments", "conditions", "expected"), [one[1:] for one in FAULTY], ids=[one[0] for one in FAULTY]
)
def test_a_fault_is_found_and_named(
    rule: Rule, arguments: tuple[Any, ...], conditions: dict[str, Any], expected: set[Place]
) -> None:
    assert places_of(rule, *arguments, description=TELNYX, **conditions) == expected


@pytest.mark.parametrize(
    ("rule", "name"),
    [(computing.faulty_values_are_refused, "webhook_url"), (computing.required_field_is_required, "to")],
)
def test_a_sound_mock_refuses_what_is_faulty(rule: Rule, name: str) -> None:
    assert places_of(rule, OF["sendMessage"], name, description=TELNYX) == set()


@pytest.mark.parametrize("name", ["listBrandExternalVettings", "listAutorespConfigs"])
def test_a_sound_mock_lists_what_is_made_below_a_record(name: str) -> None:
    resource = by_collection(TELNYX, OF[name].resource.collection)  # type: ignore[union-attr]
    assert places_of(references.child_lists_agree_with_their_records, resource, OF[name], description=TELNYX) == set()


def test_a_list_has_records_to_put_in_order_though_none_may_be_like_another() -> None:
    vettings = OF["listBrandExternalVettings"]
    assert places_of(listing.list_is_in_order, vettings, description=TELNYX) == set()
    turned = places_of(listing.list_is_in_order, vettings, description=TELNYX, faults=["backward-list"])
    assert turned == {("list-out-of-order", "listBrandExternalVettings", "/0/createDate")}


def test_what_cannot_be_judged_is_said() -> None:
    form = OF["uploadMessagingHostedNumberOrderFile"]
    with staged(TELNYX) as (session, _):
        bench = Bench(session, "check")
        with pytest.raises(NothingToCheck, match="loa: its schema forbids nothing that can be sent"):
            computing.faulty_values_are_refused(bench, form, "loa")
        with pytest.raises(NothingToCheck, match="text is not required"):
            computing.required_field_is_required(bench, OF["sendMessage"], "text")
    with staged() as (session, _), pytest.raises(NothingToCheck, match="nothing is computed"):
        computing.faulty_values_are_refused(Bench(session, "check"), OPERATION["createBook"], "isbn")
    assert not BOOKS.makers


def test_what_a_rule_forbids_is_not_made() -> None:
    entry = {"code": "40312", "title": "Disabled"}

    def refuses(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"errors": [entry]})

    with staged(TELNYX, instead=refuses) as (session, _), pytest.raises(NothingToCheck, match="a rule of the account"):
        computing.what_is_made_reads_back(Bench(session, "check"), MESSAGES, OF["sendMessage"])
    assert session.findings.all() == []
