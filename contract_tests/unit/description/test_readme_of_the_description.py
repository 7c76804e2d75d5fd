"""The README of the description: its YAML is YAML that lint passes in a description, its tables name what is read."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.lint.document import Document
from scripts.lint.evidence import Evidence
from scripts.lint.finding import Finding
from scripts.lint.rule import discover
from scripts.lint.rules import extension_known
from scripts.lint.subject import House, Subject
from scripts.pipeline import load, pointers
from scripts.pipeline.places import Place

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "openapi" / "README.md"
WITH_YAML = ["openapi/README.md", "contract_tests/mock/README.md"]
RULES = ("extension_known", "resource_rules", "webhook_causes")


def blocks(path: Path) -> list[str]:
    """The fenced YAML of a README, in order."""
    return re.findall(r"^```ya?ml\n(.*?)^```$", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def example(member: str) -> dict[str, Any]:
    """The block of the README of the description whose first member this is."""
    found = [yaml.safe_load(block) for block in blocks(README)]
    (one,) = [value for value in found if next(iter(value)) == member]
    return dict(one)


def described() -> dict[str, Any]:
    """A description around the examples: a shop tells of its orders, which are listed by the brand they belong to."""
    listed = example("x-resource")
    pages = {name: {"type": "integer"} for name in listed["x-envelope"].values()}
    text = {"type": "string"}
    return {
        "paths": {
            "/brands/{brand_id}/orders": {
                "get": {
                    "operationId": "listOrders",
                    "x-sdk-method": "orders.list",
                    "x-resource": listed["x-resource"],
                    "parameters": [
                        {"name": "brand_id", "in": "path", "schema": text},
                        {"name": "number", "in": "query", "schema": text, "x-filter": listed["x-filter"]},
                        {"name": "sort", "in": "query", "schema": text, "x-sort": listed["x-sort"]},
                    ],
                    "responses": {"200": content("OrderList")},
                },
            },
            "/orders": {
                "post": {
                    "operationId": "createOrder",
                    "x-sdk-method": "orders.create",
                    "x-resource": {"collection": "orders", "action": "create"},
                    "requestBody": content("OrderCreate"),
                }
            },
        },
        "webhooks": {"order": {"post": {**example("x-sent-after"), "requestBody": content("OrderEvent")}}},
        "components": {
            "schemas": {
                "OrderList": {"x-envelope": listed["x-envelope"], "properties": pages},
                "Order": {"properties": {"id": {**text, "x-generated": listed["x-generated"]}}},
                "OrderCreate": {
                    "properties": {"shop_id": {**text, "x-references": "shops"}, "express": {"type": "boolean"}}
                },
                "OrderEvent": {
                    "properties": {"data": {"properties": {"event_type": {"enum": ["order.packed", "order.closed"]}}}}
                },
            }
        },
    }


def content(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def findings(document: dict[str, Any]) -> list[Finding]:
    house = House(evidence=Evidence((), frozenset()), seeds={"orders": [], "brands": [], "shops": []})
    subject = Subject(Document(document), lambda pointer: Place("README.md", 1), house)
    rules = discover()
    return [finding for name in RULES for finding in rules[name].check(subject)]


def test_the_examples_stand_as_they_are_in_a_description() -> None:
    assert findings(described()) == []


@pytest.mark.parametrize(
    ("pointer", "wrong"),
    [
        ("/webhooks/order/post/x-sent-after/0/course", {"at": "/data", "though": ["packed"]}),
        ("/webhooks/order/post/x-sent-after/0/address", "shop.webhook_url"),
        ("/webhooks/order/post/x-sent-after/0/events", ["order.lost"]),
        (
            "/paths/~1brands~1{brand_id}~1orders/get/x-resource/parent",
            {"collection": "brands", "parameter": "brand_id"},
        ),
        ("/paths/~1brands~1{brand_id}~1orders/get/parameters/1/x-filter/operator", "has"),
        ("/paths/~1brands~1{brand_id}~1orders/get/parameters/2/x-sort", {"by": "name"}),
        ("/components/schemas/OrderList/x-envelope", {"record": "items"}),
        ("/components/schemas/Order/properties/id/x-generated", "given"),
    ],
)
def test_an_example_that_is_misspelt_would_be_found(pointer: str, wrong: Any) -> None:
    document = copy.deepcopy(described())
    *parents, last = pointers.split(pointer)
    pointers.follow(document, pointers.join("", *parents))[last] = wrong
    assert [finding for finding in findings(document) if finding.pointer.startswith(f"/{parents[0]}/")]


@pytest.mark.parametrize("name", WITH_YAML)
def test_all_yaml_of_a_readme_is_read_as_files_of_the_description_are(name: str) -> None:
    found = blocks(ROOT / name)
    assert found
    for number, block in enumerate(found):
        assert load.parse(block, ROOT / name, f"{name} {number}").contents


def test_no_other_readme_has_yaml_that_nobody_reads() -> None:
    parts = [ROOT / part for part in ("openapi", "contract_tests", "scripts")]
    every = [ROOT / "README.md", *(path for part in parts for path in part.rglob("README.md"))]
    assert {path.relative_to(ROOT).as_posix() for path in every if blocks(path)} == set(WITH_YAML)


def test_the_tables_name_each_extension_that_somebody_reads_and_no_other() -> None:
    told = set(re.findall(r"^\| `x-([a-z-]+)` \|", README.read_text(encoding="utf-8"), flags=re.MULTILINE))
    read = {name for names in extension_known.KNOWN.values() for name in names.split()}
    # It names the members of an enum for the generator, which invented it.
    assert told == read - {"enum-varnames"}
