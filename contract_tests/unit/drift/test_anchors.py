"""A finding leads to the place in the description that says otherwise, and to the file and line of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.description import ROOT, Description, load
from contract_tests.drift.anchors import anchor
from contract_tests.drift.described import nearest, source_map
from contract_tests.unit.drift.reports import finding

SCHEMAS, PROFILE = "#/components/schemas", "#/components/schemas/MessagingProfile/properties"


RETRIEVE, CREATE, LIST = "retrieveMessagingProfile", "createMessagingProfile", "listMessagingProfiles"
NESTED = "/data/number_pool_settings/sticky_sender"
PLACES = [
    ("response-type", LIST, "/data/3/name", 200, f"{PROFILE}/name"),
    ("response-type", LIST, "/data/*/name", 200, f"{PROFILE}/name"),
    ("response-type", LIST, "/meta/total_pages", 200, f"{SCHEMAS}/PaginationMeta/properties/total_pages"),
    ("response-type", RETRIEVE, NESTED, 200, f"{SCHEMAS}/NumberPoolSettings/properties/sticky_sender"),
    ("field-undocumented", RETRIEVE, "/data/a~1b", 200, f"{PROFILE}/a~1b"),
    ("response-enum", RETRIEVE, "/data/webhook_api_version", 200, f"{SCHEMAS}/WebhookApiVersion"),
    ("response-type", RETRIEVE, "/data/webhook_api_version", 200, f"{PROFILE}/webhook_api_version"),
    ("response-type", RETRIEVE, "/errors/0/code", 404, f"{SCHEMAS}/Error/properties/code"),
    ("first-value-wrong", CREATE, "/data/name", 201, f"{PROFILE}/name"),
    ("invalid-accepted", CREATE, "request:/name", 200, f"{SCHEMAS}/MessagingProfileCreate/properties/name"),
    ("invalid-accepted", LIST, "query:page[size]", 200, "#/components/parameters/PageSize"),
    ("unknown-id-found", RETRIEVE, "request:path", 200, "#/components/parameters/MessagingProfileId"),
    ("undocumented-status", LIST, "", 418, "#/paths/~1messaging_profiles/get"),
    ("suite-problem", "test_x::test_y", "", 200, ""),
]


@pytest.mark.parametrize(("kind", "operation", "pointer", "status", "place"), PLACES)
def test_each_pointer_has_its_place(kind: str, operation: str, pointer: str, status: int, place: str) -> None:
    assert anchor(load(), finding(kind, operation, pointer, status=status)) == place


def test_a_header_is_the_shared_one() -> None:
    place = anchor(load(), finding("header-missing", "listMessagingProfiles", "header:x-request-id"))
    assert place.startswith("#/components/headers/")
    assert nearest(load(), place) == place


@pytest.mark.parametrize(
    ("pointer", "file", "text"),
    [
        (f"{PROFILE}/name", "openapi/resources/messaging_profiles/schemas/MessagingProfile.yaml", "name:"),
        (f"{PROFILE}/mobile_only", "overlays/description/010-2026-02-profile-additions.overlay.yaml", "- target:"),
    ],
)
def test_a_place_is_a_file_and_a_line_of_it(pointer: str, file: str, text: str) -> None:
    found = source_map(load())
    assert found is not None
    name, _, line = found.place(pointer).rpartition(":")
    assert name == file
    assert (ROOT / name).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip().startswith(text)


def test_what_is_nowhere_is_placed_at_what_is_around_it() -> None:
    assert nearest(load(), f"{PROFILE}/colour") == PROFILE
    assert nearest(load(), "#/nowhere") == "#"


def test_another_description_than_the_files_make_has_no_places(tmp_path: Path) -> None:
    assert source_map(Description({"paths": {}})) is None
    assert source_map(load(), tmp_path) is None
