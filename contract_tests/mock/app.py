"""The stages in a row: route, authenticate, count, decode, validate, act, answer. And ASGI around them.

``create_app`` is the way in. The stages run in one go under a lock, so that concurrent clients never see half of a
change; only reading the request and sending the answer wait for the network.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import replace
from typing import Any

from ..description import Description
from . import behaviours, errors
from .agenda import Agenda
from .answer import refuse, render, succeed
from .clock import Clock
from .decode import BODY_LIMIT, decode_body, decode_query
from .drift_catalogue import plant_all
from .exchange import Answer, Header, Received, Refusal, Request
from .faults import Fault, Faults
from .faults.over_socket import OverSocket
from .faults.script import Script, script
from .ids import Identifiers
from .inventing import Inventor
from .parts import Parts, unplanted
from .plan import OperationPlan
from .prepared import prepared
from .rate_limit import RateLimiter
from .router import Route, base_path
from .serving import Network
from .shape import ABSENT
from .store import Store
from .unchecked import guarded
from .validate import refuse_violations, validate_body, validate_query, writable
from .variants import Served, Variants, surrounded
from .webhooks.mutation import Mutation
from .world import Call, Invent, World

BODY_WAIT = 10.0  # seconds for the rest of a body
LOG_LENGTH = 1000  # requests
LOGGED_BODY = 64 * 1024  # bytes
WITHHELD = b"authorization"
REDACTED = b"[redacted]"
ANY_CREDENTIALS: Header = (b"x-mock-credentials", b"any")
LOG = logging.getLogger(__package__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def create_app(
    description: Description,
    *,
    api_key: str | None = None,
    plants: Iterable[str] = (),
    faults: Iterable[Fault] = (),
    fault_seed: int | None = None,
    seed: int = 0,
    rate_limit: int | None = None,
    seeds: bool = True,
    clock: Clock | None = None,
    any_id: bool = False,
) -> Mock:
    """A mock of ``description``; ``InputError`` when an operation cannot be served, or a drift or fault is unknown.

    ``api_key``: the one token that passes (None: any); ``plants``: drifts, as ``--plant`` takes them; ``faults`` of the
    network, by ``fault_seed`` (None: as ``seed``); ``seed``: of generated ids and secrets; ``rate_limit``: requests per
    operation and minute; ``seeds``: start with the seed records; ``any_id``: an unknown id comes into being
    (see ``inventing``).
    """
    parts = guarded(plant_all(plants, unplanted(description, api_key)), description)
    ready = prepared(parts.description)
    plans = ready.plans
    store = Store(ready.id_fields, ready.records if seeds else {})
    base = base_path(parts.description)
    known = {name: plan.operation.path for name, plan in plans.items()}
    struck = Faults((*faults, *parts.faults), seed if fault_seed is None else fault_seed, known=known, base=base)
    invent = Inventor(ready.planner, plans) if any_id else None
    return Mock(parts, plans, store, clock or Clock(), seed, rate_limit, struck, invent)


class Mock:
    """An ASGI application that remembers. ``store``, ``clock`` and ``requests`` are there for tests."""

    def __init__(
        self,
        parts: Parts,
        plans: dict[str, OperationPlan],
        store: Store,
        clock: Clock,
        seed: int,
        rate_limit: int | None,
        faults: Faults,
        invent: Invent | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.faults = faults  # of the network; ``inject`` adds one
        self.base_path = base_path(parts.description)
        self.operation_ids = tuple(plans)
        self._served = Served.of(parts, plans)
        self._variants = Variants(self._served, seed)
        self._over_socket = OverSocket(self.strike)
        self._identifiers = Identifiers(clock, seed)
        self._limiter = RateLimiter(clock, rate_limit)
        agenda = Agenda(unchecked=parts.unchecked)
        self.world = World(store, clock, self._identifiers, behaviours.BEHAVIOURS, invent, agenda)
        self._log: deque[tuple[Request, str | None, int]] = deque(maxlen=LOG_LENGTH)
        self.lock = threading.RLock()

    @property
    def requests(self) -> tuple[Received, ...]:
        """The last requests, oldest first, without their tokens."""
        with self.lock:
            entries = list(self._log)
        return tuple(_received(*entry) for entry in entries)

    def reset(self) -> None:
        """Back to the state at start: records, clock, ids, quotas, log."""
        with self.lock:
            self.store.reset()
            self.world.agenda.clear()
            self.world.memory.clear()
            self.clock.reset()
            self._identifiers.reset()
            self._limiter.reset()
            self._log.clear()
            self._variants.reset()
            self.faults.reset()
        self._over_socket.reset()

    def catch_up(self) -> None:
        """Let everything happen whose time has come; who looks at records without a request calls it first."""
        with self.lock:
            self.world.agenda.catch_up(self.clock.nanoseconds())

    def mutation(self) -> Mutation:
        """What planted drifts make of the next webhook."""
        with self.lock:
            return self._variants.next_told().parts.mutation

    @property
    def network(self) -> Network | None:
        """Faults of the network, when there are any; only a server over sockets asks."""
        return self._over_socket if self.faults else None

    def inject(self, fault: Fault) -> None:
        """One more fault of the network, until ``reset``; ``InputError`` when it is about an unknown operation."""
        with self.lock:
            self.faults.inject(fault)

    def strike(self, request: Request) -> Script | None:
        """The steps of the fault that strikes a request, to be carried out in place of ``respond``; None for no fault.

        Each call counts as a request met. The steps process the request when they get to it.
        """
        if not self.faults:
            return None
        with self.lock:
            operation_id = self._served.operation_id(request)
            path = request.path.decode("utf-8", "replace").removeprefix(self.base_path)
            struck = self.faults.strike(operation_id, request.method, path)
        if struck is None:
            return None
        return script(struck, lambda: self.respond(request), lambda status: self._unprocessed(request, status))

    def _unprocessed(self, request: Request, status: int) -> tuple[int, list[Header], bytes]:
        with self.lock:
            operation_id = self._served.operation_id(request)
            self._note(request, operation_id, status)
            return render(refuse(errors.refusal(errors.UNAVAILABLE)), self._headers(operation_id))

    def respond(self, request: Request) -> tuple[int, list[Header], bytes]:
        """The whole answer to a request: status, headers and body. Never raises."""
        with self.lock:
            plan: OperationPlan | None = None
            served = self._variants.next()
            try:
                self.catch_up()
                route = served.router.route(request)
                plan = route.plan
                serve = functools.partial(self._serve, served.parts, route)
                answer = surrounded(served.parts, plan, request, serve) if served.parts.around else serve(request)
            except Refusal as refusal:
                answer = refuse(refusal)
            except Exception:
                LOG.exception("the mock failed at %s %r", request.method, request.path)
                answer = refuse(errors.refusal(errors.UNEXPECTED))
            operation_id = plan.operation.operation_id if plan else None
            for finish in served.parts.finish:
                answer = finish(operation_id, answer)
            self._note(request, operation_id, answer.status)
            status, headers, body = render(answer, self._headers(operation_id))
            for touch in served.parts.touch:
                headers = touch(status, headers)
            return status, headers, body

    def _note(self, request: Request, operation_id: str | None, status: int) -> None:
        if len(request.body) > LOGGED_BODY:
            request = replace(request, body=request.body[:LOGGED_BODY])
        self._log.append((request, operation_id, status))

    def reject(self, refusal: Refusal) -> tuple[int, list[Header], bytes]:
        """The answer to something that never became a request."""
        with self.lock:
            return render(refuse(refusal), self._headers(None))

    def _serve(self, parts: Parts, route: Route, request: Request) -> Answer:
        plan = route.plan
        if not plan.public:
            parts.authenticate(request)
        self._limiter.spend(plan.operation.operation_id)
        query, found = validate_query(plan, decode_query(request.query))
        body: Any = {}
        if plan.body is not None:
            body = decode_body(request, required=plan.body.required, is_form=plan.body.is_form)
            if body is ABSENT:
                body = {}
            found += validate_body(plan.body, body, len(request.body))
        refuse_violations(found)
        sent = writable(plan.body, body) if plan.body is not None else {}
        return succeed(plan, parts.actions[plan.action](plan, Call(route.path_values, query, sent), self.world))

    def _headers(self, operation_id: str | None) -> tuple[Header, ...]:
        own = (*self._limiter.headers(operation_id), (b"x-request-id", self._identifiers.request().encode()))
        return (*own, ANY_CREDENTIALS) if self._served.parts.announces_any else own

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """ASGI 3; HTTP only."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        body = await _read(receive)
        if body is None:
            return
        raw_path = scope.get("raw_path") or scope["path"].encode()
        request = Request(scope["method"], raw_path, scope["query_string"], tuple(scope["headers"]), body)
        answer = self.reject(errors.refusal(errors.TIMEOUT)) if body is LATE else self.respond(request)
        status, headers, content = answer
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


LATE = b"(the body did not arrive in time)"  # compared by identity


async def _read(receive: Receive) -> bytes | None:
    """The body, one byte more than the limit at most; None when the client went away, ``LATE`` when it is too slow."""
    message = await receive()
    if message["type"] != "http.request":
        return None
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    pieces = [body]
    size = len(body)
    try:
        async with asyncio.timeout(BODY_WAIT):
            while message.get("more_body", False) and size <= BODY_LIMIT:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                pieces.append(message.get("body", b""))
                size += len(pieces[-1])
    except TimeoutError:
        return LATE
    return b"".join(pieces)[: BODY_LIMIT + 1]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _shown(name: bytes, value: bytes) -> bytes:
    """A header as it may be shown: of credentials their scheme alone."""
    if name != WITHHELD:
        return value
    scheme, blank, token = value.strip().partition(b" ")
    return scheme + blank + REDACTED if token else REDACTED


def _received(request: Request, operation_id: str | None, status: int) -> Received:
    headers = tuple((name.decode("latin-1"), _shown(name, value).decode("latin-1")) for name, value in request.headers)
    path, query = request.path.decode("utf-8", "replace"), request.query.decode("utf-8", "replace")
    return Received(request.method, path, query, operation_id, status, headers, request.body)
