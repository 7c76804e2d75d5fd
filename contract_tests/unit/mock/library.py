"""A made-up API, a library with shelves and books: it uses every rule of the vocabulary and no word of Telnyx.

That the mock serves it without a line of code of its own is the point of the tests that use it.
"""

from __future__ import annotations

import copy
from typing import Any

Node = dict[str, Any]
SHELF_ID = "0b6a7c1e-5a0f-4d7b-9c55-0f5a3a1b2c3d"


def ref(kind: str, name: str) -> Node:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def answer(data: Node, *, status: str = "200", meta: bool = False) -> Node:
    """The responses object of an operation that answers ``data``."""
    members: Node = {"data": data, **({"meta": {"type": "object"}} if meta else {})}
    content = {"application/json": {"schema": {"type": "object", "properties": members}}}
    return {status: {"description": "It worked.", "content": content}, "default": {"description": "It did not."}}


def body(name: str, *, required: bool = True) -> Node:
    """A JSON request body."""
    return {"required": required, "content": {"application/json": {"schema": ref("schemas", name)}}}


SCHEMAS: Node = {
    "Lighting": {
        "type": "object",
        "required": ["lux"],
        "properties": {
            "lux": {"type": "number", "minimum": 0},
            "dimmed": {"type": "boolean", "default": False},
            "measured": {"type": "string", "readOnly": True},
        },
    },
    "Kind": {"type": "string", "enum": ["open-stack", "openstack", "closed"]},
    "Shelf": {
        "type": "object",
        "properties": {
            "record_type": {"type": "string", "enum": ["shelf"], "readOnly": True, "x-generated": "constant"},
            "id": {"type": "string", "format": "uuid", "readOnly": True, "x-generated": "id"},
            "owner": {"type": "string", "x-generated": "constant", "examples": ["city"], "readOnly": True},
            "label": {"type": "string"},
            "kind": ref("schemas", "Kind"),
            "subjects": {"type": "array", "items": {"type": "string"}},
            "floor": {"type": "integer"},
            "note": {"type": ["string", "null"]},
            "lighting": {"anyOf": [ref("schemas", "Lighting"), {"type": "null"}]},
            "key": {"type": "string", "x-generated": "secret", "x-sensitive": True},
            "visits": {"type": "integer", "x-initial": 0},
            "reviewer": {"type": "string"},
            "created_at": {"type": "string", "format": "date-time", "readOnly": True, "x-generated": "created-at"},
            "updated_at": {"type": "string", "format": "date-time", "readOnly": True, "x-generated": "updated-at"},
        },
    },
    "ShelfCreate": {
        "type": "object",
        "required": ["id", "label", "subjects"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "readOnly": True},
            "label": {"type": "string", "pattern": "^[a-z ]+$", "maxLength": 12},
            "subjects": {
                "type": "array",
                "items": {"type": "string"},
                "x-missing-error": {"status": 400, "code": "40331"},
            },
            "kind": {**ref("schemas", "Kind"), "default": "closed"},
            "floor": {"type": "integer", "default": 1, "minimum": 0, "maximum": 9},
            "note": {"type": ["string", "null"], "default": ""},
            "lighting": {"anyOf": [ref("schemas", "Lighting"), {"type": "null"}]},
        },
    },
    "ShelfUpdate": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid", "readOnly": True},
            "label": {"type": "string", "pattern": "^[a-z ]+$", "maxLength": 12},
            "subjects": {
                "type": "array",
                "items": {"type": "string"},
                "x-required-while-unset": True,
                "x-missing-error": {"status": 400, "code": "40331"},
            },
            "floor": {"type": "integer", "minimum": 0, "maximum": 9},
            "note": {"type": ["string", "null"], "x-on-null": "clear"},
            "lighting": {
                "anyOf": [ref("schemas", "Lighting"), {"type": "null"}],
                "x-on-null": "clear",
                "x-on-object": "merge",
            },
        },
    },
    "Book": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "readOnly": True, "x-generated": "id"},
            "isbn": {"type": "string"},
            "shelf_id": {"type": ["string", "null"]},
            "languages": {"type": "array", "items": {"type": "string"}, "x-initial": ["en", "de"]},
            "language": {"type": "string", "x-initial": "en"},
            "lent": {"type": "boolean", "x-initial": False},
            "created_at": {"type": "string", "readOnly": True, "x-generated": "created-at"},
            "updated_at": {"type": "string", "readOnly": True, "x-generated": "updated-at"},
        },
    },
    "BookCreate": {
        "type": "object",
        "required": ["isbn"],
        "properties": {
            "isbn": {"type": "string"},
            "shelf_id": {"type": ["string", "null"], "x-references": "shelves"},
            "lent": {"type": "boolean"},
        },
    },
    "BookUpdate": {
        "type": "object",
        "properties": {
            "shelf_id": {
                "type": ["string", "null"],
                "x-on-null": "keep",
                "x-on-empty-string": "clear",
                "x-references": "shelves",
            },
            "language": {
                "type": ["string", "null"],
                "x-on-null": "keep",
                "x-on-empty-string": "keep",
                "x-ignored-unless-in": "languages",
            },
        },
    },
}

PARAMETERS: Node = {
    "PageNumber": {
        "name": "page[number]",
        "in": "query",
        "x-page": "number",
        "schema": {"type": "integer", "minimum": 1, "default": 1},
    },
    "PageSize": {
        "name": "page[size]",
        "in": "query",
        "x-page": "size",
        "schema": {"type": "integer", "minimum": 1, "maximum": 50, "default": 3},
    },
}


def query(name: str, schema: Node, **extensions: Any) -> Node:
    """A query parameter; ``x_filter=...`` becomes ``x-filter``."""
    return {
        "name": name,
        "in": "query",
        "schema": schema,
        **{key.replace("_", "-"): value for key, value in extensions.items()},
    }


def path_id(name: str = "id") -> Node:
    """A path parameter."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def resource(collection: str, action: str, **more: Any) -> Node:
    """An ``x-resource``."""
    return {"collection": collection, "action": action, **more}


PAGES = [ref("parameters", "PageNumber"), ref("parameters", "PageSize")]
UNKNOWN_SHELF = {"status": 409, "code": "10017", "when": "the shelf does not exist"}
PATHS: Node = {
    "/shelves": {
        "get": {
            "operationId": "listShelves",
            "x-resource": resource("shelves", "list", order="-created_at"),
            "parameters": [
                *PAGES,
                query("filter[label]", {"type": "string"}, x_filter={"field": "label", "operator": "eq"}),
                query(
                    "filter[label][contains]", {"type": "string"}, x_filter={"field": "label", "operator": "contains"}
                ),
                query("filter[floor]", {"type": "integer"}, x_filter={"field": "floor", "operator": "eq"}),
                query("filter[in]", {"type": "string"}, x_filter={"field": "label", "operator": "in"}),
                query(
                    "filter[kind]",
                    {"type": "string", "enum": ["open", "closed"]},
                    x_filter={"field": "kind", "operator": "eq", "values": {"open": ["open-stack", "openstack"]}},
                ),
                query("sort[label]", {"type": "string", "enum": ["asc", "desc"]}, x_sort={"field": "label"}),
            ],
            "responses": answer({"type": "array", "items": ref("schemas", "Shelf")}, meta=True),
        },
        "post": {
            "operationId": "createShelf",
            "x-resource": resource("shelves", "create"),
            "requestBody": body("ShelfCreate"),
            "responses": answer(ref("schemas", "Shelf"), status="201"),
        },
    },
    "/shelves/{id}": {
        "parameters": [path_id()],
        "get": {
            "operationId": "retrieveShelf",
            "x-resource": resource("shelves", "retrieve", key="id"),
            "responses": answer(ref("schemas", "Shelf")),
        },
        "patch": {
            "operationId": "updateShelf",
            "x-resource": resource("shelves", "update", key="id"),
            "x-empty-update": "refuse",
            "x-rule-errors": [{"status": 409, "code": "10004", "when": "there is nothing to update"}],
            "requestBody": body("ShelfUpdate"),
            "responses": answer(ref("schemas", "Shelf")),
        },
        "delete": {
            "operationId": "deleteShelf",
            "x-resource": resource("shelves", "delete", key="id"),
            "x-blocked-by": [{"collection": "books", "field": "shelf_id", "status": 409, "code": "10021"}],
            "responses": answer(ref("schemas", "Shelf")),
        },
    },
    "/shelves/{shelf}/books": {
        "get": {
            "operationId": "listShelfBooks",
            "x-resource": resource(
                "books", "list", parent={"collection": "shelves", "parameter": "shelf", "field": "shelf_id"}
            ),
            "parameters": [path_id("shelf"), *PAGES],
            "responses": answer({"type": "array", "items": ref("schemas", "Book")}, meta=True),
        }
    },
    "/books": {
        "get": {
            "operationId": "listBooks",
            "security": [],
            "x-resource": resource("books", "list", order="created_at"),
            "parameters": [
                query("filter[lent]", {"type": "boolean"}, x_filter={"field": "lent", "operator": "eq"}),
                query(
                    "filter[isbn]",
                    {"type": "array", "items": {"type": "string"}},
                    x_filter={"field": "isbn", "operator": "in"},
                ),
                query("reader", {"type": "string"}, required=True),
            ],
            "responses": answer({"type": "array", "items": ref("schemas", "Book")}),
        },
        "post": {
            "operationId": "createBook",
            "x-resource": resource("books", "create"),
            "x-rule-errors": [UNKNOWN_SHELF],
            "requestBody": body("BookCreate"),
            "responses": answer(ref("schemas", "Book")),
        },
    },
    "/books/latest": {
        "get": {
            "operationId": "listLatestBooks",
            "x-resource": resource("books", "list", order="-created_at"),
            "responses": answer({"type": "array", "items": ref("schemas", "Book")}),
        }
    },
    "/books/{id}": {
        "parameters": [path_id()],
        "get": {
            "operationId": "retrieveBook",
            "x-resource": resource("books", "retrieve", key="id", lookup=["isbn"]),
            "responses": answer(ref("schemas", "Book")),
        },
        "patch": {
            "operationId": "updateBook",
            "x-resource": resource("books", "update", key="id", lookup=["isbn"]),
            "x-empty-update": "accept",
            "x-rule-errors": [UNKNOWN_SHELF],
            "requestBody": body("BookUpdate", required=False),
            "responses": answer(ref("schemas", "Book")),
        },
        "delete": {
            "operationId": "deleteBook",
            "x-resource": resource("books", "delete", key="id"),
            "responses": {"204": {"description": "Gone."}},
        },
    },
}


def document() -> Node:
    """The whole made-up description; a new copy each time, so that a test may spoil it."""
    return copy.deepcopy(
        {
            "openapi": "3.1.0",
            "info": {"title": "Library", "version": "1"},
            "servers": [{"url": "https://library.example/v2"}],
            "security": [{"bearerAuth": []}],
            "paths": PATHS,
            "components": {"schemas": SCHEMAS, "parameters": PARAMETERS},
        }
    )
