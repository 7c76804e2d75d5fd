"""``python3 -m scripts new RESOURCE``: scaffold a resource that can be generated, mocked and tested as it stands.

Exit codes: 0 written, 2 wrong usage, a name that can't be used, or something that exists already (one message, nothing
written).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from scripts.scaffold import command
from scripts.scaffold.shape import Shape

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command on the working copy at ``root`` or ``--root``."""
    options = _options(arguments)
    shape = Shape(bare=options.bare, camel=options.camel_case, put=options.put)
    root = options.root or root
    written = command.scaffold(root, options.resource, options.record, options.path, shape, options.below)
    print(json.dumps(written.report(), indent=2) if options.json else "\n".join(written.lines()))
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m scripts new",
        description="Scaffold a resource: its description, examples, evidence and mock seeds. "
        "openapi/README.md tells in ten steps what to do with them.",
    )
    parser.add_argument(
        "resource", metavar="RESOURCE", help="the plural in snake_case, say number_pools: tag and folder"
    )
    parser.add_argument("--record", metavar="NAME", help="what one is called, say number_pool (default: the singular)")
    parser.add_argument("--path", metavar="PATH", help="the path of the list (default: /RESOURCE)")
    parser.add_argument(
        "--below", metavar="COLLECTION", help="the records stand below those of a collection, say messaging_profiles"
    )
    parser.add_argument(
        "--bare", action="store_true", help="answers are the record itself, lists {records, page, …}; no data, no meta"
    )
    parser.add_argument("--camel-case", action="store_true", help="members are in camelCase, as createdAt")
    parser.add_argument("--put", action="store_true", help="a PUT that sets every field anew instead of a PATCH")
    parser.add_argument("--root", type=Path, metavar="DIR", help="the working copy to write to (default: this one)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    return parser.parse_args(arguments)
