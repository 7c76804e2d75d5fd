"""Names of a resource: what is derived from its plural, and which words are refused."""

from __future__ import annotations

import uuid

import pytest

from scripts.errors import InputError
from scripts.scaffold import naming


@pytest.mark.parametrize(
    ("resource", "record"),
    [
        ("widgets", "widget"),
        ("number_pools", "number_pool"),
        ("addresses", "address"),
        ("policies", "policy"),
        ("access_policies", "access_policy"),
        ("batches", "batch"),
        ("boxes", "box"),
        ("databases", "database"),
        ("houses", "house"),
        ("order_statuses", "order_status"),
        ("aliases", "alias"),
        ("caches", "cache"),
        ("series", "series"),
        ("ties", "tie"),
    ],
)
def test_the_singular_of_a_usual_plural_is_known(resource: str, record: str) -> None:
    assert naming.singular(resource) == record


@pytest.mark.parametrize("resource", ["widget", "media", "access", "status", "analysis", "children"])
def test_the_singular_of_anything_else_is_asked_for(resource: str) -> None:
    with pytest.raises(InputError, match="no plural whose singular is known") as problem:
        naming.singular(resource)
    assert problem.value.fix is not None and "--record" in problem.value.fix


def test_every_name_follows_from_resource_and_record() -> None:
    names = naming.derive("number_pools")
    assert (names.record, names.class_name, names.class_names) == ("number_pool", "NumberPool", "NumberPools")
    assert (names.path, names.stem, names.pointer) == ("/number_pools", "number_pools", "~1number_pools")
    assert (names.words, names.plural, names.one) == ("number pool", "number pools", "a number pool")
    assert names.display == "Number Pools"
    assert names.operations == (
        "listNumberPools",
        "createNumberPool",
        "retrieveNumberPool",
        "updateNumberPool",
        "deleteNumberPool",
    )


def test_words_may_begin_with_digits_and_are_written_as_the_generator_does() -> None:
    names = naming.derive("messaging_10dlc_brands")
    assert (names.class_name, names.class_names) == ("Messaging10DlcBrand", "Messaging10DlcBrands")
    assert names.operations[0] == "listMessaging10DlcBrands"
    assert naming.derive("resend_2fa_emails").class_name == "Resend2FaEmail"


def test_record_and_path_can_be_given() -> None:
    names = naming.derive("media", record="media_file", path="/storage/media")
    assert (names.class_name, names.path, names.stem) == ("MediaFile", "/storage/media", "storage.media")
    assert names.pointer == "~1storage~1media"


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("", "no name for a resource"),
        ("Widgets", "no name for a resource"),
        ("numberPools", "no name for a resource"),
        ("number-pools", "no name for a resource"),
        ("number__pools", "no name for a resource"),
        ("../widgets", "no name for a resource"),
        ("widgets\n", "no name for a resource"),
        ("wídgets", "no name for a resource"),
        ("sha256s", "no name for a resource"),
        ("10dlc_brands", "no name for a resource"),
        ("brands_10", "no name for a resource"),
        ("a_b_things", "no name for a resource"),
        ("class", "means something else in YAML or Python"),
        ("nulls", "means something else in YAML or Python"),
        ("lists", "would write the record 'list' as 'list_'"),
        ("datetimes", "would write the record 'datetime' as 'datetime_'"),
        ("clients", "becomes the class Client"),
        ("mappings", "becomes the class Mapping"),
        ("w" * 45 + "s", "has 46 characters"),
    ],
)
def test_a_name_that_can_not_be_used_is_refused(resource: str, said: str) -> None:
    with pytest.raises(InputError) as problem:
        naming.derive(resource)
    assert said in problem.value.message
    assert problem.value.fix


@pytest.mark.parametrize(("given", "better"), [("numberPools", "number_pools"), ("Number Pools", "number_pools")])
def test_the_refusal_of_another_spelling_names_the_right_one(given: str, better: str) -> None:
    with pytest.raises(InputError) as problem:
        naming.derive(given)
    assert problem.value.fix is not None and problem.value.fix.endswith(f"say {better}")


@pytest.mark.parametrize(
    "path",
    ["things", "/", "", "/things/", "//things", "/things/{id}", "/a/{b}/things", "/../things", "/a b", "/v2/things?x"],
)
def test_a_path_that_is_no_list_s_path_is_refused(path: str) -> None:
    with pytest.raises(InputError, match="--path"):
        naming.derive("things", path=path)


def test_a_record_is_held_to_the_same_rules() -> None:
    with pytest.raises(InputError, match="no name for a record"):
        naming.derive("media", record="MediaFile")


def test_ids_are_uuids_of_the_resource_s_own_and_the_same_every_time() -> None:
    ids = [*naming.derive("widgets").ids, *naming.derive("policies").ids]
    assert len(set(ids)) == 6
    assert all(uuid.UUID(one).version == 4 and str(uuid.UUID(one)) == one for one in ids)
    assert naming.derive("widgets").ids == tuple(ids[:3])
