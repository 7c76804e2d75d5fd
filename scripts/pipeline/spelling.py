"""The one place where a name on the wire becomes a name in Python.

openapi-python-client parts ``optInWorkflowImageURLs`` into ``opt_in_workflow_image_ur_ls``, ``businessAddr1`` into
``business_addr_1``, and calls ``type`` ``type_``. Telnyx's own library says ``opt_in_workflow_image_urls``,
``business_addr1`` and ``type``, and so does the package: while it is generated, the generator splits words as here.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from typing import Any

FIELD_PREFIX = "field_"
# Words that are written with digits or capitals inside, so that neither tells where they begin.
_WHOLE = r"(?i:10dlc|2fa|ipv[46]|oauth)(?![a-z])"
_WORD = re.compile(
    "|".join(
        (
            _WHOLE,
            r"[A-Z]{2,}s(?![a-z])[0-9]*",  # URLs, IDs
            r"[A-Z]+(?![a-z])[0-9]*",  # URL, SHA256, and the T of TMobile
            rf"[A-Z]?[a-z]+(?:(?!{_WHOLE})[0-9]+[a-z]*)*",  # Addr1, v1beta1
            r"[0-9]+[a-z]*",
        )
    )
)
# Builtins by which APIs like to call things and which no generated module needs beside its arguments and fields;
# Telnyx's library leaves them alone, too. The generator appends an underscore to the name of any builtin.
KEPT = frozenset(
    {"all", "any", "filter", "format", "hash", "help", "input", "license", "map", "max", "min", "next", "open"}
    | {"range", "round", "sum", "type"}
)


def snake(name: str) -> str:
    """``name`` in snake_case. Where its letters are of one case, only separators part words: ``ADDR1`` is ``addr1``."""
    mixed = any(one.islower() for one in name) and any(one.isupper() for one in name)
    if not mixed:
        return "_".join(re.findall(r"[^\\. _-]+", name)).lower()
    words = (name[slice(*found.span())] for found in _WORD.finditer("".join(map(_in_ascii, name))))
    return "_".join(words).lower()


def _in_ascii(character: str) -> str:
    """The character, or one of the same kind and case in its place."""
    if character.isascii():
        return character
    return "0" if character.isdecimal() else "X" if character.isupper() else "x"


@functools.cache
def identifier(name: str) -> str:
    """The argument, attribute, module or package that the generated package has for ``name``."""
    with in_generator():
        from openapi_python_client.strings import PythonIdentifier

        return str(PythonIdentifier(name, prefix=FIELD_PREFIX))


@contextlib.contextmanager
def in_generator() -> Iterator[None]:
    """Let the generator spell names like this."""
    from openapi_python_client import strings

    module: Any = strings
    spelled, reserved = module.snake_case, module.RESERVED_WORDS
    module.snake_case, module.RESERVED_WORDS = _snake_of_generator, reserved - KEPT
    try:
        yield
    finally:
        module.snake_case, module.RESERVED_WORDS = spelled, reserved


def _snake_of_generator(value: Any) -> str:
    """As the function of the generator that it stands for: it gets texts from the description wrapped or bare."""
    from openapi_python_client.schema.untrusted_string import UntrustedString
    from openapi_python_client.strings import sanitize

    return snake(sanitize(value.get_untrusted_value() if isinstance(value, UntrustedString) else value))
