"""One root cause is one finding, however many operations show it, and two causes stay two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_tests.description import load
from contract_tests.drift.cause import Cause
from contract_tests.drift.causes import causes
from contract_tests.drift.finding import Finding, Severity
from contract_tests.drift.spreading import MANY, MANY_FIELDS
from contract_tests.unit.drift.reports import exchange, finding

NAME = "#/components/schemas/MessagingProfile/properties/name"
PROFILES = {"listMessagingProfiles": "/data/0/name", "retrieveMessagingProfile": "/data/name"}


def found(*findings: Finding) -> list[Cause]:
    return causes(load(), findings)


def everywhere(kind: str, observed: str = "x") -> list[Finding]:
    return [finding(kind, operation, pointer, observed) for operation, pointer in PROFILES.items()]


def test_one_field_in_several_operations_is_one_cause() -> None:
    (cause,) = found(*everywhere("response-type"), finding("response-type", "updateMessagingProfile", "/data/name"))
    assert cause.anchor == NAME
    assert cause.operations == ("listMessagingProfiles", "retrieveMessagingProfile", "updateMessagingProfile")
    assert cause.pointer == "/data/name"
    assert len(cause.places) == cause.occurrences == 3


def test_its_identity_does_not_depend_on_which_operations_show_it() -> None:
    one, other = (found(each)[0] for each in everywhere("response-type"))
    assert one.fingerprint == other.fingerprint == found(*everywhere("response-type"))[0].fingerprint


def test_two_fields_two_kinds_and_two_schemas_are_two_causes_each() -> None:
    base = finding("response-type", "retrieveMessagingProfile", "/data/name")
    for other in (
        replace(base, pointer="/data/enabled"),
        replace(base, kind="null-clears"),
        finding("response-type", "retrievePhoneNumberMessagingSettings", "/data/type"),
    ):
        assert len(found(base, other)) == 2
        assert len({cause.fingerprint for cause in found(base, other)}) == 2


@pytest.mark.parametrize(
    ("kind", "pointer", "status"),
    [
        ("undocumented-status", "", 418),
        ("server-error", "", 500),
        ("header-missing", "header:x-request-id", 200),
        ("missing-token-accepted", "request:header:authorization", 200),
        ("error-envelope", "/errors", 404),
    ],
)
def test_a_frame_that_looks_alike_everywhere_is_one_cause(kind: str, pointer: str, status: int) -> None:
    operations = ("listMessagingProfiles", "retrieveMessagingProfileMetrics", "listPhoneNumberMessagingSettings")
    (cause,) = found(*(finding(kind, one, pointer, status=status) for one in operations))
    assert len(cause.operations) == 3


def test_other_statuses_and_media_types_are_other_causes() -> None:
    statuses = [finding("undocumented-status", "listMessagingProfiles", status=status) for status in (418, 201)]
    other = replace(statuses[1], operation="retrieveMessagingProfile")
    assert len(found(statuses[0], other)) == 2
    media = [
        replace(
            finding("content-type", one, "header:content-type"),
            exchange=exchange(one, headers={"content-type": content_type}),
        )
        for one, content_type in (("listMessagingProfiles", "text/html"), ("createMessagingProfile", "text/plain; a=b"))
    ]
    assert len(found(*media)) == 2


def test_behaviour_of_two_collections_is_two_causes() -> None:
    profile = finding("deleted-still-there", "retrieveMessagingProfile")
    assert len(found(profile, replace(profile, operation="updateMessagingProfile"))) == 1
    assert len(found(profile, replace(profile, operation="retrievePhoneNumberMessagingSettings"))) == 2


def test_what_follows_from_a_wrong_type_stands_below_it() -> None:
    (cause,) = found(
        *everywhere("response-type", "integer 5"),
        finding("value-not-read-back", "createMessagingProfile", "/data/name", "5"),
        finding("filter-selects-wrongly", "listMessagingProfiles", "query:filter[name]", "0 records"),
    )
    assert cause.kind == "response-type"
    assert [one.kind for one in cause.also] == ["value-not-read-back", "filter-selects-wrongly"]
    assert "createMessagingProfile" in cause.operations


def test_a_field_that_is_gone_explains_only_what_was_absent() -> None:
    gone = everywhere("field-never-sent", "absent from all 3 objects")
    (cause,) = found(*gone, finding("default-not-applied", "createMessagingProfile", "/data/name", "nothing"))
    assert (cause.kind, [one.kind for one in cause.also]) == ("field-never-sent", ["default-not-applied"])
    assert cause.severity is Severity.BREAKING
    assert len(found(*gone, finding("value-not-stored", "updateMessagingProfile", "/data/name", '"other"'))) == 2


def test_null_that_an_update_left_follows_from_the_update() -> None:
    null = finding("response-type", "listMessagingProfiles", "/data/0/name", "null")
    clears = finding("null-clears", "updateMessagingProfile", "/data/name", "null")
    (cause,) = found(null, clears)
    assert (cause.kind, [one.kind for one in cause.also]) == ("null-clears", ["response-type"])
    assert len(found(replace(null, observed="integer 5"), clears)) == 2
    assert len(found(replace(null, pointer="/data/0/enabled"), clears)) == 2


def test_an_enum_that_grew_is_about_the_enum_and_explains_the_field() -> None:
    (cause,) = found(
        finding("response-enum", "retrieveMessagingProfile", "/data/webhook_api_version", 'string "3"'),
        finding("value-not-stored", "updateMessagingProfile", "/data/webhook_api_version", '"3"'),
    )
    assert cause.anchor == "#/components/schemas/WebhookApiVersion"
    assert [one.kind for one in cause.also] == ["value-not-stored"]


def test_a_behaviour_of_many_fields_is_one_cause_and_knows_its_parts() -> None:
    fields = ["name", "enabled", "webhook_url", "alpha_sender", "mms_transcoding"]
    alike = [finding("unrelated-field-changed", "updateMessagingProfile", f"/data/{one}") for one in fields]
    (cause,) = found(*alike)
    assert cause.pointer == "/data"
    assert set(cause.parts) == {found(one)[0].fingerprint for one in alike}
    assert len(found(*alike[: MANY - 1])) == MANY - 1


def test_some_new_fields_are_findings_of_their_own_and_many_are_another_schema() -> None:
    new = [finding("field-undocumented", "retrieveMessagingProfile", f"/data/new_{n}") for n in range(MANY_FIELDS)]
    assert len(found(*new[1:])) == MANY_FIELDS - 1
    (cause,) = found(*new)
    assert len(cause.parts) == MANY_FIELDS


def test_a_behaviour_of_nested_fields_and_several_operations_is_one_cause() -> None:
    fields = [
        "/data/name",
        "/data/enabled",
        "/data/number_pool_settings/sticky_sender",
        "/data/url_shortener_settings/domain",
    ]
    update = [finding("value-not-stored", "updateMessagingProfile", one) for one in fields]
    (cause,) = found(*update, finding("value-not-stored", "retrieveMessagingProfile", "/data/webhook_url"))
    assert len(cause.parts) == 5
    assert cause.pointer == "/data"


def test_a_field_under_another_name_is_one_cause() -> None:
    gone = everywhere("field-never-sent", "absent from all 3 objects")
    renamed = finding("field-undocumented", "retrieveMessagingProfile", "/data/label", severity=Severity.ADDITIVE)
    (cause,) = found(*gone, renamed)
    assert (cause.kind, [one.kind for one in cause.also]) == ("field-never-sent", ["field-undocumented"])
    assert len(found(*gone, renamed, replace(renamed, pointer="/data/more"))) == 3
    assert len(found(*gone, replace(renamed, operation="retrievePhoneNumberMessagingSettings"))) == 2


def test_members_that_stand_where_their_object_should_be_are_one_cause() -> None:
    gone = finding("field-never-sent", "retrieveMessagingProfile", "/data", "absent from all 3 objects")
    names = ["name", "enabled", "webhook_url", "alpha_sender", "mms_transcoding", "id"]
    bare = [finding("field-undocumented", "retrieveMessagingProfile", f"/{name}") for name in names]
    others = [
        finding("no-record", "retrieveMessagingProfile", "/data"),
        finding("package-refuses", "retrieveMessagingProfile", "/data"),
    ]
    (cause,) = found(gone, *bare, *others)
    assert cause.kind == "field-never-sent"
    assert sorted(one.kind for one in cause.also) == ["field-undocumented", "no-record", "package-refuses"]


def test_a_page_instead_of_json_is_one_cause() -> None:
    html = exchange("listMessagingProfiles", headers={"content-type": "text/html"}, status=404)
    media = finding("content-type", "listMessagingProfiles", "header:content-type", exchange=html)
    (cause,) = found(finding("response-not-json", "listMessagingProfiles", exchange=html), media)
    assert (cause.kind, [one.kind for one in cause.also]) == ("content-type", ["response-not-json"])


def test_what_is_inside_of_something_gone_follows_from_it() -> None:
    gone = finding("field-never-sent", "listMessagingProfiles", "/meta", "absent from all 3 objects")
    inside = [finding("page-meta", "listMessagingProfiles", f"/meta/{name}") for name in ("page_number", "page_size")]
    pages = finding("pages-do-not-join", "listMessagingProfiles", "/data")
    (cause,) = found(*inside, pages, gone)
    assert len(cause.also) == 3
    assert len(found(gone, replace(pages, operation="listPhoneNumberMessagingSettings"))) == 2


def test_a_sort_by_the_field_that_a_request_names_follows_from_that_field() -> None:
    url = "http://127.0.0.1:1/v2/10dlc/brand?sort=-status"
    sort = finding("list-out-of-order", "listBrands", "query:sort", exchange=exchange("listBrands", url=url))
    wrong = finding("response-type", "listBrands", "/records/0/status", "integer 5")
    (cause,) = found(wrong, sort)
    assert (cause.kind, [one.kind for one in cause.also]) == ("response-type", ["list-out-of-order"])
    assert len(found(replace(wrong, pointer="/records/0/displayName"), sort)) == 2
    assert len(found(wrong, replace(sort, exchange=None))) == 2


def test_a_filter_of_a_list_without_data_follows_from_its_field() -> None:
    bad = finding("response-type", "listTollfreeVerificationRequests", "/records/0/verificationStatus", "integer 5")
    few = finding("filter-selects-wrongly", "listTollfreeVerificationRequests", "query:status", "0 records")
    (cause,) = found(bad, few)
    assert [one.kind for one in cause.also] == ["filter-selects-wrongly"]


def test_pages_cannot_join_where_the_total_of_another_envelope_is_gone() -> None:
    name = "listTollfreeVerificationRequests"
    gone = finding("field-never-sent", name, "/total_records", "absent from all 3 objects")
    pages = finding("pages-do-not-join", name, "/records")
    (cause,) = found(pages, gone)
    assert (cause.kind, [one.kind for one in cause.also]) == ("field-never-sent", ["pages-do-not-join"])
    assert len(found(pages, replace(gone, pointer="/records"))) == 2


def test_the_exchange_that_is_easiest_to_repeat_is_shown() -> None:
    hard, easy = everywhere("response-type")
    hard = replace(hard, before=(exchange("createMessagingProfile"),))
    assert found(hard, easy)[0].exchange is easy.exchange
    assert found(replace(hard, before=(), fleeting=True), easy)[0].exchange is easy.exchange


def test_a_test_of_the_suite_that_failed_is_a_cause_too() -> None:
    (cause,) = found(finding("suite-problem", "test_x::test_y"))
    assert (cause.anchor, cause.operations) == ("", ("test_x::test_y",))


def test_the_gravest_and_most_widespread_come_first() -> None:
    mild = finding("field-undocumented", "retrieveMessagingProfile", "/data/new", severity=Severity.ADDITIVE)
    alone = finding("response-type", "retrieveMessagingProfile", "/data/enabled")
    assert [one.pointer for one in found(mild, alone, *everywhere("response-type"))] == [
        "/data/name",
        "/data/enabled",
        "/data/new",
    ]
