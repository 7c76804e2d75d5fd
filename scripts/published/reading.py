"""Read a published description and bring its paths to the base address that ours has."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs

from scripts.comparison import snapshot
from scripts.lint.reading import mapping, sequence, text
from scripts.pipeline.load import JsonObject

PATHLESS = "/"


@attrs.frozen
class Published:
    """The file: its contents with paths as ours are written, what it calls itself, and the hash of its bytes."""

    name: str
    document: JsonObject = attrs.field(repr=False)
    title: str
    version: str
    sha256: str


def read(path: Path, ours: JsonObject) -> Published:
    """The description in a file of OpenAPI 3.0 or 3.1; ``InputError`` for anything else."""
    document = snapshot.document(path, str(path), loose=True)  # others' faults are not ours to refuse
    info = mapping(document.get("info"))
    return Published(
        path.name,
        aligned(document, ours),
        text(info.get("title")),
        text(info.get("version")),
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def aligned(document: JsonObject, ours: JsonObject) -> JsonObject:
    """The document with each path relative to our base address.

    Some files put the version of the API into the server's address, others into every path.
    """
    theirs, base = base_path(document), base_path(ours)
    if theirs == base:
        return document
    paths: dict[str, Any] = {}
    for path, item in mapping(document.get("paths")).items():
        whole = theirs.rstrip("/") + path
        below = base.rstrip("/")
        paths[whole.removeprefix(below) if whole.startswith(f"{below}/") else path] = item
    return {**document, "paths": paths, "servers": [_based(server, base) for server in _servers(document)]}


def _servers(document: JsonObject) -> list[JsonObject]:
    return [mapping(server) for server in sequence(document.get("servers"))]


def _based(server: JsonObject, base: str) -> JsonObject:
    """A server whose address ends with our base path."""
    address = urlsplit(text(server.get("url")))
    return {**server, "url": address._replace(path="" if base == PATHLESS else base).geturl()}


def base_path(document: JsonObject) -> str:
    """The path of the first server's address, ``/`` where there is none."""
    for server in _servers(document):
        return urlsplit(text(server.get("url"))).path.rstrip("/") or PATHLESS
    return PATHLESS
