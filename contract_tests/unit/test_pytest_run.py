"""What surrounds the suites while they run, and is gone afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from contract_tests import pytest_run


@pytest.fixture
def usual() -> Iterator[tuple[int, int, int]]:
    """The collector as Python sets it up: the tests themselves run in such a block."""
    settings, before = (700, 10, 10), gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(*settings)
    yield settings
    gc.freeze()
    gc.set_threshold(*before)


def test_during_a_run_the_collector_leaves_alone_what_was_there_and_afterwards_all_is_as_before(
    usual: tuple[int, int, int],
) -> None:
    frozen = gc.get_freeze_count()
    with pytest.raises(ZeroDivisionError), pytest_run.seldom_collected():
        assert gc.get_threshold() == pytest_run.RARELY
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.isenabled()
        raise ZeroDivisionError
    assert gc.get_threshold() == usual
    # What the interpreter itself made immortal cannot be told apart, so there may be some.
    assert gc.get_freeze_count() <= frozen
