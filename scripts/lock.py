"""``python3 -m scripts lock``: resolve the locks in ``scripts/`` anew from ``pyproject.toml`` (maintainers).

``requirements.lock`` is the environment; ``docs.lock`` pins the one package, without what it requires, whose wheel
``python3 -m scripts docs`` reads; ``pyright.lock`` is what ``python3 -m scripts pyright`` runs,
``vendor_client.lock`` the library that the mock is tested with. Each serves Python 3.11
to 3.13 on every platform, holds hashes and names no address. Needs ``uv``.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from pathlib import Path

from scripts.bootstrap import LOCK, ROOT
from scripts.errors import InputError

PYRIGHT = ROOT / "scripts" / "pyright.lock"
VENDOR_CLIENT = ROOT / "scripts" / "vendor_client.lock"
DOCS = ROOT / "scripts" / "docs.lock"
# Lock → how it is resolved.
LOCKS = {
    LOCK: ["--extra", "dev", "pyproject.toml"],
    DOCS: ["--no-deps", "--group", "pyproject.toml:docs"],
    PYRIGHT: ["--group", "pyproject.toml:pyright"],
    VENDOR_CLIENT: ["--group", "pyproject.toml:vendor-client"],
}


def main(arguments: list[str]) -> int:
    """Write each lock, or leave it as it was; ``--upgrade`` lets pins move."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts lock", description=__doc__.split("\n\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows")
    options = parser.parse_args(arguments)
    uv = shutil.which("uv")
    if uv is None:
        raise InputError("uv is not on PATH", fix="install uv (pip install uv), then run the command again")
    for lock, wanted in LOCKS.items():
        text = _resolve(uv, lock, wanted, upgrade=options.upgrade)
        print(f"{lock.relative_to(ROOT)}: {len(re.findall('^[^ #].*==', text, flags=re.MULTILINE))} packages")
    return 0


def _resolve(uv: str, lock: Path, wanted: list[str], *, upgrade: bool) -> str:
    """Write one lock and return its text; ``InputError`` when it can't be resolved or would name an address."""
    draft = lock.with_suffix(".lock.new")
    if lock.exists() and not upgrade:
        draft.write_bytes(lock.read_bytes())
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--output-file", str(draft), *wanted]
    try:
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            raise InputError(f"uv could not resolve the requirements:\n{result.stderr.strip()}", file="pyproject.toml")
        text = draft.read_text(encoding="utf-8")
        if found := re.search(r"\S*://\S*", text):
            raise InputError(f"the lock would name the address {found.group()}", file=lock.name)
        draft.replace(lock)
    finally:
        draft.unlink(missing_ok=True)
    return text
