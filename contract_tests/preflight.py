"""A few harmless reads before the run: is the target there, does it take the token, does it serve this API at all?"""

from __future__ import annotations

import time
from collections.abc import Callable

from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange
from contract_tests.exit_codes import ExitCode
from contract_tests.interruption import SERVER_ERROR, Interruption
from contract_tests.live import account
from contract_tests.live.traffic import Incoming
from contract_tests.session import Session
from scripts.errors import InputError

PAUSE = 0.5
REFUSED = {401, 403}


def probes(description: Description) -> tuple[Operation, ...]:
    """The operations that only read and need nothing: no id, no required parameter; lists of records first."""
    found = [
        operation
        for operation in description.operations
        if operation.effects == ("read",)
        and "{" not in operation.path
        and not any(parameter.get("required") for parameter in operation.parameters)
    ]
    found.sort(key=lambda one: one.resource is None or one.resource.action != "list")
    if not found:
        raise InputError("the description has no read operation without parameters, so no target can be probed")
    return tuple(found)


def check(session: Session, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return when the run may start; otherwise ``Interruption`` with the exit code, or ``InputError``.

    Every probe is asked before the token counts as refused: a single operation that refuses it is drift.
    """
    answers: list[Exchange] = []
    for operation in probes(session.description):
        exchange = _ask(session, operation)
        if exchange.status == 0:
            sleep(PAUSE)
            exchange = _ask(session, operation)
        if exchange.status == 0:
            reason = f"no answer from {session.base_url}: {exchange.failure}"
            raise Interruption(ExitCode.UNREACHABLE, reason)
        if exchange.status == 429:
            raise Interruption(ExitCode.THROTTLED, f"{operation.operation_id} is answered with 429 at once")
        answers.append(exchange)
        if exchange.ok:
            return
    if all(exchange.status >= SERVER_ERROR for exchange in answers):
        raise Interruption(ExitCode.UNREACHABLE, f"{session.base_url} answers {answers[0].status} to everything")
    if all(exchange.status in REFUSED for exchange in answers):
        said = account.limit(Incoming(answers[0].status, answers[0].headers, answers[0].body))
        more = f": {said}" if said else ""
        raise Interruption(ExitCode.CREDENTIALS, f"{session.base_url} answers {answers[0].status} to the token{more}")
    if all(exchange.status == 404 for exchange in answers):
        raise InputError(f"{session.base_url} serves none of the described paths", fix="does the address end in /v2?")


def _ask(session: Session, operation: Operation) -> Exchange:
    return session.send(operation.method.upper(), session.base_url + operation.path, operation=operation)
