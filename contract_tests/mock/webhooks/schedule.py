"""Which address is tried when, and what counts as delivered. Pure.

Three tries at the first address, then three at the failover address, with exponential back-off between them; a
redirect is a failure (Telnyx's support article on webhooks). How long the back-off is no source says: here a second,
then twice the last wait each time. Only status 200 counts as delivered: the specification says so (code 75299 for
other 2xx), a guide says any 2xx; a receiver that is right for the strict reading is right for both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

TRIES = 3  # at each address
FIRST_WAIT = 1.0  # seconds
DELIVERED = 200
PATIENCE = 2.0  # seconds that a receiver has to answer


@dataclass(frozen=True, slots=True)
class Try:
    """One step of a delivery: the address, and how long to wait before it; ``reason`` says why it can't be made."""

    url: str
    wait: float
    reason: str | None = None


def plan(urls: Iterable[str | None], *, anywhere: bool = False) -> tuple[Try, ...]:
    """The tries at the addresses in their order; empty ones are left out, so is all but a word on unusable ones.

    ``anywhere``: addresses beyond this machine may be used, because nothing is sent over the network.
    """
    tries: list[Try] = []
    wait = 0.0
    for url in urls:
        if not url:
            continue
        reason = unusable(url, anywhere=anywhere)
        if reason:
            tries.append(Try(url, 0.0, reason))
            continue
        for _ in range(TRIES):
            tries.append(Try(url, wait))
            wait = 2 * wait or FIRST_WAIT
    return tuple(tries)


def unusable(url: str, *, anywhere: bool = False) -> str | None:
    """Why nothing is sent to an address; None when it may be."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except (ValueError, TypeError, AttributeError):  # the latter two: no text at all
        return "no address"
    if parts.scheme not in {"http", "https"} or not host:
        return "no http address"
    return None if anywhere or _is_loopback(host) else "not loopback"


def _is_loopback(host: str) -> bool:
    """Names are not looked up: what they lead to can change between the look and the request."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
