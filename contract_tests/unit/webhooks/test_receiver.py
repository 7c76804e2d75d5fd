"""The endpoint keeps what comes to an address that it gave out, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest

from contract_tests.webhooks.receiver import LARGEST, Receiver
from scripts.errors import InputError


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def test_what_comes_is_kept_as_it_came(receiver: Receiver, http: httpx.Client) -> None:
    inbox, other = receiver.open(), receiver.open()
    assert http.post(inbox.url, content=b'{"a":  1}', headers={"x-proof": "1"}).status_code == 200
    (delivery,) = inbox.deliveries
    assert delivery.body == b'{"a":  1}' and ("x-proof", "1") in delivery.headers
    assert other.deliveries == () and other.url != inbox.url


def test_other_addresses_and_endless_bodies_are_refused(receiver: Receiver, http: httpx.Client) -> None:
    inbox = receiver.open()
    assert http.post(f"{receiver.address}/nobody", content=b"{}").status_code == 404
    assert http.post(inbox.url, content=iter([b"{}"])).status_code == 413
    assert http.post(inbox.url, content=b" " * (LARGEST + 1)).status_code == 413
    assert inbox.deliveries == ()


def test_waiting_ends_when_enough_came_or_time_is_over(receiver: Receiver, http: httpx.Client) -> None:
    inbox = receiver.open()
    assert not inbox.wait(lambda came: len(came) > 0, 0.01)
    thread = threading.Thread(target=lambda: http.post(inbox.url, content=b"{}"))
    thread.start()
    assert inbox.wait(lambda came: len(came) > 0, 5)
    thread.join()


def test_others_reach_it_by_the_address_that_they_were_told() -> None:
    receiver = Receiver(outside="https://hooks.example.com/here/")
    try:
        inbox = receiver.open()
        name = inbox.url.removeprefix("https://hooks.example.com/here/")
        assert "/" not in name and len(name) > 10
        with httpx.Client(trust_env=False) as http:
            http.post(f"{receiver.address}/here/{name}?x=1", content=b"{}")
        assert len(inbox.deliveries) == 1
    finally:
        receiver.close()


def test_a_taken_port_is_told(receiver: Receiver) -> None:
    port = int(receiver.address.rpartition(":")[2])
    with pytest.raises(InputError, match=f"port {port}"):
        Receiver(port)
