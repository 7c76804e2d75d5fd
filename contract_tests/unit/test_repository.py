"""Rules of the house that a newcomer would otherwise learn in review: sizes, names, what no file may hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "openapi",
    "generated",
    "overlays",
    "contract_tests",
    "scripts",
    ".ci",
    ".github",
    ".gitattributes",
    ".gitignore",
}
LIMITS = {"code": 300, "tests": 400, "yaml": 250}
# path -> why it is longer; an entry that is no longer needed fails.
LONGER: dict[str, str] = {}
HOME = "|".join(("work", "farm", "root", "home", "Users"))
MACHINE_PATH = re.compile(rf"(?<![\w.$}}])/(?:{HOME})/[\w.-]+|file://" + "/")
REGISTRY = re.compile(
    "py" + r"pi\.org|py" + r"thonhosted|npm" + r"js\.(?:org|com)|--(?:extra-)?index-" + "url|--find-" + "links"
)


def tracked() -> list[Path]:
    """The files that git tracks or would track, as they are in the working tree."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    found = [ROOT / name for name in result.stdout.decode().split("\0") if name]
    files = [path for path in found if path.is_file()]
    assert len(files) > 20, "git lists hardly any file: the rules would check nothing"
    return files


def kind_of(path: Path) -> str | None:
    """Which size limit holds for a file; generated files have none."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "generated" or "golden" in parts:
        return None
    if path.suffix == ".py":
        return "tests" if {"unit", "suites"} & set(parts) else "code"
    return "yaml" if path.suffix in {".yaml", ".yml"} and "evidence" not in parts else None


def test_hand_written_files_stay_small() -> None:
    too_long = {}
    for path in tracked():
        if kind := kind_of(path):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMITS[kind]:
                too_long[path.relative_to(ROOT).as_posix()] = lines
    assert {name: lines for name, lines in too_long.items() if name not in LONGER} == {}
    assert sorted(set(LONGER) - set(too_long)) == [], "listed as longer than the limit, but no longer so"


def test_top_level_names_are_the_agreed_ones() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP_LEVEL == set()


@pytest.mark.parametrize(
    ("what", "pattern"), [("machine path", MACHINE_PATH), ("package registry", REGISTRY)], ids=["path", "registry"]
)
def test_no_tracked_file_names_this_machine_or_a_registry(what: str, pattern: re.Pattern[str]) -> None:
    offences = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        offences += [f"{path.relative_to(ROOT)}: {found.group()}" for found in pattern.finditer(text)]
    assert offences == [], what


def test_no_module_has_a_name_that_explains_nothing() -> None:
    empty = {"utils", "helpers", "common", "misc"}
    hand_written = [path for path in tracked() if path.relative_to(ROOT).parts[0] != "generated"]
    assert [path for path in hand_written if empty & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_the_lock_pins_each_package_with_hashes_and_names_no_address() -> None:
    text = (ROOT / "scripts" / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+ ", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_no_test_is_skipped_without_a_reason() -> None:
    bare = re.compile(r"pytest\.mark\.skip\b(?!\()|pytest\.(?:skip|xfail)\(\)|mark\.(?:skip|xfail)\(\)")
    tests = [path for path in tracked() if path.suffix == ".py" and path != Path(__file__)]
    assert [path for path in tests if bare.search(path.read_text(encoding="utf-8"))] == []
