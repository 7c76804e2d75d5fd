"""The issues of one repository on GitHub, over its REST API (docs.github.com/rest/issues)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import httpx

from contract_tests.nightly.issues import LABEL, Issue, Step
from contract_tests.target import is_loopback
from scripts.errors import InputError

API = "https://api.github.com"
PER_PAGE = 100
MOST_PAGES = 20
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


class TrackerError(Exception):
    """The tracker did not answer, or refused."""


class Tracker:
    """Reads and changes issues that carry ``LABEL``; the token is never shown."""

    def __init__(self, repository: str, token: str, api: str = API) -> None:
        parts = urlsplit(api)
        if not REPOSITORY.fullmatch(repository):
            raise InputError(f"{repository!r} is no repository", fix="write owner/name, as in GITHUB_REPOSITORY")
        if not token:
            raise InputError("there is no token for the issues", fix="set GITHUB_TOKEN")
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise InputError(f"{api} would send the token unencrypted", fix="write https://")
        headers = {
            "authorization": f"Bearer {token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }
        self._client = httpx.Client(
            base_url=f"{api.rstrip('/')}/repos/{repository}/issues", headers=headers, timeout=30
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def issues(self) -> list[Issue]:
        """Every issue with the label, open or closed, oldest first; pull requests are none."""
        found = []
        for page in range(1, MOST_PAGES + 1):
            query = {"labels": LABEL, "state": "all", "per_page": PER_PAGE, "page": page, "direction": "asc"}
            listed = self._send("GET", "", params=query)
            found += [_issue(one) for one in listed if "pull_request" not in one]
            if len(listed) < PER_PAGE:
                return found
        raise TrackerError(f"more than {MOST_PAGES * PER_PAGE} issues carry {LABEL}")

    def take(self, step: Step) -> None:
        """Make one change; a comment comes before the state changes, so that both stand in their order."""
        if step.action == "open":
            self._send("POST", "", json={"title": step.title, "body": step.body, "labels": [LABEL]})
            return
        if step.comment:
            self._send("POST", f"/{step.number}/comments", json={"body": step.comment})
        state = {"close": "closed", "reopen": "open"}.get(step.action)
        self._send("PATCH", f"/{step.number}", json={"body": step.body, **({"state": state} if state else {})})

    def _send(self, method: str, path: str, **request: Any) -> Any:
        try:
            answer = self._client.request(method, path, **request)
        except httpx.HTTPError as problem:
            raise TrackerError(f"no answer to {method} issues{path}: {type(problem).__name__}") from problem
        if not answer.is_success:
            raise TrackerError(f"{method} issues{path} was answered with {answer.status_code}")
        try:
            return answer.json()
        except ValueError as problem:
            raise TrackerError(f"{method} issues{path} was answered with what is no JSON") from problem


def _issue(raw: dict[str, Any]) -> Issue:
    return Issue(int(raw["number"]), str(raw["title"]), str(raw.get("body") or ""), raw["state"] == "open")
