"""Webhooks: prove that one comes from Telnyx, read it, and notice when it comes again.

::

    from telnyx_bindings import webhooks

    seen = webhooks.ReplayGuard()
    event = webhooks.unwrap(request.body, request.headers, public_key)   # raises WebhookError
    if event.event_type == "message.received" and seen.is_new(event):
        ...

Telnyx signs timestamp, vertical bar and raw body with Ed25519. Pass the body as it was received: what was parsed and
written again has other bytes. Answer 200 within two seconds. Deliveries may come twice and in any order.

::

    WebhookError
    ├── SignatureMissing      a header is missing, doubled or not in its form
    ├── SignatureInvalid      the signature is not that of this body and timestamp by any of the keys
    ├── TimestampOutOfRange   signed too long ago, or in the future
    └── WebhookUnreadable     genuine, but no JSON object

Checking signatures needs the package ``cryptography``: install ``telnyx-bindings[webhooks]``.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from attrs import field, frozen

from .runtime.errors import TelnyxError

SIGNATURE_HEADER: Final = "telnyx-signature-ed25519"
TIMESTAMP_HEADER: Final = "telnyx-timestamp"
TOLERANCE: Final = timedelta(seconds=300)
_SECONDS = re.compile(r"[0-9]{1,12}")
_KEY_BYTES = 32
_SIGNATURE_BYTES = 64

# As frameworks hold them: a mapping, or pairs in which a name may come twice; ASGI has both as bytes.
Headers = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]


class WebhookError(TelnyxError):
    """What was received can't be trusted or read: do not act on it."""


class SignatureMissing(WebhookError):
    """The signature or the timestamp is missing, comes twice, or is not in its form."""


class SignatureInvalid(WebhookError):
    """The signature is not that of this body and timestamp by any of the keys."""


class TimestampOutOfRange(WebhookError):
    """The timestamp differs too much from the time of this machine, in either direction."""


class WebhookUnreadable(WebhookError):
    """The webhook is genuine, but its body is no JSON object; ``body`` has it."""


@frozen(kw_only=True)
class Event:
    """A webhook that was read. What it lacks is ``None``; ``raw`` is the whole of it.

    ``occurred_at`` is the text as it came when it is no time. ``payload`` is what the event is about, as JSON;
    ``record`` is the whole event as the class that the description has for its ``event_type`` (where it has none, for
    its ``record_type``), or ``None``.
    Payloads hold numbers and texts of people, so ``repr`` shows neither them nor ``raw``.
    """

    id: str | None
    event_type: str | None
    record_type: str | None
    occurred_at: datetime | str | None
    payload: Any = field(repr=False)
    attempt: int | None
    delivered_to: str | None = field(repr=False)
    record: Any = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False)


def unwrap(
    body: bytes | bytearray | memoryview,
    headers: Headers,
    public_key: str | Sequence[str],
    *,
    tolerance: timedelta = TOLERANCE,
    now: float | None = None,
) -> Event:
    """``verify``, then ``parse``."""
    verify(body, headers, public_key, tolerance=tolerance, now=now)
    return parse(body)


def verify(
    body: bytes | bytearray | memoryview,
    headers: Headers,
    public_key: str | Sequence[str],
    *,
    tolerance: timedelta = TOLERANCE,
    now: float | None = None,
) -> None:
    """Return if the webhook is genuine and recent; else raise the ``WebhookError`` that says what is wrong.

    ``body``: as received. ``public_key``: the account's, from the portal, base64 of 32 bytes; several while it is being
    changed. ``tolerance``: how far the timestamp may be off, into the past and into the future. ``now``: Unix seconds
    instead of this machine's clock.

    ``TypeError`` for a body that is no bytes, ``ValueError`` for a key that is none, ``ImportError`` without the extra.
    """
    if not isinstance(body, bytes | bytearray | memoryview):
        raise TypeError("the body must be the bytes as they were received: parsed and written again, they would differ")
    keys = [_key(one) for one in ([public_key] if isinstance(public_key, str) else public_key or ())]
    if not keys:
        raise ValueError("a public key is needed")
    timestamp = _single(headers, TIMESTAMP_HEADER)
    if not _SECONDS.fullmatch(timestamp):
        raise SignatureMissing(f"{TIMESTAMP_HEADER} is no number of seconds")
    signature = _decoded(_single(headers, SIGNATURE_HEADER), _SIGNATURE_BYTES)
    if signature is None:
        raise SignatureMissing(f"{SIGNATURE_HEADER} is not base64 of {_SIGNATURE_BYTES} bytes")
    signed = timestamp.encode("ascii") + b"|" + bytes(body)
    if not any(_is_signed(key, signature, signed) for key in keys):
        raise SignatureInvalid("the signature is not that of this body and timestamp")
    off = (time.time() if now is None else now) - int(timestamp)
    if abs(off) > tolerance.total_seconds():
        raise TimestampOutOfRange(f"signed {abs(off):.0f} s {'ago' if off > 0 else 'in the future'}")


def parse(body: bytes | bytearray | memoryview | str) -> Event:
    """Read a webhook that was verified. ``WebhookUnreadable`` when it is no JSON object; nothing else raises.

    Fields that are missing or of another kind are ``None``; also the flat form of ``webhook_api_version`` 1 is read.
    """
    try:
        raw = json.loads(bytes(body) if isinstance(body, memoryview) else body)
    except (ValueError, RecursionError) as problem:
        raise _unreadable(body, f"no JSON: {problem}") from problem
    if not isinstance(raw, dict):
        raise _unreadable(body, f"a JSON {type(raw).__name__}, not an object")
    data = raw.get("data")
    envelope: Mapping[str, Any] = data if isinstance(data, dict) else raw
    meta = raw.get("meta")
    delivery: Mapping[str, Any] = meta if isinstance(meta, dict) else {}
    event_type = _text(envelope, "event_type") or _text(raw, "type")
    attempt = delivery.get("attempt")
    return Event(
        id=_text(envelope, "id") or _text(raw, "sms_id"),
        event_type=event_type,
        record_type=_text(envelope, "record_type"),
        occurred_at=_moment(envelope.get("occurred_at")),
        payload=envelope.get("payload", None if envelope is data else raw),
        attempt=attempt if isinstance(attempt, int) and not isinstance(attempt, bool) else None,
        delivered_to=_text(delivery, "delivered_to"),
        record=_record(event_type or _text(envelope, "record_type"), raw),
        raw=raw,
    )


class ReplayGuard:
    """Remembers the ids of events, so that one that is delivered or sent again is acted on once.

    Telnyx tries a delivery up to six times; the timestamp's tolerance bounds replays by others to ``TOLERANCE``.
    ``remember``: for how long an id is kept; ``capacity``: how many at most, the oldest go first. Safe between threads;
    a service of several processes needs a shared place instead (a unique key in a database, for example).
    """

    def __init__(self, remember: timedelta = timedelta(days=1), capacity: int = 100_000) -> None:
        if capacity < 1 or remember <= timedelta(0):
            raise ValueError("remember and capacity must be positive")
        self._remember = remember.total_seconds()
        self._capacity = capacity
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, event: Event | str, *, now: float | None = None) -> bool:
        """Whether this event, or id, was not seen before; from now on it was. ``now``: seconds of a steady clock.

        An event without an id can't be told from others and is always new.
        """
        name = event if isinstance(event, str) else event.id
        if not name:
            return True
        moment = time.monotonic() if now is None else now
        with self._lock:
            while self._seen and next(iter(self._seen.values())) <= moment - self._remember:
                self._seen.popitem(last=False)
            if name in self._seen:
                return False
            self._seen[name] = moment
            if len(self._seen) > self._capacity:
                self._seen.popitem(last=False)
            return True

    def forget(self, event: Event | str) -> None:
        """Let an event be new again, because acting on it failed and the next delivery is to be taken."""
        with self._lock:
            self._seen.pop((event if isinstance(event, str) else event.id) or "", None)

    def __len__(self) -> int:
        return len(self._seen)


class _PublicKey(Protocol):
    def verify(self, signature: bytes, data: bytes, /) -> None:
        """Return when the signature is right, else raise ``cryptography.exceptions.InvalidSignature``."""


def _key(text: str) -> _PublicKey:
    if not isinstance(text, str):
        raise TypeError("a public key is text: base64, as the portal shows it")
    content = _decoded(text.strip(), _KEY_BYTES)
    if content is None:
        raise ValueError(f"the public key is not base64 of {_KEY_BYTES} bytes")
    try:
        # By name, so that a vendored copy passes type checks where the extra is not installed.
        ed25519 = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
    except ImportError as problem:
        said = "checking webhooks needs the package cryptography: install telnyx-bindings[webhooks]"
        raise ImportError(said, name="cryptography") from problem
    key: _PublicKey = ed25519.Ed25519PublicKey.from_public_bytes(content)
    return key


def _is_signed(key: _PublicKey, signature: bytes, signed: bytes) -> bool:
    invalid: type[Exception] = importlib.import_module("cryptography.exceptions").InvalidSignature
    try:
        key.verify(signature, signed)
    except invalid:
        return False
    return True


def _single(headers: Headers, name: str) -> str:
    """The one value of a header, whatever its case; ``SignatureMissing`` when there is none, or two that differ."""
    pairs = [*(headers.items() if isinstance(headers, Mapping) else headers)]
    found = {_header(value) for key, value in pairs if _header(key).lower() == name}
    if len(found) != 1:
        old = "x-telnyx-signature" in [_header(key).lower() for key, _ in pairs]
        hint = ": this is webhook_api_version 1, set 2 for its messaging profile" if old else ""
        raise SignatureMissing(f"{name} comes with two values" if found else f"{name} is missing{hint}")
    return found.pop()


def _header(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _decoded(text: str, length: int) -> bytes | None:
    """What base64 ``text`` stands for, if it is ``length`` bytes in the one way to write them."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # A last letter may carry bits that stand for nothing: two texts, one content. Only the proper one counts.
    return content if len(content) == length and base64.b64encode(content).decode() == text else None


def _text(source: Mapping[str, Any], name: str) -> str | None:
    value = source.get(name)
    return value if isinstance(value, str) else None


def _moment(value: Any) -> datetime | str | None:
    if not isinstance(value, str):
        return None
    from .runtime import dates

    parsed = dates.parse_datetime(value)
    return parsed if isinstance(parsed, datetime) else value


def _record(event_type: str | None, raw: dict[str, Any]) -> Any:
    """The whole event as the class that is described for its type."""
    from .event_classes import EVENTS

    if event_type is None or event_type not in EVENTS:
        return None
    module, name = EVENTS[event_type]
    return getattr(importlib.import_module(module, __package__), name).from_dict(raw)


def _unreadable(body: bytes | bytearray | memoryview | str, said: str) -> WebhookUnreadable:
    # Half of a surrogate pair has no UTF-8, and is no reason for an error of another kind.
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    return WebhookUnreadable(f"the webhook is {said}", body=content)
