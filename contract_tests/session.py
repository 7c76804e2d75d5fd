"""The one way in which tests send requests: each exchange is recorded, counted and checked as it comes.

``Session.call`` names an operation of the description; ``Session.send`` sends anything else. Both return the
``Exchange``; neither raises for a status. A request without a complete answer gives status 0 and the reason.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from contract_tests import bodies
from contract_tests.description import Description, Operation
from contract_tests.drift.echoes import repeats
from contract_tests.drift.finding import Finding, Findings, Severity
from contract_tests.envelope import USUAL
from contract_tests.exchange import Exchange, Redactor
from contract_tests.outlet import Outlet
from contract_tests.target import Target
from contract_tests.wire_limits import DEADLINE, IncompleteError, whole

Check = Callable[[Description, Operation, Exchange], Iterable[Finding]]
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# A rule reports at its end what it saw in one of its exchanges; none sends more than this in between.
REMEMBERED = 256
SERVER_ERROR = 500
# How often a request that got no answer, or a server error, is sent again before that counts.
REPEATS = 2
# What belongs to a connection and is made anew when a request is sent again.
PER_CONNECTION = frozenset({"accept-encoding", "connection", "content-length", "host", "transfer-encoding"})
# Marks a header to leave out of a request that would otherwise carry it.
OMIT = object()


def no_guard(exchange: Exchange) -> bool:
    """What looks at exchanges where nothing has to end a run: all may go on."""
    return False


class Session:
    """Sends, records, checks. ``counts[operation_id][status]`` is what the report calls exercised.

    ``outlet`` is the way to the target, ``transport`` stands in for the network, in tests.
    """

    def __init__(
        self,
        description: Description,
        target: Target,
        base_url: str,
        checks: Iterable[Check],
        findings: Findings,
        *,
        outlet: Outlet | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.outlet = outlet or Outlet()
        if target.live and transport is None and not self.outlet.guarded:
            raise ValueError("a session for a live target needs a guarded outlet")
        self.description = description
        self.target = target
        self.base_url = base_url.rstrip("/")
        self.findings = findings
        self.redactor = Redactor(
            secrets=[target.token],
            fields=description.sensitive_fields,
            personal=description.personal_fields,
            public=description.texts,
        )
        self.checks = tuple(checks)
        self.counts: dict[str, Counter[int]] = defaultdict(Counter)
        self.observers: list[Callable[[Operation, Exchange], None]] = []
        # Looks at each recorded exchange first; True means that the request may be sent once more.
        self.guard: Callable[[Exchange], bool] = no_guard
        self.source = ""
        # Seconds within which an answer has to be complete.
        self.deadline = DEADLINE
        self.started = time.time()
        # By which value a list shows something that shows nothing without one, by operationId; None where none does.
        self.selected: dict[str, str | None] = {}
        # The id of a record that stays, as records which nothing deletes name it, by collection.
        self.kept: dict[str, str] = {}
        # The last faulty exchanges and what the checks found in them.
        self._judged: deque[tuple[Exchange, tuple[Finding, ...]]] = deque(maxlen=REMEMBERED)
        self._client = httpx.Client(
            timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=transport or self.outlet.sync()
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def call(
        self,
        operation_id: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        body: Any = None,
        headers: Mapping[str, str | object] | None = None,
    ) -> Exchange:
        """Send one described operation; ``body`` is sent as the operation takes it, bytes as they are, None as no body.

        That is JSON, or a form whose fields the body names.
        """
        operation = self.description.by_id[operation_id]
        if body is not None and not isinstance(body, bytes):
            body, media = bodies.encoded(self.description, operation, body)
            headers = {"content-type": media, **(headers or {})}
        url = self.base_url + operation.path
        for name, value in (path or {}).items():
            url = url.replace("{" + name + "}", quote(value, safe=""))
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query or ())
        exchange = self.send(
            operation.method.upper(), url, query=pairs, body=body, headers=headers, operation=operation
        )
        return self.settled(operation, exchange)[0]

    def settled(
        self, operation: Operation, exchange: Exchange, again: Callable[[], Exchange] | None = None
    ) -> tuple[Exchange, list[Finding]]:
        """Guard and record an exchange; one that the guard wants to see again is sent again, ``REPEATS`` times at most.

        Returns what counts in the end and what the checks found in it. An answer that never came, or a server error,
        that is mended by asking again is counted, but not judged. ``again`` sends it in another way than ``repeat``.
        """
        for left in range(REPEATS, -1, -1):
            self.outlet.examine(exchange)
            once_more = self.guard(exchange) and left > 0
            if once_more and (exchange.status == 0 or exchange.status >= SERVER_ERROR):
                self.counts[operation.operation_id][exchange.status] += 1
                found: list[Finding] = []
            else:
                found = self.record(operation, exchange, guarded=True)
            if not once_more:
                break
            exchange = again() if again else self.repeat(exchange, operation)
        return exchange, found

    def repeat(self, exchange: Exchange, operation: Operation | None = None) -> Exchange:
        """Send the request of ``exchange`` once more, byte for byte but for what belongs to its connection."""
        kept = {name: value for name, value in exchange.request_headers.items() if name not in PER_CONNECTION}
        own: dict[str, str | object] = {"accept": OMIT, "authorization": OMIT, "content-type": OMIT, **kept}
        body = exchange.request_body or None
        return self.send(exchange.method, exchange.url, body=body, headers=own, operation=operation)

    def send(
        self,
        method: str,
        url: str,
        *,
        query: Iterable[tuple[str, Any]] = (),
        body: Any = None,
        headers: Mapping[str, str | object] | None = None,
        operation: Operation | None = None,
    ) -> Exchange:
        """Send any request with the target's token; not recorded, so not counted as exercised."""
        sent: dict[str, Any] = {"accept": "application/json", "authorization": f"Bearer {self.target.token}"}
        content = b""
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            sent["content-type"] = "application/json"
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        sent = {name: value for name, value in sent.items() if value is not OMIT}
        request = self._client.build_request(method, url, params=list(query) or None, content=content, headers=sent)
        started = time.perf_counter()
        status, answered, answer, failure = 0, {}, b"", ""
        try:
            response = self._client.send(request, stream=True)
            answer = whole(response, started + self.deadline)
        except (httpx.HTTPError, IncompleteError) as problem:
            # An error's text may quote the answer, and an answer may quote the token.
            failure = self.redactor.text(f"{type(problem).__name__}: {problem}")
        else:
            status = response.status_code
            answered = {name.lower(): value for name, value in response.headers.items()}
        return Exchange(
            operation_id=operation.operation_id if operation else "",
            method=method,
            url=str(request.url),
            request_headers=dict(sent),
            request_body=content,
            status=status,
            headers=answered,
            body=answer,
            elapsed=time.perf_counter() - started,
            source=self.source,
            failure=failure,
            envelope=operation.envelope if operation else USUAL,
        )

    def record(self, operation: Operation, exchange: Exchange, *, guarded: bool = False) -> list[Finding]:
        """Count an exchange for its operation and run every check on it (phases that send themselves call this).

        Returns what the checks found, which is also in ``findings``. ``guarded`` says that the guard saw it already.
        """
        if not guarded:
            self.guard(exchange)
        self.counts[operation.operation_id][exchange.status] += 1
        if exchange.status == 0:
            return []
        self.redactor.learn(exchange)
        found = [finding for check in self.checks for finding in check(self.description, operation, exchange)]
        for finding in found:
            self.findings.add(finding)
        if found:
            self._judged.append((exchange, tuple(found)))
        for observer in self.observers:
            observer(operation, exchange)
        return found

    def faults(self, exchange: Exchange) -> tuple[Finding, ...]:
        """What the checks found in an exchange that was recorded lately; empty when they found nothing."""
        return next((found for judged, found in reversed(self._judged) if judged is exchange), ())

    def report(
        self,
        kind: str,
        exchange: Exchange,
        *,
        pointer: str,
        expected: str,
        observed: str,
        check: str,
        severity: Severity = Severity.BREAKING,
        operation: str | None = None,
        before: tuple[Exchange, ...] = (),
    ) -> None:
        """Record a deviation from a documented rule that ``exchange`` shows; ``before``: what has to be sent first.

        What a check has just said about the same exchange is not said again (``drift.echoes``).
        """
        if repeats(kind, pointer, self.faults(exchange)):
            return
        self.findings.add(
            Finding(
                kind=kind,
                operation=operation or exchange.operation_id,
                pointer=pointer,
                expected=expected,
                observed=observed,
                severity=severity,
                check=check,
                exchange=exchange,
                before=before,
            )
        )
