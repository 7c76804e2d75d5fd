"""``python3 -m scripts pyright``: the other type checker, on the package and on what callers write with it.

mypy runs with every ``test``; many editors show what pyright says, so the package must please both. The package is
checked in the default mode and code of callers in the strict one; and every symbol that callers can reach must have a
type of its own, not one that a checker has to guess. Pyright needs node, which its wheels bring (60 MB),
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
import sysconfig
import tempfile
from pathlib import Path

from scripts.bootstrap import ROOT, environment_folder
from scripts.errors import InputError
from scripts.pipeline.layout import PACKAGE

LOCK = ROOT / "scripts" / "pyright.lock"
STORE = environment_folder() / "pyright"
STAMP = "stamp"
# What callers import from; below it, decoders take apart what nobody knows the type of, which strict checks forbid.
SURFACE = (
    "__init__.py",
    "client.py",
    "errors.py",
    "types.py",
    "models/__init__.py",
    "api",
    "resources",
    "async_resources",
)
# What is checked together, and how strictly.
CHECKED: tuple[tuple[tuple[str, ...], str], ...] = (
    ((f"generated/{PACKAGE}",), "standard"),
    (("contract_tests/unit/package/callers.py", *(f"generated/{PACKAGE}/{part}" for part in SURFACE)), "strict"),
)


def main(arguments: list[str]) -> int:
    """Check everything; findings go to stdout as pyright writes them."""
    argparse.ArgumentParser(prog="python3 -m scripts pyright", description=__doc__.split("\n\n")[0]).parse_args(
        arguments
    )
    obtain(LOCK, STORE)
    # Every check runs, also after one that found something.
    found = [check(names, mode) for names, mode in CHECKED] + [check_surface()]
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


def check(names: tuple[str, ...], mode: str, root: Path = ROOT, store: Path = STORE) -> bool:
    """Whether pyright finds anything in these files and folders below ``root``; prints what, and the verdict."""
    for name in names:
        if not (root / name).exists():
            raise InputError("there is nothing to check", file=name)
    with tempfile.TemporaryDirectory() as folder:
        # A configuration of its own, so that none above the repository counts.
        configuration = Path(folder, "pyrightconfig.json")
        settings = {
            "include": [str(root / name) for name in names],
            "extraPaths": [str(root / "generated")],
            "typeCheckingMode": mode,
        }
        configuration.write_text(json.dumps({**settings, "pythonVersion": "3.11"}), encoding="utf-8")
        code, lines = _run(["-p", str(configuration)], root, store)
    # No verdict at all is no clean bill: 0 is what it says when it checked something and found nothing.
    clean = code == 0 and bool(lines) and lines[-1].startswith("0 errors")
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return _say(f"{names[0]}{others} ({mode})", clean, lines)


def check_surface(package: str = PACKAGE, root: Path = ROOT, store: Path = STORE) -> bool:
    """Whether a symbol of ``package`` that its callers can reach has no type of its own; prints which, and the verdict.

    What other packages leave open does not count.
    """
    code, lines = _run(["--verifytypes", package, "--ignoreexternal"], root, store)
    clean = code == 0 and "Type completeness score: 100%" in lines
    return _say(f"{package} (types of all that can be reached)", clean, lines)


def _run(options: list[str], root: Path, store: Path) -> tuple[int, list[str]]:
    """Pyright's exit code and output; it finds its own package, ours, and those of this environment."""
    places = (store, root / "generated", sysconfig.get_path("purelib"))
    result = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, *options],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout.rstrip().splitlines()


def _say(name: str, clean: bool, lines: list[str]) -> bool:
    if not clean:
        print("\n".join(lines))
    print(f"{name}: {'ok' if clean else 'FAILED'}")
    return not clean
