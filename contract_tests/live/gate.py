"""The last code before the socket: every request of a live run passes ``admit``, every answer ``settle``.

Both are called by the transports in ``transports``; no client is built without one of them (``egress`` makes sure). A
request that is not admitted never leaves and is counted. The gate sends a few reads of its own, through itself: to
know what was there before, to see for itself what was created, and to keep what is about to be changed.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from contract_tests.description import Operation
from contract_tests.live import account, listing
from contract_tests.live.allowance import RESERVED_FOR_BORROWED, RESERVED_FOR_CREATED, Allowance, Charge
from contract_tests.live.estate import Borrowed, Created, Estate
from contract_tests.live.ledger import Ledger
from contract_tests.live.meaning import label_field
from contract_tests.live.pace import Pace
from contract_tests.live.refusal import AccountLimit, Exhausted, Refused
from contract_tests.live.routes import Addressed, Routes
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.live.verdict import CONTACTS, Intention, Permit, Terms, is_read

SHOWN_REFUSALS = 40
# How often the gate's own requests are sent again when they meet 429, no answer or a failing server.
ATTEMPTS = 3
Wire = Callable[[Outgoing], Incoming]


class Gate:
    """Decides, counts, journals. One per run; safe to call from several threads."""

    def __init__(
        self, terms: Terms, base_url: str, token: str, ledger: Ledger, allowance: Allowance, wire: Wire, pace: Pace
    ) -> None:
        self.terms = terms
        self.base_url = base_url.rstrip("/")
        self.ledger = ledger
        self.allowance = allowance
        self.pace = pace
        self.estate = Estate(terms.description, terms.policy)
        self.refusals: Counter[str] = Counter()
        self.refused: dict[str, str] = {}
        self.last: Refused | None = None
        self.account_limits: dict[str, str] = {}
        self.exhausted: str = ""
        self.writing_stopped: str = ""
        self.closed = False
        self._met: set[tuple[str, str]] = set()
        self._routes = Routes(terms.description, base_url)
        self._token = token
        self._wire = wire
        self._lock = threading.RLock()
        self._seq = 0

    def close(self) -> None:
        """Nothing leaves any more, whoever still holds a transport."""
        self.closed = True

    # Before a request leaves

    def admit(self, outgoing: Outgoing, *, tidying: bool = False) -> Permit:
        """A permit for a request, after waiting for its turn; ``Refused`` keeps it back, ``Exhausted`` ends the run."""
        with self._lock:
            try:
                return self._admit(outgoing, tidying)
            except Refused as refusal:
                self.last = refusal
                self.refusals[refusal.kind] += 1
                if len(self.refused) < SHOWN_REFUSALS:
                    self.refused.setdefault(f"{outgoing.method} {outgoing.url}", refusal.reason)
                if isinstance(refusal, Exhausted):
                    self.exhausted = self.exhausted or refusal.reason
                raise

    def _admit(self, outgoing: Outgoing, tidying: bool) -> Permit:
        if self.closed:
            raise Refused("client", "the live run is over")
        addressed = self._routes.locate(outgoing)
        if is_read(addressed.operation):
            if outgoing.body and self.terms.description.request_schema(addressed.operation) is None:
                raise Refused("request", f"{addressed.operation.operation_id} takes no body")
            rule = addressed.operation.resource
            # What is listed while tidying is looked through for leftovers.
            looking = rule.collection if tidying and rule is not None and rule.action == "list" else ""
            self._spend(addressed.operation, Charge(tidying=tidying, looking=looking))
            return Permit(addressed)
        return self._admit_write(addressed, outgoing, tidying)

    def _admit_write(self, addressed: Addressed, outgoing: Outgoing, tidying: bool) -> Permit:
        operation = addressed.operation
        intention = self.terms.understand(addressed, outgoing)
        rule = operation.resource
        if rule is not None and addressed.path and self.terms.out_of_scope(operation) is None:
            self._meet_lent(rule.collection)
        self.terms.judge(addressed, intention, self.estate)
        action = rule.action if rule else ""
        key = addressed.path.get(str(rule.key), "") if rule else ""
        mine = self.estate.created.get((rule.collection, key)) if rule else None
        # What the run made may always be taken away, also when nothing else may be written any more.
        tidying = tidying or (action == "delete" and mine is not None and not mine.deleted)
        if self.writing_stopped and not tidying:
            raise AccountLimit(self.writing_stopped)
        price, people = self.terms.policy.price(operation.operation_id), int(CONTACTS in intention.effects)
        charge = Charge(writes=1, usd=price, people=people, tidying=tidying)
        if rule is not None and action == "create":
            return self._admit_creation(addressed, intention, charge)
        if rule is not None and key and mine is None:
            return self._admit_change(addressed, intention, charge, self.estate.loan(rule.collection, key))
        self._spend(operation, charge)
        return Permit(addressed, intention)

    def _admit_creation(self, addressed: Addressed, intention: Intention, charge: Charge) -> Permit:
        assert addressed.operation.resource is not None
        collection = addressed.operation.resource.collection
        if collection not in self.estate.inventory:
            id_field = self.estate.resource(collection).id_field
            before, there = self.allowance.requests, self.everything(collection, tidying=False)
            self.estate.inventory[collection] = frozenset(str(one.get(id_field)) for one in there)
            self.allowance.set_aside_for_looking(collection, self.allowance.requests - before)
        label = str(intention.body[label_field(self.terms.description, collection) or ""])
        # Follow-ups: the read that confirms it.
        whole = Charge(charge.writes, 1, charge.usd, charge.people, follow_ups=1, reserves=RESERVED_FOR_CREATED)
        self._spend(addressed.operation, whole)
        self._seq += 1
        self.estate.unclear[self._seq] = (collection, label)
        self._journal(
            "intent", seq=self._seq, operation=addressed.operation.operation_id, collection=collection, label=label
        )
        return Permit(addressed, intention, self._seq, label)

    def _meet_lent(self, collection: str) -> None:
        """Read the records that the policy lends, once: what they are like, and by which other names they go."""
        resource = self.estate.resource(collection)
        for address in sorted(self.terms.policy.owned.get(collection, ())):
            if (collection, address) in self._met or resource.retrieve is None:
                continue
            self._met.add((collection, address))
            record = self._read(collection, address)
            if record is None:
                continue
            # By its id it has to be the same record, or the id is somebody else's.
            by_id = self._read(collection, str(record.get(resource.id_field)))
            reason = self.estate.lend(collection, address, record, by_id or {})
            if reason:
                self.estate.suspicions.append(reason)

    def _read(self, collection: str, address: str) -> Mapping[str, Any] | None:
        """The record at an address, None when there is none."""
        retrieve = self.estate.resource(collection).retrieve
        answer = self.ask(retrieve, address, tidying=False) if retrieve else None
        return answer.record if answer is not None and answer.ok else None

    def _admit_change(
        self, addressed: Addressed, intention: Intention, charge: Charge, loan: Borrowed | None
    ) -> Permit:
        """Keep a lent record as it was, once, and note what is about to be sent to it."""
        operation = addressed.operation
        assert operation.resource is not None
        collection = operation.resource.collection
        if loan is None:
            raise Refused("owner", f"the record of {collection} could not be read, so it could not be put back")
        self._spend(operation, charge if loan.changed else replace(charge, reserves=RESERVED_FOR_BORROWED))
        if not loan.changed:
            self._journal("snapshot", collection=collection, id=loan.id, fields=loan.fields)
        self._journal("changing", collection=collection, id=loan.id, fields=dict(intention.body))
        loan.note(intention.body)
        return Permit(addressed, intention)

    def _spend(self, operation: Operation, charge: Charge) -> None:
        """Take the request from the budget and wait for its turn."""
        due = self.pace.due(operation.operation_id)
        if due and due > self.allowance.seconds_left(tidying=charge.tidying):
            raise Exhausted(f"the quota opens again in {due:.0f} s, which is beyond the budget's time")
        self.pace.wait(operation.operation_id)
        self.allowance.take(charge)

    def _journal(self, event: str, **facts: Any) -> None:
        try:
            self.ledger.write(event, **facts)
        except OSError as problem:
            self.writing_stopped = f"the ledger cannot be written: {problem.strerror}"
            raise Refused("ledger", self.writing_stopped) from problem

    # After an answer came, or none

    def settle(self, permit: Permit, answer: Incoming | None) -> None:
        """Take note of an answer; None when there is none or it broke off."""
        with self._lock:
            operation = permit.addressed.operation
            if answer is not None:
                answer = answer.of(operation)
                throttled = account.throttles(operation, answer)
                self.pace.learn(operation.operation_id, answer.headers, throttled=throttled)
                if reason := account.limit(answer):
                    self.account_limits.setdefault(operation.operation_id, reason)
                    if account.stops_writing(answer):
                        self.writing_stopped = reason
            try:
                if permit.seq is not None:
                    self._settle_creation(permit, answer)
                elif operation.resource is not None and operation.resource.action == "delete":
                    self._settle_deletion(permit, answer)
            except Refused:
                # The ledger is full: what stands in it already is enough to find what was made.
                return

    def _settle_creation(self, permit: Permit, answer: Incoming | None) -> None:
        assert permit.addressed.operation.resource is not None
        collection = permit.addressed.operation.resource.collection
        assert permit.seq is not None
        if answer is not None and 400 <= answer.status < 500 and answer.status != 408:
            self.estate.unclear.pop(permit.seq)
            self.allowance.release(RESERVED_FOR_CREATED)
            self._journal("not-created", seq=permit.seq, status=answer.status)
            return
        record = answer.record if answer is not None and answer.ok else None
        if record is None:
            self._journal("unclear", seq=permit.seq, reason="no answer with a record")
            return
        record_id = record.get(self.estate.resource(collection).id_field)
        doubt = self.estate.doubt(collection, record_id, permit.label, record)
        if doubt is None and not self.confirm(collection, str(record_id), permit.label):
            doubt = f"{record_id} does not read back with the name that was sent"
        if doubt is not None:
            self.estate.suspicions.append(f"{permit.addressed.operation.operation_id}: {doubt}")
            self._journal("unclear", seq=permit.seq, reason=doubt)
            return
        self.estate.unclear.pop(permit.seq)
        self.estate.created[collection, str(record_id)] = Created(permit.label)
        self._journal("created", seq=permit.seq, collection=collection, id=record_id)

    def _settle_deletion(self, permit: Permit, answer: Incoming | None) -> None:
        rule = permit.addressed.operation.resource
        assert rule is not None
        record_id = permit.addressed.path[str(rule.key)]
        mine = self.estate.created.get((rule.collection, record_id))
        if mine is None or mine.deleted or answer is None or not (answer.ok or answer.status == 404):
            return
        mine.deleted = True
        self.allowance.release(RESERVED_FOR_CREATED)
        self._journal("deleted", collection=rule.collection, id=record_id)

    # The gate's own requests

    def confirm(self, collection: str, record_id: str, label: str) -> bool:
        """Whether reading a record back shows this id and this name."""
        resource = self.estate.resource(collection)
        answer = self.ask(resource.retrieve, record_id) if resource.retrieve else None
        record = answer.record if answer is not None and answer.ok else None
        return (
            record is not None
            and record.get(resource.id_field) == record_id
            and self.estate.shows(collection, record, label)
        )

    def everything(self, collection: str, *, tidying: bool = True) -> Iterator[Mapping[str, Any]]:
        """Every record of a collection; ``Refused`` when its list cannot be read to the end."""
        resource = self.estate.resource(collection)
        assert resource.list is not None
        lister = resource.list
        yield from listing.everything(resource, lambda query: self.ask(lister, query=query, tidying=tidying))

    def ask(
        self,
        operation: Operation,
        record_id: str | None = None,
        *,
        query: Iterable[tuple[str, Any]] = (),
        body: Mapping[str, Any] | None = None,
        tidying: bool = True,
    ) -> Incoming | None:
        """Send a request of the gate's own, again after a quota, a failing server or silence; None without answer.

        ``tidying`` lets it draw on what the budget keeps for confirming and putting back.
        """
        answer = None
        for _ in range(ATTEMPTS):
            answer = self._ask(self._routes.request(operation, self._token, record_id, query, body), tidying)
            if answer is not None and answer.status < 500 and not account.throttles(operation, answer):
                break
        return answer

    def _ask(self, outgoing: Outgoing, tidying: bool) -> Incoming | None:
        permit = self.admit(outgoing, tidying=tidying)
        try:
            answer = self._wire(outgoing)
        except Refused:
            raise
        except Exception:  # whatever kept the answer away, there is none
            self.settle(permit, None)
            return None
        self.settle(permit, answer)
        return answer.of(permit.addressed.operation)
