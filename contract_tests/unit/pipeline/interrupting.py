"""Does work on a folder over and over again, each time stopped at another step on disk; tells what it left.

Run as a script in a process of its own, for it forks: ``interrupting.py WORK`` reads its orders (JSON) from stdin and
prints what came of them. A step is whatever changes something on disk: opening a file to write, making, renaming or
removing anything, starting another program. Python's audit hooks see them all (PEP 578).

Faults: ``kill`` ends the process at the step, as SIGKILL does; ``full`` refuses it and every later one that needs room;
``denied`` refuses it and every later one, as a file system that was made read-only.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MOVES = frozenset({"os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "tempfile.mkdtemp"})
REMOVALS = frozenset({"os.remove", "os.rmdir", "os.chmod"})
OTHERS = frozenset({"ctypes.dlopen", "subprocess.Popen"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED, CRASHED = 2, 3


def needs_room(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a step makes something new."""
    if event == "open":
        mode, flags = arguments[1:3]
        return bool((flags or 0) & WRITING) or any(letter in (mode or "") for letter in "wax+")
    return event in MOVES


class Steps:
    """Counts steps, and strikes at the ``at``-th (from 1 on; 0: never)."""

    def __init__(self, at: int, fault: str) -> None:
        self.at, self.fault, self.seen = at, fault, 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        room = needs_room(event, arguments)
        if not room and event not in REMOVALS | OTHERS:
            return
        self.seen += 1
        if not self.at or self.seen < self.at:
            return
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.fault == "denied" and event not in OTHERS:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        elif self.fault == "full" and room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def attempt(work: Callable[[], int], at: int, fault: str, report: Path) -> int:
    """The exit code of ``work`` in a child (negative: the signal that ended it); how many steps it took is reported."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    from scripts.errors import InputError

    steps = Steps(at, fault)
    code = CRASHED
    said = ""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.addaudithook(steps)
        try:
            code = work()
        except InputError as problem:
            code, said = REFUSED, problem.render()
        except BaseException as problem:
            said = f"{type(problem).__name__}: {problem}"
        steps.at = 0
        report.write_text(json.dumps([steps.seen, said]), encoding="utf-8")
    finally:
        os._exit(code)


def content(folder: Path) -> str | None:
    """A hash of all that is in a folder; ``None`` where there is none."""
    if not folder.is_dir():
        return None
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        if path.is_file():
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def chosen(steps: int, most: int) -> list[int]:
    """At most ``most`` of the steps: the last ones, where the old makes room for the new, and others evenly."""
    last = [*range(max(1, steps - most // 3), steps + 1)]
    rest = [*range(1, last[0])]
    every = max(1, len(rest) // max(1, most - len(last)))
    return [*rest[::every], *last]


def told(orders: dict[str, Any], work: Callable[[], int]) -> Iterator[dict[str, Any]]:
    """What each attempt left: ``old``, ``new`` or something else; and what the next run made of that."""
    target, spare = Path(orders["target"]), Path(orders["spare"])
    report = spare.with_name("report.json")
    old = content(target)

    def fresh() -> None:
        for path in (*target.parent.glob(f".{target.name}.*"), target):
            shutil.rmtree(path, ignore_errors=True)
        if spare.exists():
            shutil.copytree(spare, target)

    assert attempt(work, 0, "kill", report) == 0, report.read_text(encoding="utf-8")
    new = content(target)
    names = {old: "old", new: "new"}
    steps = json.loads(report.read_text(encoding="utf-8"))[0]
    for at in chosen(steps, orders["most"]):
        fresh()
        report.unlink(missing_ok=True)
        code = attempt(work, at, orders["fault"], report)
        left = names.get(content(target), "neither")
        said = json.loads(report.read_text(encoding="utf-8"))[1] if report.exists() else ""
        again = attempt(work, 0, "kill", report)
        after = names.get(content(target), "neither")
        beside = sorted(path.name for path in target.parent.glob(f".{target.name}.*"))
        yield {"at": at, "of": steps, "code": code, "left": left, "said": said, "next": [again, after, beside]}


def main() -> None:
    """Carry out the orders: ``command`` (of ``scripts``), ``arguments``, ``root``, ``target``, ``spare``: a copy of it,
    ``fault``, ``most``."""
    orders = json.load(sys.stdin)
    import importlib

    sys.dont_write_bytecode = True
    module = importlib.import_module(f"scripts.{orders['command']}")
    for heavy in ("scripts.pipeline.build", "openapi_python_client.parser.openapi", "ctypes"):
        importlib.import_module(heavy)  # once, not in every child
    root = Path(orders["root"])

    def work() -> int:
        code: int = module.main(orders["arguments"], root)
        return code

    json.dump([*told(orders, work)], sys.stdout)


if __name__ == "__main__":
    main()
