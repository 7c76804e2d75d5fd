"""What the machine's environment would change about generated requests, left out: proxies, ``.netrc``, certificates.

Sessions of requests read all three. A ``.netrc`` that names the host, or has a default, puts its password in the place
of the token; the suite's own client reads none of them but ``SSL_CERT_FILE``, which ``settings`` passes on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import requests


@contextlib.contextmanager
def left_out() -> Iterator[None]:
    """Within the block no session of requests looks at the environment, whoever makes it and whatever it sets."""
    # A descriptor of the class wins over the attribute that each session sets when it is made.
    requests.Session.trust_env = property(lambda _: False, lambda _, value: None)  # type: ignore[assignment]
    try:
        yield
    finally:
        del requests.Session.trust_env
