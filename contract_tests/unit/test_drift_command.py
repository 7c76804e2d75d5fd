"""``python3 -m scripts drift`` from its arguments to what it prints and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import ROOT
from contract_tests.drift import history, known
from contract_tests.drift.proposals.propose import FOLDER
from contract_tests.unit.drift.reports import operation, place, report, told
from scripts import drift
from scripts.errors import InputError

PROFILE = "#/components/schemas/MessagingProfile/properties"
ADDED = told(
    "0123456789ab",
    kind="field-undocumented",
    operations=["retrieveMessagingProfile"],
    pointer="/data/colour",
    places=[
        {**place("retrieveMessagingProfile", "/data/colour", f"{PROFILE}/colour"), "observed": "a field with string"}
    ],
)
BEHAVES = told("ba9876543210", kind="null-clears", operations=["updateMessagingProfile"], pointer="/data/name")


def written(folder: Path, made: dict[str, Any], junit: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "drift.json").write_text(json.dumps(made), encoding="utf-8")
    if junit:
        (folder / "junit.xml").write_text(junit, encoding="utf-8")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A working copy with nothing but the effective description, read from ours, and a file of known drift."""
    folder = tmp_path / "root"
    (folder / "generated").mkdir(parents=True)
    (folder / "generated" / "openapi.effective.json").symlink_to(ROOT / "generated" / "openapi.effective.json")
    file = folder / known.FILE.relative_to(ROOT)
    file.parent.mkdir(parents=True)
    file.write_text("known: []\n", encoding="utf-8")
    return folder


def test_propose_writes_overlays_and_says_the_rest_in_words(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "run", report([ADDED, BEHAVES], [operation("retrieveMessagingProfile")]))
    for _ in range(2):
        assert drift.main(["propose", str(folder)], root) == 0
    said = capsys.readouterr().out
    assert [path.name for path in (root / FOLDER).iterdir()] == ["0123456789ab-field-undocumented-colour.overlay.yaml"]
    assert "1 proposals, 1 findings that no description can absorb" in said
    assert "python3 -m scripts drift accept 0123456789ab" in said
    assert "ba9876543210  updateMessagingProfile at /data/name: null-clears." in said
    assert drift.main(["propose", str(folder / "drift.json"), "--json"], root) == 0
    told_as_json = json.loads(capsys.readouterr().out)
    assert told_as_json["proposals"][0]["file"] == f"{FOLDER}/0123456789ab-field-undocumented-colour.overlay.yaml"
    assert [one["id"] for one in told_as_json["behaviours"]] == ["ba9876543210"]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (None, "cannot be read"),
        ("{", "not JSON"),
        ("[]", "no drift report"),
        ('{"format": 1}', "format 1, and 2 is understood"),
        (json.dumps({**report(), "surprise": 1}), "surprise"),
    ],
)
def test_what_is_no_report_is_bad_input(root: Path, tmp_path: Path, contents: str | None, message: str) -> None:
    path = tmp_path / "drift.json"
    if contents is not None:
        path.write_text(contents, encoding="utf-8")
    for command in ("propose", "merge"):
        with pytest.raises(InputError, match=message):
            drift.main([command, str(path)], root)
    assert not (root / FOLDER).exists()


def test_known_adds_the_finding_of_a_report(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "run", report([ADDED, BEHAVES]))
    arguments = ["--reason", "ticket 7", "--expires", "2999-01-01", "--report", str(folder)]
    assert drift.main(["known", "ba98", *arguments], root) == 0
    (entry,) = known.read(root / known.FILE.relative_to(ROOT))
    assert (entry.identity, entry.reason, entry.operations) == ("ba9876543210", "ticket 7", ("updateMessagingProfile",))
    assert "known until 2999-01-01: updateMessagingProfile /data/name" in capsys.readouterr().out
    for identity, message in (("ffff", "0 findings"), ("x", "is no id")):
        with pytest.raises(InputError, match=message):
            drift.main(["known", identity, *arguments], root)


def test_merge_writes_all_reports_and_ends_with_the_code_of_the_whole(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = '<testsuites name="contract"><testsuite name="pytest" tests="{}"/></testsuites>'
    one = written(tmp_path / "1", report([ADDED], [operation("a")], shard="1/2"), suite.format(1))
    other = written(tmp_path / "2", report([], [operation("b")], shard="2/2"), suite.format(2))
    out, past = tmp_path / "out", tmp_path / "history.sqlite"
    arguments = [str(one), str(other / "drift.json"), "--report-dir", str(out), "--history", str(past)]
    assert drift.main(["merge", *arguments], root) == 1
    assert "\nfindings: 1\n" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["drift.html", "drift.json", "drift.md", "junit.xml"]
    assert (out / "junit.xml").read_text(encoding="utf-8").count("<testsuite ") == 2
    joined = json.loads((out / "drift.json").read_text(encoding="utf-8"))
    assert [one["operation_id"] for one in joined["operations"]] == ["a", "b"]
    assert drift.main(["history", "--history", str(past)], root) == 0
    assert "drifts: 1, 1 of them open" in capsys.readouterr().out
    assert "0123456789ab" in (out / "drift.html").read_text(encoding="utf-8")


def test_merge_refuses_a_broken_junit_file(root: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "1", report(), "<testsuites")
    with pytest.raises(InputError, match="no JUnit report"):
        drift.main(["merge", str(folder), "--report-dir", str(tmp_path / "out")], root)
    assert not (tmp_path / "out").exists()


def test_history_prints_lines_or_json(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    past = tmp_path / "history.sqlite"
    hostile = told("0123456789ab", headline="\x1b[31mred\x07 headline")
    history.record(past, report([hostile], [operation("listThings")]))
    assert drift.main(["history", "--history", str(past)], root) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "red" in said
    assert drift.main(["history", "--history", str(past), "--target", "mock", "--json"], root) == 0
    assert json.loads(capsys.readouterr().out)["drifts"][0]["id"] == "0123456789ab"
    with pytest.raises(InputError, match="there is no history"):
        drift.main(["history", "--history", str(tmp_path / "none")], root)


def test_accept_without_proposals_says_how_to_get_them(root: Path) -> None:
    with pytest.raises(InputError, match="no proposal begins with") as caught:
        (root / "openapi" / "evidence").mkdir(parents=True)
        (root / "openapi" / "evidence" / "documents.yaml").write_text("documents: []\n", encoding="utf-8")
        drift.main(["accept", "0123"], root)
    assert "drift propose" in str(caught.value.fix)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["known", "0123"], ["accept"]])
def test_wrong_usage_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        drift.main(arguments)
    assert caught.value.code == 2
    assert "usage: python3 -m scripts drift" in capsys.readouterr().err
