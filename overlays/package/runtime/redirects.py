"""Where a redirect leads, if this client may go there: only reading, and only on the same origin.

Elsewhere the credentials would go along, and what answers is not the API.
"""

from __future__ import annotations

import httpx

STATUSES = frozenset({301, 302, 303, 307, 308})
MOST = 5


def target(url: str, status: int, location: str | None) -> str | None:
    """The address to go on to, ``None`` when the redirect is to be given to the caller."""
    if status not in STATUSES or not location:
        return None
    try:
        here = httpx.URL(url)
        there = here.join(location)
    except (httpx.InvalidURL, ValueError, TypeError):
        return None
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc) and not there.userinfo
    return str(there.copy_with(fragment=None)) if same else None
