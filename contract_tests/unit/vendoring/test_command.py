"""``python3 -m scripts vendor``: laying, checking, updating; what it refuses, and that it leaves things alone then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.unit.comparison.conftest import edit, git
from contract_tests.unit.vendoring.conftest import THREE, Copy, Versions, run
from scripts.errors import InputError
from scripts.pipeline import manifest
from scripts.vendoring import history, making
from scripts.vendoring.account import Account

pytestmark = pytest.mark.takes(40)


@pytest.fixture(autouse=True)
def made_once(slices: Callable[..., Account], monkeypatch: pytest.MonkeyPatch) -> None:
    """How a copy is made is tested elsewhere: here the same one is made once."""
    monkeypatch.setattr(making, "make", slices)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def spoil(copy: Path) -> None:
    """Change a file, remove one, add one."""
    edit(copy / "client.py", "import os", "import os  # ours")
    (copy / "types.py").unlink()
    (copy / "extra.py").write_text("")


EDITS = ["  changed  client.py", "  removed  types.py", "  added    extra.py"]


@pytest.mark.parametrize("name", ["three", "whole"])
def test_a_fresh_copy_is_clean_and_current(name: str, versions: Versions, copied: Copy) -> None:
    copy = copied(name)
    compiled = copy / "__pycache__" / "client.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"")
    found = run(versions.first, copy, "--check")
    assert found.code == 0
    assert f"unmodified: {len(snapshot(copy)) - 2} files as they were laid" in found.text
    assert found.text.splitlines()[-1] == "current: this working copy would lay the same"
    assert run(versions.first, copy, "--check", "--json").told["status"] == "clean and current"


def test_edits_are_listed_and_nothing_overwrites_them_unless_told(versions: Versions, copied: Copy) -> None:
    copy = copied("three")
    spoil(copy)
    before = snapshot(copy)
    checked = run(versions.first, copy, "--check")
    assert checked.code == 1
    assert [line for line in checked.text.splitlines() if line.startswith("  ")] == EDITS
    for arguments in (["--update"], ["--only", "messaging_profiles.create"], []):
        refused = run(versions.second, copy, *arguments)
        assert refused.code == 1, arguments
        assert refused.text.splitlines()[1:4] == EDITS
        assert snapshot(copy) == before
    assert run(versions.first, copy, "--update", "--json").told["edits"] == {
        "changed": ["client.py"],
        "missing": ["types.py"],
        "unexpected": ["extra.py"],
    }
    forced = run(versions.first, copy, "--update", "--force")
    assert (forced.code, "local edits are gone" in forced.text) == (0, True)
    assert snapshot(copy) == snapshot(versions.laid / "three")


@pytest.mark.parametrize("old", ["sha256", '"only"', "createMessagingProfile"])
def test_an_account_that_was_edited_is_an_edit_like_any_other(old: str, versions: Versions, copied: Copy) -> None:
    copy = copied("three")
    told = json.loads((copy / "MANIFEST.json").read_text(encoding="utf-8"))
    if old == "sha256":
        told["files"]["client.py"] = "0" * 64
    elif old == '"only"':
        told["slice"]["only"] = ["messaging_profiles"]
    else:
        del told["operations"][old]
    (copy / "MANIFEST.json").write_text(json.dumps(told, indent=2), encoding="utf-8")
    assert "  changed  MANIFEST.json" in run(versions.first, copy, "--check").text
    assert run(versions.first, copy, "--update").code == 1


def test_an_account_of_an_older_format_is_read_and_one_of_a_newer_is_not(versions: Versions, copied: Copy) -> None:
    path = copied("three") / "MANIFEST.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    older = {key: value for key, value in told.items() if key not in {"form", "seal"}} | {
        "format": 1,
        "files": {name: {"sha256": one, "origin": "somewhere"} for name, one in told["files"].items()},
    }
    path.write_text(json.dumps({**older, "seal": manifest.seal(older)}), encoding="utf-8")
    assert run(versions.first, path.parent, "--check").code == 0
    path.write_text(json.dumps({**told, "format": 3}), encoding="utf-8")
    with pytest.raises(InputError, match="format 3, which this version does not know"):
        run(versions.first, path.parent, "--check")


def test_other_line_ends_are_no_edit_and_a_link_is_one(versions: Versions, copied: Copy) -> None:
    copy = copied("three")
    for path in copy.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(versions.first, copy, "--check").code == 0
    moved = (copy / "types.py").rename(copy.parent / "types.py")
    (copy / "types.py").symlink_to(moved)
    assert "  changed  types.py" in run(versions.first, copy, "--check").text


def test_a_copy_that_is_behind_says_how_far_and_what_that_does_to_its_callers(versions: Versions, copied: Copy) -> None:
    copy = copied("three")
    copy = copy.parent.rename(copy.parent.with_name("our service")) / "three"
    found = run(versions.second, copy, "--check")
    assert found.code == 1
    assert "behind: files that differ: " in found.text
    assert "verdict: major: code that worked can fail" in found.text
    assert f"run: python3 -m scripts vendor '{copy}' --update" in found.text  # to be pasted as it stands
    told = run(versions.second, copy, "--check", "--json").told
    assert told["status"] == "behind"
    assert "models/messaging_profiles.py" in told["behind"]["changed"]
    places = {one["place"]: one for one in told["changes"]["changes"]}
    assert places["MessagingProfileCreate.mms_transcoding"]["effect"] == "breaking"
    assert places["MessagingProfile.colour"]["cause"] == "the API changed"
    names = [name for one in told["changes"]["python"] for name in one["names"]]
    assert "resources.messaging_profiles.MessagingProfiles.create(mms_transcoding)" in names
    assert told["changes"]["before"].startswith("telnyx-bindings 0.")


def test_a_slice_that_nothing_changed_in_is_current_in_a_newer_version(versions: Versions, copied: Copy) -> None:
    copy = copied("number")
    before = snapshot(copy)
    assert run(versions.second, copy, "--check").code == 0
    updated = run(versions.second, copy, "--update")
    assert (updated.code, updated.text[:10]) == (0, "up to date")
    assert snapshot(copy) == before


def test_update_lays_the_same_slice_of_the_new_version_and_tells_its_changes(versions: Versions, copied: Copy) -> None:
    copy = copied("three")
    told = run(versions.second, copy, "--update", "--json").told
    assert (told["status"], told["slice"], told["changes"]["verdict"]) == ("updated", sorted(THREE), "major")
    places = {one["place"] for one in told["changes"]["changes"]}
    assert places == {
        "MessagingProfile.colour",
        "MessagingProfileCreate.mms_transcoding",
        "MessagingProfileCreate.transcoding",
    }
    assert "colour" in (copy / "models" / "messaging_profiles.py").read_text(encoding="utf-8")
    assert json.loads((copy / "MANIFEST.json").read_text(encoding="utf-8"))["origin"]["commit"] == "", "not committed"
    assert run(versions.second, copy, "--check").code == 0
    assert run(versions.second, copy, "--update").text.startswith("up to date")
    assert sorted(path.name for path in copy.parent.iterdir()) == ["three"]


def test_an_edited_copy_of_a_lost_description_is_told_behind_without_its_changes(
    versions: Versions, copied: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copied("three")
    (copy / "client.py").write_text("this is (no Python", encoding="utf-8")
    assert "verdict: major" in run(versions.second, copy, "--check").text
    monkeypatch.setattr(history, "holding", lambda *_: None)
    found = run(versions.second, copy, "--check")
    assert found.code == 1
    assert "what that does to callers can't be said" in found.text
    clean = copied("whole")
    assert "not compared: descriptions" in run(versions.second, clean, "--check").text


def test_a_package_that_was_copied_by_hand_can_be_checked_and_updated(versions: Versions, tmp_path: Path) -> None:
    copy = tmp_path / "by_hand"
    shutil.copytree(versions.first / "generated" / "telnyx_bindings", copy)
    found = run(versions.first, copy, "--check")
    assert "of unknown origin" in found.text
    assert "unmodified" in found.text
    assert "behind: files that are new: 1" in found.text, "the licence"
    assert run(versions.first, copy, "--update").code == 0
    assert run(versions.first, copy, "--check").code == 0
    assert json.loads((copy / "MANIFEST.json").read_text(encoding="utf-8"))["package"] == "telnyx_bindings"


def test_a_copy_is_found_in_the_folder_that_it_was_laid_into(versions: Versions, copied: Copy, tmp_path: Path) -> None:
    copy = copied("three")
    assert run(versions.first, copy.parent, "--check").code == 0
    assert run(versions.first, copy.parent, "--name", "three", "--check").code == 0
    copied("number")
    with pytest.raises(InputError, match="holds 2 vendored copies: number, three"):
        run(versions.first, copy.parent, "--check")
    with pytest.raises(InputError, match="is no vendored copy"):
        run(versions.first, tmp_path / "nothing", "--update")


def test_a_new_slice_may_replace_the_old_one(versions: Versions, copied: Copy) -> None:
    copy = copied("number")
    assert run(versions.first, copy, "--only", "messaging_profiles.delete").code == 0
    told = json.loads((copy / "MANIFEST.json").read_text(encoding="utf-8"))
    assert list(told["operations"]) == ["deleteMessagingProfile"]
    assert not list((copy / "api").glob("number*"))


@pytest.mark.parametrize("name", ["class", "1st", "a-b", "httpx", "attrs", "json", "con", "", "a b", "ünï/x"])
def test_names_that_no_package_can_have_are_refused(name: str, versions: Versions, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run(versions.first, tmp_path / "down", "--name", name or " ", "--only", "messaging_profiles")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [{"notes.txt": "mine"}, {"MANIFEST.json": "[]"}, {"MANIFEST.json": "{"}])
@pytest.mark.parametrize("force", [True, False])
def test_a_folder_that_is_no_copy_is_never_touched(
    content: dict[str, str], force: bool, versions: Versions, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, text in content.items():
        (folder / name).write_text(text)
    with pytest.raises(InputError, match="is no vendored copy") as raised:
        run(versions.first, folder, *(["--force"] if force else []))
    assert raised.value.message.count("vendored copy") == (2 if content.get("MANIFEST.json") == "[]" else 1)
    assert {path.name: path.read_text() for path in folder.iterdir()} == content


def test_what_can_not_be_a_target_is_refused(versions: Versions, copied: Copy, tmp_path: Path) -> None:
    copy = copied("number")
    (tmp_path / "link").symlink_to(copy)
    (tmp_path / "file").write_text("mine")
    for target, said in (
        (tmp_path / "link", "is a link"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "no" / "such" / "place", "can't be used"),
        (versions.first / "generated" / "telnyx_bindings", "where the original stands"),
        (versions.first / "generated", "where the original stands"),
    ):
        with pytest.raises(InputError, match=said):
            run(versions.first, target, "--force")
    assert snapshot(copy) == snapshot(versions.laid / "number")


@pytest.mark.parametrize(
    "arguments",
    [
        ("first/generated/telnyx_bindings", "--update"),
        ("first/generated/telnyx_bindings", "--update", "--force"),
        ("first/generated", "--update"),
        ("first/generated", "--name", "telnyx_bindings", "--update"),
        ("first", "--name", "../first/generated/telnyx_bindings", "--only", "messaging_profiles.create"),
        ("first", "--name", "generated/telnyx_bindings"),
        ("first", "--name", "generated/telnyx_bindings", "--update"),
        ("first", "--name", "../first"),
        ("link/telnyx_bindings", "--only", "messaging_profiles.create"),
    ],
)
def test_no_path_leads_to_the_original(arguments: tuple[str, ...], versions: Versions, tmp_path: Path) -> None:
    shutil.copytree(versions.first, tmp_path / "first")
    (tmp_path / "link").symlink_to(tmp_path / "first" / "generated")
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match=r"where the original stands|can't be the name of a Python package"):
        run(tmp_path / "first", tmp_path / arguments[0], *arguments[1:])
    assert snapshot(tmp_path) == before


def test_an_operation_that_is_gone_stops_the_update_and_says_so(versions: Versions, copied: Copy) -> None:
    copy = copied("number")
    told = json.loads((copy / "MANIFEST.json").read_text(encoding="utf-8"))
    told["slice"]["only"] = ["messaging_profiles.burn"]
    (copy / "MANIFEST.json").write_text(json.dumps(told), encoding="utf-8")
    before = snapshot(copy)
    with pytest.raises(InputError, match=r"no operation, method, resource or tag 'messaging_profiles\.burn'"):
        run(versions.second, copy, "--update", "--force")
    assert snapshot(copy) == before


def test_stale_output_is_not_vendored(versions: Versions, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(versions.first, root, ignore=shutil.ignore_patterns(".git"))
    edit(root / "openapi/openapi.yaml", "title: Telnyx API", "title: Telnyx APIs")
    with pytest.raises(InputError, match="generated/ is stale"):
        run(root, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_commit_is_named_only_when_it_holds_what_was_copied(versions: Versions, tmp_path: Path) -> None:
    root = tmp_path / "inner"
    shutil.copytree(versions.first, root)
    assert len(history.commit(root, ("generated",))) == 40
    (root / "generated" / "BUILD.lock").write_text("edited")
    assert history.commit(root, ("generated",)) == ""
    assert len(history.commit(root, ("LICENSE",))) == 40
    shutil.rmtree(root / ".git")
    git(tmp_path, "init", "--quiet")
    assert history.commit(root, ("LICENSE",)) == "", "the repository around it is another one"
