"""The programs in ``contract_tests/examples/`` do with the mock what they say."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telnyx_bindings import Telnyx

from contract_tests.examples import answer_messages, send_and_wait
from contract_tests.mock.double import TelnyxMock
from contract_tests.mock.remote import Remote
from contract_tests.mock.server import serve

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "contract_tests" / "examples"
PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
OURS, THEIRS = "+18005550001", "+13125550100"
PATIENCE = 30  # seconds
# A shell that runs the tests in the background hands SIGINT on as ignored; the program is tested as a person starts it.
AS_A_PERSON = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def mock() -> Iterator[TelnyxMock]:
    with TelnyxMock(api_key="KEY") as double:
        yield double


@pytest.fixture
def machine(mock: TelnyxMock) -> Iterator[answer_messages.AnsweringMachine]:
    """The answering application, which webhooks reach without a socket."""
    with Telnyx(**mock.options) as telnyx:
        telnyx.messaging_profiles.update(PROFILE, webhook_url="http://shop.test/hooks", webhook_failover_url="")
        app = answer_messages.AnsweringMachine(telnyx, mock.public_key)
        mock.webhooks.through(httpx.WSGITransport(app))
        yield app
        app.close()


def replies(mock: TelnyxMock) -> list[Any]:
    return [one for one in mock.requests if one.operation_id == "sendMessage"]


def test_an_inbound_message_is_verified_and_answered(
    mock: TelnyxMock, machine: answer_messages.AnsweringMachine
) -> None:
    delivery = mock.receive_message("A table for two", to=OURS, sender=THEIRS)
    mock.webhooks.settle()
    machine.close()
    assert [attempt.outcome for attempt in delivery.attempts] == [200]
    (reply,) = replies(mock)
    assert reply.status == 200
    assert (reply.json["from"], reply.json["to"]) == (OURS, THEIRS)
    assert "A table for two" in reply.json["text"]


def test_an_event_that_comes_twice_is_answered_once(
    mock: TelnyxMock, machine: answer_messages.AnsweringMachine
) -> None:
    mock.webhooks.duplicates = 1
    mock.receive_message("Hello", to=OURS, sender=THEIRS)
    mock.webhooks.settle()
    machine.close()
    assert len(replies(mock)) == 1


def test_who_writes_stop_is_not_answered_and_that_is_no_failure(
    mock: TelnyxMock, machine: answer_messages.AnsweringMachine, caplog: pytest.LogCaptureFixture
) -> None:
    mock.receive_message("STOP", to=OURS, sender=THEIRS)
    mock.webhooks.settle()
    machine.close()
    assert [reply.status for reply in replies(mock)] == [400]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda headers, body: (headers, body + b" "), 403),
        (lambda headers, body: ({}, body), 403),
        (lambda headers, body: (headers, b" " * (answer_messages.LARGEST + 1)), 413),
    ],
    ids=["changed", "unsigned", "too large"],
)
def test_what_telnyx_did_not_sign_is_refused(
    mock: TelnyxMock,
    machine: answer_messages.AnsweringMachine,
    change: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]],
    status: int,
) -> None:
    signed = mock.webhooks.signed("message.received", {"text": "Hello"})
    headers, body = change(dict(signed.headers), signed.body)
    with httpx.Client(transport=httpx.WSGITransport(machine), base_url="http://shop.test") as client:
        assert client.post("/hooks", content=body, headers=headers).status_code == status
    machine.close()
    assert replies(mock) == []


@pytest.mark.parametrize("fate", ["delivered", "delivery_failed"])
def test_sending_waits_for_the_final_webhook(mock: TelnyxMock, fate: str) -> None:
    if fate != "delivered":
        mock.deliveries_end(THEIRS, status=fate, code="40008")
    outcomes = send_and_wait.Outcomes()
    with Telnyx(**mock.options) as telnyx, send_and_wait.receiver(outcomes, mock.public_key) as server:
        listening = threading.Thread(target=server.serve_forever, daemon=True)
        listening.start()
        hook = f"http://127.0.0.1:{server.server_port}/"
        message = send_and_wait.send_and_wait(telnyx, outcomes, hook, OURS, THEIRS, "Your table is ready.")
        server.shutdown()
        listening.join()
    assert message.to and [str(one.status) for one in message.to] == [fate]
    assert message.text == "Your table is ready."


def test_a_webhook_that_nobody_signed_ends_no_wait(mock: TelnyxMock) -> None:
    outcomes = send_and_wait.Outcomes()
    with send_and_wait.receiver(outcomes, mock.public_key) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        answer = httpx.post(f"http://127.0.0.1:{server.server_port}/", content=b'{"data": {"id": "1"}}')
        server.shutdown()
    assert answer.status_code == 403
    assert not outcomes.of("1").done()


def test_the_programs_run_as_their_first_lines_say(mock: TelnyxMock) -> None:
    for name in ("answer_messages", "send_and_wait"):
        said = importlib.import_module(f"contract_tests.examples.{name}").__doc__ or ""
        assert f"python3 contract_tests/examples/{name}.py" in said
    with serve(Remote(mock)) as address:
        environment = {
            **os.environ,
            "TELNYX_API_KEY": "KEY",
            "TELNYX_BASE_URL": address,
            "TELNYX_PUBLIC_KEY": mock.public_key,
            "PYTHONPATH": str(ROOT / "generated"),
        }
        command = [sys.executable, "-W", "error", "-c", AS_A_PERSON, str(PROGRAMS / "answer_messages.py"), "0"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            where = process.stdout.readline().split()[-1]
            with Telnyx(**mock.options) as telnyx:
                telnyx.messaging_profiles.update(PROFILE, webhook_url=where, webhook_failover_url="")
            mock.receive_message("Hello", to=OURS, sender=THEIRS)
            mock.webhooks.settle()
            until = time.monotonic() + PATIENCE
            while not replies(mock) and time.monotonic() < until:
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
            if process.stdout:
                process.stdout.close()
        assert [reply.status for reply in replies(mock)] == [200]
        program = [sys.executable, "-W", "error", str(PROGRAMS / "send_and_wait.py")]
        sent = subprocess.run(
            [*program, OURS, THEIRS, "Your table is ready."],
            env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert (sent.returncode, sent.stdout) == (0, f"{THEIRS}: delivered\n"), sent.stderr
