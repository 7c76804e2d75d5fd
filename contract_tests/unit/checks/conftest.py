"""A small made-up API, and a way to write down an exchange with it in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from contract_tests.description import Description
from contract_tests.exchange import Exchange

ERRORS = {"$ref": "#/components/schemas/ErrorList"}
REQUEST_ID = {"x-request-id": {"schema": {"type": "string"}}}
LIMITS = {
    "x-ratelimit-limit": {"schema": {"type": "string"}},
    "x-ratelimit-remaining": {"required": True, "schema": {"type": "integer", "minimum": 0}},
}


def answer(schema: Any, headers: Any = None) -> dict[str, Any]:
    """A response object with a JSON body."""
    return {"description": "An answer.", "headers": headers or {}, "content": {"application/json": {"schema": schema}}}


REFUSALS = {**{str(status): answer(ERRORS) for status in (400, 401, 404, 422, 429)}, "default": answer(ERRORS)}
ITEM = {"$ref": "#/components/schemas/Thing"}
BODY = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingUpdate"}}}}
PAGING = [
    {"name": "page[number]", "in": "query", "x-page": "number", "schema": {"type": "integer", "minimum": 1}},
    {"name": "page[size]", "in": "query", "x-page": "size", "schema": {"type": "integer", "minimum": 1, "maximum": 50}},
    {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}},
    {"name": "deep", "in": "query", "schema": {"type": "boolean"}},
]
LIST = {"properties": {"data": {"type": "array", "items": ITEM}, "meta": {"type": "object"}}}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "parameters": PAGING,
                "responses": {"200": answer(LIST, {**REQUEST_ID, **LIMITS}), **REFUSALS},
            }
        },
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "patch": {
                "operationId": "updateThing",
                "requestBody": BODY,
                "x-rule-errors": [{"status": 422, "code": "10017", "when": "owner is unknown"}],
                "responses": {"200": answer({"type": "object", "properties": {"data": ITEM}}), **REFUSALS},
            },
        },
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "size": {"type": "integer", "maximum": 9},
                    "secret": {"type": "string", "x-sensitive": True},
                    "box": {"anyOf": [{"$ref": "#/components/schemas/Box"}, {"type": "null"}]},
                },
            },
            "Box": {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}},
            "ThingUpdate": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 5},
                    "owner": {"type": ["string", "null"]},
                    "places": {
                        "type": "array",
                        "items": {"type": "string"},
                        "x-required-while-unset": True,
                        "x-missing-error": {"status": 400, "code": "40331"},
                    },
                },
            },
            "ErrorList": {"type": "object", "properties": {"errors": {"type": "array"}}},
        }
    },
}
TOKEN = "KEY_right"
Make = Callable[..., Exchange]


@pytest.fixture(scope="session")
def description() -> Description:
    return Description(DOCUMENT)


@pytest.fixture
def exchange() -> Make:
    """Makes an exchange: a status and a JSON body (or bytes), with what else matters by name."""

    def make(
        status: int = 200,
        body: Any = None,
        *,
        url: str = "http://127.0.0.1:1/v2/things",
        method: str = "GET",
        sent: Any = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = f"Bearer {TOKEN}",
        content_type: str = "application/json",
    ) -> Exchange:
        request_headers = {"content-type": content_type, **({"authorization": token} if token else {})}
        return Exchange(
            operation_id="",
            method=method,
            url=url,
            request_headers=request_headers,
            request_body=sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode(),
            status=status,
            headers=headers if headers is not None else {"content-type": "application/json; charset=utf-8"},
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
            elapsed=0.0,
        )

    return make
