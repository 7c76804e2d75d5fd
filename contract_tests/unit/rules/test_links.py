"""Links of the description lead to records that nothing makes or lists; what makes one comes before what lists some."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.description import Description, load
from contract_tests.rules.links import leading_to, value_at
from contract_tests.rules.resource import by_collection
from contract_tests.unit.mock.library import answer, document, path_id, ref, resource


def with_cards(links: dict[str, str]) -> Description:
    """The library with cards that can only be lent: ``links`` of which operations lead to one, by what expression."""
    made = document()
    made["paths"]["/cards/{id}/lend"] = {
        "parameters": [path_id()],
        "post": {
            "operationId": "lendCard",
            "x-resource": resource("cards", "compute", key="id"),
            "responses": answer(ref("schemas", "Book")),
        },
    }
    for item in made["paths"].values():
        for operation in item.values():
            expression = links.get(operation["operationId"]) if isinstance(operation, dict) else None
            if expression is not None:
                first = next(iter(operation["responses"].values()))
                first["links"] = {"Lend": {"operationId": "lendCard", "parameters": {"id": expression}}}
    return Description(made)


def found(links: dict[str, str]) -> list[tuple[str, str]]:
    """The operations that lead to a card, and where its id stands."""
    return [(one.operation_id, pointer) for one, pointer in leading_to(by_collection(with_cards(links), "cards"))]


def test_what_makes_something_comes_first() -> None:
    links = {"listShelves": "$response.body#/data/0/card", "createShelf": "$response.body#/data/card"}
    assert found(links) == [("createShelf", "/data/card"), ("listShelves", "/data/0/card")]


def test_only_bodies_of_operations_that_address_nothing_count() -> None:
    assert found({"retrieveShelf": "$response.body#/data/card"}) == []
    assert found({"createShelf": "$request.path.id", "listShelves": "$response.header.card"}) == []
    assert found({}) == []


def test_the_real_description_leads_to_a_number_through_its_order() -> None:
    first, *_ = leading_to(by_collection(load(), "messaging_hosted_numbers"))
    assert (first[0].operation_id, first[1]) == ("createMessagingHostedNumberOrder", "/data/phone_numbers/0/id")


@pytest.mark.parametrize(
    ("body", "pointer", "value"),
    [
        ({"data": [{"id": "x"}]}, "/data/0/id", "x"),
        ({"data": []}, "/data/0/id", None),
        ({"a~/b": 1}, "/a~0~1b", 1),
        ([1], "/x", None),
        ({"data": None}, "/data/id", None),
        ("text", "/0", None),
        ({"whole": 1}, "", {"whole": 1}),
    ],
)
def test_a_pointer_leads_to_a_value_or_to_nothing(body: Any, pointer: str, value: Any) -> None:
    assert value_at(body, pointer) == value
