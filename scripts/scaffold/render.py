"""Fill the templates: plain files whose names and texts hold the new resource's names.

``templates/files`` mirrors the repository: ``[resource]``, ``[record]``, ``[stem]`` and the like in a file's name
stand for attributes of ``Names``, as ``{{ … }}`` does in its text (Jinja). ``templates/entries`` holds what is added to
files that exist.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2

from scripts.scaffold.naming import Names

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".jinja"
_PLACE = re.compile(r"\[([a-z_]+)\]")


def files(names: Names) -> dict[str, str]:
    """The text of every new file by its path below the root, with ``/``, sorted."""
    folder = TEMPLATES / "files"
    return dict(sorted(_filled(folder, names)))


def entry(kind: str, names: Names) -> str:
    """An entry for an existing file, not indented: ``tag``, ``path``, ``item_path`` or ``document``."""
    return (
        _environment(names.bare)
        .from_string(_read(TEMPLATES / "entries" / f"{kind}.yaml{SUFFIX}"))
        .render(_values(names))
    )


def _filled(folder: Path, names: Names) -> Iterator[tuple[str, str]]:
    environment, values = _environment(names.bare), _values(names)
    for template in folder.rglob(f"*{SUFFIX}"):
        place = template.relative_to(folder).as_posix().removesuffix(SUFFIX)
        text = environment.from_string(_read(template)).render(values)
        if text.strip():  # a file that only other shapes of a resource have
            yield _PLACE.sub(lambda found: str(values[found[1]]), place), text


def _environment(bare: bool) -> jinja2.Environment:
    made = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, trim_blocks=True, autoescape=False
    )
    made.filters["answered"] = lambda record: _answered(record, bare)
    return made


def _answered(record: str, bare: bool) -> str:
    """The lines of a record as the value of an example: under ``data``, or by themselves where answers are bare."""
    return textwrap.indent(record, "  ") if bare else f"  data:\n{textwrap.indent(record, '    ')}"


def _values(names: Names) -> Mapping[str, Any]:
    """Every attribute of ``Names`` by its name."""
    return {name: getattr(names, name) for name in dir(names) if not name.startswith("_")}


def _read(template: Path) -> str:
    return template.read_text(encoding="utf-8").replace("\r\n", "\n")
