"""Rules of the generated package: every operation can be called, and what it makes of an answer is the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from contract_tests.checks.credentials import takes_any
from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import Record, outcome
from contract_tests.rules.authentication import PLACE, WELL_FORMED
from contract_tests.rules.bench import Bench, CannotContinue, NothingToCheck
from contract_tests.rules.compare import differences
from contract_tests.rules.package import Call, call, snake
from contract_tests.rules.paging import pages_of
from contract_tests.rules.resource import by_collection
from contract_tests.rules.sampling import uuid4


def answer_is_read(bench: Bench, operation: Operation, module: ModuleType, mode: str) -> None:
    """A call gives a typed answer that, written back, is what came over the wire: plainly and with every argument."""
    for arguments in requests(bench, operation):
        done = call(bench.session, module, operation, mode, arguments)
        exchange = _exchange(operation, done)
        bench.answered(operation, exchange)
        bench.expect(
            exchange.ok,
            "valid-request-refused",
            exchange,
            pointer="",
            expected=f"a 2xx answer to a {mode} call with {', '.join(arguments) or 'no arguments'}",
            observed=outcome(exchange),
        )
        if exchange.ok:
            _reads_as_sent(bench, done, exchange)


def refusal_is_read(bench: Bench, operation: Operation, module: ModuleType, mode: str) -> None:
    """Refusals are raised as they came: a record that is not there, a page that is none, an unknown token."""
    arguments = dict(requests_without_subject(bench, operation))
    pages = pages_of(bench.description, operation)
    if "{" in operation.path:
        done = call(bench.session, module, operation, mode, arguments)
        _refused(bench, _exchange(operation, done), "unknown-id-found", "")
        _refusal_reads_as_sent(bench, done, _exchange(operation, done))
    elif pages is not None:
        done = call(bench.session, module, operation, mode, {**arguments, pages.number: 0})
        _refused(bench, _exchange(operation, done), "invalid-accepted", f"query:{pages.number}")
        _refusal_reads_as_sent(bench, done, _exchange(operation, done))
    done = call(bench.session, module, operation, mode, arguments, token=WELL_FORMED)
    exchange = _exchange(operation, done)
    bench.answered(operation, exchange)
    if not takes_any(exchange, live=bench.session.target.live):
        _refused(bench, exchange, "wrong-token-accepted", PLACE)
        _refusal_reads_as_sent(bench, done, exchange)
    if not bench.checked:
        raise NothingToCheck("the target says that it takes any token")


def requests(bench: Bench, operation: Operation) -> Iterator[Record]:
    """Arguments for calls that must succeed: what is required, and then every parameter that has an example."""
    plain = _addressed(bench, operation)
    yield plain
    shown = {
        parameter["name"]: parameter["example"]
        for parameter in operation.parameters
        if parameter["in"] == "query" and "example" in parameter
    }
    # An argument of the path and one of the query may share a name; the package has room for one of them.
    if any(name not in plain for name in shown):
        yield {**shown, **plain}


def requests_without_subject(bench: Bench, operation: Operation) -> Iterator[tuple[str, Any]]:
    """Arguments that address a record which does not exist."""
    if "{" in operation.path:
        unknown = uuid4(bench.random(operation.operation_id))
        yield from path_values(operation, unknown, lambda *_: unknown).items()
    if bench.description.request_schema(operation) is not None:
        yield "body", _body(bench, operation, None)


def _addressed(bench: Bench, operation: Operation) -> Record:
    """The path argument and body of a call on a record of its own."""
    rule = operation.resource
    arguments: Record = {}
    record: Record | None = None
    if "{" in operation.path:
        if rule is None:
            raise NothingToCheck(f"{operation.operation_id}: no x-resource says which record it addresses")
        below = rule.parent.collection if rule.parent and not rule.key else rule.collection
        resource = by_collection(bench.description, below)
        record = bench.subject(resource)
        arguments |= path_values(operation, str(record[resource.id_field]), bench.parent_of)
    if bench.description.request_schema(operation) is not None:
        arguments["body"] = _body(bench, operation, record)
    return arguments


def _body(bench: Bench, operation: Operation, record: Mapping[str, Any] | None) -> Record:
    """A valid body: the required fields of a creation, every field without ties of an update."""
    if operation.resource is None:
        raise NothingToCheck(f"{operation.operation_id}: no x-resource says what it writes")
    resource = by_collection(bench.description, operation.resource.collection)
    written = resource.written(operation)
    plain = [
        one
        for one in written.values()
        if one.required or (not one.references and (record or not one.ignored_unless_in))
    ]
    return {field.name: bench.values(field, record)[0] for field in plain}


def _exchange(operation: Operation, done: Call) -> Exchange:
    """The exchange of a call; a call that sent nothing is a fault of the package or of the arguments."""
    if done.exchange is None:
        raise CannotContinue(f"{operation.operation_id}: the call sent nothing ({done.failure!r})") from done.failure
    return done.exchange


def _refused(bench: Bench, exchange: Exchange, kind: str, pointer: str) -> None:
    observed = outcome(exchange)
    bench.expect(not exchange.ok, kind, exchange, pointer=pointer, expected="a refusal", observed=observed)


def _reads_as_sent(bench: Bench, done: Call, exchange: Exchange) -> None:
    """Judge that the parsed answer, written as JSON, is the JSON that came."""
    model = (lambda: done.parsed) if isinstance(done.parsed, str) else getattr(done.parsed, "to_dict", None)
    readable = bench.expect(
        done.failure is None and model is not None,
        "package-cannot-read",
        exchange,
        pointer="",
        expected="a typed answer",
        observed=f"{type(done.failure).__name__}" if done.failure else snake(type(done.parsed).__name__),
    )
    if readable and model is not None:
        _same(bench, exchange, model())


def _refusal_reads_as_sent(bench: Bench, done: Call, exchange: Exchange) -> None:
    """Judge that a refusal was raised as an error that carries its status and the error entries that came."""
    if exchange.ok:
        return  # reported already
    failure = done.failure
    entries = getattr(failure, "errors", ())
    readable = bench.expect(
        getattr(failure, "status", None) == exchange.status and bool(entries),
        "package-cannot-read",
        exchange,
        pointer="",
        expected=f"an error with status {exchange.status} and error entries",
        observed=f"{type(failure).__name__} with {len(entries)} entries" if failure else "no error",
    )
    if readable:
        _same(bench, exchange, {"errors": [one.raw for one in entries]})


def _same(bench: Bench, exchange: Exchange, read: Any) -> None:
    """Judge that what was read is the JSON that came, member for member."""
    for one in differences(exchange.json, read):
        name = one.pointer.rsplit("/", 1)[-1]
        bench.expect(
            False,
            "package-misreads",
            exchange,
            pointer=one.pointer,
            expected=bench.show(name, one.expected),
            observed=bench.show(name, one.observed),
        )
    bench.checked += 1
