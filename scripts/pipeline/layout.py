"""Where the pipeline's inputs and outputs stand, relative to one root folder."""

from __future__ import annotations

from pathlib import Path

import attrs

PACKAGE = "telnyx_bindings"
BUNDLED = "openapi.bundled.json"
EFFECTIVE = "openapi.effective.json"
BUILD_LOCK = "BUILD.lock"
MANIFEST = "MANIFEST.json"
COMMAND = "python3 -m scripts regenerate"


@attrs.frozen
class Layout:
    """The folders and files of one working copy; nothing here need exist."""

    root: Path

    @property
    def entry(self) -> Path:
        """The description's table of contents."""
        return self.root / "openapi" / "openapi.yaml"

    @property
    def description(self) -> Path:
        """The folder of the hand-written description."""
        return self.root / "openapi"

    @property
    def description_overlays(self) -> Path:
        """Corrections that every consumer sees."""
        return self.root / "overlays" / "description"

    @property
    def generator_overlays(self) -> Path:
        """Hints that only the generator sees; ``config.yaml`` and ``templates/`` stand beside them."""
        return self.root / "overlays" / "generator"

    @property
    def generator_config(self) -> Path:
        """Settings of the generator and the warnings that are accepted."""
        return self.generator_overlays / "config.yaml"

    @property
    def templates(self) -> Path:
        """Templates that replace the generator's own."""
        return self.generator_overlays / "templates"

    @property
    def package_overlay(self) -> Path:
        """Hand-written files laid into the generated package."""
        return self.root / "overlays" / "package"

    @property
    def generated(self) -> Path:
        """The machine-written folder."""
        return self.root / "generated"

    @property
    def requirements(self) -> Path:
        """The lock that fixes the versions of the generator and the formatter."""
        return self.root / "scripts" / "requirements.lock"

    def shown(self, path: Path) -> str:
        """``path`` as messages show it: relative to the root with ``/`` where it lies below, else as it is."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)
