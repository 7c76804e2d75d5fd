"""All files are put in place, or none is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.errors import InputError
from scripts.scaffold.install import install

Contents = Callable[[Path], dict[str, bytes]]
CREATED = {"one/new.yaml": "new\n", "one/two/deep.yaml": "ü\n", "kept/other.yaml": "other\n"}
CHANGED = {"list.yaml": ("before\n", "after\n"), "kept/second.yaml": ("before\r\n", "after\r\n")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    for name, (text, _) in CHANGED.items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def test_new_files_and_changed_ones_are_written_and_nothing_else(root: Path, contents: Contents) -> None:
    install(root, CREATED, CHANGED)
    assert contents(root) == {
        "one/": b"",
        "one/two/": b"",
        "kept/": b"",
        "one/new.yaml": b"new\n",
        "one/two/deep.yaml": "ü\n".encode(),
        "kept/other.yaml": b"other\n",
        "list.yaml": b"after\n",
        "kept/second.yaml": b"after\r\n",
    }


@pytest.mark.parametrize("fails_at", range(len(CREATED) + len(CHANGED)))
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "Ctrl-C"])
def test_a_failure_at_any_file_leaves_everything_as_it_was(
    root: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch, fails_at: int, fault: BaseException
) -> None:
    before, real, calls = contents(root), {"rename": os.rename, "replace": os.replace}, []

    def move(kind: str) -> Callable[[Path, Path], None]:
        def moved(source: Path, target: Path) -> None:
            if "new" in Path(source).relative_to(root).parts:  # not the way back
                calls.append(target)
                if len(calls) == fails_at + 1:
                    raise fault
            real[kind](source, target)

        return moved

    for kind in real:
        monkeypatch.setattr(os, kind, move(kind))
    with pytest.raises(InputError if isinstance(fault, OSError) else KeyboardInterrupt):
        install(root, CREATED, CHANGED)
    assert len(calls) == fails_at + 1
    assert contents(root) == before


def test_a_file_that_exists_is_not_overwritten(root: Path, contents: Contents) -> None:
    (root / "kept" / "other.yaml").write_text("mine\n", encoding="utf-8")
    before = contents(root)
    with pytest.raises(InputError, match="exists already") as problem:
        install(root, CREATED, CHANGED)
    assert problem.value.file == "kept/other.yaml"
    assert contents(root) == before


def test_a_file_that_somebody_else_changed_meanwhile_is_left_alone(root: Path, contents: Contents) -> None:
    (root / "kept" / "second.yaml").write_text("theirs\n", encoding="utf-8")
    before = contents(root)
    with pytest.raises(InputError, match="was changed meanwhile") as problem:
        install(root, CREATED, CHANGED)
    assert problem.value.file == "kept/second.yaml"
    assert contents(root) == before


def test_a_root_that_can_not_be_written_to_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing can be written here"):
        install(tmp_path / "missing", CREATED, {})
