"""Each drift can also be told at another resource than the one that has most operations, by whoever asks there.

What is asked is made of the description alone: every operation of the collection with its examples, then with what is
wrong with them, and everything that can be read once more.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

import pytest

from contract_tests import bodies
from contract_tests.description import Description, Operation
from contract_tests.mock.app import Mock
from contract_tests.mock.drift_catalogue import fullest, instances
from contract_tests.mock.drifts.drift import Plant
from contract_tests.mock.exchange import Request
from contract_tests.unit.mock.conversation import TOKEN
from contract_tests.unit.mock.test_drift_catalogue import DESCRIPTION, carried_out, mock_with

pytestmark = pytest.mark.takes(10)

NOWHERE = "00000000-0000-4000-8000-000000000000"
Asked = tuple[str, str, bytes, str]  # method, target, body, media type


def collection_of(plant: Plant) -> str:
    """The collection that a plant is shown at."""
    resource = DESCRIPTION.by_id[plant.operations[0]].resource
    return resource.collection if resource else ""


ELSEWHERE = [
    plant
    for plant in instances(DESCRIPTION, each=2)
    if plant.operations[0] not in DESCRIPTION.webhooks  # those are told to receivers: rules/test_webhooks
    and not plant.drift.unobservable
    and collection_of(plant) != fullest(DESCRIPTION)
]


def conversation(mock: Mock, collection: str) -> Iterator[Asked]:
    """Everything worth asking of a collection; deletions come last, and then all is read again."""
    mine = [one for one in DESCRIPTION.operations if one.resource and one.resource.collection == collection]
    ranks = {"list": 0, "retrieve": 1, "compute": 2, "create": 3, "replace": 4, "update": 5, "delete": 6}
    mine.sort(key=lambda one: (one.method == "delete", ranks[one.resource.action if one.resource else ""]))
    reads = [one for one in mine if one.method == "get"]
    for one in mine:
        yield from requests_of(mock, one)
    for one in mine:
        for block in one.blocked_by:  # now nothing is in the way of a deletion
            blocking = mock.store[block.collection]
            for record in list(blocking):
                blocking.remove(record[blocking.id_field])
    for one in (*mine[::-1], *mine[::-1], *reads):
        if one.method in ("delete", "get"):
            yield from requests_of(mock, one)


def requests_of(mock: Mock, operation: Operation) -> Iterator[Asked]:
    """The requests that the description shows, their faults, and the same about another record and about none."""
    description = DESCRIPTION
    method = operation.method.upper()
    examples = {one["name"]: example(description, one) for one in operation.parameters}
    path = re.sub(r"{([^}]*)}", lambda found: quote(str(examples[found[1]]), safe=""), operation.path)
    asked = [one for one in operation.parameters if one["in"] == "query"]
    needed = {one["name"]: examples[one["name"]] for one in asked if one.get("required")}
    shown = [bodies.encoded(description, operation, value) for value in bodies.examples(description, operation)]
    for body, media in shown or [(b"", "")]:
        yield method, target(path, needed), body, media
        yield method, target(re.sub(r"{[^}]*}", NOWHERE, operation.path), needed), body, media
    for name, value in others(mock, operation):
        other = operation.path.replace(f"{{{name}}}", quote(value, safe=""))
        yield method, target(re.sub(r"{([^}]*)}", lambda found: str(examples[found[1]]), other), needed), b"", ""
    yield method, target(path, {**needed, "colour": "red"}), *(shown or [(b"", "")])[0]
    for one in asked:
        for value in values(description, one):
            yield method, target(path, {**needed, one["name"]: value}), *(shown or [(b"", "")])[0]
        yield method, target(path, {name: it for name, it in needed.items() if name != one["name"]}), b"", ""
    for number in (1, 2, 3) if any("x-page" in one for one in asked) else ():
        page = {one["name"]: 1 if one["x-page"] == "size" else number for one in asked if "x-page" in one}
        yield method, target(path, {**needed, **page}), b"", ""
    if shown and isinstance(bodies.examples(description, operation)[0], Mapping):
        yield from faulty(
            description, operation, target(path, needed), dict(bodies.examples(description, operation)[0])
        )


def others(mock: Mock, operation: Operation) -> Iterator[tuple[str, str]]:
    """Further values of path parameters: another parent, and by what else a record is known."""
    rule = operation.resource
    assert rule is not None
    if rule.parent is not None:
        parents = mock.store[rule.parent.collection]
        yield from ((rule.parent.parameter, one[parents.id_field]) for one in list(parents))
    if rule.key is not None:
        collection = mock.store[rule.collection]
        names = (collection.id_field, *rule.lookup)
        yield from ((rule.key, one[name]) for one in list(collection)[:2] for name in names if one[name])


def faulty(description: Description, operation: Operation, address: str, good: dict[str, Any]) -> Iterator[Asked]:
    """A body with each field left out, null, empty, of another type, too much of, and one that is not known."""
    method = operation.method.upper()
    schema = description.request_schema(operation) or {}
    members = description.properties(schema)
    changed: list[dict[str, Any]] = [{}, {**good, "colour": "red"}]
    for name, member in members.items():
        changed.append({one: value for one, value in good.items() if one != name})
        kind = description.resolve(member.get("items", {})).get("type")
        wrong: tuple[Any, ...] = (
            "",
            "zz zz",
            " ü&",
            NOWHERE,
            "x" * 5000,
            5,
            True,
            False,
            [],
            [""],
            [{}],
            {},
            [good.get(name)],
        )
        text = "  größer & as long as need be, " * 9
        # Null comes last, when there is a value to take away.
        changed += [{**good, name: value} for value in (*wrong, text, [text] if kind == "string" else 0.5, None)]
    record = description.properties(description.record_schema(operation) or {})
    for name in record.keys() - members.keys():
        changed.append({**good, name: "2011-01-01T00:00:00.000Z"})
    required = {name: good[name] for name in schema.get("required", ()) if name in good}
    for one in (required, *changed):
        body, media = bodies.encoded(description, operation, one)
        yield method, address, body, media
        yield "GET", address, b"", ""


def example(description: Description, parameter: Mapping[str, Any]) -> Any:
    """The value that the description shows for a parameter."""
    schema = description.resolve(parameter.get("schema", {}))
    return parameter.get("example", schema.get("default", (schema.get("enum") or ["x"])[0]))


def values(description: Description, parameter: Mapping[str, Any]) -> list[Any]:
    """Values of a query parameter: that of the example, each member, some that are none."""
    schema = description.resolve(parameter.get("schema", {}))
    pages = [0, 1, 2, 60, 100000] if "x-page" in parameter else []
    return [
        example(description, parameter),
        *schema.get("enum", ()),
        *pages,
        "zz",
        "2020-01-01T00:00:00Z",
        "2030-01-01",
    ]


def target(path: str, query: Mapping[str, Any]) -> str:
    """An address with its query."""
    asked = "&".join(f"{quote(name)}={quote(str(value), safe='')}" for name, value in query.items())
    return f"{path}?{asked}" if asked else path


def heard(collection: str, *plants: str) -> Iterator[Any]:
    """What the conversation about a collection shows of a mock whose clock stands still."""
    mock = mock_with(*plants)

    def ask(asked: Asked, credentials: str = TOKEN) -> Any:
        method, address, body, media = asked
        path, _, query = address.partition("?")
        sent = [(b"content-type", media.encode())] if media else []
        sent += [(b"authorization", f"Bearer {credentials}".encode())] if credentials else []
        request = Request(method, f"/v2{path}".encode(), query.encode(), tuple(sent), body)
        return carried_out(mock, request)

    reading = next(iter(DESCRIPTION.with_action(collection, "retrieve")), None)
    made = re.compile(rb'"%s":"([^"]+)"' % mock.store[collection].id_field.encode())
    asked = first = next(conversation(mock, collection))
    for credentials in ("wrong", ""):
        yield ask(first, credentials)
    yield ask(("PROPFIND", first[1], b"", ""))
    yield ask(("GET", "/nowhere", b"", ""))
    for asked in conversation(mock, collection):
        answer = ask(asked)
        yield answer
        found = made.search(answer[3]) if asked[0] == "POST" and reading is not None else None
        if found and reading is not None and reading.resource and reading.resource.key:
            yield ask(("GET", reading.path.replace(f"{{{reading.resource.key}}}", found[1].decode()), b"", ""))


@functools.cache
def usual(collection: str) -> list[Any]:
    """What a mock without drifts tells."""
    return list(heard(collection))


@pytest.mark.parametrize("plant", ELSEWHERE, ids=[plant.text for plant in ELSEWHERE])
def test_a_client_of_another_resource_can_tell_each_drift(plant: Plant) -> None:
    collection = collection_of(plant)
    differs = (one != other for one, other in zip_longest(heard(collection, plant.text), usual(collection)))
    assert any(differs), "nobody can tell"


def test_an_undisturbed_conversation_is_repeatable() -> None:
    for collection in ("brands", "messages"):
        assert len(usual(collection)) > 100 and list(heard(collection)) == usual(collection)
