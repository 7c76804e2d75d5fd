"""What a fault is: its kind with the settings of that kind, and the requests that it strikes. Values only."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from http import HTTPMethod
from typing import Any

from scripts.errors import InputError


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what it does, and its settings beside ``when`` with what they are when left out."""

    summary: str
    settings: dict[str, Any]


# Settings: seconds are real time, never the mock's clock. ``processed``: the mock did what was asked before the fault.
KINDS = {
    "latency": Kind("the answer comes later", {"seconds": 1.0, "jitter": 0.0}),
    "throttle": Kind("429 10011 with the rate limit used up", {"reset": 1}),
    "error": Kind("a server error as JSON, HTML or nothing", {"status": 503, "body": "json", "processed": False}),
    "reset": Kind("the connection is reset instead of an answer", {"processed": False}),
    "close": Kind("the connection is closed instead of an answer", {"processed": False}),
    "refuse": Kind("the connection is reset, and for a while no new one is accepted", {"seconds": 1.0}),
    "truncate": Kind("the connection closes within the body", {"keep": 0.5}),
    "wrong-gzip": Kind("says gzip, but the body is none, or a spoilt one", {"form": "plain"}),
    "drip": Kind("the body comes in small pieces", {"bytes": 64, "seconds": 0.05}),
    "duplicate": Kind("the request is processed twice, the second answer is sent", {"times": 2}),
}
CHOICES = {"body": ("json", "html", "empty"), "form": ("plain", "spoilt", "cut")}
RANGES: dict[str, tuple[float, float]] = {
    "seconds": (0, 3600),
    "jitter": (0, 3600),
    "reset": (0, 60),
    "status": (500, 599),
    "keep": (0, 1),
    "bytes": (1, 1024 * 1024),
    "times": (2, 100),
}


@dataclass(frozen=True, slots=True)
class When:
    """Which requests a fault strikes: those that fit every member given; all of them without any.

    ``path`` is a pattern for the path below the base address (``/messaging_profiles/*``), without the query. Of the
    fitting requests the first ``after`` are spared, then every ``every``-th is struck with ``probability``, until
    ``count`` (None: no limit) have been.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    after: int = 0
    every: int = 1
    probability: float = 1.0
    count: int | None = None

    def fits(self, operation_id: str | None, method: str, path: str) -> bool:
        """Whether a request is of those meant, whatever was struck before."""
        return (
            (self.operation is None or self.operation == operation_id)
            and (self.method is None or self.method.upper() == method.upper())
            and (self.path is None or fnmatchcase(path, self.path))
        )


METHODS = tuple(method.value for method in HTTPMethod)
LIMITS = {"after": (0, math.inf), "every": (1, math.inf), "count": (1, math.inf), "probability": (0, 1)}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``settings`` of its kind (``KINDS``) that are left out take their usual value.

    ``InputError`` (its pointer relative to the fault) for an unknown kind or setting, or a value out of range.
    """

    kind: str
    when: When = field(default_factory=When)
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            known = ", ".join(KINDS)
            raise InputError(f"there is no fault {self.kind!r}", pointer="/fault", fix=f"choose one of {known}")
        for name, value in self.settings.items():
            if name not in kind.settings:
                known = ", ".join(kind.settings)
                raise InputError(
                    f"the fault {self.kind!r} has no setting {name!r}", pointer=f"/{name}", fix=f"it has {known}"
                )
            _check_setting(name, value, kind.settings[name])
        for name, (low, high) in LIMITS.items():
            _check_number(f"/when/{name}", getattr(self.when, name), low, high, whole=name != "probability")
        _check_address(self.when.method, self.when.path)
        object.__setattr__(self, "settings", {**kind.settings, **self.settings})

    @classmethod
    def of(cls, kind: str, /, **told: Any) -> Fault:
        """``Fault.of("error", status=502, method="POST", count=1)``: settings and conditions in one go."""
        conditions = {one.name for one in fields(When)}
        when = When(**{name: value for name, value in told.items() if name in conditions})
        return cls(kind, when, {name: value for name, value in told.items() if name not in conditions})

    def __getitem__(self, name: str) -> Any:
        """A setting of this kind."""
        return self.settings[name]


def _check_address(method: Any, path: Any) -> None:
    """Refuses what no request can have, which would look like a fault that nothing comes of."""
    if method is not None and (not isinstance(method, str) or method.upper() not in METHODS):
        raise InputError(
            f"method is {method!r}", pointer="/when/method", fix=f"choose one of {', '.join(sorted(METHODS))}"
        )
    if path is not None and (not isinstance(path, str) or path[:1] not in tuple("/*?[")):
        raise InputError(f"path is {path!r}", pointer="/when/path", fix="write a pattern that begins with /")


def _check_setting(name: str, value: Any, usual: Any) -> None:
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise InputError(
                f"{name} is {value!r}", pointer=f"/{name}", fix=f"choose one of {', '.join(CHOICES[name])}"
            )
    elif isinstance(usual, bool):
        if not isinstance(value, bool):
            raise InputError(f"{name} is {value!r}", pointer=f"/{name}", fix="write true or false")
    else:
        _check_number(f"/{name}", value, *RANGES[name], whole=isinstance(usual, int))


def _check_number(pointer: str, value: Any, low: float, high: float, *, whole: bool) -> None:
    if value is None and pointer == "/when/count":
        return
    good = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not good or not low <= value <= high:
        what = "a whole number" if whole else "a number"
        bound = f" from {low:g}" + (f" to {high:g}" if high != math.inf else " on")
        raise InputError(f"{pointer.rpartition('/')[2]} is {value!r}", pointer=pointer, fix=f"write {what}{bound}")
