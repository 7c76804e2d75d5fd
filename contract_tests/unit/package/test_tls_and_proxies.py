"""https and proxies over loopback: who is trusted, which way a call takes, and who gets to see its token."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from telnyx_bindings import AsyncTelnyx, Telnyx, errors
from telnyx_bindings.runtime import tls
from telnyx_bindings.runtime.retry import RetryPolicy

from contract_tests.unit.package.network import ID, ONCE, TOKEN, listening, raw_answer
from scripts.benches import authority

ANSWER = raw_answer(b"200 OK", b'{"data":{"name":"x"}}')
SECRET = "s3cret"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method")


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy but those of the test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Side:
    """What one side of the way was told: the heads of its requests."""

    def __init__(self) -> None:
        self.heads: list[str] = []

    def read(self, connection: socket.socket) -> str:
        """The next head, remembered."""
        head = b""
        while b"\r\n\r\n" not in head and (part := connection.recv(65536)):
            head += part
        self.heads.append(head.decode("latin-1"))
        return self.heads[-1]


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """The authority's file, and the server's side."""
    return authority.issue(tmp_path_factory.mktemp("authority"))


@contextmanager
def secured(context: ssl.SSLContext) -> Iterator[tuple[str, Side]]:
    """A server that answers over https; its base URL and what it was told."""
    seen = Side()

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            while seen.read(inner):
                inner.sendall(ANSWER)

    with listening(serve, "https") as base_url:
        yield base_url, seen


@contextmanager
def proxy(answer: bytes = b"") -> Iterator[tuple[str, Side]]:
    """A proxy that answers plain requests itself, and passes connections on unless it has an ``answer`` to that."""
    seen = Side()

    def serve(connection: socket.socket) -> None:
        head = seen.read(connection)
        if not head.startswith("CONNECT "):
            connection.sendall(answer or ANSWER)
        elif answer:
            connection.sendall(answer)
        else:
            host, _, port = head.split()[1].rpartition(":")
            with socket.create_connection((host, int(port)), 5) as onward:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pass, args=(onward, connection), daemon=True)
                back.start()
                _pass(connection, onward)
                back.join(5)

    with listening(serve) as base_url:
        yield base_url.removesuffix("/v2"), seen


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


def asked(base_url: str, **options: Any) -> str:
    """The name in the profile that comes, asked for in both ways."""

    async def ask() -> object:
        async with AsyncTelnyx(TOKEN, base_url=base_url, retry=ONCE, **options) as telnyx:
            return (await telnyx.messaging_profiles.retrieve(ID)).data

    with Telnyx(TOKEN, base_url=base_url, retry=ONCE, **options) as telnyx:
        found = telnyx.messaging_profiles.retrieve(ID).data
    assert asyncio.run(ask()) == found
    return str(getattr(found, "name", found))


def refused(base_url: str, kind: type[errors.TelnyxError], **options: Any) -> str:
    """The whole traceback of the error that comes, checked in both ways; it shows no secret."""

    async def ask() -> None:
        async with AsyncTelnyx(TOKEN, base_url=base_url, retry=ONCE, **options) as telnyx:
            await telnyx.messaging_profiles.retrieve(ID)

    said = ""
    with pytest.raises(kind) as caught:
        asyncio.run(ask())
    said += "".join(traceback.format_exception(caught.value))
    with Telnyx(TOKEN, base_url=base_url, retry=ONCE, **options) as telnyx, pytest.raises(kind) as caught:
        telnyx.messaging_profiles.retrieve(ID)
    said += "".join(traceback.format_exception(caught.value))
    assert TOKEN not in said
    assert SECRET not in said
    return said


def trusting(certified: tuple[Path, ssl.SSLContext]) -> ssl.SSLContext:
    """A client's context that trusts the authority alone."""
    return ssl.create_default_context(cafile=str(certified[0]))


# https


def test_a_server_is_believed_whose_authority_is_trusted(certified: tuple[Path, ssl.SSLContext]) -> None:
    with secured(certified[1]) as (base_url, seen):
        assert asked(base_url, ssl_context=trusting(certified)) == "x"
    assert f"Authorization: Bearer {TOKEN}" in seen.heads[0]


def test_the_authority_may_be_named_in_the_environment(
    certified: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified[0]))
    tls.trusted.cache_clear()
    try:
        with secured(certified[1]) as (base_url, _):
            assert asked(base_url) == "x"
    finally:
        tls.trusted.cache_clear()


def test_a_server_of_an_unknown_authority_never_sees_the_token(certified: tuple[Path, ssl.SSLContext]) -> None:
    with secured(certified[1]) as (base_url, seen):
        said = refused(base_url, errors.ConnectionNeverMade)
    assert "CERTIFICATE_VERIFY_FAILED" in said
    assert [head for head in seen.heads if head] == []


def test_a_server_of_another_name_never_sees_the_token(certified: tuple[Path, ssl.SSLContext]) -> None:
    with secured(certified[1]) as (base_url, seen):
        there = base_url.replace("127.0.0.1", "localhost")
        refused(there, errors.ConnectionNeverMade, ssl_context=trusting(certified))
    assert [head for head in seen.heads if head] == []


@pytest.mark.parametrize("payload", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""], ids=["no TLS", "nothing"])
def test_a_server_without_tls_never_sees_the_token(payload: bytes) -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(payload)

    with listening(serve, "https") as base_url:
        refused(base_url, errors.ConnectionNeverMade)
    assert not any(TOKEN.encode() in one for one in seen)


def test_a_handshake_that_hangs_ends_with_the_call() -> None:
    release = threading.Event()

    def serve(connection: socket.socket) -> None:
        release.wait(5)

    with listening(serve, "https") as base_url:
        client = Telnyx(TOKEN, base_url=base_url, retry=RetryPolicy(attempts=1, deadline=0.2))
        with client, pytest.raises(errors.ConnectionNeverMade):
            client.messaging_profiles.retrieve(ID)
        release.set()


# Proxies


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy() as (address, seen):
        monkeypatch.setenv(name, address)
        assert asked("http://127.0.0.9:1/v2") == "x"
    assert {head.split()[1] for head in seen.heads} == {f"http://127.0.0.9:1/v2/messaging_profiles/{ID}"}


def direct(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Nothing."""
    return {}


def excepted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The host needs no proxy."""
    monkeypatch.setenv("NO_PROXY", "example.org,127.0.0.1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    return {}


def untrusted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The environment is not asked."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    return {"trust_env": False}


def other_scheme(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The proxy is for something else."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    return {}


@pytest.mark.parametrize("prepare", [direct, excepted, untrusted, other_scheme])
def test_the_way_is_direct_when_no_proxy_is_meant(
    prepare: Callable[[pytest.MonkeyPatch], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(ANSWER)

    options = prepare(monkeypatch)
    with listening(serve) as base_url:
        assert asked(base_url, **options) == "x"


def test_the_clients_own_proxy_comes_first_and_gets_its_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with proxy() as (address, seen):
        assert asked("http://127.0.0.9:1/v2", proxy=address.replace("//", f"//me:{SECRET}@")) == "x"
    assert all("proxy-authorization: basic " in head.lower() for head in seen.heads)


def test_a_proxy_passes_https_on_and_sees_no_token(
    certified: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    with secured(certified[1]) as (base_url, seen), proxy() as (address, between):
        monkeypatch.setenv("HTTPS_PROXY", address)
        assert asked(base_url, ssl_context=trusting(certified)) == "x"
    assert f"Authorization: Bearer {TOKEN}" in seen.heads[0]
    assert len(between.heads) == 2
    assert all(head.startswith("CONNECT 127.0.0.1:") and TOKEN not in head for head in between.heads)


@pytest.mark.parametrize("status", [b"407 Proxy Authentication Required", b"502 Bad Gateway", b"403 Forbidden"])
def test_a_proxy_that_refuses_to_pass_https_on_was_never_sent_to(status: bytes) -> None:
    with proxy(raw_answer(status)) as (address, _):
        options = {"proxy": address.replace("//", f"//me:{SECRET}@")}
        said = refused("https://127.0.0.1:1/v2", errors.ConnectionNeverMade, **options)
    assert status.decode() in said


def test_a_proxy_that_is_not_there_was_never_sent_to() -> None:
    for scheme in ("http", "https"):
        refused(f"{scheme}://127.0.0.9:1/v2", errors.ConnectionNeverMade, proxy=f"http://me:{SECRET}@127.0.0.1:1")


NO_PROXIES = [f"ftp://me:{SECRET}@127.0.0.1:1", f"http://me:{SECRET}@[::1", f"http://me:{SECRET}/@127.0.0.1:1", SECRET]


@pytest.mark.parametrize("address", NO_PROXIES)
def test_what_is_no_proxy_is_refused_at_once_and_not_shown(address: str) -> None:
    with pytest.raises(ValueError, match="a proxy is an address") as caught:
        Telnyx(TOKEN, base_url="http://127.0.0.1:1/v2", proxy=address)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


@pytest.mark.parametrize("address", NO_PROXIES[:3])
def test_what_is_no_proxy_in_the_environment_sends_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", address)
    client = Telnyx(TOKEN, base_url="http://127.0.0.1:1/v2")
    with pytest.raises(ValueError, match="a proxy is an address") as caught:
        client.messaging_profiles.retrieve(ID)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_base_url_that_is_none_does_not_show_its_password() -> None:
    with pytest.raises(ValueError, match="not a base URL") as caught:
        Telnyx(TOKEN, base_url=f"http://me:{SECRET}/@127.0.0.1:1")
    assert SECRET not in "".join(traceback.format_exception(caught.value))
