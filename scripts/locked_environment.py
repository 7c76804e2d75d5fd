"""Environments beside the main one, each from a lock with hashes: for programs that must not share its packages."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from scripts.bootstrap import ROOT, environment_folder, environment_python, only_one
from scripts.registries import failure

STAMP = "locked.stamp"
PATIENCE = ("--timeout", "15", "--retries", "2")  # pip's own would keep a run without a network waiting for minutes


def obtain(lock: Path, what: str) -> Path:
    """The interpreter of the environment that ``lock`` pins, made when it is not there yet; ``what`` names it.

    It lives inside the main environment, and so belongs to one Python version. ``RegistryUnreachable`` when there is
    no way to the index, ``InputError`` when pip refuses.
    """
    folder = environment_folder() / lock.stem
    python = environment_python(folder)
    wanted = f"{sys.version}\n{hashlib.sha256(lock.read_bytes()).hexdigest()}\n"
    with only_one(lock):
        if not _is_ready(folder, wanted):
            print(f"[setup] installing {what} from {lock.name} (once)", file=sys.stderr, flush=True)
            venv.create(folder, with_pip=False, clear=True)
            _install(python, lock, what)
            (folder / STAMP).write_text(wanted, encoding="utf-8")
    return python


def _is_ready(folder: Path, wanted: str) -> bool:
    try:
        return (folder / STAMP).read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def _install(python: Path, lock: Path, what: str) -> None:
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-input", *PATIENCE]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary=:all:", "-r", str(lock)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        raise failure(what, result.stdout, lock.name)
