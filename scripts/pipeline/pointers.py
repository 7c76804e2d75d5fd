"""JSON Pointers (RFC 6901): join, split, follow."""

from __future__ import annotations

from typing import Any


class PointerToNowhere(LookupError):
    """A pointer leads to nothing; ``parent`` is the part that exists, ``token`` the first that does not."""

    def __init__(self, parent: str, token: str, choices: tuple[str, ...]) -> None:
        super().__init__(f"{parent}/{escape(token)}")
        self.parent = parent
        self.token = token
        self.choices = choices


def escape(token: str) -> str:
    """One reference token as it is written in a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def join(pointer: str, *tokens: str | int) -> str:
    """``pointer`` followed by ``tokens``."""
    for token in tokens:
        text = token if isinstance(token, str) else str(token)
        pointer += f"/{escape(text) if '~' in text or '/' in text else text}"
    return pointer


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped tokens of a pointer; ``""`` has none. ``ValueError`` when it does not start with ``/``."""
    if pointer == "":
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is not a JSON Pointer: it must be empty or start with '/'")
    tokens = pointer[1:].split("/")
    return tuple([token.replace("~1", "/").replace("~0", "~") for token in tokens] if "~" in pointer else tokens)


def follow(document: Any, pointer: str) -> Any:
    """The value at ``pointer``; ``PointerToNowhere`` when there is none."""
    value, tokens = document, split(pointer)
    for depth, token in enumerate(tokens):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            choices = tuple(map(str, value)) if isinstance(value, dict) else ()
            raise PointerToNowhere(join("", *tokens[:depth]), token, choices)
    return value
