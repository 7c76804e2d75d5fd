"""The pytest plugin: the mock as fixtures. Installing the package is enough; nothing is imported until one is used.

==============================  ========  ==============================================
fixture                         scope     gives
==============================  ========  ==============================================
``telnyx_mock``                 function  ``TelnyxMock``, reached in process
``telnyx_mock_server``          function  ``TelnyxMockServer``: the same mock on a port
``telnyx_mock_session``         session   a ``TelnyxMock`` that remembers between tests
``telnyx_mock_server_session``  session   that one on a port
``telnyx_mock_settings``        session   the arguments of ``TelnyxMock``; to be overridden
==============================  ========  ==============================================

``@pytest.mark.telnyx_mock(api_key="KEY", seeds=False)`` gives one test, class or module arguments of its own; it
concerns the fixtures of function scope. Each of their tests finds the mock as it was at the start.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from .extra import missing

if TYPE_CHECKING:
    from .double import TelnyxMock, TelnyxMockServer

MARKER = "telnyx_mock"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{MARKER}(**settings): arguments of TelnyxMock for the fixtures of this test")


class _Kept:
    """Mocks by their settings, made once: a reset takes a tenth of the time. Their servers too."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._mocks: dict[str, TelnyxMock] = {}
        self._servers: dict[int, TelnyxMockServer] = {}

    def mock(self, settings: dict[str, Any]) -> TelnyxMock:
        """The mock with these settings."""
        key = repr(sorted(settings.items()))
        if key not in self._mocks:
            self._mocks[key] = self._open.enter_context(_new(settings))
        return self._mocks[key]

    def server(self, mock: TelnyxMock) -> TelnyxMockServer:
        """A mock on a port of its own."""
        if id(mock) not in self._servers:
            self._servers[id(mock)] = self._open.enter_context(mock.serve())
        return self._servers[id(mock)]

    def close(self) -> None:
        """End servers and mocks."""
        self._open.close()


def _new(settings: dict[str, Any]) -> TelnyxMock:
    try:
        from .double import TelnyxMock
    except ModuleNotFoundError as problem:
        said = missing(problem)
        if said is None:
            raise
        pytest.fail(said, pytrace=False)
    return TelnyxMock(**settings)


@pytest.fixture(scope="session")
def telnyx_mock_settings() -> dict[str, Any]:
    """The arguments of ``TelnyxMock``; override it to set your own."""
    return {}


@pytest.fixture(scope="session")
def _telnyx_mocks_kept() -> Iterator[_Kept]:
    kept = _Kept()
    yield kept
    kept.close()


@pytest.fixture
def telnyx_mock(
    request: pytest.FixtureRequest, telnyx_mock_settings: dict[str, Any], _telnyx_mocks_kept: _Kept
) -> Iterator[TelnyxMock]:
    """A stateful mock of the API in process, as new: ``Telnyx(**telnyx_mock.options)``."""
    told: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers(MARKER))):
        told.update(marker.kwargs)
    mock = _telnyx_mocks_kept.mock({**telnyx_mock_settings, **told})
    mock.reset()
    yield mock
    mock.reset()


@pytest.fixture
def telnyx_mock_server(telnyx_mock: TelnyxMock, _telnyx_mocks_kept: _Kept) -> TelnyxMockServer:
    """The mock of ``telnyx_mock`` on a loopback port, for a service in another process or with another client."""
    return _telnyx_mocks_kept.server(telnyx_mock)


@pytest.fixture(scope="session")
def telnyx_mock_session(telnyx_mock_settings: dict[str, Any]) -> Iterator[TelnyxMock]:
    """A mock of its own that remembers from test to test until it is reset."""
    with _new(telnyx_mock_settings) as mock:
        yield mock


@pytest.fixture(scope="session")
def telnyx_mock_server_session(telnyx_mock_session: TelnyxMock) -> Iterator[TelnyxMockServer]:
    """The mock of ``telnyx_mock_session`` on a loopback port."""
    with telnyx_mock_session.serve() as server:
        yield server
