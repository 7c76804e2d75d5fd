"""Cases of three files each (before, after, expected): what a comparison says of them, in both directions.

``before.yaml`` and ``after.yaml`` are laid over ``base.yaml``, member by member; "(none)" takes a member away.
``expected.yaml`` lists every change from before to after (``forward``) and from after to before (``backward``).
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from scripts.comparison import description
from scripts.comparison.change import Change, verdict
from scripts.pipeline import load

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "changes"
GONE = "(none)"


def names() -> list[str]:
    """The cases, sorted."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def document(case: str, which: str) -> dict[str, Any]:
    """One of a case's two documents, complete."""
    base = load.read(FOLDER / "base.yaml").contents
    laid: dict[str, Any] = _over(base, load.read(FOLDER / case / f"{which}.yaml").contents)
    return laid


def expected(case: str) -> dict[str, Any]:
    """What has to be found, by direction."""
    found: dict[str, Any] = load.read(FOLDER / case / "expected.yaml").contents
    return found


def found(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What a comparison finds, in the form of ``expected.yaml``."""
    changes = description.compare(copy.deepcopy(before), copy.deepcopy(after)).changes
    return {
        "verdict": verdict(one.effect for one in changes).value,
        "changes": sorted(map(_told, changes), key=_order),
    }


def in_order(expectation: dict[str, Any]) -> dict[str, Any]:
    """An expectation with its changes in the order of ``found``."""
    return {**expectation, "changes": sorted(expectation["changes"], key=_order)}


def _told(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": change.kind,
        "place": change.place,
        "effect": change.effect.value,
        "operations": list(change.operations),
    }
    ways = {one.direction.value: one.effect.value for one in change.consequences if one.direction}
    return told | ({"directions": ways} if ways and "response header" not in ways else {})


def _order(told: dict[str, Any]) -> tuple[str, str]:
    return told["kind"], told["place"]


def _over(base: Any, laid: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(laid, dict):
        return laid
    result = {key: value for key, value in base.items() if laid.get(key) != GONE}
    for key, value in laid.items():
        if value != GONE:
            result[key] = _over(base.get(key), value) if key in base else _over({}, value)
    return result
