"""What a run receives webhooks with: found when it is needed, and honest about what it lacks."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.description import load
from contract_tests.drift.finding import Findings
from contract_tests.webhooks.hooks import KEY_VARIABLE, NO_WAY, Hooks
from contract_tests.webhooks.receiver import Delivery, Inbox
from contract_tests.webhooks.stand_in import StandIn

CAME = Delivery((), b"{}", 0.0)


class Patient(StandIn):
    """A stand-in that lets an event come once its time has gone on far enough."""

    def __init__(self, due: float) -> None:
        super().__init__("http://127.0.0.1:1/mock", "the key")
        self.now, self.due = 0.0, due
        self.inbox = Inbox("http://127.0.0.1:1")

    def advance(self, seconds: float) -> None:
        self.now += seconds
        if self.now >= self.due:
            self.inbox.put(CAME)


def hooks_with(stand_in: StandIn | None, **told: object) -> Hooks:
    return Hooks(load(), Findings(), lambda: stand_in, **{"environment": {}, **told})  # type: ignore[arg-type]


def test_time_is_moved_on_until_an_event_comes() -> None:
    stand_in = Patient(due=7)
    hooks = hooks_with(stand_in)
    stand_in.inbox = hooks.open()
    try:
        assert hooks.wait(stand_in.inbox, lambda came: len(came) == 1)
        assert stand_in.now == 7
    finally:
        hooks.close()


def test_what_is_still_being_sent_is_waited_for() -> None:
    class Busy(Patient):
        """A stand-in that takes its time to send what is due."""

        asked = 0

        @property
        def sending(self) -> bool:
            self.asked += 1
            if self.asked == 3:
                self.inbox.put(CAME)
            return self.asked < 3

    stand_in = Busy(due=1e9)
    hooks = hooks_with(stand_in)
    stand_in.inbox = hooks.open()
    try:
        assert hooks.wait(stand_in.inbox, lambda came: len(came) == 1)
        assert stand_in.asked == 3
    finally:
        hooks.close()


@pytest.mark.parametrize(
    ("answer", "sending"),
    [
        (httpx.Response(200, json={"result": [{"state": "failed"}, {"state": "pending"}]}), True),
        (httpx.Response(200, json={"result": [{"state": "delivered"}]}), False),
        (httpx.Response(404, json={"error": "there is no such control"}), False),
    ],
)
def test_a_stand_in_says_whether_it_is_sending(answer: httpx.Response, sending: bool) -> None:
    stand_in = StandIn("http://127.0.0.1:1/mock", "the key", httpx.MockTransport(lambda request: answer))
    assert stand_in.sending is sending


def test_what_never_comes_is_given_up() -> None:
    stand_in = Patient(due=1e9)
    hooks = hooks_with(stand_in)
    try:
        assert not hooks.wait(hooks.open(), lambda came: len(came) > 0)
    finally:
        hooks.close()


def test_a_target_without_controls_needs_an_address_and_a_key() -> None:
    assert hooks_with(None).obstacle == NO_WAY
    hooks = hooks_with(None, url="https://hooks.example.com")
    assert hooks.obstacle == "" and hooks.public_key is None and hooks.unchecked == ()
    hooks.seen["orderMade"] += 1
    assert KEY_VARIABLE in "".join(hooks.unchecked)
    assert hooks_with(None, environment={KEY_VARIABLE: " key "}).public_key == "key"


def test_the_key_of_a_stand_in_is_its_own() -> None:
    assert hooks_with(Patient(0), environment={KEY_VARIABLE: "another"}).public_key == "the key"


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="<p>"), httpx.Response(200, json=[])])
def test_only_controls_are_taken_for_controls(answer: httpx.Response) -> None:
    asked: list[str] = []

    def served(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answer

    assert StandIn.at("http://127.0.0.1:1/v2", httpx.MockTransport(served)) is None
    assert asked == ["http://127.0.0.1:1/mock/public_key"]


def test_a_refused_control_says_why() -> None:
    refusing = httpx.MockTransport(lambda request: httpx.Response(400, json={"error": "no number"}))
    with pytest.raises(RuntimeError, match="no number"):
        StandIn("http://127.0.0.1:1/mock", "key", refusing).act("receive_message", {"to": "+1"})
