"""What surrounds the suites while they run, and is gone afterwards."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

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


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("writable", [True, False])
def test_where_nothing_can_be_written_the_tables_of_hypothesis_stand_elsewhere(
    there: bool, writable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there:
        (tmp_path / pytest_run.STORED_IN).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(pytest_run.STORAGE, raising=False)
    monkeypatch.setattr(os, "access", lambda path, mode: writable and mode == os.W_OK and Path(path).exists())
    with pytest.raises(ZeroDivisionError), pytest_run.storing(tmp_path / "elsewhere"):
        assert os.environ.get(pytest_run.STORAGE) == (None if writable else str(tmp_path / "elsewhere"))
        raise ZeroDivisionError
    assert pytest_run.STORAGE not in os.environ


def test_a_place_that_is_named_for_the_tables_of_hypothesis_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pytest_run.STORAGE, "chosen")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest_run.storing(Path("elsewhere")):
        assert os.environ[pytest_run.STORAGE] == "chosen"
    assert os.environ[pytest_run.STORAGE] == "chosen"
