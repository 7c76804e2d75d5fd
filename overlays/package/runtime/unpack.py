"""Bodies as they were before the server packed them, with every fault named instead of raised.

httpx would give the beginning of a truncated gzip body as if it were whole, and raise without the bytes on a damaged
one. Requests ask for gzip and deflate only, which the standard library reads.
"""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
# Nothing that the API sends comes near it; an answer made to fill the memory does.
LARGEST = 256 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class _Damaged(Exception):
    """A body that can't be unpacked; the text says why."""


def unpack(raw: bytes, encodings: str | None) -> tuple[bytes, str | None]:
    """The body behind ``Content-Encoding`` and ``None``, or the body as it came and what is wrong with it."""
    if not encodings or not raw:
        return raw, None
    body = raw
    try:
        for name in reversed(encodings.lower().split(",")):
            body = _one(body, name.strip())
    except (_Damaged, zlib.error) as problem:
        return raw, f"the body is not the {encodings[:40]} that it says it is: {problem}"
    return body, None


def _one(body: bytes, name: str) -> bytes:
    if name in {"", "identity"}:
        return body
    if name in {"gzip", "x-gzip"}:
        return _inflate(body, _GZIP)
    if name == "deflate":
        try:
            return _inflate(body, zlib.MAX_WBITS)
        except zlib.error:  # some servers leave out the zlib header that RFC 9110 asks for
            return _inflate(body, -zlib.MAX_WBITS)
    raise _Damaged(f"{name[:20]} was not asked for")


def _inflate(body: bytes, bits: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:
        unpacker = zlib.decompressobj(bits)
        parts.append(unpacker.decompress(body, LARGEST - size))
        size += len(parts[-1])
        if size >= LARGEST:
            raise _Damaged(f"more than {LARGEST // 1024 // 1024} MiB")
        if not unpacker.eof:
            raise _Damaged("truncated")
        body = unpacker.unused_data.lstrip(b"\0")  # gzip may have several members, and padding
    return b"".join(parts)
