"""Scenarios as text: what is asked of a mock over a real socket, and exactly what it answers.

``scenarios/README.md`` tells the format. ``read`` makes steps of a text, ``Teller`` carries them out and says, step by
step, what came in the very form in which it was expected, so that a difference is a difference of lines.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

FIELD = re.compile(r"([A-Za-z-]+): ?(.*)")
HOLE = re.compile(r"<(uuid|timestamp|number|secret|text)(?: ([a-z0-9_]+))?(?: after ([a-z0-9_]+))?>")
FORMS = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "number": r"\d+",
    "secret": r"[A-Za-z0-9]{24}",
    "text": r".+",
}
# What every connection adds, and what follows from the body.
UNSAID = {"date", "content-length"}
# What an answer has that names no header: exactly these.
USUAL = (
    "content-type: application/json; charset=utf-8",
    "x-ratelimit-limit: <text>",
    "x-ratelimit-remaining: <number>",
    "x-ratelimit-reset: <number>",
    "x-request-id: <uuid>",
)
# How httpx says what happened to a connection, and how a scenario does.
FAILURES = (
    (httpx.ConnectError, "refused", "connection refused"),
    (httpx.ReadError, "reset", "connection reset"),
    (httpx.RemoteProtocolError, "incomplete|without sending complete", "connection closed within the body"),
    (httpx.RemoteProtocolError, "without sending a response", "connection closed without an answer"),
    (httpx.DecodingError, "", "body cannot be decompressed"),
    (httpx.ReadTimeout, "", "no answer in time"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One section of a scenario: its kind (``request``, ``answer``, ...), what stands behind it, its lines."""

    kind: str
    rest: str
    lines: tuple[str, ...]
    number: int  # of the section's first line in the file


@dataclass(frozen=True, slots=True)
class Scenario:
    """A text taken apart: the title and the steps in order."""

    title: str
    steps: tuple[Step, ...]


def read(text: str) -> Scenario:
    """Take a scenario apart; ``ValueError`` for anything that does not keep to the format."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("--- ")]
    if not starts or not lines[0].strip():
        raise ValueError("a scenario is a title and sections that begin with '--- '")
    steps = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        kind, _, rest = lines[start][4:].partition(" ")
        if kind not in KINDS:
            raise ValueError(f"line {start + 1}: there is no section {kind!r}")
        block = lines[start + 1 : end]
        while block and not block[-1].strip():
            block.pop()
        steps.append(Step(kind, rest.strip(), tuple(block), start + 1))
    kinds = [step.kind for step in steps]
    for former, one in zip(["", *kinds], [*kinds, ""], strict=True):
        if (former == "request") != (one in {"answer", "failure"}):
            raise ValueError(f"each request has an answer or a failure behind it, and nothing else has: {kinds}")
    if "mock" in kinds[1:]:
        raise ValueError("the section mock comes first")
    return Scenario(" ".join(" ".join(lines[: starts[0]]).split()), tuple(steps))


KINDS = frozenset({"mock", "request", "answer", "failure", "time", "message"})


@dataclass(slots=True)
class Teller:
    """Sends the requests of a scenario; ``names`` are the values that placeholders have caught so far."""

    client: httpx.Client
    token: str
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, step: Step) -> list[str]:
        """The lines of what came: a whole answer, or the one line of a failure."""
        lines = [self._filled(line) for line in step.lines]
        method, _, target = lines[0].partition(" ")
        gap = lines.index("") if "" in lines else len(lines)
        fields = [match for line in lines[1:gap] if (match := FIELD.fullmatch(line))]
        headers = {match[1]: match[2] for match in fields}
        if len(headers) != gap - 1:
            raise ValueError(f"line {step.number}: a request is a method and an address, headers, a blank line, a body")
        sent = {"authorization": f"Bearer {self.token}", **{name.lower(): value for name, value in headers.items()}}
        crlf = headers.pop("x-body-lines", "") == "crlf"
        body = ("\r\n" if crlf else "\n").join(lines[gap + 1 :]).encode()
        if body:
            sent.setdefault("content-type", "application/json")
        if sent.pop("x-body-encoding", "") == "latin-1":
            body = body.decode().encode("latin-1")
        if size := sent.pop("x-body-size", ""):
            body = body.ljust(int(size))
        if size := sent.pop("x-header-size", ""):
            sent["x-filler"] = "x" * int(size)
        sent = {name: value for name, value in sent.items() if value}
        try:
            return told(self.client.request(method, target, headers=sent, content=body))
        except httpx.TransportError as problem:
            return [_failure(problem)]
        except httpx.DecodingError as problem:
            return [_failure(problem)]

    def expected(self, step: Step) -> list[str]:
        """The lines that should come, with the usual headers where none is named."""
        if step.kind == "failure":
            return [step.rest]
        lines = [self._filled(line) for line in step.lines]
        gap = lines.index("") if "" in lines else len(lines)
        named = sorted(lines[1:gap])
        return [lines[0], *(named or USUAL), *(["", *lines[gap + 1 :]] if lines[gap + 1 :] else [])]

    def difference(self, expected: list[str], came: list[str]) -> str:
        """What differs, empty when every line fits its line; placeholders catch their values."""
        for number in range(max(len(expected), len(came))):
            wanted = expected[number] if number < len(expected) else "(nothing more)"
            found = came[number] if number < len(came) else "(nothing more)"
            if not (number < len(expected) and number < len(came) and self._fits(wanted, found)):
                whole = "\n".join(came)
                return f"expected: {wanted}\ncame:     {found}\nthe whole answer:\n{whole}"
        return ""

    def _fits(self, wanted: str, found: str) -> bool:
        pattern, at, caught = "", 0, []
        for hole in HOLE.finditer(wanted):
            pattern += re.escape(wanted[at : hole.start()]) + f"({FORMS[hole[1]]})"
            caught.append(hole)
            at = hole.end()
        match = re.fullmatch(pattern + re.escape(wanted[at:]), found)
        if match is None:
            return False
        for hole, value in zip(caught, match.groups(), strict=True):
            if hole[2] and self.names.setdefault(hole[2], value) != value:
                return False
            if hole[3] and not value > self.names[hole[3]]:
                return False
        return True

    def _filled(self, line: str) -> str:
        """The line with what ``{name}`` stands for; other braces stay."""
        return re.sub(r"\{([a-z0-9_]+)\}", lambda found: self.names.get(found[1], found[0]), line)


def told(response: httpx.Response) -> list[str]:
    """An answer in the form of a scenario: status, headers by name, a blank line, the body."""
    head = [f"{response.status_code} {response.reason_phrase}".strip()]
    head += sorted(f"{name}: {value}" for name, value in response.headers.items() if name not in UNSAID)
    body = _body(response)
    return [*head, *(["", *body] if body else [])]


def _body(response: httpx.Response) -> list[str]:
    if response.headers.get("content-type", "").startswith("application/json") and response.content:
        found: Any = response.json()
        return json.dumps(found, indent=2, ensure_ascii=False).splitlines()
    return response.text.splitlines()


def _failure(problem: Exception) -> str:
    for kind, pattern, words in FAILURES:
        if isinstance(problem, kind) and re.search(pattern, str(problem)):
            return words
    return f"{type(problem).__name__}: {problem}"
