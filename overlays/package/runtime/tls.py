"""TLS and proxies of a connection, by public means of httpx and the standard library alone."""

from __future__ import annotations

import functools
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from .settings import Settings, proxy_url


@functools.cache
def trusted() -> ssl.SSLContext:
    """The context that trusts the usual authorities, made once: reading them takes 30 ms and a MiB."""
    return httpx.create_ssl_context()


def context(settings: Settings, proxy: str | None) -> ssl.SSLContext:
    """The TLS context for this client. Without https there is nothing to trust, so nothing is loaded, and nobody is."""
    if settings.ssl_context is not None:
        return settings.ssl_context
    if settings.base_url.startswith("https:") or proxy is not None:
        return trusted()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxy(settings: Settings) -> str | None:
    """The proxy: the client's own, else what the environment says (``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``)."""
    if settings.proxy is not None or not settings.trust_env:
        return settings.proxy
    url = urlsplit(settings.base_url)
    found = getproxies()
    address = found.get(url.scheme) or found.get("all")
    if not address or proxy_bypass(url.netloc.rpartition("@")[2]):
        return None
    return proxy_url(address if "://" in address else f"http://{address}")
