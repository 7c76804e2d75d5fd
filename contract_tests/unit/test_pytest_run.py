"""What surrounds the suites while they run, and is gone afterwards."""

from __future__ import annotations

import gc

import pytest

from contract_tests import pytest_run


def test_during_a_run_the_collector_leaves_alone_what_was_there_and_afterwards_all_is_as_before() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with pytest.raises(ZeroDivisionError), pytest_run.seldom_collected():
        assert gc.get_threshold() == pytest_run.RARELY
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.isenabled()
        raise ZeroDivisionError
    assert gc.get_threshold() == before
    # What the interpreter itself made immortal cannot be told apart, so there may be some.
    assert gc.get_freeze_count() <= frozen
