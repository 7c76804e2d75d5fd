"""Where a run goes: the mock that it starts itself, or a server that already runs on loopback."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scripts.errors import InputError

MOCK = "mock"
LIVE = "live"
# A loopback target without a token in the environment gets this one: our mock takes any unless told otherwise.
PLACEHOLDER_TOKEN = "KEY_contract_suite_placeholder"


@dataclass(frozen=True, slots=True)
class Target:
    """A base address such as ``http://127.0.0.1:8080/v2`` and the bearer token for it (never in the repr)."""

    name: str
    base_url: str | None
    token: str = field(repr=False)

    @property
    def starts_mock(self) -> bool:
        """Whether the run has to start its own mock."""
        return self.base_url is None


def parse(value: str, environment: Mapping[str, str] = os.environ) -> Target:
    """The target that ``--target value`` means; ``InputError`` for what is none, and for any address off loopback.

    The effect gate that makes runs against the real API safe is not built yet, so such a run is refused here,
    before anything is sent.
    """
    token = environment.get("TELNYX_API_KEY", "").strip()
    if value == MOCK:
        return Target(MOCK, None, f"KEY{secrets.token_hex(16)}")
    if value == LIVE:
        raise InputError(
            "--target live is refused: runs against the real API need the effect gate, which this version lacks",
            fix="use --target mock, or --target http://127.0.0.1:PORT/v2 for a server on this machine",
        )
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(
            f"--target {value!r} is neither 'mock' nor an address",
            fix="write --target mock or --target http://127.0.0.1:PORT/v2",
        )
    if parts.query or parts.fragment or parts.username or parts.password:
        raise InputError(
            "--target takes scheme, host, port and path, nothing more",
            fix="give the token in TELNYX_API_KEY, and the address without ?, # or user name",
        )
    if not is_loopback(parts.hostname):
        raise InputError(
            f"--target {value!r} is not on loopback: it could cost money and reach people",
            fix="runs against live targets need the effect gate, which this version lacks; use a loopback address",
        )
    try:
        _ = parts.port
    except ValueError as problem:
        raise InputError(f"--target {value!r}: {problem}", fix="write a port from 1 to 65535") from problem
    return Target(value, value.rstrip("/"), token or PLACEHOLDER_TOKEN)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name alone: ``localhost``, 127.0.0.0/8 or ``::1``; no look-ups."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
