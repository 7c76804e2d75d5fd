"""Rules of credentials: without the right token every operation answers 401 in the envelope, and does nothing."""

from __future__ import annotations

from typing import Any

from contract_tests.checks.credentials import takes_any
from contract_tests.description import Operation
from contract_tests.rules.addressing import path_values
from contract_tests.rules.answers import outcome
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.refusal import answers
from contract_tests.rules.resource import by_collection
from contract_tests.rules.sampling import uuid4
from contract_tests.session import OMIT

UNAUTHENTICATED = 401
PLACE = "request:header:authorization"
CODE = "10009"
WELL_FORMED = f"KEY{'0' * 32}_{'contractsuite' * 2}"
# What goes into the Authorization header, by name; those in TOKENS are bearer tokens that no account has.
TOKENS = {"unknown token": f"Bearer {WELL_FORMED}", "malformed token": "Bearer not/a=key"}
VARIANTS: dict[str, Any] = {
    "no header": OMIT,
    "no bearer": f"Basic {WELL_FORMED}",
    "token alone": WELL_FORMED,
    "empty bearer": "Bearer",
    **TOKENS,
}


def wrong_credentials_are_refused(bench: Bench, operation: Operation, variant: str) -> None:
    """A request without the right token is answered 401 with code 10009, whatever else it holds."""
    # A token that is taken shows on a record that is there; without harm only where the operation just reads.
    request = _request(bench, operation, real=variant in TOKENS and operation.effects == ("read",))
    if variant in TOKENS and _takes_any_token(bench, operation, request):
        raise NothingToCheck("the target says that it takes any token")
    exchange = bench.call(operation, headers={"authorization": VARIANTS[variant]}, **request)
    accepted = "missing-token-accepted" if VARIANTS[variant] is OMIT else "wrong-token-accepted"
    bench.expect(
        answers(exchange, UNAUTHENTICATED, CODE),
        accepted if exchange.ok else "wrong-refusal",
        exchange,
        pointer=PLACE,
        expected=f"{UNAUTHENTICATED} ({CODE}) for {variant}",
        observed=outcome(exchange),
    )


def right_credentials_are_taken(bench: Bench, operation: Operation) -> None:
    """With the run's token an operation answers anything but 401 and 403."""
    exchange = bench.call(operation, **_request(bench, operation))
    bench.expect(
        exchange.status not in {UNAUTHENTICATED, 403},
        "right-token-refused",
        exchange,
        pointer=PLACE,
        expected="the run's token to be taken",
        observed=outcome(exchange),
    )


def _takes_any_token(bench: Bench, operation: Operation, request: dict[str, Any]) -> bool:
    """Asked with the right token, and only of an operation that changes nothing; of a live target nobody asks it."""
    if bench.session.target.live:
        return False
    harmless = next((one for one in bench.description.operations if one.effects == ("read",)), operation)
    asked = bench.call(harmless, **(request if harmless is operation else _request(bench, harmless)))
    return takes_any(asked, live=False)


def _request(bench: Bench, operation: Operation, *, real: bool = False) -> dict[str, Any]:
    """A request that would be right but for the token; ``real``: on a record that is there."""
    request: dict[str, Any] = {}
    if "{" in operation.path:
        unknown = uuid4(bench.random(operation.operation_id))
        known = bench.address(operation) if real else unknown
        request["path"] = path_values(operation, known, bench.parent_of if real else lambda *_: unknown)
    schema = bench.description.request_schema(operation)
    if schema is not None and operation.resource is not None:
        resource = by_collection(bench.description, operation.resource.collection)
        fields = resource.written(operation).values()
        plain = [one for one in fields if not one.references and (one.required or "required" not in schema)]
        values = {field.name: bench.sampler.values(field) for field in plain}
        request["body"] = {name: found[0] for name, found in values.items() if found}
    return request
