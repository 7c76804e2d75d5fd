"""Drifts by name."""

from __future__ import annotations

from collections.abc import Iterable

from .parts import Parts
from .planting import CATALOGUE, listing, plant

__all__ = ["CATALOGUE", "listing", "plant", "plant_all"]


def plant_all(texts: Iterable[str], parts: Parts) -> Parts:
    """The parts with every drift in them."""
    for text in texts:
        parts = plant(text, parts)
    return parts
