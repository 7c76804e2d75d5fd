"""The signature of webhooks: Ed25519 over timestamp, vertical bar and body, with a key that follows from a seed.

Needs the package ``cryptography``, which is imported when the first key is made.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from ..extra import missing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE_HEADER = "telnyx-signature-ed25519"
TIMESTAMP_HEADER = "telnyx-timestamp"


class Signer:
    """Signs as the API does. The same seed gives the same key, so that a service can be configured once."""

    def __init__(self, seed: int = 0) -> None:
        self._secret = hashlib.sha256(f"webhooks of the mock, seed {seed}".encode()).digest()
        self._made: Ed25519PrivateKey | None = None

    @property
    def _key(self) -> Ed25519PrivateKey:
        if self._made is None:
            try:
                from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
            except ModuleNotFoundError as problem:
                raise ImportError(missing(problem), name=problem.name) from problem
            self._made = Ed25519PrivateKey.from_private_bytes(self._secret)
        return self._made

    @property
    def public_key(self) -> str:
        """The key to check signatures with, as the portal shows it: base64 of 32 bytes."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def headers(self, body: bytes, timestamp: int) -> dict[str, str]:
        """The two headers that prove a body; ``timestamp`` in Unix seconds."""
        signature = self._key.sign(f"{timestamp}|".encode() + body)
        return {SIGNATURE_HEADER: base64.b64encode(signature).decode(), TIMESTAMP_HEADER: str(timestamp)}
