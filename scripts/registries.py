"""Fetching from a package registry: telling one that can't be reached from everything else that may go wrong."""

from __future__ import annotations

import re

from scripts.errors import InputError

# What pip and npm say when there is no way to the registry, be it the network, a name or a proxy.
_UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Connection refused"
    r"|Temporary failure in name resolution|Network is unreachable|getaddrinfo"
    r"|\b(?:ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b"
)


class RegistryUnreachable(InputError):
    """There is no way to the registry: without what it holds some things can't be done, but nothing is wrong."""


def failure(what: str, output: str, lock: str) -> InputError:
    """The error for an installer that failed: ``RegistryUnreachable`` when its output says so.

    ``what`` was to be installed from the file ``lock``.
    """
    tail = "\n".join(output.strip().splitlines()[-8:])
    if _UNREACHABLE.search(output):
        return RegistryUnreachable(f"{what} can't be fetched: the registry is out of reach\n{tail}", file=lock)
    return InputError(f"{what} could not be installed:\n{tail}", file=lock)
