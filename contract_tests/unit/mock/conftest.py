"""A mock of the made-up library and one of the real description, each new for every test."""

from __future__ import annotations

import pytest

from contract_tests.description import Description, load
from contract_tests.mock.app import Mock, create_app
from contract_tests.unit.mock.conversation import Ask
from contract_tests.unit.mock.library import document


@pytest.fixture
def library() -> Mock:
    """A mock of the library, empty, any token passes."""
    return create_app(Description(document()))


@pytest.fixture
def ask(library: Mock) -> Ask:
    """Speaks to the library."""
    return Ask(library)


@pytest.fixture
def telnyx() -> Mock:
    """A mock of the effective description with its seeds."""
    return create_app(load())


@pytest.fixture
def call(telnyx: Mock) -> Ask:
    """Speaks to the mock of the effective description."""
    return Ask(telnyx)
