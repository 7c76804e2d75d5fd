"""Each success and each 429 carries the headers that tell what is left of the quota; every response a request id."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lint.finding import Finding
from scripts.lint.reading import mapping
from scripts.lint.scope import Scope
from scripts.lint.subject import Subject

SCOPE = Scope.HOUSE
QUOTA = {
    "x-ratelimit-limit": "RateLimitLimit",
    "x-ratelimit-remaining": "RateLimitRemaining",
    "x-ratelimit-reset": "RateLimitReset",
}
ALWAYS = {"x-request-id": "RequestId"}


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each response and header that is missing or is not the shared one."""
    seen: set[str] = set()
    for operation in subject.document.operations:
        for status, at, response in subject.document.responses(operation):
            if at in seen:
                continue
            seen.add(at)
            wanted = {**QUOTA, **ALWAYS} if status.startswith("2") or status == "429" else ALWAYS
            headers = mapping(response.get("headers"))
            for header, name in wanted.items():
                if mapping(headers.get(header)).get("$ref") != f"#/components/headers/{name}":
                    fix = f"refer to shared/headers/{name}.yaml"
                    yield Finding(at, f"the response has no shared header {header}", fix)
