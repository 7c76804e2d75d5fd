"""The command from end to end on copies of the real working copy, and of a small one."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate
from scripts.errors import InputError
from scripts.pipeline import manifest, package
from scripts.pipeline.generate import generate

pytestmark = pytest.mark.takes(30)

ROOT = Path(__file__).resolve().parents[3]
# Runs ``python3 -m scripts`` in the environment that runs the tests, instead of setting one up in the copy.
RUN = (
    "import sys; from scripts import __main__ as entry\n"
    "entry.bootstrap.ensure_environment = lambda arguments: None\n"
    "sys.exit(entry.main(['regenerate', *sys.argv[1:]]))\n"
)
PROFILE = "openapi/resources/messaging_profiles/"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The description, the overlays, the scripts and ``generated/`` as they are."""
    root = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("openapi", "overlays", "scripts", "generated"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    return root


@pytest.fixture
def small(make_tree: Callable[[dict[str, str]], Path]) -> Path:
    """The same of a small description, built: for what does not depend on how much there is to build."""
    root = make_tree({"overlays/package/errors.py": "class Error(Exception):\n    pass\n"})
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    assert regenerate.main([], root=root) == 0
    return root


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments], cwd=root, env=given, capture_output=True, text=True, check=False
    )


def snapshot(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in manifest.files(folder).items()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def no_such_reference(root: Path) -> None:
    edit(root / "openapi/openapi.yaml", "paths/messaging_profiles.yaml", "paths/messaging_profile.yaml")


def two_files_claim_one_component(root: Path) -> None:
    shutil.copy(root / "openapi/shared/schemas/Error.yaml", root / PROFILE / "schemas/Error.yaml")
    (root / PROFILE / "schemas/MessagingProfileRecordType.yaml").write_text("anyOf:\n  - $ref: Error.yaml\n")


def overlay_matches_nothing(root: Path) -> None:
    (root / "overlays/description/900-typo.overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
        "  - target: $.components.schemas.MessagingProfil\n    update: {description: D}\n"
    )


def invalid_yaml(root: Path) -> None:
    edit(root / PROFILE / "schemas/MessagingProfile.yaml", "type: object", "type: [object")


def colliding_operation_id(root: Path) -> None:
    path = root / PROFILE / "paths/messaging_profiles.{id}.metrics.yaml"
    edit(path, "operationId: retrieveMessagingProfileMetrics", "operationId: listMessagingProfileMetrics")


@pytest.mark.parametrize(
    ("break_it", "place", "message"),
    [
        (no_such_reference, "openapi/openapi.yaml", "$ref to nowhere"),
        (two_files_claim_one_component, "schemas/", "two files claim the component schemas/Error"),
        (
            overlay_matches_nothing,
            "overlays/description/900-typo.overlay.yaml",
            "action 1 (target $.components.schemas",
        ),
        (invalid_yaml, f"{PROFILE}schemas/MessagingProfile.yaml", "is not valid YAML"),
        (colliding_operation_id, f"{PROFILE}paths/", "the operationId listMessagingProfileMetrics is taken by"),
    ],
)
def test_broken_input_exits_2_with_one_message_and_touches_nothing(
    break_it: Callable[[Path], None], place: str, message: str, copy: Path
) -> None:
    before = snapshot(copy / "generated")
    break_it(copy)
    for arguments in ([], ["--check"]):
        result = run(copy, *arguments)
        assert result.returncode == 2
        error = result.stderr.splitlines()
        assert error[0].startswith("error: ")
        assert place in error[0]
        assert error[0].split(": ")[1].rsplit(":", 1)[1].isdecimal(), f"no line in {error[0]}"
        assert message in error[0]
        assert all(line.startswith("  fix: ") for line in error[1:]), result.stderr
        assert str(copy) not in result.stderr
        assert snapshot(copy / "generated") == before
    assert not list(copy.glob(".generated*"))


def test_same_bytes_under_any_ruff_configuration_seed_umask_and_folder(copy: Path) -> None:
    (copy.parent / "ruff.toml").write_text("line-length = 40\n[format]\nquote-style = 'single'\n")
    (copy / "pyproject.toml").write_text("[tool.ruff]\nline-length = 60\n[tool.ruff.lint]\nselect = ['ALL']\n")
    (copy / ".gitignore").write_text(".generated.*\ngenerated\n")
    moved = copy.rename(copy.parent / "build")
    before = snapshot(moved / "generated")
    shutil.rmtree(moved / "generated")
    result = run(moved, PYTHONHASHSEED="4711", RUFF_OUTPUT_FORMAT="json", TZ="Asia/Tokyo", PATH="/nowhere")
    assert result.returncode == 0, result.stderr
    assert snapshot(moved / "generated") == before


def test_up_to_date_is_said_without_building(copy: Path) -> None:
    for arguments in ([], ["--check"]):
        result = run(copy, *arguments)
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith("generated/ is up to date")
        assert "bundle" not in result.stdout


def test_what_is_committed_is_what_a_full_build_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert regenerate.main(["--check", "--full"]) == 0, capsys.readouterr().out


def test_check_lists_what_differs_and_writes_nothing(small: Path) -> None:
    generated = small / "generated"
    edit(generated / "telnyx_bindings/client.py", "import", "import ")
    (generated / "telnyx_bindings/errors.py").unlink()
    (generated / "telnyx_bindings/extra.py").write_text("")
    before = snapshot(generated)
    result = run(small, "--check")
    assert result.returncode == 1
    assert [line.split() for line in result.stdout.splitlines() if line.startswith("  ")][:3] == [
        ["changed", "telnyx_bindings/client.py"],
        ["missing", "telnyx_bindings/errors.py"],
        ["unexpected", "telnyx_bindings/extra.py"],
    ]
    assert snapshot(generated) == before
    assert run(small).returncode == 0
    assert run(small, "--check").returncode == 0


@pytest.mark.parametrize(
    "changed",
    ["openapi/resources/things/schemas/Thing.yaml", "overlays/package/errors.py", "scripts/pipeline/names.py"],
)
def test_every_kind_of_input_makes_it_stale(changed: str, small: Path) -> None:
    path = small / changed
    assert run(small, "--check").returncode == 0
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert run(small, "--check").returncode == 1


def test_lock_edited_by_hand_is_not_believed(small: Path) -> None:
    edit(small / "generated/BUILD.lock", '"operations": ', '"operations": 9')
    result = run(small, "--check")
    assert result.returncode == 1
    assert "changed     BUILD.lock" in result.stdout


def test_evidence_and_prose_are_no_inputs(make_tree: Callable[[dict[str, str]], Path]) -> None:
    root = make_tree({})
    assert regenerate.main([], root=root) == 0
    (root / "openapi" / "README.md").write_text("Words.\n")
    (root / "openapi" / "evidence").mkdir()
    (root / "openapi" / "evidence" / "things.yaml").write_text("claims: []\n")
    assert regenerate.main(["--check"], root=root) == 0


def test_json_report_has_stages_counts_and_differences(
    make_tree: Callable[[dict[str, str]], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_tree({})
    assert regenerate.main(["--check", "--json"], root=root) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["status"] == "stale"
    stages = ["bundle", "overlay", "generate", "facade", "assemble", "manifest"]
    assert [stage["name"] for stage in report["stages"]] == stages
    assert report["counts"]["callable"] == {"operations": 2, "schemas": 2, "webhooks": 0}
    assert "telnyx_bindings/client.py" in report["differences"]["missing"]
    assert not (root / "generated").exists()


def test_input_that_changes_during_the_build_stops_it(
    make_tree: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree({})

    def meanwhile(*arguments: Any) -> None:
        edit(root / "openapi/openapi.yaml", "title: Things", "title: Other things")
        generate(*arguments)

    monkeypatch.setattr(package, "generate", meanwhile)
    with pytest.raises(InputError, match="changed while the build was running"):
        regenerate.main([], root=root)
    assert not (root / "generated").exists()


def test_interruption_leaves_generated_as_it_was(
    make_tree: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree({"generated/marker.txt": "old"})

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(package, "assemble", interrupted)
    with pytest.raises(KeyboardInterrupt):
        regenerate.main([], root=root)
    assert {path.name for path in root.iterdir()} == {"openapi", "overlays", "generated"}
    assert (root / "generated" / "marker.txt").read_text() == "old"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that can't be caught")
def test_kill_leaves_nothing_that_the_next_run_can_not_mend(copy: Path) -> None:
    edit(copy / "openapi/openapi.yaml", "title: Telnyx API", "title: Telnyx APIs")
    before = snapshot(copy / "generated")
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=copy, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"bundle")
        process.kill()
    assert snapshot(copy / "generated") == before
    started = time.monotonic()
    result = run(copy)
    assert result.returncode == 0, result.stderr
    assert time.monotonic() - started < 600, "it waits for nobody; how long it works is another matter"
    assert not list(copy.glob(".generated*"))


def test_hand_written_file_is_copied_and_labelled(make_tree: Callable[[dict[str, str]], Path]) -> None:
    root = make_tree({"overlays/package/__init__.py": '"""Mine."""\n', "overlays/package/extra/more.py": "X = 1\n"})
    assert regenerate.main([], root=root) == 0
    package = root / "generated" / "telnyx_bindings"
    assert (
        (package / "__init__.py")
        .read_text()
        .startswith("# @generated by `python3 -m scripts regenerate`: a copy of ov")
    )
    assert (package / "extra" / "more.py").read_text().endswith("X = 1\n")
    origins = json.loads((package / "MANIFEST.json").read_text())["files"]
    assert origins["extra/more.py"]["origin"] == "overlays/package/extra/more.py"
    assert origins["client.py"]["origin"].startswith("openapi-python-client ")


def test_working_copy_below_a_folder_of_compiled_python_is_read_all_the_same(
    make_tree: Callable[[dict[str, str]], Path], tmp_path: Path
) -> None:
    made = make_tree({"overlays/package/extra.py": "X = 1\n"})
    root = tmp_path / "__pycache__" / "tree"
    root.parent.mkdir()
    made.rename(root)
    assert regenerate.main([], root=root) == 0
    assert (root / "generated" / "telnyx_bindings" / "extra.py").is_file()
    assert regenerate.main(["--check"], root=root) == 0
    edit(root / "openapi/openapi.yaml", "title: Things", "title: Others")
    assert regenerate.main(["--check"], root=root) == 1


@pytest.mark.parametrize("name", ["BUILD.lock", "telnyx_bindings/client.py"])
def test_other_line_ends_are_a_difference_with_and_without_full(
    name: str, make_tree: Callable[[dict[str, str]], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_tree({})
    assert regenerate.main([], root=root) == 0
    path = root / "generated" / name
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for arguments in (["--check"], ["--check", "--full"]):
        capsys.readouterr()
        assert regenerate.main(arguments, root=root) == 1
        assert f"changed     {name}" in capsys.readouterr().out


def test_two_at_once_leave_one_whole_output(copy: Path) -> None:
    edit(copy / "openapi/openapi.yaml", "title: Telnyx API", "title: Telnyx APIs")
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", RUN],
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert 0 in [code for _, code in ends], ends
    assert all(code == 0 or (code == 2 and "another run is at work" in said) for said, code in ends), ends
    assert run(copy, "--check").returncode == 0
    assert not list(copy.glob(".generated*"))


def test_same_bytes_in_a_folder_with_spaces_and_other_letters(make_tree: Callable[[dict[str, str]], Path]) -> None:
    root = make_tree({})
    assert regenerate.main([], root=root) == 0
    before = snapshot(root / "generated")
    moved = root.rename(root.parent / "ein Ordner für 日本 'und' [mehr]")
    shutil.rmtree(moved / "generated")
    assert regenerate.main([], root=moved) == 0
    assert snapshot(moved / "generated") == before


def test_an_operation_whose_file_windows_refuses_stops_the_build(
    make_tree: Callable[[dict[str, str]], Path],
) -> None:
    root = make_tree({})
    paths = root / "openapi/resources/things/paths/things.yaml"
    found = re.search(r"operationId: (\w+)", paths.read_text(encoding="utf-8"))
    assert found
    edit(paths, found[0], "operationId: nul")
    with pytest.raises(InputError, match=r"'nul\.py' is the name of a device on Windows"):
        regenerate.main([], root=root)
    assert not (root / "generated").exists()
