"""An account for every test; the mock behind it is made once, which takes longer than most tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.mock import TelnyxMock
from contract_tests.unit.mock.behaviours.account import Account


@pytest.fixture(scope="session")
def mock() -> Iterator[TelnyxMock]:
    """A mock of the effective description with its seeds."""
    with TelnyxMock() as mock:
        yield mock


@pytest.fixture
def account(mock: TelnyxMock) -> Iterator[Account]:
    """An account with the seed records, as new."""
    mock.reset()
    account = Account(mock)
    yield account
    account.close()
