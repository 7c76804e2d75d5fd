"""Send calls through one package and print what it would put on the wire. Runs alone, in a process of its own.

``python -I wire_driver.py FOLDER`` reads a JSON list of calls from stdin and prints a JSON list with an entry for each.
It uses the standard library, httpx and the package in FOLDER, which may have any name and version: arguments are
found by their wire names without what Python can't spell. Nothing is sent: a transport takes the requests.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

TOKEN = "KEY_wire"
ADDRESS = "https://wire.invalid/v2"
BOUNDARY = re.compile(rb"boundary=([\w-]+)")


class Recorder:
    """Answers every request with an empty object and keeps what was asked."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        body = request.content
        if found := BOUNDARY.search(request.headers.get("content-type", "").encode()):
            # Made anew for each request, so it can't be part of a comparison.
            body = body.replace(found[1], b"BOUNDARY")
            headers = [(name, value.replace(found[1].decode(), "BOUNDARY")) for name, value in headers]
        url = request.url
        target = f"{url.raw_scheme.decode()}://{url.raw_host.decode()}{url.raw_path.decode('latin-1')}"
        self.seen.append({"method": request.method, "url": target, "headers": headers, "body": body.decode("latin-1")})
        return httpx.Response(200, json={"data": {}, "meta": {}}, request=request)


def flat(name: str) -> str:
    """A name without what its spelling on the wire and in Python differ in."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def main(folder: Path) -> None:
    sys.path.insert(0, str(folder.parent))
    package = importlib.import_module(folder.name)
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    recorder = Recorder()
    transport = httpx.MockTransport(recorder)
    blocking = package.Telnyx(TOKEN, base_url=ADDRESS, transport=transport)
    waiting = package.AsyncTelnyx(TOKEN, base_url=ADDRESS, transport=transport)
    results = []
    for call in json.load(sys.stdin):
        found: dict[str, Any] = {}
        for way in ("function", "async function", "method"):
            recorder.seen.clear()
            try:
                send(package, manifest, call, blocking if way != "async function" else waiting, way)
            except Exception as problem:  # whatever an old or new version makes of it is the finding
                if not recorder.seen:
                    found[way] = {"error": f"{type(problem).__name__}: {problem}"}
                    continue
            found[way] = recorder.seen[0] if recorder.seen else {"error": "nothing was sent"}
        results.append(found)
    json.dump(results, sys.stdout)


def send(package: Any, manifest: Mapping[str, Any], call: Mapping[str, Any], client: Any, way: str) -> None:
    """Make one call; what the answer is made into does not matter."""
    if way == "method":
        method = client
        for part in manifest["methods"][call["operation"]].split("."):
            method = getattr(method, part)
        given = {**call["path"], **call["query"], **call["header"], **(call["body"] or {})}
        outcome = method(**arguments(method, given, exact=False))
        if hasattr(outcome, "first"):
            outcome.first()
        return
    module = importlib.import_module(f"{package.__name__}.{manifest['operations'][call['operation']]}")
    function = module.asyncio_detailed if way == "async function" else module.sync_detailed
    given = arguments(function, {**call["path"], **call["query"], **call["header"]}, exact=True)
    if call["body"] is not None:
        model = body_class(function, module)
        given["body"] = call["body"] if model is None else model.from_dict(call["body"])
    outcome = function(client=client, **given)
    if inspect.isawaitable(outcome):
        asyncio.run(wait(outcome))


async def wait(outcome: Any) -> Any:
    return await outcome


def arguments(function: Any, given: Mapping[str, Any], *, exact: bool) -> dict[str, Any]:
    """Python's name for each argument on the wire; ``TypeError`` when it has none."""
    taken = {flat(name): name for name in inspect.signature(function).parameters}
    found = {}
    for name, value in given.items():
        known = taken.get(flat(name))
        if known is None:
            raise TypeError(f"there is no argument for {name}")
        found[known] = value if exact or not isinstance(value, dict) else Plain(value)
    return found


class Plain(dict[str, Any]):
    """An object where a method wants a model: it is written as it stands."""

    def to_dict(self) -> dict[str, Any]:
        return dict(self)


def body_class(function: Any, module: Any) -> Any:
    """The model of the body, from the annotation of the argument."""
    annotation = inspect.signature(function).parameters["body"].annotation
    if isinstance(annotation, str):
        annotation = eval(annotation, dict(vars(module)))  # the package's own source, which is imported anyway
    members = annotation.__args__ if isinstance(annotation, types.UnionType) else (annotation,)
    return next((member for member in members if hasattr(member, "from_dict")), None)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
