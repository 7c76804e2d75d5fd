"""The options of a client for type checkers; nothing imports this at run time."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import TypedDict

import httpx

from .drift import DriftObservation
from .logs import Attempt
from .retry import RetryPolicy

Transport = httpx.BaseTransport | httpx.AsyncBaseTransport


class Options(TypedDict, total=False):
    """See ``Settings``."""

    timeout: float | httpx.Timeout
    retry: RetryPolicy
    strict: bool
    on_drift: Callable[[DriftObservation], object] | None
    on_attempt: Callable[[Attempt], object] | None
    headers: Mapping[str, str]
    follow_redirects: bool
    transport: Transport | Callable[[], Transport] | None
    proxy: str | None
    trust_env: bool
    ssl_context: ssl.SSLContext | None
    max_connections: int


class Changes(Options, total=False):
    """What ``with_options`` can change."""

    api_key: str | Callable[[], str]
    base_url: str
