"""Rules of routes: what the description does not have is not there, and a path says which methods it takes."""

from __future__ import annotations

import re

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import outcome
from contract_tests.rules.bench import NOT_FOUND, SERVER_ERROR, Bench, Interrupted
from contract_tests.rules.refusal import answers
from contract_tests.rules.sampling import PREFIX, uuid4
from contract_tests.session import OMIT

NOT_FOUND_CODE, NOT_ALLOWED, NOT_ALLOWED_CODE = "10005", 405, "10030"
# Where a finding stands that is about a route that the description does not have.
PLACE = "request:path"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def methods_of(description: Description, path: str) -> set[str]:
    """The methods that the description has for a path, in capitals."""
    return {operation.method.upper() for operation in description.operations if operation.path == path}


def undocumented_methods_are_refused(bench: Bench, operation: Operation) -> None:
    """Any other method on a documented path answers 405 with code 10030, and Allow lists the documented ones."""
    documented = methods_of(bench.description, operation.path)
    path = operation.path
    if "{" in path:
        path = re.sub(r"{[^}]*}", lambda _: uuid4(bench.random(path)), path)
    for method in METHODS:
        if method in documented:
            continue
        exchange = _send(bench, operation, method, path)
        bench.expect(
            answers(exchange, NOT_ALLOWED, NOT_ALLOWED_CODE),
            _kind(exchange, "undocumented-method-answered"),
            exchange,
            pointer=f"method:{method}",
            expected=f"{NOT_ALLOWED} ({NOT_ALLOWED_CODE})",
            observed=outcome(exchange),
        )
        if exchange.status == NOT_ALLOWED:
            allowed = {one.strip().upper() for one in exchange.headers.get("allow", "").split(",") if one.strip()}
            bench.expect(
                allowed & set(METHODS) == documented,
                "allow-header-wrong",
                exchange,
                pointer="header:allow",
                expected=", ".join(sorted(documented)),
                observed=", ".join(sorted(allowed)) or "no Allow header",
            )


def unknown_routes_are_not_found(bench: Bench, operation: Operation) -> None:
    """A path that is not described answers 404 with code 10005, and that before it looks at credentials."""
    collection = operation.path.split("{")[0].rstrip("/")
    known = {one.path for one in bench.description.operations}
    paths = [f"/{PREFIX}no-such-route", f"{collection}/{uuid4(bench.random(collection))}/{PREFIX}no-such-route"]
    for path in (one for one in paths if one not in known):
        for credentials in ({}, {"authorization": OMIT}):
            exchange = _send(bench, operation, "GET", path, credentials)
            bench.expect(
                answers(exchange, NOT_FOUND, NOT_FOUND_CODE),
                _kind(exchange, "unknown-route-answered"),
                exchange,
                pointer=PLACE,
                expected=f"404 ({NOT_FOUND_CODE}){' also without credentials' if credentials else ''}",
                observed=outcome(exchange),
            )


def _kind(exchange: Exchange, answered: str) -> str:
    """What a wrong answer is: one that found something, a failure of the server, or a refusal of another sort."""
    if exchange.ok:
        return answered
    return "server-error" if exchange.status >= SERVER_ERROR else "wrong-refusal"


def _send(
    bench: Bench, operation: Operation, method: str, path: str, headers: dict[str, object] | None = None
) -> Exchange:
    """A request that no operation describes: ``operation`` names it in findings, and does not count it."""
    for again in (True, False):
        exchange = bench.session.send(method, bench.session.base_url + path, headers=headers, operation=operation)
        if not (bench.session.guard(exchange) and again):
            break
    if exchange.status in {0, 429}:
        raise Interrupted(f"{method} {path}: {exchange.failure or exchange.status}")
    return exchange
