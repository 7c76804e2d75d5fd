"""Two versions of the real working copy in a repository of their own: the first is tagged, the second not committed."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest

from scripts import regenerate

ROOT = Path(__file__).resolve().parents[3]
TAG = "v1.0"
OVERLAY = """overlay: 1.0.0
info: {title: What came since, version: 1.0.0}
actions:
  - target: $.components.schemas.MessagingProfile.properties
    description: Profiles have a colour.
    x-date: 2026-09-01
    x-reason: It appeared in answers.
    x-cause: api-changed
    x-evidence: [{document: L1, note: seen}]
    update: {colour: {type: string, description: Its colour.}}
"""


@attrs.frozen
class History:
    """``root``: the working copy as it became; ``tag``: the revision before."""

    root: Path
    tag: str


def git(root: Path, *arguments: str) -> None:
    """Run git in ``root``, whatever the machine's settings are."""
    settings = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, "-C", str(root), *arguments], check=True, capture_output=True)


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rebuild(root: Path) -> None:
    """Make ``generated/`` what the rest says."""
    with contextlib.redirect_stdout(io.StringIO()):
        assert regenerate.main([], root) == 0


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A moved operation (by hand), a removed request field (by hand), a new response field (by a dated overlay)."""
    root = tmp_path_factory.mktemp("history") / "copy"
    for name in ("openapi", "overlays", "generated"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "requirements.lock", root / "scripts")
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- Something.\n\n## 1.0\n\n- First.\n", "utf-8")
    rebuild(root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "first")
    git(root, "tag", TAG)
    edit(root / "openapi" / "openapi.yaml", "/messaging_profiles/{id}/metrics:", "/messaging_profiles/{id}/measured:")
    update = root / "openapi" / "resources" / "messaging_profiles" / "schemas" / "MessagingProfileUpdate.yaml"
    lines = update.read_text(encoding="utf-8").split("\n")
    start = lines.index("  mms_transcoding:")
    end = next(n for n in range(start + 1, len(lines) + 1) if n == len(lines) or not lines[n].startswith("    "))
    update.write_text("\n".join([*lines[:start], *lines[end:]]), encoding="utf-8")
    (root / "overlays" / "description" / "900-since.overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    rebuild(root)
    return History(root, TAG)
