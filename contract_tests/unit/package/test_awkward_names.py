"""Names of real descriptions that are awkward in Python: digits inside, models called like resources and fields."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.unit.package.made import made
from scripts.pipeline import spelling

NAMES = [
    "const",
    "circle",
    "optional",
    "many",
    "member",
    "choice",
    "moment",
    "identity",
    "anything",
    "mixture",
    "upload",
]
# Schemas that are called like classes of the package.
CLASSES = [
    "Model",
    "Tolerance",
    "Record",
    "Constant",
    "Items",
    "Either",
    "Call",
    "Operation",
    "Answer",
    "Settings",
    "Session",
    "Event",
    "Status",
    "Enum",
]
# Fields that are called like what the code of a model uses.
INNER = [
    "cls",
    "src",
    "tolerance",
    "get",
    "v",
    "m",
    "d",
    "absent",
    "plain",
    "models",
    "misfit",
    "field",
    "define",
    "unset",
    "locals",
    "names",
    *sorted(spelling.KEPT),
]


def ref(name: str) -> dict[str, str]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def objects(**properties: Any) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "description": "An object.", "properties": properties}


def field(name: str) -> dict[str, Any]:
    """The schema of the field ``name`` of the model ``Name``."""
    own, null = ref(name.title()), {"type": "null"}
    shapes: dict[str, dict[str, Any]] = {
        "const": {"type": "string", "const": "x"},
        "circle": own,
        "optional": {"anyOf": [own, null]},
        "many": {"type": "array", "items": own},
        "member": {"anyOf": [ref("Kind"), null]},
        "choice": {"anyOf": [ref("Kind"), ref("Other")]},
        "moment": {"type": "string", "format": "date-time"},
        "identity": {"type": "string", "format": "uuid"},
        "anything": {},
        "mixture": {"type": "array", "items": {"anyOf": [ref("Kind"), own]}},
        "upload": {"type": "string", "format": "binary"},
    }
    return shapes[name]


def operation(name: str, method: str, schema: str, *parameters: str, body: str | None = None) -> dict[str, Any]:
    """An operation that answers with a schema."""
    answer = {"description": "Fine.", "content": {"application/json": {"schema": ref(schema)}}}
    given = {"requestBody": {"required": True, "content": {"application/json": {"schema": ref(body)}}}} if body else {}
    places = [{"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in parameters]
    tag = method.partition(".")[0]
    return {
        "operationId": name,
        "x-sdk-method": method,
        "tags": [tag],
        "parameters": places,
        "responses": {"200": answer},
        **given,
    }


def described() -> dict[str, Any]:
    """Resources whose record is called as they are, and those of 10DLC as the vendor's library names them."""
    paths: dict[str, Any] = {
        f"/{name}": {
            "get": operation(f"get{name.title()}", f"{name}.retrieve", name.title()),
            "post": operation(f"create{name.title()}", f"{name}.create", name.title(), body=name.title()),
        }
        for name in NAMES
    }
    brand = "messaging_10dlc.brand"
    paths |= {
        "/10dlc/brand": {"post": operation("createMessaging10dlcBrand", f"{brand}.create", "Brand", body="Brand")},
        "/10dlc/brand/{brand_id}/2faEmail": {
            "post": operation("resendBrand2faEmail", f"{brand}.resend_2fa_email", "Brand", "brand_id")
        },
        "/10dlc/enum/{endpoint}": {"get": operation("getEnum10dlc", "messaging_10dlc.get_enum", "Brand", "endpoint")},
    }
    search = operation("search", "named.search", "Other", body="Other")
    search["parameters"] += [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in sorted(spelling.KEPT)
    ]
    paths["/search"] = {"post": search}
    paths |= {
        f"/named/{name}": {"put": operation(f"put{name}", f"named.put_{name.lower()}", name, body=name)}
        for name in CLASSES
    }
    schemas = {name.title(): objects(**{name: field(name)}) for name in NAMES}
    schemas |= {
        **{name: objects(kind=ref("Kind"), many={"type": "array", "items": ref(name)}) for name in CLASSES},
        "Kind": {"type": "string", "enum": ["10DLC", "2FA"]},
        "Other": objects(**{name: {"type": "integer"} for name in INNER}),
        "Brand": objects(brandId={"type": "string"}, sha256={"type": "string"}, kind=ref("Kind"), isReseller={}),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Names", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is written."""
    return tmp_path_factory.mktemp("names")


@pytest.fixture(scope="module")
def package(folder: Path) -> Iterator[Any]:
    """The package of that description."""
    with made(described(), folder, "package_of_names") as module:
        yield module


def client(package: Any, **answer: Any) -> tuple[Any, list[httpx.Request]]:
    """A client that always gets this answer, and what it sent."""
    sent: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=answer)

    return package.Telnyx("KEY", base_url="http://127.0.0.1:1", transport=httpx.MockTransport(respond)), sent


def test_every_module_passes_the_strict_type_checker(package: Any, folder: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "package_of_names"]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_names_with_digits_are_those_of_the_vendors_library(package: Any) -> None:
    telnyx, sent = client(package, brandId="B1", sha256="s", kind="10DLC", isReseller=True)
    found = telnyx.messaging_10dlc.brand.create(brand_id="B1", kind="2FA")
    telnyx.messaging_10dlc.brand.resend_2fa_email("B1")
    telnyx.messaging_10dlc.get_enum("mno")
    assert [(one.method, one.url.path) for one in sent] == [
        ("POST", "/10dlc/brand"),
        ("POST", "/10dlc/brand/B1/2faEmail"),
        ("GET", "/10dlc/enum/mno"),
    ]
    assert sent[0].content == b'{"brandId":"B1","kind":"2FA"}'
    assert (found.brand_id, found.sha256, found.kind) == ("B1", "s", package.models.Kind("10DLC"))
    assert found.to_dict() == {"brandId": "B1", "sha256": "s", "kind": "10DLC", "isReseller": True}


@pytest.mark.parametrize("name", NAMES)
def test_a_resource_may_be_called_like_its_record_and_that_like_its_field(package: Any, name: str) -> None:
    telnyx, sent = client(package, **{name: "x"})
    found = getattr(telnyx, name).retrieve()
    assert type(found) is getattr(package.models, name.title())
    assert type(getattr(telnyx, name)) is not type(found)
    assert found.to_dict() == {name: "x"}
    assert sent[0].url.path == f"/{name}"


@pytest.mark.parametrize("name", CLASSES)
def test_a_schema_may_be_called_like_a_class_of_the_package(package: Any, name: str) -> None:
    telnyx, sent = client(package, kind="2FA", many=[{"kind": "x"}])
    model = getattr(package.models, name)
    found = getattr(telnyx.named, f"put_{name.lower()}")(kind="10DLC", many=[model(kind=package.models.Kind("2FA"))])
    assert sent[0].content == b'{"kind":"10DLC","many":[{"kind":"2FA"}]}'
    assert type(found) is type(found.many[0]) is model
    assert found.to_dict() == {"kind": "2FA", "many": [{"kind": "x"}]}


def test_fields_may_be_called_like_what_the_code_uses(package: Any) -> None:
    values = {name: number for number, name in enumerate(INNER)}
    renamed = {f"{name}_" if name == "locals" else name: value for name, value in values.items()}
    assert package.models.Other(**renamed).to_dict() == values
    assert package.models.Other.from_dict({**values, "new": 1}).to_dict() == {**values, "new": 1}
    with pytest.raises(TypeError, match="has no field 'absend': did you mean 'absent'"):
        package.models.Other(absend=1)


def test_arguments_may_be_called_like_builtins_that_apis_have_other_uses_for(package: Any) -> None:
    telnyx, sent = client(package, type=1)
    found = telnyx.named.search(type="a", filter="b", max="c", body_type=2, body_hash=3)
    assert dict(sent[0].url.params) == {"type": "a", "filter": "b", "max": "c"}
    assert json.loads(sent[0].content) == {"type": 2, "hash": 3}
    assert found.type == 1
    search = import_module(f"{package.__name__}.api.named.search")
    answered = search.sync(client=telnyx, body=package.models.Other(type=2), input="d")
    assert (dict(sent[1].url.params), answered.type) == ({"input": "d"}, 1)
