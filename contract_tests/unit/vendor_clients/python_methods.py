"""Which of the dotted names on standard input, a JSON list, are no methods of Telnyx's own Python library; as JSON.

Runs in the environment of ``scripts/vendor_client.lock`` and imports nothing of this repository.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
from typing import Any

telnyx: Any = importlib.import_module("telnyx")


def there(client: Any, dotted: str) -> bool:
    """Whether a name leads to something that can be called."""
    try:
        return callable(functools.reduce(getattr, dotted.split("."), client))
    except AttributeError:
        return False


client = telnyx.Telnyx(api_key="KEY_vendor")
print(json.dumps([name for name in json.load(sys.stdin) if not there(client, name)]))
