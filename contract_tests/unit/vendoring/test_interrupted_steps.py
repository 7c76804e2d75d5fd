"""``vendor`` stopped at any step, laying or updating: the old copy, the new one or none, and never a mix."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.pipeline import interrupting
from contract_tests.unit.pipeline.test_interrupted_steps import check, interrupted
from contract_tests.unit.vendoring.conftest import Copy, Versions, run

ROOT = Path(__file__).resolve().parents[3]
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")


@forking
@pytest.mark.parametrize("fault", ["kill", "full", "denied"])
def test_whatever_stops_the_laying_of_a_new_version_the_copy_is_the_old_or_the_new(
    fault: str, versions: Versions, copied: Copy, tmp_path: Path
) -> None:
    copy = copied("whole")
    spare = tmp_path / "spare"
    shutil.copytree(copy, spare)
    arguments = [str(copy)]  # as --update, without the time that telling the changes takes
    attempts = interrupted(
        command="vendor", arguments=arguments, root=versions.second, target=copy, spare=spare, fault=fault
    )
    check(attempts, fault)


@forking
@pytest.mark.parametrize("fault", ["kill", "full"])
def test_whatever_stops_the_first_laying_there_is_nothing_or_all_of_it(
    fault: str, versions: Versions, tmp_path: Path
) -> None:
    target = tmp_path / "service" / "laid"
    target.parent.mkdir()
    orders: dict[str, Any] = {"root": versions.first, "target": target, "spare": tmp_path / "nothing"}
    check(interrupted(command="vendor", arguments=[str(target)], fault=fault, **orders), fault)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process's files")
def test_a_file_that_can_not_be_written_to_its_end_leaves_nothing_of_the_copy(
    versions: Versions, tmp_path: Path
) -> None:
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from scripts import vendor\n"
        "from scripts.errors import InputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n    vendor.main([sys.argv[2]], Path(sys.argv[1]))\n"
        "except InputError as problem:\n    print(problem.message)\n"
    )
    command = [sys.executable, "-c", code, str(versions.first), str(tmp_path / "laid")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "a file can't be read or written: File too large\n"
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_on_one_folder_leave_one_whole_copy(versions: Versions, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom scripts import vendor\nfrom scripts.errors import InputError\n"
        "try:\n    sys.exit(vendor.main(sys.argv[2:], Path(sys.argv[1])))\n"
        "except InputError as problem:\n    sys.exit(problem.message)\n"
    )
    target = tmp_path / "laid"
    command = [sys.executable, "-c", code, str(versions.first), str(target)]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert 0 in [code for _, code in ends], ends
    assert all(code == 0 or "another run is at work" in said for said, code in ends), ends
    assert run(versions.first, target, "--check").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["laid"]


def test_a_read_only_copy_in_a_folder_with_spaces_and_other_letters_is_replaced(
    versions: Versions, tmp_path: Path
) -> None:
    folder = tmp_path / "ein Dienst für 日本"
    folder.mkdir()
    assert run(versions.first, folder / "bösung", "--only", "phone_numbers.messaging.update").code == 0
    for path in [folder / "bösung", *(folder / "bösung").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert run(versions.second, folder / "bösung", "--only", "messaging_profiles.delete").code == 0
    assert run(versions.second, folder, "--check").code == 0
    assert [path.name for path in folder.iterdir()] == ["bösung"]


def test_the_steps_are_seen() -> None:
    """What the other tests rest on: that writing is told from reading, and removals from the rest."""
    assert interrupting.needs_room("open", ("f", "w", 0))
    assert interrupting.needs_room("open", ("f", None, os.O_CREAT | os.O_WRONLY))
    assert not interrupting.needs_room("open", ("f", "r", os.O_RDONLY))
    assert interrupting.needs_room("os.rename", ("a", "b"))
    assert not interrupting.needs_room("os.remove", ("a",))
