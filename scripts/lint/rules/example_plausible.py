"""Examples hold plausible values: no placeholders, no secrets that look real, no numbers of real people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts.lint.finding import Finding
from scripts.lint.reading import sequence
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject
from scripts.pipeline import pointers

SCOPE = Scope.HOUSE
PLACEHOLDER = re.compile(
    r"string|text|example(?: \w+)?|foo|bar|baz|test|todo|tbd|xxx+|lorem ipsum.*|n/?a|your[-_ ].*|<.*>|\{.*\}"
    r"|string value|0{8}-0{4}-0{4}-0{4}-0{12}",
    re.IGNORECASE,
)
REAL_KEY = re.compile(r"KEY[0-9A-F]{20,}_\w{10,}")
# North American numbers are free for examples only from 555-0100 to 555-0199; 800 555 0001 is the documents' own.
NUMBER = re.compile(r"\+1\d{10}")
FREE = re.compile(r"\+1\d{3}55501\d\d|\+1800555\d{4}")


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each value that nobody would send or get."""
    document = subject.document
    for node in document.every_node:
        if node.kind == "examples":
            yield from _values(pointers.join(node.pointer, "value"), node.value.get("value"))
        else:
            if "example" in node.value:
                yield from _values(pointers.join(node.pointer, "example"), node.value["example"])
            if node.kind == "schemas":
                for index, value in enumerate(sequence(node.value.get("examples"))):
                    yield from _values(pointers.join(node.pointer, "examples", index), value)


def _values(pointer: str, value: Any) -> Iterator[Finding]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _values(pointers.join(pointer, key), member)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _values(pointers.join(pointer, index), member)
    elif isinstance(value, str):
        if PLACEHOLDER.fullmatch(value.strip()):
            yield Finding(pointer, f"{value!r} is a placeholder", "write a value that the API could answer")
        elif REAL_KEY.search(value):
            yield Finding(pointer, "this looks like a real key", "make one up that can't be mistaken for one")
        else:
            for number in NUMBER.findall(value):
                if not FREE.fullmatch(number):
                    yield Finding(pointer, f"{number} may be somebody's number", "use one from 555-0100 to 555-0199")
