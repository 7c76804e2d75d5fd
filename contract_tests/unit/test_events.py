"""Events as the description tells of them: their types, which webhook each belongs to, and what they are sent after."""

from __future__ import annotations

from contract_tests import events
from contract_tests.description import load
from contract_tests.events import Course

DESCRIPTION = load()


def test_every_webhook_says_what_it_is_sent_after_and_knows_its_types() -> None:
    for webhook in DESCRIPTION.webhooks.values():
        types = events.types_of(DESCRIPTION, webhook)
        assert types and events.causes(webhook)
        for cause in events.causes(webhook):
            assert cause.operation in DESCRIPTION.by_id and set(cause.types) <= set(types)


def test_every_example_belongs_to_its_webhook() -> None:
    for webhook in DESCRIPTION.webhooks.values():
        media = DESCRIPTION.resolve(webhook.raw["requestBody"])["content"]["application/json"]
        for example in media["examples"].values():
            assert events.webhook_of(DESCRIPTION, DESCRIPTION.resolve(example)["value"]) is webhook


def test_what_tells_no_type_belongs_to_none() -> None:
    assert events.type_of({"data": {"event_type": 5, "type": "t"}}) == "t"
    assert [events.type_of(one) for one in (None, 5, {}, {"data": 1})] == [None] * 4
    assert events.webhook_of(DESCRIPTION, {"data": {"event_type": "nobody.knows"}}) is None


def test_values_are_found_in_each_item_of_a_list() -> None:
    body = {"to": [{"status": "sent"}, {}, {"status": "read"}], "a/b": {"~": 1}}
    assert list(events.found_at(body, "/to/*/status")) == [("sent", "/to/0/status"), ("read", "/to/2/status")]
    assert list(events.found_at(body, "/to/2/status")) == [("read", "/to/2/status")]
    assert list(events.found_at(body, "/a~1b/~0")) == [(1, "/a~1b/~0")]
    assert list(events.found_at(body, "/to/9/status")) == list(events.found_at(body, "/to/status")) == []


def test_a_course_goes_one_way_and_has_ends_of_one_rank() -> None:
    course = Course("/status", ("queued", "sent"), ("delivered", "lost"))
    assert [course.rank(one) for one in ("queued", "sent", "delivered", "lost", "new", None)] == [
        0,
        1,
        2,
        2,
        None,
        None,
    ]
