"""Accepting moves a proposal with its evidence, or changes nothing at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contract_tests.description import ROOT
from contract_tests.drift.proposals import overlay_text
from contract_tests.drift.proposals.accept import DOCUMENTS, accept
from contract_tests.drift.proposals.propose import FOLDER
from scripts.errors import InputError
from scripts.lint import evidence_files
from scripts.pipeline import load, overlay
from scripts.pipeline.load import JsonObject

ONE, OTHER = "0123456789ab", "0123fffffff0"


def proposal(fingerprint: str, **more: object) -> JsonObject:
    entry = {"id": "RUN-1", "title": "T", "address": "a", "date": "2026-11-20", "kind": "live", "trust": 1}
    action = {"target": "$.info", "description": "d", "update": {"x-a": fingerprint}}
    info = {"title": "t", "version": "1.0.0"}
    return {
        "overlay": "1.0.0",
        "info": info,
        "x-finding": fingerprint,
        "x-document": entry,
        "actions": [action],
        **more,
    }


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("overlays/description", "overlays/generator", "openapi/evidence"):
        shutil.copytree(ROOT / name, tmp_path / name)
    folder = tmp_path / FOLDER
    folder.mkdir()
    for one in (ONE, OTHER):
        hint = {"target": "$.info", "update": {"x-b": 1}}
        more = {"x-generator-actions": [hint]} if one == ONE else {}
        (folder / f"{one}-about.overlay.yaml").write_text(overlay_text.dump(proposal(one, **more)), encoding="utf-8")
    return tmp_path


def files(tree: Path) -> dict[str, bytes]:
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_corrections_are_numbered_on_and_their_source_is_listed_once(tree: Path) -> None:
    rebuilt: list[int] = []

    def rebuild() -> int:
        rebuilt.append(1)
        return 0

    done = accept(tree, [ONE, OTHER, ONE], rebuild)
    last = max(int(path.name[:3]) for path in (ROOT / "overlays/description").glob("*.yaml"))
    numbers = [last // 10 * 10 + 10, last // 10 * 10 + 20]
    assert [one.overlay.name for one in done] == [f"{number:03d}-2026-11-about.overlay.yaml" for number in numbers]
    assert ([one.listed for one in done], rebuilt) == ([True, False], [1])
    assert list((tree / FOLDER).iterdir()) == []
    assert "RUN-1" in evidence_files.read(tree / DOCUMENTS.parent, tree).documents
    text = (tree / DOCUMENTS).read_text(encoding="utf-8")
    assert text.startswith((ROOT / DOCUMENTS).read_text(encoding="utf-8").rstrip("\n"))
    hints = overlay.read(tree / "overlays/generator/names-2026-11-about.overlay.yaml")
    assert [one.update for one in hints.actions] == [{"x-b": 1}]
    assert (
        overlay.overlay_files(tree / "overlays/generator")[-1] == tree / "overlays/generator" / hints.source.path.name
    )


@pytest.mark.parametrize("ending", [lambda: 1, lambda: (_ for _ in ()).throw(KeyboardInterrupt)])
def test_a_rebuild_that_fails_puts_everything_back(tree: Path, ending: object) -> None:
    before = files(tree)
    with pytest.raises((InputError, KeyboardInterrupt)):
        accept(tree, [ONE, OTHER], ending)  # type: ignore[arg-type]
    assert files(tree) == before


@pytest.mark.parametrize(
    ("identity", "message"),
    [("0123", "several proposals begin"), ("ffff", "no proposal begins"), ("../x", "is no id"), ("012", "is no id")],
)
def test_an_id_has_to_name_one_proposal(tree: Path, identity: str, message: str) -> None:
    before = files(tree)
    with pytest.raises(InputError, match=message):
        accept(tree, [identity], lambda: 0)
    assert files(tree) == before


def test_a_proposal_that_was_spoilt_by_hand_is_refused(tree: Path) -> None:
    path = tree / FOLDER / f"{ONE}-about.overlay.yaml"
    path.write_text("overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: []\n", encoding="utf-8")
    before = files(tree)
    with pytest.raises(InputError, match="at least one action"):
        accept(tree, [ONE], lambda: 0)
    assert files(tree) == before


@pytest.mark.parametrize(
    "text", ["1e5", "007", "-0", "0.5", "null", "true", "no", "2026-11-20", "a: b", "- x", "", " x ", "ä\n\tb", "1_000"]
)
def test_written_texts_are_read_as_texts(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(overlay_text.dump({"a": text, "list": [text], text or "k": 1}), encoding="utf-8")
    assert load.read(path).contents == {"a": text, "list": [text], text or "k": 1}
