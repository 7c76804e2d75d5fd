"""Whatever is made is in its list, alone: in that of all records, or in the one below the record it was made below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.description import Description, load
from contract_tests.rules import cases, computing, creation
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.making import before_making
from contract_tests.rules.resource import Resource, by_collection
from contract_tests.unit.mock.library import document
from contract_tests.unit.rules.stage import OPERATION, SHELVES, places_of, staged

TELNYX = load()
REPLIES, VETTINGS, CAMPAIGNS, NUMBERS, ORDERS = (
    by_collection(TELNYX, name)
    for name in (
        "autoresp_configs",
        "brand_external_vettings",
        "campaigns",
        "phone_number_campaigns",
        "messaging_hosted_number_orders",
    )
)
MADE: list[tuple[Resource, str, str]] = [
    (REPLIES, "createAutorespConfig", "listAutorespConfigs"),
    (VETTINGS, "createBrandExternalVetting", "listBrandExternalVettings"),
    (CAMPAIGNS, "createCampaign", "listCampaigns"),
    (NUMBERS, "createPhoneNumberCampaign", "listPhoneNumberCampaigns"),
]


def losing(url_end: str) -> Callable[[httpx.Request, int, dict[str, Any]], None]:
    """A server whose list stays as it was when it was first asked for."""
    seen: list[Any] = []

    def spoil(request: httpx.Request, status: int, answer: Any) -> None:
        if request.method == "GET" and request.url.path.endswith(url_end) and status == 200:
            name = next(one for one in ("data", "records") if one in answer) if isinstance(answer, dict) else None
            records = answer if name is None else answer[name]
            seen.append(list(records)) if not seen else None
            records[:] = seen[0]

    return spoil


@pytest.mark.parametrize(("resource", "create", "lister"), MADE, ids=[one[1] for one in MADE])
def test_a_sound_mock_lists_what_it_makes(resource: Resource, create: str, lister: str) -> None:
    assert resource.lister is TELNYX.by_id[lister]
    assert places_of(creation.creation_makes_one_record, resource, description=TELNYX) == set()


@pytest.mark.parametrize(("resource", "create", "lister"), MADE[:3], ids=[one[1] for one in MADE[:3]])
def test_a_second_record_is_found_wherever_the_list_stands(resource: Resource, create: str, lister: str) -> None:
    found = places_of(creation.creation_makes_one_record, resource, description=TELNYX, faults=["create-twice"])
    assert found == {("creation-made-two", create, TELNYX.by_id[create].envelope.pointer)}


@pytest.mark.parametrize(("resource", "create", "lister"), MADE[:3], ids=[one[1] for one in MADE[:3]])
def test_a_list_that_does_not_show_a_new_record_is_found(resource: Resource, create: str, lister: str) -> None:
    operation = TELNYX.by_id[lister]
    path = operation.path.rpartition("}")[2]
    found = places_of(creation.creation_makes_one_record, resource, description=TELNYX, after=losing(path))
    assert found == {("listed-wrongly", lister, operation.envelope.pointer)}


def test_each_collection_that_lists_what_is_created_has_a_case() -> None:
    made = cases.with_action("create", lambda resource: resource.lister is not None)
    named = {case.operation.operation_id for case in made(TELNYX)}
    assert named >= {create for _, create, _ in MADE}
    unlisted = {one.create.operation_id for one in map(_of, TELNYX.collections) if one.create and not one.lister}
    assert unlisted == {"createPhoneNumberAssignment"}


def _of(collection: str) -> Resource:
    return by_collection(TELNYX, collection)


def test_a_list_below_another_kind_of_record_is_not_that_of_what_is_made() -> None:
    made = document()
    del made["paths"]["/books"]["get"], made["paths"]["/books/latest"]
    books = by_collection(Description(made), "books")
    assert books.children and books.lister is None


def test_a_list_without_ids_tells_nothing_of_what_was_made() -> None:
    made = document()
    bare = {"type": "object", "properties": {"label": {"type": "string"}}}
    made["components"]["schemas"]["Label"] = bare
    answer = made["paths"]["/shelves"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer["properties"]["data"] = {"type": "array", "items": bare}
    description = Description(made)
    shelves = by_collection(description, "shelves")
    assert shelves.list is not None
    with staged(description) as (session, _), pytest.raises(NothingToCheck, match="does not show the ids"):
        before_making(Bench(session, "check"), shelves, shelves.list)


def test_what_a_computed_answer_makes_is_one_record() -> None:
    case = (computing.what_is_made_reads_back, ORDERS, TELNYX.by_id["createMessagingHostedNumberOrder"])
    assert places_of(*case, description=TELNYX) == set()
    found = places_of(*case, description=TELNYX, faults=["make-twice"])
    assert found == {("creation-made-two", "createMessagingHostedNumberOrder", "/data")}


def test_records_of_somebody_else_are_not_taken_for_a_second_one() -> None:
    with staged() as (session, _):
        bench = Bench(session, "check")
        assert SHELVES.list is not None
        before = before_making(bench, SHELVES, SHELVES.list)
        sent = {"label": "ours", "subjects": ["a"]}
        bench.create(SHELVES, {"label": "theirs", "subjects": ["b"]})
        record, exchange = bench.create(SHELVES, sent)
        before.one_more(record, exchange, sent)
        assert session.findings.all() == []
        before.one_more(record, exchange, {})
        assert [one.kind for one in session.findings.all()] == ["creation-made-two"]


def test_operations_of_the_library_are_those_of_the_rules() -> None:
    assert SHELVES.lister is OPERATION["listShelves"]
