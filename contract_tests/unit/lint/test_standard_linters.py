"""The ecosystem's linters agree with ours, and are seen to find something when there is something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import npm
from scripts.bootstrap import environment_folder
from scripts.errors import InputError
from scripts.lint import command, standard_linters
from scripts.vendoring import reduction

pytestmark = pytest.mark.takes(5)

ROOT = Path(__file__).resolve().parents[3]
FOLDER = environment_folder() / "standard-linters"

needs_node = pytest.mark.skipif(not npm.available(), reason="this machine has no Node with npm")


def faulty(document: dict[str, Any]) -> dict[str, Any]:
    """Faults that the linters call a warning at the least: an operation without a name, one without a summary."""
    del document["paths"]["/messaging_profiles"]["get"]["operationId"]
    del document["paths"]["/messaging_profiles"]["get"]["summary"]
    return document


@needs_node
def test_a_fault_fails_in_both(tmp_path: Path) -> None:
    standard_linters.install(FOLDER)
    whole = json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
    document = reduction.reduce(whole, frozenset({"listMessagingProfiles"}), webhooks=False)
    path = tmp_path / "faulty.json"
    path.write_text(json.dumps(faulty(document)), encoding="utf-8")
    verdicts = standard_linters.run(FOLDER, [path], tmp_path)
    assert [(one.linter, one.document, one.clean) for one in verdicts] == [
        ("spectral", "faulty.json", False),
        ("redocly", "faulty.json", False),
    ]
    assert "operation-operationId" in verdicts[0].output
    assert "operation-summary" in verdicts[1].output


def test_without_node_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InputError, match="need Node") as caught:
        standard_linters.install(tmp_path / "folder")
    assert caught.value.fix
    assert not (tmp_path / "folder").exists()


def test_standard_takes_no_file() -> None:
    with pytest.raises(InputError, match="other tools"):
        command.main(["--standard", "some.yaml"])


def test_every_exception_in_the_settings_has_its_reason_above_it() -> None:
    for name in ("spectral.yaml", "redocly.yaml"):
        lines = (standard_linters.SETTINGS / name).read_text(encoding="utf-8").splitlines()
        exceptions = [number for number, line in enumerate(lines) if line.startswith("  ") and line.endswith(": off")]
        assert exceptions
        assert all(lines[number - 1].lstrip().startswith("# ") for number in exceptions), name


def test_the_lock_names_no_download_address() -> None:
    lock = json.loads((standard_linters.SETTINGS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, one in packages.items() if "resolved" in one or "integrity" not in one] == []
