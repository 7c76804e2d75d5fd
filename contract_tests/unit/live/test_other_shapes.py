"""The gate before answers, bodies and lists of other shapes: bare records, other envelopes, forms, replacement."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from contract_tests import bodies
from contract_tests.description import Description, load
from contract_tests.live import listing, tidying
from contract_tests.live.policy import OptIn
from contract_tests.live.refusal import Refused
from contract_tests.live.routes import Addressed
from contract_tests.rules.resource import by_collection
from contract_tests.unit.live.stage import Stage, request, staged

OURS = load()
FREE = Decimal(0)
# Registering costs; here it is allowed, so that the gate has to follow what becomes of it.
BRANDS = {
    "createBrand": OptIn(frozenset({"costs", "irreversible"}), FREE),
    "deleteBrand": OptIn(frozenset({"irreversible"}), FREE),
}
ME, YOU = "+18005550001", "+18005550002"
SENDS = OptIn(frozenset({"costs", "contacts-people", "irreversible"}), FREE)


def brand(stage: Stage, name: str | None = None, **more: Any) -> dict[str, Any]:
    """A brand under the mark of the run, or under another name."""
    (shown, *_) = bodies.examples(OURS, OURS.by_id["createBrand"])
    return {**shown, "displayName": name or f"{stage.gate.ledger.prefix}x", **more}


def test_a_bare_record_of_ours_is_confirmed_and_deleted() -> None:
    with staged(opt_ins=BRANDS) as stage:
        made = stage.send("POST", "/10dlc/brand", brand(stage))
        brand_id = json.loads(made.body)["brandId"]
        assert stage.gate.estate.is_created("brands", brand_id)
        assert stage.events() == ["intent", "created"]
        assert [one for one, _, _ in tidying.marked(stage.gate, "brands")] == [brand_id]
        assert tidying.tidy(stage.gate).deleted == 1
        assert all(one["brandId"] != brand_id for one in stage.mock.store.snapshot()["brands"])


def test_a_bare_record_of_somebody_else_never_becomes_ours() -> None:
    with staged(opt_ins=BRANDS) as stage:
        theirs = stage.mock.store.snapshot()["brands"][0]["brandId"]
        with pytest.raises(Refused, match="was not created by this run"):
            stage.send("DELETE", f"/10dlc/brand/{theirs}")
        with pytest.raises(Refused, match="mark"):
            stage.send("POST", "/10dlc/brand", brand(stage, name="ABC"))


def test_replacement_keeps_the_mark() -> None:
    with staged(opt_ins=BRANDS) as stage:
        brand_id = json.loads(stage.send("POST", "/10dlc/brand", brand(stage)).body)["brandId"]
        (shown, *_) = bodies.examples(OURS, OURS.by_id["replaceBrand"])
        body = {**shown, "displayName": f"{stage.gate.ledger.prefix}y"}
        assert stage.send("PUT", f"/10dlc/brand/{brand_id}", body).ok
        for name in ("ABC", None):
            spoilt = {**body, "displayName": name} if name else {k: v for k, v in body.items() if k != "displayName"}
            with pytest.raises(Refused):
                stage.send("PUT", f"/10dlc/brand/{brand_id}", spoilt)


def test_what_a_list_tells_of_its_pages_is_read_where_the_description_says() -> None:
    with staged(opt_ins=BRANDS) as stage:
        there = {one["brandId"] for one in stage.mock.store.snapshot()["brands"]}
        assert {one["brandId"] for one in stage.gate.everything("brands")} == there


def test_a_list_that_needs_a_filter_does_not_show_what_was_left() -> None:
    assert listing.needs(by_collection(OURS, "campaigns")) == "brandId"
    # Page and size select nothing.
    assert listing.needs(by_collection(OURS, "tollfree_verification_requests")) == ""
    assert listing.needs(by_collection(OURS, "messages")) == ""
    document = json.loads(json.dumps(OURS.document))
    for parameter in document["paths"]["/10dlc/brand"]["get"]["parameters"]:
        if parameter.get("name") == "country" or "Country" in parameter.get("$ref", ""):
            parameter.clear()
            parameter.update({"name": "country", "in": "query", "required": True, "schema": {"type": "string"}})
    with staged(opt_ins=BRANDS, description=Description(document)) as stage:
        with pytest.raises(Refused, match="no more than what country selects"):
            list(stage.gate.everything("brands"))
        with pytest.raises(Refused, match="leftovers could not be found"):
            stage.send("POST", "/10dlc/brand", brand(stage))


UPLOAD = "/messaging_hosted_number_orders/1/actions/file_upload"


def test_a_form_is_read_like_any_other_body() -> None:
    operation = OURS.by_id["uploadMessagingHostedNumberOrderFile"]
    addressed = Addressed(operation, {"id": "1"}, ())
    body, media = bodies.encoded(OURS, operation, {"loa": "%PDF"})
    with staged() as stage:
        read = stage.gate.terms.understand(addressed, request("POST", UPLOAD, body, content_type=media))
        assert (read.body, [part.pointer for part in read.parts]) == ({"loa": "%PDF"}, ["/loa"])
        for spoilt, declared in (
            (body[:-5], media),
            (b'{"loa": "x"}', "application/json"),
            (body, "multipart/form-data"),
            (bodies.form({"other": "x"}, {})[0], media),
        ):
            with pytest.raises(Refused):
                stage.gate.terms.understand(addressed, request("POST", UPLOAD, spoilt, content_type=declared))


def test_nothing_is_uploaded_to_an_order_that_is_not_ours() -> None:
    opted = {"uploadMessagingHostedNumberOrderFile": OptIn(frozenset({"irreversible"}), FREE)}
    body, media = bodies.form({"loa": "%PDF"}, {})
    with staged(opt_ins=opted) as stage, pytest.raises(Refused, match="was not created by this run"):
        stage.send("POST", UPLOAD, body, content_type=media)


@pytest.mark.parametrize(
    ("operation", "path", "field"),
    [
        ("sendGroupMmsMessage", "/messages/group_mms", "to"),
        (
            "createMessagingHostedNumberOrderVerificationCodes",
            "/messaging_hosted_number_orders/1/verification_codes",
            "phone_numbers",
        ),
    ],
)
def test_each_recipient_of_a_list_is_one_of_our_own(operation: str, path: str, field: str) -> None:
    (shown, *_) = bodies.examples(OURS, OURS.by_id[operation])
    with staged(opt_ins={operation: SENDS}, recipients=frozenset({ME})) as stage:
        for people in ([ME, YOU], [{"phone_number": ME}], []):
            with pytest.raises(Refused, match=r"recipients are not among|not one marked|no field|breaks the schema"):
                stage.send("POST", path, {**shown, field: people})
        assert stage.sent == []


def test_what_reaches_people_unnamed_is_never_sent() -> None:
    opted = {**BRANDS, "resendBrandTwoFactorEmail": OptIn(frozenset({"contacts-people"}), FREE)}
    with staged(opt_ins=opted) as stage:
        brand_id = json.loads(stage.send("POST", "/10dlc/brand", brand(stage)).body)["brandId"]
        with pytest.raises(Refused, match="not one marked x-recipient"):
            stage.send("POST", f"/10dlc/brand/{brand_id}/2faEmail")
