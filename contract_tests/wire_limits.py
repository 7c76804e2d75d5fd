"""How long and how large an answer may be: a server that drips or never ends must not hang the run."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

# Seconds from the sending of a request to the last byte of its answer; reads time out one by one besides.
DEADLINE = 30.0
# Bytes of a body after decompression.
LARGEST = 8 * 1024 * 1024


class IncompleteError(Exception):
    """An answer that was given up before its end."""


def whole(response: httpx.Response, until: float, *, clock: Callable[[], float] = time.perf_counter) -> bytes:
    """The body of a streamed ``response``, which is closed afterwards.

    ``IncompleteError`` when it goes on after ``until`` (on ``clock``) or is larger than ``LARGEST``;
    ``httpx.HTTPError`` when the connection breaks or the body cannot be decoded.
    """
    received = bytearray()
    try:
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > LARGEST:
                raise IncompleteError(f"given up: the body is larger than {LARGEST // 2**20} MiB")
            if clock() > until:
                raise IncompleteError(f"given up: not complete in time, {len(received)} bytes so far")
    finally:
        response.close()
    return bytes(received)
