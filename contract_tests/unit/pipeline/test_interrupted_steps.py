"""``regenerate`` stopped at any step, by a kill, a full disk, a tree that became read-only: the old or the new, whole.

``STEPS`` in the environment sets how many steps are tried for each fault (default 5; all: 100000).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.unit.pipeline import interrupting
from scripts import regenerate

ROOT = Path(__file__).resolve().parents[3]
MOST = int(os.environ.get("STEPS", "5"))
pytestmark = [
    pytest.mark.takes(10),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked"),
]


def interrupted(**orders: Any) -> list[dict[str, Any]]:
    """What each interrupted attempt left; ``orders`` as ``interrupting`` takes them."""
    run = subprocess.run(
        [sys.executable, interrupting.__file__],
        input=json.dumps({"most": MOST, **{key: str(v) if isinstance(v, Path) else v for key, v in orders.items()}}),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    attempts: list[dict[str, Any]] = json.loads(run.stdout)
    assert len(attempts) >= min(MOST, attempts[0]["of"]) * 0.8
    return attempts


def check(attempts: list[dict[str, Any]], fault: str) -> None:
    """Each attempt left the old or the new, said why, and could be followed by one that does the work."""
    assert [one for one in attempts if one["left"] == "neither"] == []
    assert "old" in {one["left"] for one in attempts}
    for one in attempts:
        if fault == "kill":
            assert one["code"] == -9, one
        else:
            assert one["code"] == (interrupting.REFUSED if one["left"] == "old" else 0), one
            assert (
                one["left"] == "new"
                or "disk is full" in one["said"]
                or "make room" in one["said"]
                or ("can't be read or written" in one["said"])
            ), one
        assert one["next"] == [0, "new", []], one


@pytest.mark.parametrize("fault", ["kill", "full", "denied"])
def test_whatever_stops_a_regeneration_the_output_is_the_old_or_the_new(
    fault: str, make_tree: Callable[[dict[str, str]], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_tree({"overlays/package/extra/more.py": "X = 1\n"})
    assert regenerate.main([], root=root) == 0
    spare = root.parent / "spare"
    shutil.copytree(root / "generated", spare)
    path = root / "openapi" / "openapi.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: Things", "title: Other things"), encoding="utf-8")
    capsys.readouterr()
    target = root / "generated"
    check(interrupted(command="regenerate", arguments=[], root=root, target=target, spare=spare, fault=fault), fault)
