"""The generated package as its users call it: modules by operation, arguments of the right types, calls on record.

The package is imported by name, so that the rules do not depend on it being there. Two decisions of its pipeline are
repeated here and held by a unit test: ``listThings`` becomes the module ``list_things``, ``page[number]`` the argument
``page_number``.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import pkgutil
import re
import ssl
import time
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.session import TIMEOUT, Session

PACKAGE = "telnyx_bindings"
MODES = ("sync", "async")


def snake(name: str) -> str:
    """``listMessagingProfiles`` → ``list_messaging_profiles``; ``filter[name][eq]`` → ``filter_name_eq``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").lower()


def modules(package: str = PACKAGE) -> dict[str, ModuleType]:
    """The endpoint modules of the package by ``tag/module``; one that cannot be imported raises."""
    api = importlib.import_module(f"{package}.api")
    found = {}
    for info in pkgutil.walk_packages(api.__path__, f"{package}.api."):
        module = importlib.import_module(info.name)
        if hasattr(module, "sync_detailed") or hasattr(module, "asyncio_detailed"):
            found["/".join(info.name.split(".")[-2:])] = module
    return found


def agreement(description: Description, available: Mapping[str, ModuleType]) -> tuple[list[str], list[str]]:
    """Operations that cannot be called both ways, and modules that belong to no operation."""
    wanted = {f"{one.tag}/{snake(one.operation_id)}": one.operation_id for one in description.operations}
    both = {
        name
        for name, module in available.items()
        if callable(getattr(module, "sync_detailed", None)) and callable(getattr(module, "asyncio_detailed", None))
    }
    return sorted(wanted[name] for name in wanted.keys() - both), sorted(available.keys() - wanted.keys())


def convert(annotation: Any, value: Any) -> Any:
    """A JSON value as the type that an argument is declared with; ``ValueError`` when it is no such value."""
    for option in typing.get_args(annotation) or (annotation,):
        if not inspect.isclass(option):
            continue
        if issubclass(option, UUID | Enum):
            return option(value)
        if issubclass(option, datetime):
            return datetime.fromisoformat(value)
        if hasattr(option, "from_dict") and isinstance(value, Mapping):
            return option.from_dict(dict(value))
    return value


@dataclass
class Call:
    """What came of a call: the parsed answer or the exception, and the exchange when one took place."""

    parsed: Any = None
    failure: Exception | None = None
    exchange: Exchange | None = None


@dataclass
class Recorder:
    """httpx event hooks that keep the last exchange of a client, for sync and async alike."""

    operation: Operation
    source: str
    started: float = field(default_factory=time.perf_counter)
    exchange: Exchange | None = None

    def on_response(self, response: httpx.Response) -> None:
        """Read the whole answer and keep it."""
        response.read()
        self._keep(response)

    async def on_async_response(self, response: httpx.Response) -> None:
        """The same for the asynchronous client."""
        await response.aread()
        self._keep(response)

    def _keep(self, response: httpx.Response) -> None:
        request = response.request
        self.exchange = Exchange(
            operation_id=self.operation.operation_id,
            method=request.method,
            url=str(request.url),
            request_headers={name.lower(): value for name, value in request.headers.items()},
            request_body=request.content,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=response.content,
            elapsed=time.perf_counter() - self.started,
            source=self.source,
        )


def call(
    session: Session,
    module: ModuleType,
    operation: Operation,
    mode: str,
    arguments: Mapping[str, Any],
    *,
    token: str | None = None,
    package: str = PACKAGE,
) -> Call:
    """Call an operation through the package; its exchange is recorded in the session like any other.

    ``arguments`` are JSON values by wire name, ``body`` among them; ``token`` replaces the run's own.
    """
    recorder = Recorder(operation, session.source)
    hook = recorder.on_response if mode == "sync" else recorder.on_async_response
    client = importlib.import_module(package).AuthenticatedClient(
        base_url=session.base_url,
        token=session.target.token if token is None else token,
        timeout=TIMEOUT,
        verify_ssl=_trust(),
        httpx_args={"event_hooks": {"response": [hook]}, "trust_env": False},
    )
    function = module.sync_detailed if mode == "sync" else module.asyncio_detailed
    done = Call()
    try:
        hints = typing.get_type_hints(function)
        named = {snake(name): value for name, value in arguments.items()}
        converted = {name: convert(hints[name], value) for name, value in named.items()}
        if mode == "sync":
            with client:
                done.parsed = function(client=client, **converted).parsed
        else:
            done.parsed = asyncio.run(_awaited(client, function, converted))
    except Exception as problem:  # whatever a caller of the package would meet is what is to be reported
        done.failure = problem
    done.exchange = recorder.exchange
    if done.exchange is not None:
        session.record(operation, done.exchange)
    return done


@functools.cache
def _trust() -> ssl.SSLContext:
    """One for all clients: each would read the authorities' certificates again, which takes 20 ms."""
    return ssl.create_default_context()


async def _awaited(client: Any, function: Any, arguments: Mapping[str, Any]) -> Any:
    async with client:
        return (await function(client=client, **arguments)).parsed
