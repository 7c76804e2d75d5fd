"""Clients that mean harm, or just do not care: the others are served, everyone gets an answer, nothing piles up."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from contract_tests.description import load
from contract_tests.mock.app import Mock, create_app
from contract_tests.mock.server import serve
from contract_tests.mock.serving import USUAL, Limits
from contract_tests.unit.mock.conversation import Ask
from scripts.benches import servers
from scripts.benches.load import drive, request

ROOT = Path(__file__).resolve().parents[3]
PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
HEAD = b"Host: mock\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n"
POST = b"POST /v2/messaging_profiles HTTP/1.1\r\n" + HEAD
GET = b"GET /v2/messaging_profiles?page[size]=1 HTTP/1.1\r\n" + HEAD
LAST = GET + b"Connection: close\r\n\r\n"
VALID = b'{"name":"A","whitelisted_destinations":["US"]}'
WRONG_ITEMS = b'{"name":"a","whitelisted_destinations":['
PATIENCE = 30.0  # seconds that an answer may take on a machine that has other things to do
RESOURCES = int(os.environ.get("MOCK_RESOURCES", "3000"))
REQUESTS = int(os.environ.get("MOCK_REQUESTS", "20000"))


@pytest.fixture
def mock() -> Mock:
    """A mock of the effective description."""
    return create_app(load())


@pytest.fixture
def base_url(mock: Mock) -> Iterator[str]:
    """Its address."""
    with serve(mock) as address:
        yield address


def connected(base_url: str) -> socket.socket:
    """A connection that gives up after ``PATIENCE``."""
    parts = urlsplit(base_url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE)


def read_to_end(line: socket.socket) -> bytes:
    """All that comes until the server closes."""
    return b"".join(iter(lambda: line.recv(1 << 20), b""))


def say(base_url: str, *pieces: bytes) -> bytes:
    """Everything that the server answers to some pieces, sent one after the other."""
    with connected(base_url) as line:
        for piece in pieces:
            line.sendall(piece)
            if len(pieces) > 1:
                time.sleep(0.02)
        return read_to_end(line)


def statuses(received: bytes) -> list[int]:
    """The status of each answer, in order."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def sized(body: bytes) -> bytes:
    """A POST with a body."""
    return POST + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize("cut", [0, 20, 150, -60, -len(VALID), -3])
def test_a_request_to_upgrade_is_served_without_and_keeps_its_body(mock: Mock, base_url: str, cut: int) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    sent = sized(VALID).replace(b"Host", upgrade + b"Host")
    before = len(mock.store["messaging_profiles"])
    assert statuses(say(base_url, sent[:cut], sent[cut:] + LAST)) == [200, 200]
    assert len(mock.store["messaging_profiles"]) == before + 1
    assert mock.requests[0].body == VALID


def test_many_upgrades_in_a_row_are_served(base_url: str) -> None:
    one = GET + b"Connection: Upgrade\r\nUpgrade: x\r\n\r\n"
    assert statuses(say(base_url, one * 1500 + LAST)) == [200] * 1501


def test_a_tunnel_is_refused(base_url: str) -> None:
    assert statuses(say(base_url, b"CONNECT elsewhere:443 HTTP/1.1\r\n\r\n" + GET)) == [404]


def test_a_client_that_waits_to_be_told_to_go_on_is_told(base_url: str) -> None:
    head, _, body = sized(VALID).replace(b"Host", b"Expect: 100-continue\r\nConnection: close\r\nHost").partition(b"{")
    with connected(base_url) as line:
        line.sendall(head)
        assert line.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"{" + body)
        assert statuses(read_to_end(line)) == [200]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        pytest.param(b"2e\r\n" + VALID + b"\r\n0\r\nX: y\r\n\r\n" + LAST, [200, 200], id="trailer"),
        pytest.param(b"2e;x=" + b"a" * 99_999 + b"\r\n" + VALID + b"\r\n0\r\n\r\n" + LAST, [200, 200], id="note"),
        pytest.param(b"2e\r\n" + VALID + b"\r\n0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", [431], id="trailer flood"),
        pytest.param(b"2e\r\n" + VALID + b"0\r\n\r\n", [400], id="no line break"),
        pytest.param(b"ffffffffffffffffff\r\n", [400], id="huge size"),
        pytest.param(b"-1\r\n", [400], id="negative size"),
        pytest.param(b"\x00\xff\r\n", [400], id="rubbish"),
    ],
)
def test_chunks_trailers_and_rubbish_among_them(base_url: str, tail: bytes, expected: list[int]) -> None:
    assert statuses(say(base_url, POST + b"Transfer-Encoding: chunked\r\n\r\n" + tail)) == expected


def test_one_header_without_end_is_refused_while_it_comes(base_url: str) -> None:
    with connected(base_url) as line:
        line.sendall(b"GET /v2/messaging_profiles HTTP/1.1\r\nX: ")
        sent = 0
        with contextlib.suppress(OSError):
            while not select.select([line], [], [], 0)[0] and sent < 50_000_000:
                sent += line.send(b"a" * 65536)
        assert statuses(read_to_end(line)) == [431]


def test_http_1_0_is_closed_after_the_answer_unless_it_asks_to_go_on(base_url: str) -> None:
    old = GET.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert b"connection: close\r\n" in say(base_url, old + b"\r\n")
    kept = say(base_url, old + b"Connection: keep-alive\r\n\r\n" + old + b"\r\n")
    assert statuses(kept) == [200, 200] and b"connection: keep-alive\r\n" in kept


@pytest.mark.parametrize(
    ("body", "status", "entries"),
    [
        pytest.param(
            b'{"name":"a","whitelisted_destinations":[' + b"1," * 5_000_000 + b"1]}", 422, 1, id="wrong items"
        ),
        pytest.param(b'{"name":"a","whitelisted_destinations":[' + b"1," * 500 + b"1]}", 422, 100, id="fewer of them"),
        pytest.param(b"[" * 10_000_000, 400, 1, id="open brackets"),
        pytest.param(b'{"a":' * 2_000_000, 400, 1, id="open braces"),
        pytest.param(b'{"name":"' + b"\xff" * 10_000_000 + b'"}', 400, 1, id="no UTF-8"),
        pytest.param(b"9" * 10_000_000, 400, 1, id="a number"),
        pytest.param(b'{"name":"a","x":' + b"[" * 101 + b"]" * 101 + b"}", 400, 1, id="deep"),
    ],
)
def test_large_and_deep_bodies_are_refused_in_the_envelope_at_once(
    base_url: str, body: bytes, status: int, entries: int
) -> None:
    started = time.process_time()
    received = say(base_url, sized(body).replace(b"Host", b"Connection: close\r\nHost"))
    assert statuses(received) == [status]
    assert len(json.loads(received.partition(b"\r\n\r\n")[2])["errors"]) == entries
    assert time.process_time() - started < 3


def test_a_client_that_asks_and_never_reads_is_held_back_then_let_go_and_disturbs_nobody(mock: Mock) -> None:
    ask = GET.replace(b"size]=1", b"size]=250") + b"\r\n"
    with serve(mock, limits=Limits(idle=0.3, sweep=0.05)) as base_url, connected(base_url) as line:
        line.settimeout(0.5)
        sent = 0
        with contextlib.suppress(OSError):  # a time-out while it is held back, a reset when it is let go
            for _ in range(200):
                line.sendall(ask * 500)
                sent += 500
        assert sent < 100_000, "nothing more is read from it, so sending has to block"
        assert statuses(say(base_url, LAST)) == [200]
        time.sleep(0.5)
        with contextlib.suppress(OSError):
            while line.recv(1 << 20):
                pass


def test_a_slow_reader_gets_every_answer(base_url: str) -> None:
    count = 3000
    with connected(base_url) as line:
        long = GET.replace(b"size]=1", b"size]=250") + b"\r\n"  # 5 kB of answer, 15 MB in all
        sender = threading.Thread(target=lambda: line.sendall(long * (count - 1) + LAST))
        sender.start()
        time.sleep(0.3)
        received = read_to_end(line)
        sender.join()
    assert statuses(received) == [200] * count


def test_half_open_connections_keep_nobody_out(mock: Mock) -> None:
    with contextlib.ExitStack() as held:
        base_url = held.enter_context(serve(mock, limits=Limits(arrival=3600, idle=3600)))
        for number in range(300):
            line = held.enter_context(connected(base_url))
            line.sendall([b"", b"G", b"POST /v2/messaging_profiles HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"][number % 3])
        assert statuses(say(base_url, LAST)) == [200]


WRITER = """
import http.client, json, sys
line = http.client.HTTPConnection(sys.argv[1], timeout=20)
head = {"authorization": "Bearer x", "content-type": "application/json"}
def ask(method, path, body=None):
    line.request(method, "/v2" + path, body and json.dumps(body), head)
    answer = line.getresponse()
    assert answer.status == 200, answer.status
    return json.load(answer)["data"]
made = []
for turn in range(60):
    name = "ab"[turn % 2]
    ask("PATCH", sys.argv[2], {"name": name, "webhook_url": f"https://{name}.example"})
    made.append(ask("POST", "/messaging_profiles", {"name": name, "whitelisted_destinations": ["US"]})["id"])
    ask("DELETE", "/messaging_profiles/" + made[-1]) if turn % 3 == 0 else None
print(json.dumps([one for number, one in enumerate(made) if number % 3]))
"""


def test_threads_and_processes_at_once_never_see_half_of_a_change(mock: Mock, base_url: str) -> None:
    path, netloc = f"/messaging_profiles/{PROFILE}", urlsplit(base_url).netloc
    started = len(mock.store["messaging_profiles"])
    ask = Ask(mock)
    ask("PATCH", path, {"name": "a", "webhook_url": "https://a.example"})
    command = [sys.executable, "-c", WRITER, netloc, path]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    def watch(_: int) -> int:
        """In this process, beside the server's thread; returns how often it looked."""
        for looked in itertools.count(1):
            data = ask("GET", path).data
            assert data["webhook_url"] == f"https://{data['name']}.example"
            listed = ask("GET", "/messaging_profiles?page[size]=250").json
            assert len({one["id"] for one in listed["data"]}) == listed["meta"]["total_results"]
            if all(writer.poll() is not None for writer in writers):
                return looked
        raise AssertionError

    with ThreadPoolExecutor(3) as threads:
        assert min(threads.map(watch, range(3))) > 1
    left = [one for writer in writers for one in json.loads(writer.communicate(timeout=20)[0])]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(set(left)) == 80 == len(mock.store["messaging_profiles"]) - started
    assert all(mock.store["messaging_profiles"].get(one) for one in left)


def test_very_many_resources_are_created_listed_and_found(mock: Mock) -> None:
    ask = Ask(mock)
    ask.mock.store["messaging_profiles"].clear()
    ids = [
        ask("POST", "/messaging_profiles", {"name": f"P{number}", "whitelisted_destinations": ["US"]}).data["id"]
        for number in range(RESOURCES)
    ]
    seen: list[str] = []
    for number in range(1, -(-RESOURCES // 250) + 1):
        seen += [one["id"] for one in ask("GET", f"/messaging_profiles?page[size]=250&page[number]={number}").data]
    assert seen == ids[::-1]
    assert ask("GET", f"/messaging_profiles?filter[name][eq]=P{RESOURCES - 2}").data[0]["id"] == ids[-2]
    assert ask("GET", f"/messaging_profiles/{ids[RESOURCES // 2]}").data["name"] == f"P{RESOURCES // 2}"


@pytest.mark.skipif(not servers.measurable(), reason="the memory of another process can be read on Linux only")
def test_memory_does_not_grow_with_the_number_of_requests() -> None:
    with servers.ours() as server:
        body = json.dumps({"name": "Again", "enabled": True}).encode()
        contents = [
            request(server.base_url, "GET", f"/messaging_profiles/{PROFILE}"),
            request(server.base_url, "PATCH", f"/messaging_profiles/{PROFILE}", body),
            request(server.base_url, "GET", "/messaging_profiles?filter[name][contains]=a"),
        ]
        drive(server.base_url, itertools.islice(itertools.cycle(contents), 5000), 4)
        early = server.memory
        drive(server.base_url, itertools.islice(itertools.cycle(contents), REQUESTS), 4)
        assert server.memory - early < 2, f"MiB after {REQUESTS} requests more"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_in_the_middle_of_work(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "contract_tests.mock", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    base_url = process.stdout.readline().split()[-1]
    stopped = threading.Event()

    def load_it() -> None:
        with contextlib.suppress(OSError, RuntimeError, http.client.HTTPException):
            drive(base_url, itertools.repeat(request(base_url, "GET", "/messaging_profiles")), 8)
        stopped.set()

    worker = threading.Thread(target=load_it)
    worker.start()
    with connected(base_url) as idle, connected(base_url) as half:
        half.sendall(b"GET /v2/mess")
        time.sleep(0.3)
        assert not stopped.is_set()
        process.send_signal(number)
        output, problems = process.communicate(timeout=PATIENCE)
        assert (process.returncode, output, problems) == (0, "", "")
        assert idle.recv(10) == b""
    worker.join(PATIENCE)
    assert stopped.is_set()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are set the POSIX way")
def test_more_connections_than_the_system_allows_are_survived(tmp_path: Path) -> None:
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)); sys.argv[1:] = ['--port', '0']\n"
    )
    code += "import runpy; runpy.run_module('contract_tests.mock', run_name='__main__')"
    said = tmp_path / "said.txt"
    with said.open("w") as problems:
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=problems
        )
    try:
        assert process.stdout is not None
        base_url = process.stdout.readline().split()[-1]
        with contextlib.ExitStack() as held:
            for _ in range(80):
                held.enter_context(connected(base_url))
            until = time.monotonic() + PATIENCE
            while not said.read_text() and time.monotonic() < until:
                time.sleep(0.02)
        with httpx.Client(base_url=base_url, headers={"authorization": "Bearer x"}, timeout=PATIENCE) as client:
            assert client.get("/messaging_profiles").status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert len(said.read_text().splitlines()) == 1 and "Too many open files" in said.read_text()


def test_limits_are_what_the_readme_says() -> None:
    readme = (ROOT / "contract_tests" / "mock" / "README.md").read_text(encoding="utf-8")
    for shown in ("16 MiB", "64 KiB", "64 MiB", "10 s", "75 s"):
        assert shown in readme
    megabytes = 1024 * 1024
    assert Limits(64 * 1024, 16 * megabytes + 1, 64 * megabytes, 10.0, 75.0, 2.0, 1.0) == USUAL
