"""Imports go one way: read from the source files, so that nothing has to be imported to know it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "generated" / "telnyx_bindings"

# layer -> what it must not import; a prefix stands for everything below it.
FORBIDDEN = {
    "scripts.errors": ("contract_tests", "scripts"),
    "scripts.bootstrap": ("contract_tests", "scripts", "telnyx_bindings"),
    "scripts.pipeline": ("contract_tests", "telnyx_bindings"),
    "scripts.lint": ("contract_tests", "telnyx_bindings"),
    "scripts.scaffold": ("contract_tests", "telnyx_bindings"),
    "scripts.reference": ("contract_tests", "telnyx_bindings"),
    "scripts.comparison": ("contract_tests", "telnyx_bindings"),
    "scripts.vendoring": ("contract_tests", "telnyx_bindings"),
    "contract_tests.description": ("contract_tests", "scripts", "telnyx_bindings"),
    # An exchange knows by the description's envelope where its answer holds the record, and nothing else of ours.
    "contract_tests.exchange": (
        "contract_tests.checks",
        "contract_tests.drift",
        "contract_tests.mock",
        "contract_tests.rules",
        "contract_tests.runner",
        "contract_tests.session",
        "contract_tests.suites",
        "scripts",
        "telnyx_bindings",
    ),
    "contract_tests.mock": (
        "contract_tests.drift",
        "contract_tests.checks",
        "contract_tests.rules",
        "contract_tests.suites",
        "contract_tests.session",
        "contract_tests.runner",
        "telnyx_bindings",
    ),
    "contract_tests.checks": ("contract_tests.mock", "contract_tests.suites", "contract_tests.runner"),
    "contract_tests.drift": ("contract_tests.mock", "contract_tests.suites", "contract_tests.runner"),
    "contract_tests.live": (
        "contract_tests.mock",
        "contract_tests.suites",
        "contract_tests.runner",
        "contract_tests.session",
        "contract_tests.drift",
    ),
    # Programs of users: of ours they know the package alone.
    "contract_tests.examples": ("contract_tests", "scripts"),
    "contract_tests.nightly": ("contract_tests.mock", "contract_tests.suites", "contract_tests.runner"),
    "contract_tests.rules": ("contract_tests.mock", "contract_tests.suites", "contract_tests.runner"),
}

# Modules beside a layer that are parts of it.
PARTS = {"contract_tests.description": ("contract_tests.envelope", "contract_tests.operation_rules")}


def module_name(path: Path, top: Path) -> str:
    """``scripts/pipeline/bundle.py`` → ``scripts.pipeline.bundle``."""
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, name: str) -> set[str]:
    """The absolute names of everything a module imports, at any depth of the file."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                anchor = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*anchor, *([base] if base else [])])
            found.add(base)
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def modules(*folders: str) -> dict[str, Path]:
    """Module name → file, for every hand-written module of these folders, tests excluded."""
    return {
        module_name(path, ROOT): path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "unit" not in path.parts and "golden" not in path.parts
    }


def below(name: str, prefix: str) -> bool:
    """Whether a module is the prefix or stands under it."""
    return name == prefix or name.startswith(f"{prefix}.")


@pytest.mark.parametrize("layer", sorted(FORBIDDEN))
def test_a_layer_imports_nothing_above_it(layer: str) -> None:
    own = (layer, *PARTS.get(layer, ()))
    found = {
        name: path
        for name, path in modules("scripts", "contract_tests").items()
        if any(below(name, part) for part in own)
    }
    if not found and layer in {"scripts.lint", "contract_tests.rules"}:
        pytest.skip(f"{layer} does not exist yet")
    assert found, f"{layer} has no modules: the rule checks nothing"
    offences = [
        f"{name} imports {target}"
        for name, path in found.items()
        for target in imported(path, name)
        for prefix in FORBIDDEN[layer]
        if below(target, prefix) and not any(below(target, part) for part in own)
    ]
    assert offences == []


def test_imports_between_hand_written_modules_form_no_circle() -> None:
    known = modules("scripts", "contract_tests")
    edges = {
        name: {target for target in imported(path, name) if target in known and target != name}
        for name, path in known.items()
    }
    finished: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"circular import: {' -> '.join([*trail[trail.index(name) :], name])}"
        if name not in finished:
            for target in sorted(edges[name]):
                # A package imports its own modules, and they may name the package: that is no circle of modules.
                if not below(name, target):
                    visit(target, (*trail, name))
            finished.add(name)

    for name in sorted(known):
        visit(name, ())
    assert finished == set(known)


def package_files(folder: Path) -> list[Path]:
    """The Python files of the package; there must be some."""
    files = sorted(folder.rglob("*.py"))
    assert files, f"{folder.name} holds no modules: the rule checks nothing"
    return files


@pytest.mark.parametrize("folder", [PACKAGE, ROOT / "overlays" / "package"], ids=["generated", "overlays"])
def test_the_package_imports_the_standard_library_attrs_and_httpx_alone(folder: Path) -> None:
    # httpcore is the half of httpx that opens connections: wherever httpx is installed, it is.
    allowed = {*sys.stdlib_module_names, "attrs", "httpx", "httpcore"}
    offences = []
    for path in package_files(folder):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            offences += [f"{path.name}: {name}" for name in names if name.partition(".")[0] not in allowed]
    assert offences == []


def test_the_package_never_names_itself_so_that_it_can_be_vendored_under_any_name() -> None:
    offences = [
        path.name
        for path in package_files(PACKAGE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            "telnyx_bindings" in name for name in [getattr(node, "module", "") or "", *(a.name for a in node.names)]
        )
    ]
    assert offences == []
