"""Methods are named as in Telnyx's own library."""

from __future__ import annotations

import json
import subprocess

from contract_tests.description import load
from contract_tests.unit.vendor_clients.conftest import HERE, fetched
from scripts.lock import VENDOR_CLIENT
from scripts.locked_environment import obtain


def missing(names: list[str]) -> list[str]:
    """Those of these names that are no methods of the vendor's library."""
    with fetched():
        interpreter = obtain(VENDOR_CLIENT, "Telnyx's Python library")
    result = subprocess.run(
        [str(interpreter), str(HERE / "python_methods.py")],
        input=json.dumps(names),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: list[str] = json.loads(result.stdout)
    return found


def test_every_operation_is_called_as_the_library_calls_it() -> None:
    names = [operation.raw["x-sdk-method"] for operation in load().operations]
    assert len(names) == len(set(names)) == 84
    assert missing([*names, "messages.send_by_pigeon", "brands.create"]) == ["messages.send_by_pigeon", "brands.create"]
