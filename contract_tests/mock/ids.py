"""Identifiers as the API makes them: time-based UUIDs, 19-digit numbers, 24-character secrets; from a seeded source.

The UUID scheme is inferred from ids seen live, not documented: two or three fixed hex digits that tell the kind,
then nine of (Unix milliseconds >> 8) with the version nibble kept in place, then random digits.
"""

from __future__ import annotations

import random
import string

from .clock import MILLISECOND, Clock

SECRET_LENGTH = 24
SECRET_ALPHABET = string.ascii_letters + string.digits
DEFAULT_KIND = "40f"


class Identifiers:
    """Makes identifiers; the same seed and the same moments give the same ones."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._clock = clock
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Start the random sequence again."""
        self._random = random.Random(self._seed)
        # Request ids draw from a sequence of their own, so that reads do not change the ids of later writes.
        self._requests = random.Random(f"requests {self._seed}")

    def uuid(self, kind: str = DEFAULT_KIND) -> str:
        """A UUID that begins with ``kind`` (three hex digits) and the time."""
        ticks = (self._clock.nanoseconds() // MILLISECOND) >> 8
        digits = f"{kind}{ticks & 0xFFFFFFFFF:09x}"
        tail = self._random.getrandbits(76)
        last = f"{tail & 0xFFFFFFFFFFFF:012x}"
        return f"{digits[:8]}-{digits[8:]}-4{tail >> 64 & 0xFFF:03x}-{0x8000 | tail >> 48 & 0x3FFF:04x}-{last}"

    def number(self) -> str:
        """A decimal string of 19 digits, as phone numbers have for an id."""
        return str(self._random.randrange(10**18, 10**19))

    def secret(self) -> str:
        """24 mixed-case letters and digits."""
        return "".join(self._random.choices(SECRET_ALPHABET, k=SECRET_LENGTH))

    def request(self) -> str:
        """A random UUID for ``x-request-id``."""
        bits = f"{self._requests.getrandbits(128):032x}"
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}"
