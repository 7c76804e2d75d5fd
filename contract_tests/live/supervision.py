"""A live run from its first look at the policy to its last deletion: made before the session, ended after it.

``supervised`` opens the ledger and the gate and asks for agreement; ``Supervision`` is what the session and the suites
know of all that: transports, what is in scope, and which records they may work on.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx

from contract_tests.budget import Budget
from contract_tests.connections import Connections
from contract_tests.description import Description, Operation
from contract_tests.exchange import Exchange, Redactor
from contract_tests.live import absence, account, arguments, egress, plan, quote, statement, tidying
from contract_tests.live import policy as policies
from contract_tests.live.allowance import Allowance
from contract_tests.live.arguments import LiveOptions
from contract_tests.live.gate import Gate
from contract_tests.live.ledger import Ledger, pasts
from contract_tests.live.pace import Pace
from contract_tests.live.refusal import AccountLimit, Exhausted, Refused
from contract_tests.live.tailor import tailored
from contract_tests.live.tidying import Tidied
from contract_tests.live.traffic import Incoming
from contract_tests.live.transports import Async, Sync, Wire, sessions_of_requests
from contract_tests.live.verdict import Terms, is_read
from contract_tests.outlet import Excuse, Looked, Outlet
from contract_tests.target import Target, is_loopback
from scripts.errors import InputError

Say = Callable[[str], None]


@dataclass
class Supervision(Outlet):
    """The guarded outlet: what the rest of the suite knows of a live run."""

    guarded: ClassVar[bool] = True
    gate: Gate
    trust: ssl.SSLContext
    tried: list[str] = field(default_factory=list)
    tidied: Tidied = field(default_factory=Tidied)
    redact: Callable[[str], str] = str

    def sync(self) -> httpx.BaseTransport:
        """What a synchronous client sends with."""
        return Connections(lambda limits: Sync(self.gate, self.trust, limits=limits))

    def asynchronous(self) -> httpx.AsyncBaseTransport:
        """What an asynchronous client sends with."""
        return Async(self.gate, self.trust)

    def permits(self, operation: Operation) -> bool:
        """Whether the run may send an operation at all."""
        return self.gate.terms.out_of_scope(operation) is None

    def scope(self, wanted: frozenset[str], description: Description) -> frozenset[str]:
        """The operations that this run exercises: those that it may send, of those that were asked for."""
        allowed = {one.operation_id for one in description.operations if self.permits(one)}
        found = frozenset(allowed & wanted if wanted else allowed)
        if not found:
            raise InputError("the policy lets this run send none of the operations", fix="add --writes, or name others")
        return found

    def lent(self, collection: str) -> tuple[str, ...]:
        """Addresses of the records that the policy lets the run change and put back."""
        return tuple(sorted(self.gate.terms.policy.owned.get(collection, ()))) if self.gate.terms.writes else ()

    def sized(self, budget: Budget) -> Budget:
        """A budget as a live run uses it."""
        return plan.sized(budget, self.gate.allowance.limits.minutes)

    def tailor(self, operation: Operation, body: Any) -> Any:
        """A generated body cut to what the gate lets through."""
        return tailored(self.gate, operation, body)

    def unsuited(self, test: str, operation: Operation | None) -> str:
        """Why a test is not for a live target, empty when it is."""
        return plan.unsuited(test, operation, writes=self.gate.terms.writes, negative=self.gate.terms.negative)

    def examine(self, exchange: Exchange) -> None:
        """``AccountLimit`` when the answer is about the account, not about the API."""
        answer = Incoming(exchange.status, exchange.headers, exchange.body)
        if reason := account.limit(answer):
            raise AccountLimit(f"{exchange.operation_id}: {reason}")

    def excuses(self, looked: Looked) -> tuple[Excuse, ...]:
        """What the account has not and the policy does not let it make."""
        return tuple(absence.excuses(self.gate.terms, looked))

    def exempt(self, operation: Operation) -> bool:
        """Writes are not provoked to refuse; what is made may at least be asked for once more when it is deleted."""
        rule = operation.resource
        if is_read(operation) or self.gate.terms.negative:
            return False
        again = rule is not None and rule.action in {"update", "delete"}
        return not (again and rule is not None and self.gate.terms.uncreatable(rule.collection) is None)

    def finish(self, say: Say) -> None:
        """Put everything back; what is left is said and stays in the ledger."""
        say("putting everything back")
        self.tidied = tidying.tidy(self.gate)
        created = len(self.gate.estate.created)
        deleted = sum(one.deleted for one in self.gate.estate.created.values())
        with contextlib.suppress(OSError):
            self.gate.ledger.write("ended", created=created, deleted=deleted)
        say(
            f"created {created}, deleted {deleted}; {len(self.gate.estate.borrowed)} changed, {self._restored} restored"
        )
        for line in self.tidied.left:
            say(f"left behind: {line}")
        for line in self.tidied.notes:
            say(line)

    @contextlib.contextmanager
    def generating(self) -> Iterator[None]:
        """A refusal that an engine met comes out as such."""
        before = self.gate.refusals.total()
        try:
            yield
        except Exception as problem:
            met = self.gate.last
            if met is None or self.gate.refusals.total() == before or isinstance(problem, Refused):
                raise
            raise met from problem
        if self.gate.exhausted:
            raise Exhausted(self.gate.exhausted)

    @property
    def problems(self) -> tuple[str, ...]:
        """What was left behind, a target that lied, and clients that tried to pass the gate by."""
        found = (
            *(f"left behind: {one}" for one in self.tidied.left),
            *(f"the target is not to be trusted: {one}" for one in self.gate.estate.suspicions),
            *(f"a client outside of the gate tried to connect to {one}" for one in self.tried),
        )
        return tuple(self.redact(one) for one in found)

    @property
    def spent(self) -> str:
        """Which budget ended the run."""
        return self.gate.exhausted

    def report(self, folder: Path) -> None:
        """Write ``live.json`` and ``live.md``."""
        statement.write(folder, statement.of(self.gate, self.tidied, self.tried), self.redact)

    @property
    def _restored(self) -> int:
        return sum(one.restored for one in self.gate.estate.changed)


@contextlib.contextmanager
def supervised(
    options: LiveOptions, target: Target, base_url: str, description: Description, budget: str, say: Say
) -> Iterator[Outlet]:
    """The way out of a run: guarded for a live target. ``InputError`` before anything is sent.

    Whatever ends the block, what the run made is taken away again and the gate is closed.
    """
    if not target.live:
        arguments.require_live(options)
        yield Outlet()
        return
    with opened(options, target, base_url, description, budget, say) as made:
        for line in quote.lines(made.gate.terms, made.gate.allowance.limits, base_url):
            say(line)
        quote.agree(say, yes=options.yes)
        if options.writes:
            _refuse_two(options, made.gate)
        try:
            yield made
        finally:
            made.finish(say)


@contextlib.contextmanager
def opened(
    options: LiveOptions, target: Target, base_url: str, description: Description, budget: str, say: Say
) -> Iterator[Supervision]:
    """The gate with its ledger and transports, the only way out while the block runs."""
    host = urlsplit(base_url)
    local = is_loopback(host.hostname or "")
    if host.scheme != "https" and not local:
        raise InputError(f"{base_url} would send the token unencrypted", fix="write https://")
    policy = policies.load(description, options.policy)
    if not local:
        policies.require_committed(options.policy)
    allowed = quote.limits(policy.limits, budget, options.ceilings, writes=options.writes)
    trust, ca_file = arguments.trust(options)
    with contextlib.ExitStack() as stack:
        redact = Redactor(secrets=[target.token]).text
        ledger = stack.enter_context(Ledger(options.ledger, base_url.rstrip("/"), redact=redact))
        terms = Terms(description, policy, options.writes, options.negative_writes, ledger.prefix)
        wire = Wire(trust)
        stack.callback(wire.close)
        gate = Gate(terms, base_url, target.token, ledger, Allowance(allowed), wire, Pace(say))
        made = Supervision(gate, trust, redact=redact)
        made.prefix = ledger.prefix
        made.tried = stack.enter_context(egress.guarded())
        stack.enter_context(sessions_of_requests(gate, ca_file))
        stack.callback(gate.close)
        yield made


def _refuse_two(options: LiveOptions, gate: Gate) -> None:
    """One run at a time, and none on top of what an earlier one left: its snapshots would be of the wrong state."""
    for past in pasts(options.ledger, gate.base_url):
        if past.run_id == gate.ledger.run_id:
            continue
        if past.alive:
            raise InputError(f"run {past.run_id} is still going on", file=past.path, fix="wait for its end")
        if past.leftovers:
            raise InputError(
                f"run {past.run_id} left things behind",
                file=past.path,
                fix="look with `python3 -m scripts sweep`, then --yes",
            )
