"""Rules of the generated package: every operation can be called, and what it makes of an answer is the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from types import ModuleType
from typing import Any

from contract_tests import bodies
from contract_tests.checks.credentials import takes_any
from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import Record, outcome
from contract_tests.rules.authentication import PLACE, WELL_FORMED
from contract_tests.rules.bench import NOT_FOUND, Bench, CannotContinue, NothingToCheck
from contract_tests.rules.compare import differences, spelt_otherwise
from contract_tests.rules.package import Call, call
from contract_tests.rules.paging import pages_of
from contract_tests.rules.refusal import by_rule
from contract_tests.rules.resource import by_collection
from contract_tests.rules.sampling import uuid4

# Stands for an answer that the package read as something which has no form in JSON.
NO_JSON = object()


def answer_is_read(bench: Bench, operation: Operation, module: ModuleType, mode: str) -> None:
    """A call gives a typed answer that, written back, is what came over the wire: plainly and with every argument."""
    for arguments in requests(bench, operation):
        done = call(bench.session, module, operation, mode, arguments)
        if _ruled_out(bench, operation, done):
            # What is computed may depend on what became of a record since it was made: the refusal is read as well.
            _refusal_reads_as_sent(bench, done, _exchange(operation, done))
            if "{" not in operation.path or bench.session.outlet.guarded:
                continue
            shown = path_values(operation, None, bench.parent_of)
            done = call(bench.session, module, operation, mode, {**arguments, **shown})
            if _ruled_out(bench, operation, done) or _exchange(operation, done).status == NOT_FOUND:
                continue
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
            _reads_as_sent(bench, operation, done, exchange)


def _ruled_out(bench: Bench, operation: Operation, done: Call) -> bool:
    """Whether a call was refused by a rule of the account that the description names for what is computed."""
    computed = operation.resource is not None and operation.resource.action == "compute"
    return computed and done.exchange is not None and by_rule(operation, done.exchange)


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
    yield from bench.required_query(operation)
    if bench.description.request_schema(operation) is not None:
        yield "body", _body(bench, operation, None)


def _addressed(bench: Bench, operation: Operation) -> Record:
    """The arguments of a call that needs no others: those of the path, of the query, and the body."""
    arguments: Record = {}
    record: Record | None = None
    if "{" in operation.path:
        record_id = bench.address(operation)
        arguments |= path_values(operation, record_id, bench.parent_of)
        record = _record(bench, operation, record_id)
    arguments |= dict(bench.required_query(operation))
    if bench.description.request_schema(operation) is not None:
        arguments["body"] = _body(bench, operation, record)
    return arguments


def _record(bench: Bench, operation: Operation, record_id: str | None) -> Record | None:
    """The record that an operation is about to change, where what may be sent depends on it."""
    rule = operation.resource
    if rule is None or not rule.key or record_id is None or rule.action not in {"update", "replace"}:
        return None
    resource = by_collection(bench.description, rule.collection)
    return bench.retrieve(resource, record_id)[0] if resource.retrieve else {resource.id_field: record_id}


def _body(bench: Bench, operation: Operation, record: Mapping[str, Any] | None) -> Any:
    """A valid body: the required fields of a creation, every field without ties of an update.

    What an operation computes from is more than its fields each by itself: it is sent what the description shows.
    """
    if operation.resource is None:
        raise NothingToCheck(f"{operation.operation_id}: no x-resource says what it writes")
    shown = bodies.examples(bench.description, operation)
    if operation.resource.action == "compute" and shown:
        return shown[0]
    resource = by_collection(bench.description, operation.resource.collection)
    if operation.resource.action == "create":
        return bench.smallest(resource)
    plain = [
        one
        for one in resource.written(operation).values()
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


def _reads_as_sent(bench: Bench, operation: Operation, done: Call, exchange: Exchange) -> None:
    """Judge that the parsed answer, written as JSON, is the JSON that came; None where an answer says nothing."""
    silent = bench.description.response_schema(operation, exchange.status) is None
    written = _written(done.parsed)
    readable = bench.expect(
        done.failure is None and (written is None) == silent and written is not NO_JSON,
        "package-cannot-read",
        exchange,
        pointer="",
        expected="nothing" if silent else "a typed answer",
        observed=f"{type(done.failure).__name__}" if done.failure else type(done.parsed).__name__,
    )
    if readable and not silent:
        _same(bench, exchange, written)


def _written(parsed: Any) -> Any:
    """A parsed answer as JSON: models by themselves, lists by their items; ``NO_JSON`` for what is none."""
    if isinstance(parsed, list):
        items = [_written(one) for one in parsed]
        return NO_JSON if NO_JSON in items else items
    if isinstance(parsed, Enum):
        return parsed.value
    if parsed is None or isinstance(parsed, str | int | float | dict):
        return parsed
    write = getattr(parsed, "to_dict", None)
    return NO_JSON if write is None else write()


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
    """Judge that what was read is the JSON that came, member for member.

    A UUID that came in capitals is read as the UUID that it is: its letters are the target's doing.
    """
    for one in differences(exchange.json, read):
        name = one.pointer.rsplit("/", 1)[-1]
        capitals = spelt_otherwise(one.expected, one.observed)
        expected, observed = (one.observed, one.expected) if capitals else (one.expected, one.observed)
        bench.expect(
            False,
            "response-format" if capitals else "package-misreads",
            exchange,
            pointer=one.pointer,
            expected=bench.show(name, expected),
            observed=bench.show(name, observed),
        )
    bench.checked += 1
