"""Programs from npm, each from a lock of its own: ``package.json``, ``package-lock.json`` and ``.npmrc`` in one folder.

The lock holds hashes and no addresses, and no package's scripts are run. Node is never needed for what this project
is for, only for what it is held against; whoever calls this says what happens without it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.bootstrap import only_one
from scripts.errors import InputError
from scripts.registries import failure

LOCKED = ("package.json", "package-lock.json", ".npmrc")
STAMP = "installed.stamp"
PATIENCE = ("--fetch-retries", "2", "--fetch-retry-maxtimeout", "10000")  # milliseconds


def available() -> bool:
    """Whether this machine has Node and npm."""
    return shutil.which("node") is not None and shutil.which("npm") is not None


def install(locked: Path, folder: Path, what: str) -> None:
    """Install what the lock in ``locked`` pins into ``folder``, unless the same lock stands there already.

    ``what`` names it, in the plural. ``InputError`` without npm, or when npm refuses; ``RegistryUnreachable`` when
    there is no way to the registry.
    """
    wanted = hashlib.sha256(b"".join((locked / name).read_bytes() for name in LOCKED)).hexdigest()
    npm = shutil.which("npm")
    with only_one(locked / "package-lock.json"):
        stamp = folder / STAMP
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return
        if npm is None:
            raise InputError(f"{what} need Node with npm", fix="install Node 20 or newer, or do without them")
        print(f"[setup] installing {what} from their lock (half a minute, once)", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in LOCKED:
            shutil.copy(locked / name, folder / name)
        command = [npm, "ci", "--ignore-scripts", "--no-progress", *PATIENCE]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            raise failure(what, result.stderr, (locked / "package-lock.json").name)
        stamp.write_text(wanted, encoding="utf-8")
