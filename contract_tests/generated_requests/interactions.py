"""From what Schemathesis recorded to our exchanges: same request, same answer, headers with one value each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemathesis.engine import Status
from schemathesis.engine.recorder import Interaction, ScenarioRecorder

from contract_tests.description import Operation
from contract_tests.drift.classify import Failure
from contract_tests.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request of a scenario: the operation it was made for, the exchange, and the checks that failed on it.

    ``probe`` says that it was sent with a method that the path does not describe, so it tells nothing about the
    operation itself.
    """

    operation_id: str
    exchange: Exchange
    failures: tuple[Failure, ...]
    probe: bool


def recorded(recorder: ScenarioRecorder, operations: dict[str, Operation], source: str) -> Iterator[Recorded]:
    """Every request of a scenario that was sent, in order."""
    for case_id, node in recorder.cases.items():
        interaction = recorder.interactions.get(case_id)
        if interaction is None:
            continue
        operation = operations[node.value.operation.definition.raw["operationId"]]
        failures = tuple(
            Failure(
                check=check.name,
                message=check.failure_info.failure.message or check.failure_info.failure.title,
                instance_path=tuple(getattr(check.failure_info.failure, "instance_path", ())),
            )
            for check in recorder.checks.get(case_id, ())
            if check.status == Status.FAILURE and check.failure_info is not None
        )
        exchange = _exchange(operation, interaction, source)
        yield Recorded(operation.operation_id, exchange, failures, exchange.method != operation.method.upper())


def _exchange(operation: Operation, interaction: Interaction, source: str) -> Exchange:
    request, response = interaction.request, interaction.response
    return Exchange(
        operation_id=operation.operation_id,
        method=request.method.upper(),
        url=request.uri,
        request_headers={name.lower(): ", ".join(values) for name, values in request.headers.items()},
        request_body=request.body or b"",
        status=response.status_code if response else 0,
        headers={name.lower(): ", ".join(values) for name, values in response.headers.items()} if response else {},
        body=response.content or b"" if response else b"",
        elapsed=response.elapsed if response else 0.0,
        source=source,
        failure="" if response else "the connection ended without an answer",
        envelope=operation.envelope,
    )
