"""The description as these tests read it: made from the sources, so that stale output can't hide a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.description import Description
from scripts.pipeline import bundle, overlay
from scripts.pipeline.load import JsonObject
from scripts.pipeline.overlay import Applied

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def bundled() -> JsonObject:
    """The description without any overlay."""
    return bundle.bundle(ROOT / "openapi" / "openapi.yaml").document


@pytest.fixture(scope="session")
def laid_over(bundled: JsonObject) -> tuple[JsonObject, tuple[Applied, ...]]:
    """The effective document and the overlays that were laid over it."""
    return overlay.apply_folder(bundled, ROOT / "overlays" / "description")


@pytest.fixture(scope="session")
def effective(laid_over: tuple[JsonObject, tuple[Applied, ...]]) -> JsonObject:
    """The document that everyone reads."""
    return laid_over[0]


@pytest.fixture(scope="session")
def description(effective: JsonObject) -> Description:
    """The effective document with its operations."""
    return Description(effective)
