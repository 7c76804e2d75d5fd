"""Answers and requests that are not of the usual form, through both clients: lists, unions, files, silence, words."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from telnyx_bindings import AnswerUnreadable, AsyncTelnyx, DriftObservation, NotFound, Telnyx, models
from telnyx_bindings.types import File

from contract_tests.mock.double import TelnyxMock

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
BRAND = "4b20017f-8da9-4992-a6c0-683072fb7729"
ORDER = "86f58db9-0fe3-4adc-9d1f-46e66e6e9323"
Use = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture
def mock() -> Iterator[TelnyxMock]:
    with TelnyxMock() as double:
        yield double


def using(kind: str, **options: Any) -> Use:
    """Runs what makes one call, or walks one list, with a client of its own."""

    def synchronously(work: Callable[[Any], Any]) -> Any:
        with Telnyx(**options) as telnyx:
            found = work(telnyx)
            return list(found) if hasattr(found, "pages") else found

    async def asynchronously(work: Callable[[Any], Any]) -> Any:
        async with AsyncTelnyx(**options) as telnyx:
            found = work(telnyx)
            return [one async for one in found] if hasattr(found, "pages") else await found

    return synchronously if kind == "sync" else lambda work: asyncio.run(asynchronously(work))


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest, mock: TelnyxMock) -> Use:
    """Both clients, with the mock."""
    return using(request.param, **mock.options)


def answering(kind: str, *answers: Any, **options: Any) -> tuple[Use, list[httpx.Request]]:
    """A client whose server gives these answers, the last one for ever, and what it was asked."""
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        answer = answers[min(len(asked), len(answers)) - 1]
        return httpx.Response(200) if answer is None else httpx.Response(200, json=answer)

    settings = {"api_key": "KEY", "base_url": "http://test/v2", "transport": httpx.MockTransport(serve), **options}
    return using(kind, **settings), asked


both = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.mark.parametrize(
    ("work", "operation", "number", "collection"),
    [
        (lambda t: t.messaging_10dlc.brand.list(records_per_page=1), "listBrands", "page", "brands"),
        (
            lambda t: t.messaging_10dlc.phone_number_campaigns.list(records_per_page=1),
            "listPhoneNumberCampaigns",
            "page",
            "phone_number_campaigns",
        ),
        (
            lambda t: t.messaging_10dlc.partner_campaigns.list(records_per_page=1),
            "listPartnerCampaigns",
            "page",
            "partner_campaigns",
        ),
        (
            lambda t: t.messaging_tollfree.verification.requests.list(page=1, page_size=1),
            "listTollfreeVerificationRequests",
            "page",
            "tollfree_verification_requests",
        ),
        (lambda t: t.short_codes.list(page_size=1), "listShortCodes", "page[number]", "short_codes"),
        (lambda t: t.messaging.rcs.agents.list(page_size=1), "listRcsAgents", "page[number]", "rcs_agents"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_lists_of_every_form_are_walked_to_their_end_without_a_request_too_many(
    use: Use, mock: TelnyxMock, work: Callable[[Any], Any], operation: str, number: str, collection: str
) -> None:
    found = use(work)
    stored = mock.records(collection)
    assert len(found) == len(stored) > 0
    asked = [int("".join(one.parameters.get(number, "1"))) for one in mock.requests if one.operation_id == operation]
    assert asked == list(range(1, len(stored) + 1))
    assert len({json.dumps(one.to_dict(), sort_keys=True) for one in found}) == len(found), "each record comes once"


def test_brands_are_walked_without_a_size_and_without_a_request_too_many(use: Use, mock: TelnyxMock) -> None:
    for at in range(12 - len(mock.records("brands"))):
        mock.seed("brands", {**mock.records("brands")[0], "brandId": str(uuid.uuid4()), "displayName": f"Shop {at}"})
    assert len(use(lambda t: t.messaging_10dlc.brand.list())) == 12
    assert [one.parameters.get("page") for one in mock.requests] == [None, ["2"]], "ten on a page, two on the next"


@both
@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        # Only the number of all records is told, and how many fit on a page was asked.
        ([{"records": [{"id": "a"}, {"id": "b"}], "total_records": 3}, {"records": [{"id": "c"}]}], ["1", "2"]),
        # All fit on the first page.
        ([{"records": [{"id": "a"}, {"id": "b"}], "total_records": 2}], ["1"]),
        # Not even that is told: the page that is not full is the last one.
        ([{"records": [{"id": "a"}, {"id": "b"}]}, {"records": [{"id": "c"}]}], ["1", "2"]),
        ([{"records": [{"id": "a"}, {"id": "b"}]}, {"records": []}], ["1", "2"]),
    ],
)
def test_a_list_that_tells_its_total_alone_ends_where_it_ends(kind: str, answers: list[Any], asked: list[str]) -> None:
    use, requests = answering(kind, *answers)
    found = use(lambda t: t.messaging_tollfree.verification.requests.list(page=1, page_size=2))
    assert [one.id for one in found] == [one["id"] for page in answers for one in page["records"]]
    assert [one.url.params["page"] for one in requests] == asked


@both
def test_a_list_may_tell_nothing_but_its_records(kind: str) -> None:
    use, requests = answering(kind, {"records": [{"phoneNumber": "+1"}]}, {"records": []})
    task = "1293384261075731499"
    assigned = use(lambda t: t.messaging_10dlc.phone_number_assignment_by_profile.list_phone_number_status(task))
    assert [one.phone_number for one in assigned] == ["+1"]
    assert [one.url.params.get("page") for one in requests] == [None, "2"]


@both
def test_a_walk_may_begin_anywhere_when_the_page_has_to_be_said(kind: str) -> None:
    use, requests = answering(kind, {"records": [{"id": "c"}], "total_records": 3})
    found = use(lambda t: t.messaging_tollfree.verification.requests.list(page=3, page_size=1, max_pages=1))
    assert [one.id for one in found] == ["c"]
    assert [str(one.url.query, "ascii") for one in requests] == ["page=3&page_size=1"]


def test_an_envelope_without_its_records_is_no_empty_list() -> None:
    use, _ = answering("sync", {"data": [], "total_records": 0})
    with pytest.raises(AnswerUnreadable, match="no list of records"):
        use(lambda t: t.messaging_tollfree.verification.requests.list(page=1, page_size=1))


def test_a_bare_list_is_a_list(use: Use) -> None:
    order = use(lambda t: t.messaging_10dlc.brand.external_vetting.order(BRAND, evp_id="CV", vetting_class="STANDARD"))
    found = use(lambda t: t.messaging_10dlc.brand.external_vetting.list(BRAND))
    assert isinstance(found, list) and order.vetting_id in [one.vetting_id for one in found]
    assert {type(one) for one in found} == {models.BrandExternalVetting}


def test_what_has_no_answer_gives_none_and_its_circumstances(use: Use) -> None:
    assert use(lambda t: t.messaging_10dlc.brand.resend_2fa_email(BRAND)) is None
    whole = use(lambda t: t.messaging_10dlc.brand.with_response.resend_2fa_email(BRAND))
    assert (whole.status, whole.parsed, whole.body) == (200, None, b"")
    with pytest.raises(NotFound):
        use(lambda t: t.messaging_10dlc.brand.resend_2fa_email("4b20017f-0000-4992-a6c0-683072fb7729"))


def test_a_message_of_either_direction_comes_as_its_own_class(use: Use, mock: TelnyxMock) -> None:
    sent = use(lambda t: t.messages.send(from_="+18005550001", to="+13125550100", text="Hello")).data
    outbound = use(lambda t: t.messages.retrieve(sent.id)).data
    assert (type(outbound), outbound.direction) == (models.OutboundMessage, "outbound")
    event = mock.receive_message("Hello", to="+18005550001", sender="+13125550100").event
    inbound = use(lambda t: t.messages.retrieve(event.payload["id"])).data
    assert (type(inbound), inbound.direction, inbound.text) == (models.InboundMessage, "inbound", "Hello")


def test_a_word_is_a_member_and_a_list_of_words_a_list(use: Use) -> None:
    config = use(
        lambda t: t.messaging_profiles.autoresp_configs.create(PROFILE, country_code="US", keywords=["A"], op="info")
    ).data
    gone = use(lambda t: t.messaging_profiles.autoresp_configs.delete(PROFILE, config.id))
    assert gone is models.AutorespConfigGoneResponse.OK
    words = use(lambda t: t.messaging_10dlc.get_enum("vertical"))
    assert isinstance(words, list | models.RegistryEnumEntry | models.RegistryEnumPage)


@both
def test_a_word_that_nobody_described_is_kept_and_told(kind: str) -> None:
    told: list[DriftObservation] = []
    use, _ = answering(kind, "GONE", on_drift=told.append)
    gone = use(lambda t: t.messaging_profiles.autoresp_configs.delete(PROFILE, PROFILE))
    assert gone == "GONE" and not gone.is_known
    assert [(one.pointer, one.kind, one.sample) for one in told] == [("", "unknown-member", "GONE")]
    use, _ = answering(kind, "GONE", strict=True)
    with pytest.raises(AnswerUnreadable, match="unknown-member"):
        use(lambda t: t.messaging_profiles.autoresp_configs.delete(PROFILE, PROFILE))


@both
@pytest.mark.parametrize(
    ("answer", "kind_of_answer"),
    [
        (["A", "B"], list),
        ([{"name": "A"}], list),
        ({"records": [{"name": "A"}], "page": 1, "totalRecords": 1}, models.RegistryEnumPage),
        ({"2FA": {"displayName": "2FA"}}, models.RegistryEnumEntry),
    ],
)
def test_an_answer_of_several_forms_is_read_as_the_one_that_fits(kind: str, answer: Any, kind_of_answer: type) -> None:
    use, _ = answering(kind, answer, strict=True)
    found = use(lambda t: t.messaging_10dlc.get_enum("usecase"))
    assert {type(found)} == {kind_of_answer}
    plain = [one if isinstance(one, str) else one.to_dict() for one in found] if isinstance(found, list) else None
    assert (plain if plain is not None else found.to_dict()) == answer


def upload(letter: Any, client: Any) -> Any:
    """Send the letter of an order."""
    return client.messaging_hosted_number_orders.actions.upload_file(ORDER, loa=letter)


def test_a_file_is_given_as_bytes_as_its_path_or_opened(use: Use, mock: TelnyxMock, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    with letter.open("rb") as opened:
        forms: list[Any] = [b"%PDF-1.7 letter", bytearray(b"%PDF-1.7 letter"), letter, opened]
        forms += [io.BytesIO(b"%PDF-1.7 letter"), File(b"%PDF-1.7 letter"), memoryview(b"%PDF-1.7 letter")]
        for form, name in zip(forms, ("loa", "loa", "letter.pdf", "letter.pdf", "loa", "loa", "loa"), strict=True):
            use(partial(upload, form))
            part = f'name="loa"; filename="{name}"'.encode()
            assert mock.requests[-1].body.count(part) == mock.requests[-1].body.count(b"%PDF-1.7 letter") == 1


@pytest.mark.parametrize(
    ("given", "kind"),
    [("loa.pdf", "of type str"), (7, "of type int"), (io.StringIO("x"), "a file opened as text"), (File("x"), "str")],  # type: ignore[arg-type]
)
def test_what_is_no_file_is_not_sent_in_its_place(use: Use, mock: TelnyxMock, given: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=f"'loa' has to be a file and is .*{kind}: give a File, bytes, a Path"):
        use(partial(upload, given))
    assert not mock.requests


def test_files_are_uploaded_beside_each_other(use: Use, mock: TelnyxMock) -> None:
    order = use(
        lambda t: t.messaging_hosted_number_orders.actions.upload_file(
            ORDER,
            loa=File(b"%PDF-1.7 letter", "loa.pdf", "application/pdf"),
            bill=File(b"%PDF-1.7 bill", "bill.pdf", "application/pdf"),
        )
    ).data
    assert str(order.id) == ORDER
    sent = mock.requests[-1]
    assert dict(sent.headers)["content-type"].startswith("multipart/form-data; boundary=")
    for part in (b'name="loa"; filename="loa.pdf"', b"%PDF-1.7 letter", b'name="bill"; filename="bill.pdf"'):
        assert sent.body.count(part) == 1


def test_put_replaces_and_sends_what_was_given_alone(use: Use, mock: TelnyxMock) -> None:
    told = {"country_code": "US", "keywords": ["TABLE"], "op": "info", "resp_text": "Call us."}
    made = use(lambda t: t.messaging_profiles.autoresp_configs.create(PROFILE, **told)).data
    told.pop("resp_text")
    replaced = use(lambda t: t.messaging_profiles.autoresp_configs.update(PROFILE, made.id, **told)).data
    assert (mock.requests[-1].method, mock.requests[-1].json) == ("PUT", told)
    assert replaced.id == made.id and not replaced.resp_text
