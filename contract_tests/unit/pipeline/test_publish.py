"""Swapping a finished folder in: whatever interrupts it, one of the two is there and whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from scripts.errors import InputError
from scripts.pipeline import exchange, publish

ROOT = Path(__file__).resolve().parents[3]


def folder(path: Path, **files: str) -> Path:
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / name).write_text(text)
    return path


def content(path: Path) -> dict[str, str]:
    return {each.name: each.read_text() for each in path.iterdir()}


def test_new_content_replaces_the_old_whole(tmp_path: Path) -> None:
    target = folder(tmp_path / "generated", a="old", b="old")
    with publish.staging(target) as new:
        (new / "a").write_text("new")
        publish.swap(new, target)
    assert content(target) == {"a": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


def test_first_run_needs_no_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    with publish.staging(target) as new:
        (new / "a").write_text("new")
        publish.swap(new, target)
    assert content(target) == {"a": "new"}


@pytest.mark.parametrize("fault", [RuntimeError("disk"), KeyboardInterrupt()])
def test_failure_while_building_leaves_the_old(tmp_path: Path, fault: BaseException) -> None:
    target = folder(tmp_path / "generated", a="old")
    with pytest.raises(type(fault)), publish.staging(target) as new:
        (new / "a").write_text("half")
        raise fault
    assert content(target) == {"a": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


@pytest.mark.skipif(sys.platform not in {"linux", "darwin"}, reason="the system can't exchange two folders in one step")
def test_the_two_change_places_in_one_step_or_not_at_all(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one", a="1"), folder(tmp_path / "other", a="2")
    assert exchange.exchange(one, other), "this file system can't, so that every swap takes two steps"
    assert (content(one), content(other)) == ({"a": "2"}, {"a": "1"})
    with pytest.raises(OSError, match="No such file"):
        exchange.exchange(one, tmp_path / "nothing")
    assert content(one) == {"a": "2"}


def test_a_failed_exchange_leaves_the_old_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, new = folder(tmp_path / "generated", a="old"), folder(tmp_path / "new", a="new")

    def refuse(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(publish, "exchange", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        publish.swap(new, target)
    assert content(target) == {"a": "old"}


@pytest.mark.parametrize("fault", [OSError("no"), KeyboardInterrupt()])
@pytest.mark.parametrize("failing_rename", [1, 2])
def test_failure_between_the_renames_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, failing_rename: int
) -> None:
    monkeypatch.setattr(publish, "exchange", lambda *_: False)
    target = folder(tmp_path / "generated", a="old")
    new = folder(tmp_path / "new", a="new")
    rename, calls = Path.rename, []

    def failing(self: Path, to: Path) -> Path:
        calls.append(self)
        if len(calls) == failing_rename:
            raise fault
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(InputError if isinstance(fault, OSError) else type(fault)):
        publish.swap(new, target)
    assert content(target) == {"a": "old"}


@pytest.mark.parametrize("in_one_step", [True, False])
def test_read_only_content_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool) -> None:
    if not in_one_step:
        monkeypatch.setattr(publish, "exchange", lambda *_: False)
    target = folder(tmp_path / "generated", a="old")
    folder(target / "inner", b="old").chmod(0o555)
    with publish.staging(target) as new:
        (new / "a").write_text("new")
        publish.swap(new, target)
    assert content(target) == {"a": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


def test_a_folder_above_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="create this folder first"), publish.staging(tmp_path / "no" / "generated"):
        pass


def test_killed_between_the_renames_is_mended_by_the_next_run(tmp_path: Path) -> None:
    folder(tmp_path / ".generated.old", a="old")
    folder(tmp_path / ".generated.new-abc", a="half")
    target = tmp_path / "generated"
    with publish.staging(target):
        assert content(target) == {"a": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]


def test_killed_after_the_renames_keeps_the_new(tmp_path: Path) -> None:
    folder(tmp_path / ".generated.old", a="old")
    target = folder(tmp_path / "generated", a="new")
    publish.recover(target)
    assert content(target) == {"a": "new"}
    assert not (tmp_path / ".generated.old").exists()


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    target = folder(tmp_path / "generated", a="old")
    code = (
        "import sys; from pathlib import Path; from scripts.pipeline import publish\n"
        "from scripts.errors import InputError\n"
        "try:\n    publish.staging(Path(sys.argv[1])).__enter__()\n"
        "except InputError as problem:\n    print(problem.message)\n"
    )
    with publish.staging(target):
        other = subprocess.run(
            [sys.executable, "-c", code, str(target)], cwd=ROOT, capture_output=True, text=True, check=True
        )
    assert other.stdout == "another run is at work in this folder\n"
    with publish.staging(target):  # and the lock is free again
        pass


def test_folder_that_can_not_be_written_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(InputError, match="Permission denied"), publish.staging(tmp_path / "generated"):
        pass


def test_permissions_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    target = tmp_path / "generated"
    before = os.umask(0o077)
    try:
        with publish.staging(target) as new:
            folder(new / "inner", a="x")
            publish.swap(new, target)
    finally:
        os.umask(before)
    modes = {path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes == {"generated": 0o755, "generated/inner": 0o755, "generated/inner/a": 0o644}


def test_comparison_lists_changed_missing_and_unexpected(tmp_path: Path) -> None:
    wanted = folder(tmp_path / "wanted", same="1", changed="1", missing="1")
    found = folder(tmp_path / "found", same="1", changed="2", extra="1")
    folder(found / "__pycache__", **{"a.cpython-311.pyc": "compiled"})
    differences = publish.compare(wanted, found)
    assert differences == publish.Differences(("changed",), ("missing",), ("extra",))
    assert differences.lines() == ["  changed     changed", "  missing     missing", "  unexpected  extra"]
    assert not publish.compare(wanted, wanted)


@pytest.mark.parametrize("kind", ["link", "dangling", "file"])
def test_target_that_is_no_folder_is_refused_and_kept(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "generated"
    elsewhere = folder(tmp_path / "elsewhere", a="mine")
    if kind == "file":
        target.write_text("mine")
    else:
        target.symlink_to(elsewhere if kind == "link" else tmp_path / "nowhere")
    with pytest.raises(InputError, match="not a folder of its own"), publish.staging(target):
        pass
    assert target.is_symlink() or target.read_text() == "mine"
    assert content(elsewhere) == {"a": "mine"}


@pytest.mark.parametrize("kind", ["link", "file"])
def test_leftover_that_is_no_folder_is_removed(kind: str, tmp_path: Path) -> None:
    elsewhere = folder(tmp_path / "elsewhere", a="mine")
    old = tmp_path / ".generated.old"
    if kind == "file":
        old.write_text("")
    else:
        old.symlink_to(elsewhere)
    publish.recover(tmp_path / "generated")
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]
    assert content(elsewhere) == {"a": "mine"}


def test_read_only_leftovers_are_removed(tmp_path: Path) -> None:
    target = folder(tmp_path / "generated", a="new")
    for name in (".generated.old", ".generated.new-abc"):
        inner = folder(tmp_path / name / "inner", a="old")
        inner.chmod(0o555)
        inner.parent.chmod(0o555)
    publish.recover(target)
    assert [path.name for path in tmp_path.iterdir()] == ["generated"]
