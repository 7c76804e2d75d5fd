"""Add an entry to ``known.yaml`` and leave the rest of the file, comments included, as it was."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract_tests.drift import known
from contract_tests.drift.proposals import overlay_text
from scripts.errors import InputError


def add(
    path: Path,
    finding: Mapping[str, Any],
    *,
    reason: str,
    expires: str,
    target: str = "",
    today: datetime.date | None = None,
) -> None:
    """Add the finding of a report; ``InputError`` when it is there already or the entry would not be valid.

    The file is replaced as a whole, and only once it can be read again.
    """
    date = today or datetime.datetime.now(datetime.UTC).date()
    entry = {
        "id": finding["fingerprint"],
        "what": finding["headline"],
        "reason": reason,
        "date": date.isoformat(),
        "expires": expires,
        "operations": list(finding["operations"]),
        **({"target": target} if target else {}),
    }
    if any(one.identity == entry["id"] for one in known.read(path)):
        raise InputError(f"{entry['id']} is known already", file=path, fix="change the entry that is there")
    text = path.read_text(encoding="utf-8").rstrip("\n")
    text = text.removesuffix("known: []") + "known:" if text.endswith("known: []") else text
    lines = overlay_text.dump({"known": [entry]}).splitlines()[1:]
    body = "\n".join([text, *(f"  {line}" for line in lines)]) + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".known-", suffix=".yaml")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(body)
        known.read(Path(name), path.name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
