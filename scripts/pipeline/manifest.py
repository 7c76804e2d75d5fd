"""What came from what: ``BUILD.lock`` for the whole folder, ``MANIFEST.json`` for the package, and the proof of both.

``BUILD.lock`` holds the hash of every input and output. As long as they all still match, nothing has to be built to
know that ``generated/`` is up to date. ``MANIFEST.json`` travels with the package: a vendored copy can be checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import attrs

from scripts.pipeline import portable
from scripts.pipeline.counts import BESIDE, Counted
from scripts.pipeline.layout import BUILD_LOCK, COMMAND, EFFECTIVE, MANIFEST, PACKAGE, Layout
from scripts.pipeline.load import JsonObject

TOOLS = ("openapi-python-client", "ruff")
_NOTE = f"written by `{COMMAND}`; do not edit"
_IGNORED_FOLDERS = frozenset({"__pycache__"})
_DATA = frozenset({".yaml", ".yml", ".json"})


@attrs.frozen
class Inputs:
    """Everything the output depends on: ``files`` by path below the root, ``pipeline`` the digest of its own modules,
    ``tools`` the installed versions."""

    files: dict[str, str]
    pipeline: str
    tools: dict[str, str]


@attrs.frozen
class AppliedOverlay:
    """An overlay as the lock remembers it: its file, title and each action's target and hits."""

    file: str
    title: str
    actions: tuple[tuple[str, int], ...]


def inputs(layout: Layout) -> Inputs:
    """Hash the inputs as they are now."""
    description = [
        path
        for path in _walk(layout.description)
        if path.suffix in _DATA and path.relative_to(layout.description).parts[0] not in BESIDE
    ]
    overlays = [path for path in _walk(layout.description_overlays) if path.suffix in _DATA]
    given = [*description, *overlays, *_walk(layout.generator_overlays), *_walk(layout.package_overlay)]
    own = [path for path in _walk(layout.root / "scripts" / "pipeline") if path.suffix in {".py", ".jinja"}]
    given += [path for path in (layout.requirements,) if path.is_file()]
    return Inputs(
        files={layout.shown(path): digest(path) for path in sorted(given)},
        pipeline=combined({layout.shown(path): digest(path) for path in own}),
        tools={tool: version(tool) for tool in TOOLS},
    )


def outputs(folder: Path) -> dict[str, str]:
    """The hash of every file below ``folder`` but ``BUILD.lock`` itself, byte for byte as a full build compares them;
    compiled Python does not count."""
    found = files(folder).items()
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found if name != BUILD_LOCK}


def files(folder: Path) -> dict[str, Path]:
    """The files below ``folder`` that are its content, by their path in it, sorted."""
    return {path.relative_to(folder).as_posix(): path for path in _walk(folder)}


def digest(path: Path) -> str:
    """The SHA-256 of a file's content, hexadecimal; line ends count as the repository stores them (LF)."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def write_manifest(
    package: Path,
    origins: Mapping[str, str],
    given: Inputs,
    operations: Mapping[str, str],
    methods: Mapping[str, str],
    effective: Path,
) -> None:
    """Write ``MANIFEST.json`` into the package: hash and origin of its files, and what they were made from.

    ``operations`` and ``methods``: by operationId the module of its functions and the method of the clients.
    ``InputError`` when a file has a name that some system can't hold.
    """
    portable.check([*sorted(origins), MANIFEST])
    content = {
        "note": _NOTE,
        "package": PACKAGE,
        "tools": given.tools,
        "inputs": summary(given, effective),
        "operations": dict(sorted(operations.items())),
        "methods": dict(sorted(methods.items())),
        "files": {name: {"sha256": digest(package / name), "origin": origins[name]} for name in sorted(origins)},
    }
    (package / MANIFEST).write_bytes(dump(content))


def summary(given: Inputs, effective: Path) -> dict[str, str]:
    """One hash for the effective description (a file) and for each folder that a package is made from."""
    return {
        EFFECTIVE: digest(effective),
        **{folder: combined(below) for folder, below in _by_folder(given.files).items()},
        "scripts/pipeline": given.pipeline,
    }


def write_lock(
    folder: Path, given: Inputs, overlays: tuple[AppliedOverlay, ...], stages: Mapping[str, Counted]
) -> None:
    """Write ``BUILD.lock`` into the finished ``folder``."""
    content: JsonObject = {
        "note": _NOTE,
        "tools": given.tools,
        "counts": {stage: counted.totals() for stage, counted in stages.items()},
        "overlays": [
            {
                "file": overlay.file,
                "title": overlay.title,
                "actions": [{"target": target, "hits": hits} for target, hits in overlay.actions],
            }
            for overlay in overlays
        ],
        "inputs": given.files,
        "pipeline": given.pipeline,
        "outputs": outputs(folder),
    }
    (folder / BUILD_LOCK).write_bytes(dump({**content, "seal": seal(content)}))


def is_current(layout: Layout) -> bool:
    """Whether ``generated/`` is what these inputs gave and nobody touched it since."""
    try:
        written = (layout.generated / BUILD_LOCK).read_bytes()
        lock = json.loads(written)
    except (OSError, ValueError):
        return False
    if not isinstance(lock, dict) or written != dump(lock):
        return False
    if lock.pop("seal", None) != seal(lock):
        return False
    given = inputs(layout)
    recorded = (lock.get("inputs"), lock.get("pipeline"), lock.get("tools"))
    return recorded == (given.files, given.pipeline, given.tools) and lock.get("outputs") == outputs(layout.generated)


def dump(content: object) -> bytes:
    """JSON as it is committed: two spaces, real characters, a line end."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not _IGNORED_FOLDERS & {*path.relative_to(folder).parts} and path.suffix != ".pyc":
            yield path


def _by_folder(hashes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The inputs by the folder that stands for them: ``openapi``, ``overlays/description``, …"""
    grouped: dict[str, dict[str, str]] = {}
    for name, value in hashes.items():
        first, _, rest = name.partition("/")
        folder = f"{first}/{rest.partition('/')[0]}" if first == "overlays" else first if first == "openapi" else name
        grouped.setdefault(folder, {})[name] = value
    return dict(sorted(grouped.items()))


def combined(hashes: Mapping[str, str]) -> str:
    """One hash for files and their hashes."""
    lines = "".join(f"{value}  {name}\n" for name, value in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def seal(content: Mapping[str, object]) -> str:
    """A hash of the lock's own content, so that a lock edited by hand is not believed."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
