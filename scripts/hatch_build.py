"""What the build backend adds to a wheel: the mock as ``telnyx_mock``, with all it needs of this repository.

``contract_tests/mock`` becomes the package. The few modules that it imports from elsewhere in the repository are found
by following its imports; they are laid into ``telnyx_mock/_shared`` and imported from there, as is the description. So
the mock is developed in one place, and its users need no part of the contract suite. A source distribution gets the
same files unchanged, so that a wheel can be built from it.

The backend loads this file by its path, alone and in an environment of its own: standard library and hatchling only.
"""

from __future__ import annotations

import ast
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "telnyx_mock"
SHARED = f"{PACKAGE}._shared"
MOCK = "contract_tests.mock"
OURS = ("contract_tests", "scripts")
DESCRIPTION = Path("generated") / "openapi.effective.json"
IMPORT = re.compile(r"(\s*from\s+)([.\w]+)(\s+import\b)")


class CannotShip(Exception):
    """An import of the mock that would lead out of the wheel, or a name that would stand in it twice."""


class MockInWheel(BuildHookInterface[Any]):
    """The hook; ``initialize`` runs before each wheel or source distribution, ``finalize`` after it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files that are added, by where they lie and where they go."""
        root = Path(self.root)
        if self.target_name == "sdist":
            added = {root / path: path.as_posix() for path in sources(root)}
        else:
            self._folder = Path(tempfile.mkdtemp(prefix="telnyx-mock-"))
            for target, content in laid_out(root).items():
                file = self._folder / target
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            added = {self._folder / PACKAGE: PACKAGE}
        build_data["force_include"].update({str(path): target for path, target in added.items()})

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the folder away that ``initialize`` made."""
        if self.target_name != "sdist":
            shutil.rmtree(self._folder, ignore_errors=True)


def sources(root: Path) -> list[Path]:
    """The files that ``laid_out`` reads, relative to ``root``."""
    return [*mock_files(root), *(path.relative_to(root) for path in shared(root).values()), DESCRIPTION]


def laid_out(root: Path) -> dict[str, bytes]:
    """The files of the package by their place in the wheel; ``CannotShip`` for an import that can't be followed."""
    beside = shared(root)
    moved = {name: f"{SHARED}.{_last(name)}" for name in beside}
    made = {f"{PACKAGE}/_shared/__init__.py": b'"""What the mock shares with the repository that it comes from."""\n'}
    for path in mock_files(root):
        target = f"{PACKAGE}/{path.relative_to(MOCK.replace('.', '/')).as_posix()}"
        content = (root / path).read_bytes()
        made[target] = _moved(root, root / path, moved) if path.suffix == ".py" else content
    for name, path in beside.items():
        made[f"{moved[name].replace('.', '/')}.py"] = _moved(root, path, moved)
    made[f"{PACKAGE}/_shared/{DESCRIPTION.name}"] = (root / DESCRIPTION).read_bytes()
    return made


def mock_files(root: Path) -> list[Path]:
    """The files of the mock, relative to ``root``, without caches and what is written for developers of the mock."""
    found = sorted(path for path in (root / MOCK.replace(".", "/")).rglob("*") if path.is_file())
    kept = (path.relative_to(root) for path in found if "__pycache__" not in path.parts and path.suffix != ".md")
    return list(kept)


def shared(root: Path) -> dict[str, Path]:
    """The modules outside the mock that it needs, by name, in alphabetical order."""
    found: dict[str, Path] = {}
    waiting = [root / path for path in mock_files(root) if path.suffix == ".py"]
    while waiting:
        file = waiting.pop()
        for name in {one for _, one in _imports(root, file)}:
            if not _below(name, MOCK) and name not in found:
                found[name] = _file(root, name)
                waiting.append(found[name])
    names: dict[str, str] = {}
    for name in sorted(found):
        other = names.setdefault(_last(name), name)
        if other != name:
            raise CannotShip(f"{other} and {name} would both become {SHARED}.{_last(name)}: rename one")
    return {name: found[name] for name in sorted(found)}


def _moved(root: Path, file: Path, moved: Mapping[str, str]) -> bytes:
    """The text of a module in which imports of moved modules name their new place; its lines stay where they are."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    for node, name in _imports(root, file):
        if name in moved:
            # "from scripts import errors" names the module last, "from scripts.errors import …" first.
            whole = _absolute(root, file, node) == name
            place = moved[name] if whole else SHARED
            index = node.lineno - 1
            lines[index] = IMPORT.sub(rf"\g<1>{place}\g<3>", lines[index], count=1)
    return "".join(lines).encode()


def _imports(root: Path, file: Path) -> Iterator[tuple[ast.ImportFrom, str]]:
    """The imports of modules of this repository: the statement and the absolute name of the module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import) and any(_below(alias.name, top) for alias in node.names for top in OURS):
            raise CannotShip(f"{file}:{node.lineno}: write 'from … import …' for what comes from this repository")
        if not isinstance(node, ast.ImportFrom):
            continue
        base = _absolute(root, file, node)
        if not any(_below(base, top) for top in OURS):
            continue
        if _below(base, MOCK) or (root / f"{base.replace('.', '/')}.py").is_file():
            yield node, base
        elif len(node.names) == 1:
            yield node, f"{base}.{node.names[0].name}"
        else:
            raise CannotShip(f"{file}:{node.lineno}: import one module of {base} a line")


def _absolute(root: Path, file: Path, node: ast.ImportFrom) -> str:
    """The module that an import names, with the dots before it resolved."""
    if not node.level:
        return node.module or ""
    parts = file.relative_to(root).parts[: -node.level]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _file(root: Path, name: str) -> Path:
    path = root / f"{name.replace('.', '/')}.py"
    if not path.is_file():
        raise CannotShip(f"the mock needs {name}, which is no module of this repository")
    return path


def _below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def _last(name: str) -> str:
    return name.rpartition(".")[2]
