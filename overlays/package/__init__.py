"""Typed client for the Telnyx v2 API, generated from its OpenAPI description.

Each operation is a module with ``sync``, ``sync_detailed``, ``asyncio`` and ``asyncio_detailed``; each schema is
a class::

    from telnyx_bindings import AuthenticatedClient
    from telnyx_bindings.api.messaging_profiles import list_messaging_profiles

    with AuthenticatedClient(base_url="https://api.telnyx.com/v2", token="...") as client:
        page = list_messaging_profiles.sync(client=client, page_size=20)

Importing this package loads no operation and no model; those come with their own modules.
"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
