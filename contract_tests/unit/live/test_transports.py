"""Each kind of client asks the gate last of all: redirects, encryption, endless answers, clients from elsewhere."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import json
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from contract_tests.description import load
from contract_tests.drift.finding import Findings
from contract_tests.live import egress
from contract_tests.live.arguments import LiveOptions
from contract_tests.live.refusal import Refused
from contract_tests.live.supervision import Supervision, opened
from contract_tests.outlet import Outlet
from contract_tests.session import Session
from contract_tests.target import Target
from contract_tests.unit.live.stage import TOKEN
from scripts.errors import InputError

Answer = tuple[int, dict[str, str], bytes]
LIST = json.dumps({"data": [], "meta": {"total_pages": 1}}).encode()


@contextmanager
def server(answer: Any, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that gives ``answer(path)`` to every request; and the request lines that it heard."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            heard.append(f"{self.command} {self.path}")
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_PATCH = do_GET

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    if context is not None:
        made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{made.server_port}/v2", heard
    finally:
        made.shutdown()
        made.server_close()
        thread.join(5)


@contextmanager
def supervising(base_url: str, folder: Path, **options: Any) -> Iterator[Supervision]:
    """A guarded way out to ``base_url``."""
    live = LiveOptions(treat_as_live=True, ledger=folder / "ledger", **options)
    target = Target("x", base_url, TOKEN, True)
    with opened(live, target, base_url, load(), "quick", lambda text: None) as outlet:
        yield outlet


def session_of(outlet: Outlet, base_url: str) -> Session:
    return Session(load(), Target("x", base_url, TOKEN, True), base_url, (), Findings(), outlet=outlet)


def ask(outlet: Supervision, kind: str, url: str) -> int:
    """The status that a client of a kind gets."""
    if kind == "sync":
        with httpx.Client(transport=outlet.sync(), follow_redirects=True, trust_env=False) as client:
            return client.get(url).status_code
    if kind == "async":
        return asyncio.run(_ask(outlet, url))
    with requests.Session() as session:
        return session.get(url, timeout=5).status_code


async def _ask(outlet: Supervision, url: str) -> int:
    async with httpx.AsyncClient(transport=outlet.asynchronous(), follow_redirects=True, trust_env=False) as client:
        return (await client.get(url)).status_code


KINDS = pytest.mark.parametrize("kind", ["sync", "async", "requests"])


@KINDS
def test_each_kind_of_client_is_let_through_and_counted(tmp_path: Path, kind: str) -> None:
    with server(lambda path: (200, {}, LIST)) as (base_url, heard), supervising(base_url, tmp_path) as outlet:
        assert ask(outlet, kind, f"{base_url}/messaging_profiles") == 200
        assert heard == ["GET /v2/messaging_profiles"]
        assert outlet.gate.allowance.requests == 1


@KINDS
def test_each_kind_of_client_is_refused_what_is_not_described(tmp_path: Path, kind: str) -> None:
    with server(lambda path: (200, {}, LIST)) as (base_url, heard), supervising(base_url, tmp_path) as outlet:
        with pytest.raises(Refused, match="no operation is described"):
            ask(outlet, kind, f"{base_url}/number_orders")
        assert heard == []


def test_the_request_line_is_judged_as_it_would_be_sent(tmp_path: Path) -> None:
    with server(lambda path: (200, {}, LIST)) as (base_url, heard), supervising(base_url, tmp_path) as outlet:
        aside = {"target": b"/v2/number_orders"}
        client = httpx.Client(transport=outlet.sync(), trust_env=False)
        with client, pytest.raises(Refused, match="no operation is described"):
            client.get(f"{base_url}/messaging_profiles", extensions=aside)
        assert heard == []


def test_a_target_that_answers_with_the_key_brings_it_into_no_artefact(tmp_path: Path) -> None:
    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, LIST if "page" in path else json.dumps({"data": {"id": TOKEN, "name": TOKEN}}).encode()

    reports = tmp_path / "reports"
    with server(answer) as (base_url, heard), supervising(base_url, tmp_path, writes=True) as outlet:
        body = {"name": f"{outlet.prefix}x", "whitelisted_destinations": ["US"]}
        session_of(outlet, base_url).call("createMessagingProfile", body=body)
        outlet.finish(lambda text: None)
        outlet.report(reports)
        assert any(one.startswith("POST") for one in heard)
        assert outlet.problems
        told = [*outlet.problems, *(one.read_text("utf-8") for one in [*reports.iterdir(), outlet.gate.ledger.path])]
    assert [text for text in told if TOKEN in text] == []
    assert [text for text in told if "[redacted]" in text]


@KINDS
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused_before_a_byte_goes_there(tmp_path: Path, kind: str, status: int) -> None:
    with server(lambda path: (200, {}, LIST)) as (other, there):
        redirect = {"location": f"{other}/messaging_profiles"}
        with server(lambda path: (status, redirect, b"")) as (base_url, heard), supervising(base_url, tmp_path) as out:
            with pytest.raises(Refused, match="is not the target"):
                ask(out, kind, f"{base_url}/messaging_profiles")
            assert out.gate.refusals["host"] == 1
        assert (len(heard), there) == (1, [])


@KINDS
def test_a_redirect_within_the_host_is_judged_like_any_request(tmp_path: Path, kind: str) -> None:
    redirect = (302, {"location": "/v2/number_orders"}, b"")
    with server(lambda path: redirect) as (base_url, heard), supervising(base_url, tmp_path) as outlet:
        with pytest.raises(Refused, match="no operation is described"):
            ask(outlet, kind, f"{base_url}/messaging_profiles")
        assert heard == ["GET /v2/messaging_profiles"]


def test_a_client_that_was_not_built_through_the_gate_cannot_connect(tmp_path: Path) -> None:
    with server(lambda path: (200, {}, LIST)) as (base_url, heard):
        with supervising(base_url, tmp_path) as outlet:
            port = int(base_url.split(":")[2].split("/")[0])
            with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as client:
                client.get(f"{base_url}/messaging_profiles")
            with pytest.raises(httpx.ConnectError):
                asyncio.run(_free(f"{base_url}/messaging_profiles"))
            with pytest.raises(urllib.error.URLError, match="not built through the gate"):
                urllib.request.urlopen(f"{base_url}/messaging_profiles", timeout=5)
            with pytest.raises(Refused):
                socket.create_connection(("127.0.0.1", port))
            with pytest.raises(OSError, match="not built through the gate"), socket.socket() as plain:
                plain.connect_ex(("127.0.0.1", port))
            with pytest.raises(Refused), socket.socket(type=socket.SOCK_DGRAM) as datagrams:
                datagrams.sendto(b"x", ("127.0.0.1", port))
            assert ask(outlet, "sync", f"{base_url}/messaging_profiles") == 200
        assert heard == ["GET /v2/messaging_profiles"]
        assert len(outlet.tried) == 6
        # Outside of a live run nobody is kept from anything.
        with httpx.Client(trust_env=False) as client:
            assert client.get(f"{base_url}/messaging_profiles").status_code == 200


async def _free(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(url)


def test_the_way_out_is_open_for_the_admitted_request_alone() -> None:
    with server(lambda path: (200, {}, LIST)) as (base_url, _):
        port = int(base_url.split(":")[2].split("/")[0])
        refused: list[BaseException] = []

        def elsewhere() -> None:
            try:
                socket.create_connection(("127.0.0.1", port))
            except Refused as problem:
                refused.append(problem)

        with egress.guarded(), egress.opened():
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(5)
            socket.create_connection(("127.0.0.1", port)).close()
        assert len(refused) == 1


def test_a_session_for_a_live_target_cannot_be_made_without_the_gate() -> None:
    with pytest.raises(ValueError, match="guarded outlet"):
        session_of(Outlet(), "http://127.0.0.1:1/v2")


def test_a_refusal_passes_through_a_session_as_such(tmp_path: Path) -> None:
    with server(lambda path: (200, {}, LIST)) as (base_url, heard), supervising(base_url, tmp_path) as outlet:
        session = session_of(outlet, base_url)
        with pytest.raises(Refused):
            session.send("GET", f"{base_url}/number_orders")
        assert session.call("listMessagingProfiles").status == 200
        session.close()
        assert len(heard) == 1


def test_the_body_comes_back_as_it_came_packed_or_not(tmp_path: Path) -> None:
    packed = (200, {"content-encoding": "gzip"}, gzip.compress(LIST))
    with server(lambda path: packed) as (base_url, _), supervising(base_url, tmp_path) as outlet:
        client = httpx.Client(transport=outlet.sync())
        with client:
            assert client.get(f"{base_url}/messaging_profiles").json()["data"] == []


def test_a_packed_answer_that_never_ends_is_not_unpacked_for_the_gate(tmp_path: Path) -> None:
    bomb = (200, {"content-encoding": "gzip"}, gzip.compress(b"0" * 50_000_000, 1))
    with server(lambda path: bomb) as (base_url, _), supervising(base_url, tmp_path) as outlet:
        session = session_of(outlet, base_url)
        assert "larger than" in session.call("listMessagingProfiles").failure
        session.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that no system trusts, and a server's settings with it."""
    folder = tmp_path_factory.mktemp("authority")
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    usage = x509.BasicConstraints(ca=True, path_length=None)
    made = builder.add_extension(names, False).add_extension(usage, True).sign(key, hashes.SHA256())
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", context


@KINDS
def test_a_certificate_of_ones_own_is_trusted_when_named(
    tmp_path: Path, authority: tuple[Path, ssl.SSLContext], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, context = authority
    with server(lambda path: (200, {}, LIST), context) as (base_url, heard):
        with supervising(base_url, tmp_path, ca_file=file) as outlet:
            assert ask(outlet, kind, f"{base_url}/messaging_profiles") == 200
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with supervising(base_url, tmp_path) as outlet:
            assert ask(outlet, kind, f"{base_url}/messaging_profiles") == 200
        assert len(heard) == 2


@KINDS
def test_a_certificate_that_nobody_vouches_for_gets_no_token(
    tmp_path: Path, authority: tuple[Path, ssl.SSLContext], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with server(lambda path: (200, {}, LIST), authority[1]) as (base_url, heard):
        refusal = pytest.raises((httpx.ConnectError, requests.exceptions.SSLError))
        with supervising(base_url, tmp_path) as outlet, refusal:
            ask(outlet, kind, f"{base_url}/messaging_profiles")
        assert heard == []


def test_an_unencrypted_address_off_loopback_is_refused_before_anything(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unencrypted"), supervising("http://192.0.2.1/v2", tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
