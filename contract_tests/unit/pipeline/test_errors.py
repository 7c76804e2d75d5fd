"""Broken input: each case's message, word for word, and nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import regenerate
from scripts.errors import InputError

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "errors"
CASES = sorted(path for path in GOLDEN.iterdir() if path.is_dir() and path.name != "base")
MARKER = "what was here before\n"


def build_tree(case: Path, root: Path) -> Path:
    shutil.copytree(GOLDEN / "base", root)
    shutil.copytree(case, root, dirs_exist_ok=True)
    (root / "generated").mkdir()
    (root / "generated" / "marker.txt").write_text(MARKER)
    return root


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_message_names_the_place_and_nothing_is_written(case: Path, tmp_path: Path) -> None:
    root = build_tree(case, tmp_path / "tree")
    with pytest.raises(InputError) as caught:
        regenerate.main([], root=root)
    assert caught.value.render() + "\n" == (case / "message.txt").read_text(encoding="utf-8")
    assert [path.name for path in (root / "generated").iterdir()] == ["marker.txt"]
    assert (root / "generated" / "marker.txt").read_text() == MARKER
    assert not list(root.glob(".generated*"))


def test_base_tree_itself_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "tree"
    shutil.copytree(GOLDEN / "base", root)
    assert regenerate.main([], root=root) == 0
    assert "2 operations, 2 schemas" in capsys.readouterr().out


def test_nearly_every_message_tells_file_and_line() -> None:
    # The rest is about whole files, or about what the generator said of the whole description.
    whole = {
        "file-that-nothing-refers-to",
        "generator-warning",
        "hint-removes-an-operation",
        "overlay-not-named-like-one",
        "package-file-hides-a-model",
    }
    for case in CASES:
        first = (case / "message.txt").read_text(encoding="utf-8").split("\n", 1)[0]
        place = first.removeprefix("error: ").split(": ", 1)[0]
        assert (":" in place and place.rsplit(":", 1)[1].isdecimal()) or case.name in whole, case.name
