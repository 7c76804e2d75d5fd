"""The generated package as its users call it: modules by operation, arguments of the right types, calls on record.

The package is imported by name, so that the rules do not depend on it being there. How its pipeline spells names is
no matter here: module and argument are those whose letters and digits are those of the name on the wire.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import re
import time
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.live.refusal import Refused
from contract_tests.outlet import Outlet
from contract_tests.session import TIMEOUT, Session

PACKAGE = "telnyx_bindings"
MODES = ("sync", "async")


def flat(name: str) -> str:
    """What is left of a name when case and separators are ignored: ``filter[name][eq]`` is ``filternameeq``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def key(tag: str, name: str) -> str:
    """What finds the module of an operation, by its id or by the module's own name: ``things/listthings``."""
    return f"{tag}/{flat(name)}"


def argument(name: str, of: Mapping[str, Any]) -> str:
    """The one of a function's arguments ``of`` that is sent as ``name``; ``LookupError`` when none is, or several."""
    found = [one for one in of if flat(one) == flat(name)]
    if len(found) != 1:
        raise LookupError(f"{name!r} is sent by {' and '.join(found) or 'no argument'}: there are {', '.join(of)}")
    return found[0]


def modules(package: str = PACKAGE) -> dict[str, ModuleType]:
    """The endpoint modules of the package by ``key``; one that cannot be imported raises."""
    api = importlib.import_module(f"{package}.api")
    found = {}
    for info in pkgutil.walk_packages(api.__path__, f"{package}.api."):
        module = importlib.import_module(info.name)
        if hasattr(module, "sync_detailed") or hasattr(module, "asyncio_detailed"):
            found[key(*info.name.split(".")[-2:])] = module
    return found


def agreement(description: Description, available: Mapping[str, ModuleType]) -> tuple[list[str], list[str]]:
    """Operations that cannot be called both ways, and modules that belong to no operation."""
    wanted = {key(one.tag, one.operation_id): one.operation_id for one in description.operations}
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
        # The package's mark for "not set" is an enum too, but none of texts or numbers.
        if issubclass(option, UUID) or (issubclass(option, Enum) and issubclass(option, str | int)):
            return option(value)
        if issubclass(option, datetime):
            return datetime.fromisoformat(value)
        if hasattr(option, "from_dict") and isinstance(value, Mapping):
            made = option.from_dict(dict(value))
            return _with_files(option, made) if hasattr(option, "to_multipart") else made
    return value


def _with_files(model: type, made: Any) -> Any:
    """The model of a form, with its texts as uploads where these are declared: JSON has no form for a file."""
    for name, hint in typing.get_type_hints(model).items():
        file = next((one for one in typing.get_args(hint) if hasattr(one, "to_tuple")), None)
        content = getattr(made, name, None)
        if file is not None and isinstance(content, str):
            setattr(made, name, file(content.encode(), file_name=name))
    return made


@dataclass
class Call:
    """What came of a call: the parsed answer or the exception, and the exchange when one took place."""

    parsed: Any = None
    failure: Exception | None = None
    exchange: Exchange | None = None


@dataclass
class Recorder(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """What a client sends with instead of the network: the network, and a record of the last exchange."""

    operation: Operation
    source: str
    outlet: Outlet
    sync: httpx.BaseTransport | None = None
    asynchronous: httpx.AsyncBaseTransport | None = None
    exchange: Exchange | None = None
    # What kept the request from leaving; the package may say it in words of its own.
    refused: Refused | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, read the whole answer and keep it."""
        started = time.perf_counter()
        self.sync = self.sync or self.outlet.sync()
        try:
            response = self.sync.handle_request(request)
            response.read()
        except Refused as refusal:
            self.refused = refusal
            raise
        except httpx.HTTPError as problem:
            self._keep(request, request.read(), None, time.perf_counter() - started, problem)
            raise
        self._keep(request, request.read(), response, time.perf_counter() - started)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for the asynchronous client."""
        started = time.perf_counter()
        self.asynchronous = self.asynchronous or self.outlet.asynchronous()
        try:
            response = await self.asynchronous.handle_async_request(request)
            await response.aread()
        except Refused as refusal:
            self.refused = refusal
            raise
        except httpx.HTTPError as problem:
            self._keep(request, await request.aread(), None, time.perf_counter() - started, problem)
            raise
        self._keep(request, await request.aread(), response, time.perf_counter() - started)
        return response

    def close(self) -> None:
        """Close what was opened."""
        if self.sync is not None:
            self.sync.close()

    async def aclose(self) -> None:
        """The same for the asynchronous client."""
        if self.asynchronous is not None:
            await self.asynchronous.aclose()

    def _keep(
        self,
        request: httpx.Request,
        body: bytes,
        response: httpx.Response | None,
        elapsed: float,
        problem: httpx.HTTPError | None = None,
    ) -> None:
        answered = response.headers.items() if response is not None else ()
        self.exchange = Exchange(
            operation_id=self.operation.operation_id,
            method=request.method,
            url=str(request.url),
            request_headers={name.lower(): value for name, value in request.headers.items()},
            request_body=body,
            status=response.status_code if response is not None else 0,
            headers={name.lower(): value for name, value in answered},
            body=response.content if response is not None else b"",
            elapsed=elapsed,
            source=self.source,
            failure=f"{type(problem).__name__}" if problem else "",
            envelope=self.operation.envelope,
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
    done = _once(session, module, operation, mode, arguments, token, package)
    if done.exchange is None:
        return done

    def again() -> Exchange:
        nonlocal done
        done = _once(session, module, operation, mode, arguments, token, package)
        assert done.exchange is not None  # it was sent before
        return done.exchange

    done.exchange, _ = session.settled(operation, done.exchange, again)
    return done


def _once(
    session: Session,
    module: ModuleType,
    operation: Operation,
    mode: str,
    arguments: Mapping[str, Any],
    token: str | None,
    package: str,
) -> Call:
    recorder = Recorder(operation, session.source, session.outlet)
    kind = importlib.import_module(package).Telnyx if mode == "sync" else importlib.import_module(package).AsyncTelnyx
    client = kind(
        session.target.token if token is None else token,
        base_url=session.base_url,
        timeout=TIMEOUT,
        transport=recorder,
        # What the first answer is, is what is to be judged.
        retry=importlib.import_module(f"{package}.runtime.retry").NO_RETRIES,
    )
    function = module.sync_detailed if mode == "sync" else module.asyncio_detailed
    done = Call()
    try:
        hints = typing.get_type_hints(function)
        named = {argument(name, hints): value for name, value in arguments.items()}
        converted = {name: convert(hints[name], value) for name, value in named.items()}
        if mode == "sync":
            with client:
                done.parsed = function(client=client, **converted).parsed
        else:
            done.parsed = asyncio.run(_awaited(client, function, converted))
    except Exception as problem:  # whatever a caller of the package would meet is what is to be reported
        done.failure = problem
    if recorder.refused is not None:
        raise recorder.refused
    done.exchange = recorder.exchange
    return done


async def _awaited(client: Any, function: Any, arguments: Mapping[str, Any]) -> Any:
    async with client:
        return (await function(client=client, **arguments)).parsed
