"""``python3 -m scripts lock``: resolve ``scripts/requirements.lock`` anew from ``pyproject.toml`` (maintainers).

One lock serves Python 3.11 to 3.13 on every platform; it holds hashes and names no address. Needs ``uv``.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess

from scripts.bootstrap import LOCK, ROOT
from scripts.errors import InputError


def main(arguments: list[str]) -> int:
    """Write the lock, or leave it as it was; ``--upgrade`` lets pins move."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts lock", description=__doc__.split("\n\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows")
    options = parser.parse_args(arguments)
    uv = shutil.which("uv")
    if uv is None:
        raise InputError("uv is not on PATH", fix="install uv (pip install uv), then run the command again")
    draft = LOCK.with_suffix(".lock.new")
    if LOCK.exists() and not options.upgrade:
        draft.write_bytes(LOCK.read_bytes())
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--extra", "dev", "--output-file", str(draft), "pyproject.toml"]
    try:
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            raise InputError(f"uv could not resolve the requirements:\n{result.stderr.strip()}", file="pyproject.toml")
        text = draft.read_text(encoding="utf-8")
        if found := re.search(r"\S*://\S*", text):
            raise InputError(f"the lock would name the address {found.group()}", file=LOCK.name)
        draft.replace(LOCK)
    finally:
        draft.unlink(missing_ok=True)
    print(f"{LOCK.relative_to(ROOT)}: {len(re.findall('^[^ #].*==', text, flags=re.MULTILINE))} packages")
    return 0
