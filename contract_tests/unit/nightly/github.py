"""A stand-in for GitHub's issues: it keeps them, and notes what it was asked."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_marker_of_the_tests"
REPOSITORY = "someone/something"


class Hub:
    """The issues of one repository, as dictionaries of GitHub's fields."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.comments: list[tuple[int, str]] = []
        self.asked: list[str] = []
        self.url = ""
        self.status = 0

    def add(self, **fields: Any) -> dict[str, Any]:
        """A new issue, open unless told otherwise."""
        issue = {"number": len(self.issues) + 1, "title": "", "body": "", "state": "open", "labels": [], **fields}
        self.issues.append(issue)
        return issue

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """What GitHub would answer."""
        self.asked.append(f"{method} {path}")
        parts = urlsplit(path)
        match = re.fullmatch(rf"/repos/{REPOSITORY}/issues(?:/(\d+)(/comments)?)?/?", parts.path)
        if self.status:
            return self.status, {"message": "no"}
        if match is None:
            return 404, {"message": "Not Found"}
        if method == "GET":
            query = parse_qs(parts.query)
            label, page, size = query["labels"][0], int(query["page"][0]), int(query["per_page"][0])
            found = [one for one in self.issues if label in one["labels"]]
            return 200, found[(page - 1) * size : page * size]
        if match[1] is None:
            return 201, self.add(**body)
        if match[2]:
            self.comments.append((int(match[1]), body["body"]))
            return 201, {}
        self.issues[int(match[1]) - 1].update(body)
        return 200, self.issues[int(match[1]) - 1]


@contextlib.contextmanager
def serving() -> Iterator[Hub]:
    """A stand-in that takes ``TOKEN``, at ``Hub.url``."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            sent = json.loads(self.rfile.read(length)) if length else None
            if self.headers["authorization"] != f"Bearer {TOKEN}":
                status, body = 401, {"message": "Bad credentials"}
            else:
                status, body = hub.answer(self.command, self.path, sent)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_PATCH = do_GET

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
