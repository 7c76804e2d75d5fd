"""A stateful mock of the API, driven by the effective description; most modules are the stages of a request.

``TelnyxMock`` is the mock as a test holds it, ``InProcessTransport`` puts it behind an httpx client, a ``Fault`` is
what can be made to go wrong. Importing this package costs nothing: pytest does it at every start, for the plugin.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .double import TelnyxMock, TelnyxMockServer
    from .faults import Fault
    from .in_process import InProcessTransport

__all__ = ["Fault", "InProcessTransport", "TelnyxMock", "TelnyxMockServer"]

_HOMES = {
    "Fault": ".faults",
    "InProcessTransport": ".in_process",
    "TelnyxMock": ".double",
    "TelnyxMockServer": ".double",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
