"""A finding about a record that the run made knows how it came to be; one that was there needs nothing."""

from __future__ import annotations

from contract_tests.description import load
from contract_tests.drift.finding import Findings
from contract_tests.drift.trail import RECORDS, Trail
from contract_tests.exchange import Exchange
from contract_tests.unit.drift.reports import exchange, finding

ID = "40012c5f-9d1e-4b60-8a3f-6d2f0c9e7b15"
ADDRESS = "http://127.0.0.1:1/v2/messaging_profiles"


class Walk:
    """A trail that is shown exchanges by operation."""

    def __init__(self) -> None:
        self.trail = Trail(load())

    def seen(self, operation: str, **values: object) -> Exchange:
        made = exchange(operation, **values)  # type: ignore[arg-type]
        self.trail(load().by_id[operation], made)
        return made

    def created(self, record_id: str = ID) -> Exchange:
        return self.seen("createMessagingProfile", body={"data": {"id": record_id, "name": "n"}}, url=ADDRESS)

    def at(self, operation: str, record_id: str = ID, **values: object) -> Exchange:
        return self.seen(operation, url=f"{ADDRESS}/{record_id}", **values)


def test_creation_and_writes_come_before_in_their_order() -> None:
    walk = Walk()
    created = walk.created()
    updated = walk.at("updateMessagingProfile", method="PATCH")
    walk.at("retrieveMessagingProfile")
    assert walk.trail.before(walk.at("retrieveMessagingProfile")) == (created, updated)


def test_only_what_was_sent_earlier_counts() -> None:
    walk = Walk()
    created = walk.created()
    read = walk.at("retrieveMessagingProfile")
    deleted = walk.at("deleteMessagingProfile", method="DELETE")
    assert walk.trail.before(read) == (created,)
    assert walk.trail.before(deleted) == (created,)
    assert walk.trail.before(created) == ()


def test_refused_writes_and_other_records_leave_no_trace() -> None:
    walk = Walk()
    created = walk.created()
    walk.created("another-record")
    walk.at("updateMessagingProfile", method="PATCH", status=422)
    assert walk.trail.before(walk.at("retrieveMessagingProfile")) == (created,)
    assert walk.trail.before(walk.at("retrieveMessagingProfile", "unknown")) == ()


def test_a_record_that_the_body_names_has_to_be_made_too() -> None:
    walk = Walk()
    created = walk.created()
    body = f'{{"messaging_profile_id": "{ID}"}}'.encode()
    assert walk.trail.before(exchange("updatePhoneNumberMessagingSettings", request_body=body)) == (created,)


def test_an_answer_about_records_of_the_run_is_fleeting() -> None:
    walk = Walk()
    created = walk.created()
    listed = walk.seen("listMessagingProfiles", body={"data": [{"id": ID}]})
    assert walk.trail.fleeting(listed)
    assert not walk.trail.fleeting(created)
    assert not walk.trail.fleeting(walk.seen("listMessagingProfiles", body={"data": [{"id": "seeded"}]}))


def test_it_remembers_the_latest_records_only() -> None:
    walk = Walk()
    for number in range(RECORDS + 5):
        walk.created(f"record-{number}")
    assert walk.trail.before(exchange("retrieveMessagingProfile", url=f"{ADDRESS}/record-0")) == ()
    assert walk.trail.before(exchange("retrieveMessagingProfile", url=f"{ADDRESS}/record-{RECORDS}"))


def test_findings_keep_the_exchange_that_is_easiest_to_repeat() -> None:
    walk, findings = Walk(), Findings(clock=iter([1.0, 2.0, 3.0]).__next__)
    findings.trail, findings.fleeting = walk.trail.before, walk.trail.fleeting
    created = walk.created()
    hard = finding("k", "retrieveMessagingProfile", exchange=walk.at("retrieveMessagingProfile"))
    easy = finding(
        "k", "retrieveMessagingProfile", exchange=walk.at("retrieveMessagingProfile", "seeded"), observed="e"
    )
    for one in (hard, easy, hard):
        findings.add(one)
    (kept,) = findings.all()
    assert (kept.exchange, kept.before, kept.observed) == (easy.exchange, (), "e")
    assert (kept.occurrences, kept.first_seen, kept.last_seen) == (3, 1.0, 3.0)
    findings = Findings()
    findings.trail = walk.trail.before
    findings.add(hard)
    assert findings.all()[0].before == (created,)


def test_answers_without_data_show_made_records_too() -> None:
    walk, brand = Walk(), {"brandId": ID}
    named = {one: load().by_id[one].envelope for one in ("createBrand", "retrieveBrand", "listBrands")}
    created = walk.seen("createBrand", body=brand, envelope=named["createBrand"])
    assert not walk.trail.fleeting(created)
    assert walk.trail.fleeting(exchange("retrieveBrand", brand, envelope=named["retrieveBrand"]))
    assert walk.trail.fleeting(exchange("listBrands", {"records": [brand]}, envelope=named["listBrands"]))
    other = exchange("listBrands", {"records": [{"brandId": "seeded"}]}, envelope=named["listBrands"])
    assert not walk.trail.fleeting(other)
