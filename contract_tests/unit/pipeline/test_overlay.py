"""Overlays: three-file cases (document, overlay, output or error) and what the report says."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scripts.errors import InputError
from scripts.pipeline import load, merge, overlay, overlay_file

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "overlay"
CASES = sorted(path for path in GOLDEN.iterdir() if path.is_dir())


def parsed(actions: list[dict[str, Any]], version: str = "1.1.0") -> overlay.Overlay:
    text = json.dumps({"overlay": version, "info": {"title": "T", "version": "1"}, "actions": actions}, indent=1)
    return overlay_file.parse(load.parse(text, Path("case.overlay.json"), "case.overlay.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_golden_case(case: Path) -> None:
    document = load.read(case / "document.yaml").contents
    before = copy.deepcopy(document)
    wanted = case / "output.yaml"
    if wanted.exists():
        result, hits = overlay.apply(document, overlay.read(case / "overlay.yaml", "overlay.yaml"))
        assert merge.same(result, load.read(wanted).contents), json.dumps(result)
        assert all(hits)
    else:
        with pytest.raises(InputError) as caught:
            overlay.apply(document, overlay.read(case / "overlay.yaml", "overlay.yaml"))
        assert caught.value.render() + "\n" == (case / "error.txt").read_text(encoding="utf-8")
    assert merge.same(document, before), "the document that was handed in has changed"


@pytest.mark.parametrize("case", [one for one in CASES if (one / "output.yaml").exists()], ids=lambda path: path.name)
def test_one_action_after_the_other_gives_the_same_and_leaves_each_document_as_it_was(case: Path) -> None:
    document = load.read(case / "document.yaml").contents
    laid = overlay.read(case / "overlay.yaml", "overlay.yaml")
    steps = [document]
    kept = [copy.deepcopy(document)]
    for action in laid.actions:
        steps.append(overlay.acted(steps[-1], laid, action))
        kept.append(copy.deepcopy(steps[-1]))
    assert merge.same(steps[-1], load.read(case / "output.yaml").contents)
    assert merge.same(steps, kept)


def test_what_an_action_leaves_alone_is_shared_and_what_it_meets_is_not() -> None:
    document = {"a": {"x": {"n": {}}, "y": [{"x": {"m": {}}}]}, "b": {"x": [{}]}, "c": {}}
    laid = parsed([{"target": "$.a..x", "update": {"n": {"one": 1}}}, {"target": "$..x", "remove": True}])
    once = overlay.acted(document, laid, laid.actions[0])
    assert once["a"] == {"x": {"n": {"one": 1}}, "y": [{"x": {"m": {}, "n": {"one": 1}}}]}
    twice = overlay.acted(once, laid, laid.actions[1])
    assert twice == {"a": {"y": [{}]}, "b": {}, "c": {}}
    assert document == {"a": {"x": {"n": {}}, "y": [{"x": {"m": {}}}]}, "b": {"x": [{}]}, "c": {}}
    assert once["b"] is document["b"]
    assert twice["c"] is document["c"]


def test_every_case_has_either_an_output_or_an_error() -> None:
    assert len(CASES) > 40
    for case in CASES:
        assert (case / "output.yaml").exists() != (case / "error.txt").exists(), case.name


def test_hits_are_reported_per_action() -> None:
    document = {"a": [{"n": 1}, {"n": 2}], "b": {}}
    _, hits = overlay.apply(
        document, parsed([{"target": "$.a[*]", "update": {"x": 1}}, {"target": "$.b", "remove": True}])
    )
    assert hits == (2, 1)


def test_extensions_of_an_action_are_kept_for_reports() -> None:
    action = parsed([{"target": "$", "update": {"x": 1}, "x-reason": "seen live", "x-date": "2026-02-01"}]).actions[0]
    assert action.extensions == {"x-reason": "seen live", "x-date": "2026-02-01"}


def test_one_of_several_targets_may_be_right_already() -> None:
    result, hits = overlay.apply({"a": {"x": 1}, "b": {"x": 2}}, parsed([{"target": "$.*", "update": {"x": 1}}]))
    assert result == {"a": {"x": 1}, "b": {"x": 1}}
    assert hits == (2,)


def test_folder_is_applied_in_the_order_of_names(tmp_path: Path) -> None:
    folder = tmp_path / "overlays" / "description"
    folder.mkdir(parents=True)
    for name, value in (("020-later", 2), ("010-first", 1)):
        content = {
            "overlay": "1.0.0",
            "info": {"title": name, "version": "1"},
            "actions": [{"target": "$", "update": {"x": value}}],
        }
        (folder / f"{name}.overlay.json").write_text(json.dumps(content))
    result, applied = overlay.apply_folder({}, folder)
    assert result == {"x": 2}
    assert [each.overlay.name for each in applied] == [
        "overlays/description/010-first.overlay.json",
        "overlays/description/020-later.overlay.json",
    ]


def test_missing_folder_holds_no_overlays(tmp_path: Path) -> None:
    assert overlay.apply_folder({"a": 1}, tmp_path / "overlays" / "none") == ({"a": 1}, ())


@pytest.mark.parametrize("name", ["a.overlay.YAML", "a.overlay.yaml~", "a.txt", "more/a.overlay.yaml"])
def test_nothing_in_a_folder_of_overlays_is_forgotten(name: str, tmp_path: Path) -> None:
    path = tmp_path / "overlays" / "description" / name
    path.parent.mkdir(parents=True)
    path.write_text("overlay: 1.0.0\n")
    with pytest.raises(InputError, match="is not applied"):
        overlay.overlay_files(tmp_path / "overlays" / "description")


def test_file_that_is_not_named_like_an_overlay_is_not_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "overlays" / "description"
    folder.mkdir(parents=True)
    (folder / "010-forgotten.yaml").write_text("overlay: 1.0.0\n")
    with pytest.raises(InputError, match="is not applied") as caught:
        overlay.apply_folder({}, folder)
    assert caught.value.fix == "rename it to 010-forgotten.overlay.yaml"


@pytest.mark.parametrize("content", ["[]", "{}", '{"overlay": "1.0.0"}', '{"overlay": 1.0}'])
def test_document_that_is_no_overlay_is_refused(content: str) -> None:
    with pytest.raises(InputError):
        overlay_file.parse(load.parse(content, Path("x.json"), "x.json"))


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([], "at least one action"),
        ([{"update": {}}], "target is missing"),
        ([{"target": 1, "update": {}}], "target must be text"),
        ([{"target": "$", "remove": "yes"}], "must be true or false"),
        ([{"target": "$", "copy": "$.a", "update": {}}], "either update or copy"),
        (["$"], "must be an object"),
    ],
)
def test_shape_of_actions_is_checked(actions: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        parsed(actions)
