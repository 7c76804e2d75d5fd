"""``python3 -m scripts pyright``: the other type checker, on the package and on what callers write with it.

mypy runs with every ``test``; many editors show what pyright says, so the package must please both. The package is
checked in the default mode and code of callers in the strict one. Pyright needs node, which its wheels bring (60 MB),
so it has a lock and a folder of its own. Exit codes: 0 nothing found, 1 something found, 2 wrong usage or no way to
get it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.bootstrap import ROOT, environment_folder
from scripts.errors import InputError
from scripts.pipeline.layout import PACKAGE

LOCK = ROOT / "scripts" / "pyright.lock"
STORE = environment_folder() / "pyright"
STAMP = "stamp"
# What is checked, and how strictly.
CHECKED = (
    (f"generated/{PACKAGE}", "standard"),
    ("contract_tests/unit/package/callers.py", "strict"),
)


def main(arguments: list[str]) -> int:
    """Check everything; findings go to stdout as pyright writes them."""
    argparse.ArgumentParser(prog="python3 -m scripts pyright", description=__doc__.split("\n\n")[0]).parse_args(
        arguments
    )
    obtain(LOCK, STORE)
    # Every check runs, also after one that found something.
    found = [check(name, mode) for name, mode in CHECKED]
    return 1 if any(found) else 0


def obtain(lock: Path, store: Path) -> None:
    """Install what ``lock`` pins into ``store`` unless it is there; ``InputError`` when pip can't."""
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if (store / STAMP).is_file() and (store / STAMP).read_text(encoding="utf-8") == wanted:
        return
    print("[setup] installing pyright (once, and again when its lock changes)", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary=:all:", "--upgrade", "--target", str(store), "-r", str(lock)]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-5:])
        raise InputError(f"pip could not install pyright:\n{tail}", file=lock)
    (store / STAMP).write_text(wanted, encoding="utf-8")


def check(name: str, mode: str, root: Path = ROOT, store: Path = STORE) -> bool:
    """Whether pyright finds anything in the file or folder ``name`` below ``root``; prints what, and the verdict."""
    target = root / name
    if not target.exists():
        raise InputError("there is nothing to check", file=name)
    with tempfile.TemporaryDirectory() as folder:
        # A configuration of its own, so that none above the repository counts.
        configuration = Path(folder, "pyrightconfig.json")
        settings = {"include": [str(target)], "extraPaths": [str(root / "generated")], "typeCheckingMode": mode}
        configuration.write_text(json.dumps({**settings, "pythonVersion": "3.11"}), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "basedpyright",
            "-p",
            str(configuration),
            "--pythonpath",
            sys.executable,
        ]
        result = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": str(store)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    lines = result.stdout.rstrip().splitlines()
    # No verdict at all is no clean bill: 0 is what it says when it checked something and found nothing.
    clean = result.returncode == 0 and bool(lines) and lines[-1].startswith("0 errors")
    if not clean:
        print("\n".join(lines))
    print(f"{name} ({mode}): {'ok' if clean else 'FAILED'}")
    return not clean
