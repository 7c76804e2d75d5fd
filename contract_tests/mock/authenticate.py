"""Stage 2: who asks. A bearer token is needed; which ones pass depends on how the mock was started."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from . import errors
from .exchange import Request

Authenticator = Callable[[Request], None]


def bearer_token(request: Request) -> bytes:
    """The token of the one Authorization header; refused with 401 10009 when there is none that can be read."""
    values = request.header_values(b"authorization")
    if len(values) == 1:
        scheme, _, token = values[0].strip().partition(b" ")
        token = token.strip()
        if scheme.lower() == b"bearer" and token and b" " not in token:
            return token
    detail = "The request needs one header of the form 'Authorization: Bearer <API key>'."
    raise errors.refusal(errors.UNAUTHENTICATED, detail)


def any_token(request: Request) -> None:
    """Lets every token pass, as long as there is one."""
    bearer_token(request)


def exactly(api_key: str) -> Authenticator:
    """Lets one token pass, and refuses the others with 401 10009, naming none of them."""
    expected = api_key.encode()

    def authenticate(request: Request) -> None:
        if not hmac.compare_digest(bearer_token(request), expected):
            raise errors.refusal(errors.UNAUTHENTICATED, "There is no API key with this id and secret.")

    return authenticate
