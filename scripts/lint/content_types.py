"""Which media types openapi-python-client 0.29.1 can send and read."""

from __future__ import annotations

_SENT = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream"})


def bare(content_type: str) -> str:
    """A media type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Whether a body of this type is JSON."""
    return bare(content_type) == "application/json" or bare(content_type).endswith("+json")


def can_be_sent(content_type: str) -> bool:
    """Whether the generator makes a request body of it."""
    return is_json(content_type) or bare(content_type) in _SENT


def can_be_read(content_type: str) -> bool:
    """Whether the generator reads a response of it."""
    return (
        is_json(content_type)
        or bare(content_type).startswith("text/")
        or bare(content_type)
        in _SENT
        - {
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        }
    )
