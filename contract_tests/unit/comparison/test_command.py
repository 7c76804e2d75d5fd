"""``python3 -m scripts changes`` on two versions of the real working copy, and on what it can't compare."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.comparison import cases
from contract_tests.unit.comparison.conftest import History, edit
from scripts import changes
from scripts.comparison import snapshot
from scripts.errors import InputError

pytestmark = pytest.mark.takes(30)

EFFECTIVE = "generated/openapi.effective.json"


def run(history: History, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = changes.main([*arguments, "--json"], history.root)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def documents(folder: Path, case: str) -> list[str]:
    """The two documents of a golden case, as files."""
    files = []
    for which in ("before", "after"):
        path = folder / f"{which}.json"
        path.write_text(json.dumps(cases.document(case, which)), encoding="utf-8")
        files.append(str(path))
    return files


@pytest.fixture(scope="module")
def since_tag(history: History) -> tuple[int, dict[str, Any]]:
    """Exit code and report of the comparison with the tag, with calls through both packages."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = changes.main(["--base", history.tag, "--wire", "--json"], history.root)
    return code, json.loads(out.getvalue())


@pytest.fixture(scope="module")
def work(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to stand in, with files that can't be compared."""
    work = tmp_path_factory.mktemp("work") / "copy"
    shutil.copytree(history.root, work, ignore=shutil.ignore_patterns("__pycache__"))
    (work / "lock.json").write_text("{}", encoding="utf-8")
    (work / "broken-1.0-py3-none-any.whl").write_text("no archive", encoding="utf-8")
    return work


def of(found: dict[str, Any], place: str) -> dict[str, Any]:
    (change,) = [one for one in found["changes"] if one["place"] == place]
    return dict(change)


def test_every_change_is_told_with_its_operations_effect_and_cause(
    history: History, since_tag: tuple[int, dict[str, Any]]
) -> None:
    code, found = since_tag
    assert (code, found["verdict"], found["before"], found["after"]) == (1, "major", history.tag, "working copy")
    moved = of(found, "address")
    assert moved["operations"] == ["retrieveMessagingProfileMetrics"]
    assert (moved["before"], moved["after"]) == (
        "GET /messaging_profiles/{id}/metrics",
        "GET /messaging_profiles/{id}/measured",
    )
    removed = of(found, "MessagingProfileUpdate.mms_transcoding")
    assert (removed["kind"], removed["effect"]) == ("property-removed", "breaking")
    assert removed["operations"] == ["updateMessagingProfile"]
    added = of(found, "MessagingProfile.colour")
    assert (added["effect"], added["cause"]) == ("additive", "the API changed")
    assert len(added["operations"]) == 5
    assert "It appeared in answers." in added["evidence"][0]
    assert "overlays/description/900-since.overlay.yaml:4" in added["evidence"][0]


def test_the_package_is_compared_too_and_each_change_is_told_once(since_tag: tuple[int, dict[str, Any]]) -> None:
    _, found = since_tag
    told = {(one["kind"], one["names"][0]): one for one in found["python"]}
    method = told["argument-removed", "resources.messaging_profiles.MessagingProfiles.update(mms_transcoding)"]
    assert method["effect"] == "breaking"
    assert len(method["names"]) == 4, "sync and async, with the whole response and without"
    model = "models.messaging_profile_update.MessagingProfileUpdate"
    assert ("argument-removed", f"{model}(mms_transcoding)") in told
    assert ("name-added", "models.messaging_profile.MessagingProfile.colour") in told


def test_the_tag_is_the_base_unless_another_is_named(history: History) -> None:
    assert snapshot.default_base(history.root) == history.tag


def test_without_a_tag_the_base_is_where_the_branch_left_main(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        settings = ("-c", "user.name=T", "-c", "user.email=t@example.com")
        command = ["git", *settings, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet", "--initial-branch", "main")
    git("commit", "--quiet", "--allow-empty", "-m", "one")
    left = git("rev-parse", "HEAD")
    git("checkout", "--quiet", "-b", "other")
    git("commit", "--quiet", "--allow-empty", "-m", "two")
    assert snapshot.default_base(tmp_path) == left


def test_only_what_callers_of_some_operations_notice(history: History, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(history, capsys, "--base", history.tag, "--only", "retrieveMessagingProfile")
    assert (code, found["verdict"]) == (0, "minor")
    assert {one["place"] for one in found["changes"]} == {"MessagingProfile.colour"}
    model = "models.messaging_profile.MessagingProfile"
    assert [one["names"][0] for one in found["python"]] == [f"{model}.colour"]


@pytest.mark.parametrize("level", ["patch", "minor", "major", "never"])
@pytest.mark.parametrize(("case", "verdict"), [("operation-summary", 1), ("response-property", 2), ("tag", 3)])
def test_the_exit_code_follows_the_verdict(tmp_path: Path, case: str, verdict: int, level: str) -> None:
    files = documents(tmp_path, case)
    reached = level != "never" and verdict >= ["none", "patch", "minor", "major"].index(level)
    assert changes.main([*files, "--fail-on", level], tmp_path) == int(reached)


def test_nothing_changed_is_exit_code_0(history: History, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(history, capsys, str(history.root), str(history.root), "--fail-on", "patch")
    assert (code, found["verdict"], found["changes"], found["python"]) == (0, "none", [], [])


@pytest.mark.parametrize("arguments", [("--base", ""), ("",), ("HEAD", "")])
def test_an_empty_name_does_not_mean_as_usual(arguments: tuple[str, ...], history: History) -> None:
    with pytest.raises(InputError, match="an empty name is no version"):
        changes.main([*arguments], history.root)


def test_two_documents_are_compared_without_their_packages(
    tmp_path: Path, history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    files = documents(tmp_path, "response-property")
    code, found = run(history, capsys, *files)
    assert (code, found["verdict"], found["python"]) == (0, "minor", None)
    assert changes.main(files, history.root) == 0
    assert "not compared: packages, because one of the two has none" in capsys.readouterr().out


def test_a_wheel_is_compared_with_a_package(
    tmp_path: Path, history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    package = history.root / "generated" / "telnyx_bindings"
    wheel = tmp_path / "telnyx_bindings-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in package.rglob("*"):
            if path.suffix in {".py", ".json"} and path.name != "short_code.py":
                archive.write(path, f"telnyx_bindings/{path.relative_to(package).as_posix()}")
    _, found = run(history, capsys, str(wheel), str(package))
    assert found["changes"] is None
    assert [(one["kind"], one["names"]) for one in found["python"]] == [("name-added", ["models.short_code"])]


def test_a_fault_in_a_wheel_is_told_of_the_wheel_and_not_of_where_it_was_unpacked(
    tmp_path: Path, history: History
) -> None:
    wheel = tmp_path / "broken-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("broken/MANIFEST.json", "{}")
        archive.writestr("broken/errors.py", "class A: ...\ndef (")
    with pytest.raises(InputError, match="can't be read as Python") as caught:
        changes.main([str(wheel), str(history.root / "generated" / "telnyx_bindings")], history.root)
    assert (caught.value.file, caught.value.line) == (f"{wheel}: errors.py", 2)


def test_a_working_copy_that_was_edited_since_it_was_built_does_not_read_as_unchanged(
    tmp_path: Path, history: History
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(history.root, copy, ignore=shutil.ignore_patterns("__pycache__"))
    edit(copy / "openapi" / "openapi.yaml", "/short_codes:", "/codes:")
    with pytest.raises(InputError, match="generated/ is stale") as caught:
        changes.main(["--base", history.tag], copy)
    assert caught.value.fix == "run python3 -m scripts regenerate first"


def test_requests_are_the_same_but_where_a_change_says_otherwise(since_tag: tuple[int, dict[str, Any]]) -> None:
    wire = since_tag[1]["wire"]
    assert wire["calls"] > 200
    assert wire["requests"] > 600
    assert wire["unexplained"] == 0
    assert {one["operation"] for one in wire["differences"]} == {"retrieveMessagingProfileMetrics"}
    assert {one["explained"] for one in wire["differences"]} == {"address: operation moved"}


def test_a_request_that_differs_unsaid_is_exit_code_1(
    tmp_path: Path, history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(history.root, copy, ignore=shutil.ignore_patterns(".git", "__pycache__"))
    module = copy / "generated" / "telnyx_bindings" / "api" / "messaging_profiles" / "list_messaging_profiles.py"
    edit(module, '        "/messaging_profiles",\n', '        "/messaging_profile",\n')
    code, found = run(history, capsys, str(history.root), str(copy), "--wire", "--fail-on", "never")
    assert (code, found["verdict"]) == (1, "none")
    different = found["wire"]["differences"]
    assert {(one["operation"], one["part"], one["explained"]) for one in different} == {
        ("listMessagingProfiles", "url", None)
    }
    assert {one["way"] for one in different} == {"function", "async function", "method"}


def test_half_a_character_in_a_description_is_an_escape_in_the_json(
    tmp_path: Path, history: History, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    before, after = documents(tmp_path, "nothing")
    odd = cases.document("nothing", "after")
    odd["components"]["schemas"]["Thing"]["properties"]["a\ud800"] = {"type": "string"}
    Path(after).write_text(json.dumps(odd), encoding="utf-8")
    changes.main([before, after, "--json"], history.root)
    assert json.loads(capfdbinary.readouterr().out)["changes"][0]["place"] == "Thing.a\ud800"


def test_the_changelog_gets_its_entry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "CHANGELOG.md"
    path.write_text("# Changelog\n\n## Unreleased\n\n- Something.\n\n## 1.0\n\n- First.\n", encoding="utf-8")
    for said in ("has its entry", "says so already"):
        changes.main([*documents(tmp_path, "response-property"), "--changelog"], tmp_path)
        assert said in capsys.readouterr().err
    after = path.read_text(encoding="utf-8")
    assert after.index("- Something.") < after.index("### For callers, since") < after.index("## 1.0")
    assert "- **additive** `Thing.colour`: property added" in after


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-revision"], "there is no file, folder or git revision 'no-such-revision'"),
        (["--base=--upload-pack=x"], "there is no file, folder or git revision '--upload-pack=x'"),
        (["--base", "v1.0", "HEAD"], "--base and BEFORE say the same"),
        (["--only", "noSuchThing"], "neither version describes an operation 'noSuchThing'"),
        (["openapi"], "is neither a working copy nor a package"),
        (["CHANGELOG.md"], "is neither a description nor a wheel by its name"),
        ([EFFECTIVE, "generated/telnyx_bindings"], "have nothing in common to compare"),
        (["generated/telnyx_bindings", "--wire"], "has no description, so no calls can be made"),
        (["lock.json"], "is no OpenAPI 3.0 or 3.1 document"),
        (["broken-1.0-py3-none-any.whl"], "is no wheel that can be read"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_compared_is_an_input_error(
    work: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(work)
    with pytest.raises(InputError) as caught:
        changes.main(arguments, work)
    assert said in caught.value.render()


@pytest.mark.parametrize("part", ["paths", "webhooks", "components"])
@pytest.mark.parametrize("value", [None, [], "cut"])
def test_a_file_that_is_damaged_at_its_top_is_not_read_as_one_that_removed_everything(
    part: str, value: object, tmp_path: Path
) -> None:
    before, after = documents(tmp_path, "nothing")
    damaged = cases.document("nothing", "after") | {part: value}
    Path(after).write_text(json.dumps(damaged), encoding="utf-8")
    with pytest.raises(InputError, match=f"{part} is no object"):
        changes.main([before, after], tmp_path)


def test_a_folder_without_git_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file, folder or git revision"):
        changes.main(["--base", "v1"], tmp_path)
