"""Where a run goes: the mock that it starts itself, a server that already runs on loopback, or a live API.

Whatever is not loopback is live, whatever it is called; a live run is guarded by ``contract_tests.live``.
"""

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
    live: bool = False

    @property
    def starts_mock(self) -> bool:
        """Whether the run has to start its own mock."""
        return self.base_url is None


def parse(
    value: str,
    environment: Mapping[str, str] = os.environ,
    *,
    live_url: str = "",
    key: str | None = None,
    treat_as_live: bool = False,
) -> Target:
    """The target that ``--target value`` means; ``InputError`` for what is none, or for a live one without a key.

    ``live_url`` is what ``--target live`` stands for, ``key`` the token if it does not come from the environment.
    """
    token = environment.get("TELNYX_API_KEY", "").strip() if key is None else key
    if value == MOCK:
        return Target(MOCK, None, f"KEY{secrets.token_hex(16)}", treat_as_live)
    base_url = (live_url if value == LIVE else value).rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(
            f"--target {value!r} is neither 'mock' nor 'live' nor an address",
            fix="write --target mock, --target live or --target http://127.0.0.1:PORT/v2",
        )
    if parts.query or parts.fragment or parts.username or parts.password:
        raise InputError(
            "--target takes scheme, host, port and path, nothing more",
            fix="give the token in TELNYX_API_KEY, and the address without ?, # or user name",
        )
    try:
        _ = parts.port
    except ValueError as problem:
        raise InputError(f"--target {value!r}: {problem}", fix="write a port from 1 to 65535") from problem
    local = is_loopback(parts.hostname)
    if local:
        return Target(value, base_url, token or PLACEHOLDER_TOKEN, treat_as_live)
    if parts.scheme != "https":
        raise InputError(f"--target {value!r} would send the token unencrypted", fix="write https://")
    if not token:
        raise InputError("a live target needs a key", fix="set TELNYX_API_KEY, or give --api-key-file")
    return Target(value, base_url, token, True)


def is_live(value: str, *, treat_as_live: bool = False) -> bool:
    """Whether ``--target value`` is live: everything but the own mock and what loopback's names say."""
    if treat_as_live or value == LIVE:
        return True
    return value != MOCK and not is_loopback(urlsplit(value).hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name alone: ``localhost``, 127.0.0.0/8 or ``::1``; no look-ups."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
