"""The controls over HTTP, for services and test suites in other languages: ``--controls`` serves them beside the API.

``POST /mock/NAME`` with a JSON object whose members are the arguments of ``Controls.NAME``; ``GET /mock/NAME`` reads.
The real API has no such addresses, so they are off unless asked for, and no fault or drift concerns them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import orjson

from scripts.errors import InputError

from .answer import CONTENT_TYPE
from .controls import Controls
from .decode import decode_body
from .exchange import Json, Received, Refusal, Request
from .serving import Line, Network, Rendered
from .webhooks.delivery import Delivery

PREFIX = "/mock"
Reply = tuple[int, Json]


class Remote:
    """What a server serves: the controls below ``/mock``, and for everything else the mock."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._app = controls.app
        self.base_path = controls.app.base_path
        self.clock = controls.app.clock
        self._posts: Mapping[str, Callable[..., Json]] = {
            "reset": self._reset,
            "seed": self._seed,
            "fail_next": lambda fault="error", **told: controls.fail_next(fault, **told),
            "clock": self._clock,
            "receive_message": lambda to, **told: _shown(controls.receive_message(to=to, **told)),
            "deliveries_end": lambda numbers, **told: controls.deliveries_end(*numbers, **told),
            "follow_link": lambda **told: _shown(controls.follow_link(**told)),
            "deliver": lambda event_type, payload, **told: _shown(controls.deliver(event_type, payload, **told)),
        }
        self._gets: Mapping[str, Callable[..., Json]] = {
            "requests": lambda: [_request(one) for one in controls.requests],
            "records": controls.records,
            "deliveries": lambda: [_shown(one) for one in controls.webhooks.deliveries],
            "public_key": lambda: controls.public_key,
            "clock": lambda: self._clock(),
        }

    @property
    def network(self) -> Network | None:
        """Faults of the network, which spare the controls."""
        return self if self._app.network else None

    def takes(self, request: Request, connection: Line) -> bool:
        """Whether a fault strikes; part of ``Network``."""
        network = self._app.network
        return not _is_control(request) and network is not None and network.takes(request, connection)

    def reject(self, refusal: Refusal) -> Rendered:
        """The mock's answer to what is no request."""
        return self._app.reject(refusal)

    def respond(self, request: Request) -> Rendered:
        """The answer to a request; never raises."""
        if not _is_control(request):
            return self._app.respond(request)
        try:
            status, result = self._answer(request)
        except InputError as problem:
            status, result = 400, {"error": problem.message, "pointer": problem.pointer, "fix": problem.fix}
        except Refusal as refusal:
            status, result = refusal.status, {"error": "; ".join(one["detail"] for one in refusal.errors)}
        except Exception as problem:  # an argument of another kind than meant can fail anywhere
            status, result = 400, {"error": f"{type(problem).__name__}: {problem}"}
        body = orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        length = b"%d" % len(body)
        return status, [(b"content-type", CONTENT_TYPE), (b"content-length", length)], body

    def _answer(self, request: Request) -> Reply:
        name = request.path.decode("utf-8", "replace").removeprefix(f"{PREFIX}/")
        if request.method == "POST" and name in self._posts:
            told = decode_body(request, required=True)
            if not isinstance(told, dict):
                raise InputError("the body is no object", fix="send the arguments as a JSON object, {} for none")
            return 200, {"result": _called(self._posts[name], told)}
        if request.method == "GET" and name in self._gets:
            asked = parse_qs(request.query.decode("utf-8", "replace"))
            return 200, {"result": _called(self._gets[name], {key: values[-1] for key, values in asked.items()})}
        known = [*(f"POST {PREFIX}/{one}" for one in self._posts), *(f"GET {PREFIX}/{one}" for one in self._gets)]
        return 404, {"error": f"there is no control {request.method} {PREFIX}/{name}", "controls": known}

    def _reset(self) -> Json:
        # A receiver that is being told may be waiting for this server: so this does not wait for it.
        self._controls.webhooks.reset(wait=False)
        self._controls.app.reset()
        return None

    def _seed(self, collection: str, records: Json) -> Json:
        if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
            raise InputError("records is no list of objects", pointer="/records", fix="send a list, also for one")
        return self._controls.seed(collection, *records)

    def _clock(self, *, freeze: bool = False, set: str | None = None, advance: float | None = None) -> Json:
        clock = self._controls.clock
        if set is not None:
            clock.set(datetime.fromisoformat(set))
        if freeze:
            clock.freeze()
        if advance is not None:
            clock.advance(advance)
        self._controls.app.catch_up()
        return {"now": clock.now().isoformat(), "frozen": clock.frozen}


def _called(control: Callable[..., Json], told: Mapping[str, Any]) -> Json:
    """What a control gives; ``InputError`` for arguments that it does not take, or that are missing."""
    taken = inspect.signature(control)
    try:
        taken.bind(**told)
    except TypeError as problem:
        known = ", ".join(taken.parameters) or "nothing"
        raise InputError(str(problem), fix=f"it takes {known}") from problem
    return control(**told)


def _is_control(request: Request) -> bool:
    return request.path.startswith(b"/mock/")


def _request(one: Received) -> Json:
    """A request as JSON: a body that is no JSON as text."""
    shown = {**asdict(one), "headers": dict(one.headers)}
    try:
        shown["body"] = one.json
    except ValueError:
        shown["body"] = one.body.decode("utf-8", "replace")
    return shown


def _shown(delivery: Delivery) -> dict[str, Any]:
    return {
        "event": asdict(delivery.event),
        "state": delivery.state,
        "reason": delivery.reason,
        "attempts": [{**asdict(one), "at": one.at.isoformat()} for one in delivery.attempts],
        "skipped": [{"url": url, "reason": reason} for url, reason in delivery.skipped],
    }
