"""Set up ``.venv`` from the hashed lock and continue there; standard library only.

The environment is made once: a stamp inside it holds the hash of the lock and the Python version. A later run
with the same lock and the same Python goes on at once; another lock makes the environment anew. ``.venv`` belongs to
the Python that made it; another Python gets ``.venv-3.12`` or the like, so that two never take it from each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "scripts" / "requirements.lock"
STAMP = "bootstrap.stamp"
MINIMUM = (3, 11)


class BootstrapError(Exception):
    """The environment could not be set up; the text says why and what to do."""


def environment_folder(root: Path = ROOT) -> Path:
    """``.venv`` unless another Python version made that one; then a folder named after this version."""
    usual = root / ".venv"
    try:
        made_with = (usual / STAMP).read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError):
        return usual
    series = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return usual if made_with.startswith(f"python {series}.") else root / f".venv-{series}"


def _version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def environment_python(environment: Path) -> Path:
    """The interpreter inside an environment."""
    return environment / "Scripts" / "python.exe" if os.name == "nt" else environment / "bin" / "python"


def wanted_stamp(lock: Path = LOCK) -> str:
    """What the stamp of an up-to-date environment says."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return f"python {_version()}\nlock {digest}\nroot {ROOT}\n"


def is_ready(environment: Path, lock: Path = LOCK) -> bool:
    """Whether the environment was made from this lock with this Python, to the end."""
    try:
        return (environment / STAMP).read_text(encoding="utf-8") == wanted_stamp(lock)
    except OSError:
        return False


def ensure_environment(arguments: list[str]) -> None:
    """Return inside the environment; otherwise make it if need be and replace this process by one that runs there."""
    if sys.version_info < MINIMUM:
        raise BootstrapError(
            f"Python 3.11 or newer is needed, this is {_version()}; run the command with python3.11 or newer"
        )
    folder = environment_folder()
    if Path(sys.prefix).resolve() == folder.resolve() and is_ready(folder):
        return
    if not is_ready(folder):
        with only_one(LOCK):
            folder = environment_folder()
            if not is_ready(folder):
                _make(folder, LOCK)
    command = [str(environment_python(folder)), "-m", "scripts", *arguments]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    environment.pop("PYTHONHOME", None)
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=environment))
    os.execve(command[0], command, environment)


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a file locked while what it pins is installed, so that two first runs do not do it twice."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with lock.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _say(f"waiting for another run that is installing what {lock.name} pins")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(f"[setup] {text}", file=sys.stderr, flush=True)


def _make(environment: Path, lock: Path) -> None:
    import venv

    if environment.is_symlink():
        raise BootstrapError(f"{environment} is a link: making it anew would empty what it leads to; remove the link")
    base = Path(sys.prefix).resolve()
    if base == environment.resolve():
        raise BootstrapError(
            f"{environment} is out of date and this Python runs inside it; "
            "run the command with the system's python3, or delete that folder"
        )
    started = time.monotonic()
    stamp = wanted_stamp(lock)  # of the lock as it is now: one that changes meanwhile must not pass for installed
    packages = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line[:80] and line[0] != " ")
    _say(f"making {environment.name} with Python {_version()}; this happens once, and again when the lock changes")
    try:
        venv.create(environment, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise BootstrapError(
            f"could not make {environment}: {problem}; on Debian the package python3-venv may be missing"
        ) from problem
    _say(f"installing {packages} locked packages (hashes checked, wheels only)")
    _install(environment, lock)
    # The generated package is used from where it stands: no build, no copy that could go stale.
    site = next(environment.glob("lib/python*/site-packages"), environment / "Lib" / "site-packages")
    # Relative, so in ASCII wherever the clone stands: Python reads it in the locale's encoding.
    (site / "telnyx_bindings.pth").write_text(f"{os.path.relpath(ROOT / 'generated', site)}\n", encoding="utf-8")
    (environment / STAMP).write_text(stamp, encoding="utf-8")
    _say(f"ready after {time.monotonic() - started:.0f} s")


def _pip_environment() -> dict[str, str]:
    """The variables that pip is run with: none that would send packages elsewhere or count those found elsewhere."""
    elsewhere = {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"}
    return {**{name: value for name, value in os.environ.items() if name not in elsewhere}, "PIP_USER": "0"}


def _install(environment: Path, lock: Path) -> None:
    command = [str(environment_python(environment)), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary=:all:", "-r", str(lock)]
    done = threading.Event()
    started = time.monotonic()

    def tick() -> None:
        while not done.wait(5):
            _say(f"  still installing, {time.monotonic() - started:.0f} s")

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        result = subprocess.run(
            command, env=_pip_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    finally:
        done.set()
        ticker.join()
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-12:])
        raise BootstrapError(f"pip could not install the locked packages (exit {result.returncode}):\n{tail}")
