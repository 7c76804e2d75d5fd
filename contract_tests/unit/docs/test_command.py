"""``python3 -m scripts docs`` on the real description, with a renderer for tests: files, messages, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contract_tests.description import load
from contract_tests.unit.docs.conftest import SCRIPT
from scripts import docs
from scripts.errors import InputError
from scripts.pipeline.layout import Layout
from scripts.reference import page, renderer
from scripts.reference.renderer import Renderer

pytestmark = pytest.mark.takes(20)

OPERATIONS = len(load().operations)
WEBHOOKS = len(load().document["webhooks"])
DRAWN_BY = Renderer("renderer-for-tests==1.0", SCRIPT, {"redoc.LICENSE.txt": "a licence"})


@pytest.fixture(autouse=True)
def no_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "get", lambda *_: DRAWN_BY)


@pytest.fixture
def copy_of_repository(tmp_path: Path) -> Path:
    """What the command reads, to be spoiled."""
    root = tmp_path / "repository"
    for name in ("openapi", "overlays/description"):
        shutil.copytree(docs.ROOT / name, root / name)
    (root / "generated").mkdir()
    shutil.copy(docs.ROOT / "generated" / "openapi.effective.json", root / "generated")
    return root


def shown(folder: Path) -> dict[str, Any]:
    """The description inside the page."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.partition('id="description">')[2].partition("</script>")[0])
    return found


def test_it_writes_the_page_the_description_and_the_licences_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "deep" / "reference"
    assert docs.main(["--output", str(target)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == f"written: {target / 'index.html'}"
    assert printed[0].startswith(f"{OPERATIONS} operations, {WEBHOOKS} webhooks, ")
    assert sorted(path.name for path in target.iterdir()) == ["index.html", "openapi.json", "redoc.LICENSE.txt"]
    committed = (docs.ROOT / "generated" / "openapi.effective.json").read_bytes()
    assert (target / "openapi.json").read_bytes() == committed
    assert [path.name for path in target.parent.iterdir()] == ["reference"], "something temporary was left"


def test_every_operation_and_field_of_the_description_is_on_the_page_with_its_evidence(tmp_path: Path) -> None:
    docs.main(["--output", str(tmp_path / "out")])
    document = shown(tmp_path / "out")
    operations = [one for item in document["paths"].values() for one in item.values() if "operationId" in one]
    assert len(operations) == OPERATIONS
    assert all('<details class="evidence">' in one["description"] for one in operations)
    schemas = document["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, described in schema.get("properties", {}).items()
        if '<details class="evidence">' not in described.get("description", "")
    ]
    assert bare == []
    assert "Added by overlay" in schemas["MessagingProfile"]["properties"]["mobile_only"]["description"]
    assert (
        "conflict D18"
        in schemas["PhoneNumberMessagingSettingsUpdate"]["properties"]["messaging_profile_id"]["description"]
    )


def test_a_second_run_changes_no_byte_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out"
    docs.main(["--output", str(target)])
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in target.iterdir()}
    capsys.readouterr()
    assert docs.main(["--output", str(target), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["status"] == "up to date"
    assert (report["operations"], report["webhooks"]) == (OPERATIONS, WEBHOOKS)
    assert report["renderer"] == "renderer-for-tests==1.0"
    assert report["page"] == str(target / "index.html")
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in target.iterdir()} == before


def test_two_copies_of_the_repository_give_the_same_bytes(copy_of_repository: Path) -> None:
    ours, _ = docs.contents(Layout(docs.ROOT), DRAWN_BY)
    theirs, _ = docs.contents(Layout(copy_of_repository), DRAWN_BY)
    assert ours == theirs
    assert str(copy_of_repository).encode() not in theirs["index.html"]
    assert str(docs.ROOT).encode() not in ours["index.html"]


def test_an_earlier_page_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "index.html").write_text(f'<meta name="generator" content="{page.GENERATOR}">', encoding="utf-8")
    (target / "old.txt").write_text("from an older version", encoding="utf-8")
    assert docs.main(["--output", str(target)]) == 0
    assert not (target / "old.txt").exists()


@pytest.mark.parametrize("name", ["index.html", "thesis.doc"])
def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match="would be replaced"):
        docs.main(["--output", str(tmp_path)])
    assert (tmp_path / name).read_text(encoding="utf-8") == "precious"


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match="would be replaced"):
        docs.main(["--output", str(tmp_path / "out")])
    with pytest.raises(InputError, match="can't be made"):
        docs.main(["--output", str(tmp_path / "out" / "below")])


def test_a_stale_generated_folder_is_refused_and_nothing_is_written(copy_of_repository: Path) -> None:
    file = copy_of_repository / "generated" / "openapi.effective.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Telnyx API", "Other API"), encoding="utf-8")
    with pytest.raises(InputError, match="is not what the description and its overlays say") as refused:
        docs.main([], root=copy_of_repository)
    assert refused.value.fix == "python3 -m scripts regenerate"
    assert not (copy_of_repository / "build").exists()


def test_the_page_goes_to_a_folder_that_git_ignores(copy_of_repository: Path) -> None:
    assert docs.main([], root=copy_of_repository) == 0
    assert (copy_of_repository / "build" / "reference" / "index.html").is_file()
    assert "build/" in (docs.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_fault_in_the_evidence_is_named_and_nothing_is_written(copy_of_repository: Path) -> None:
    file = copy_of_repository / "openapi" / "evidence" / "shared.yaml"
    file.write_text("claims: [{claim: it, documents: []}]\n", encoding="utf-8")
    with pytest.raises(InputError, match="is missing"):
        docs.main([], root=copy_of_repository)
    assert not (copy_of_repository / "build").exists()
