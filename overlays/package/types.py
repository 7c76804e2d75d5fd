"""Values that every part of the package shares: the mark for "not set", an upload, a response with its circumstances.

``None`` and ``UNSET`` differ. A field that is ``UNSET`` is never sent, and was not in the answer; ``None`` is sent as
``null``. Both are false, so ``if profile.webhook_url:`` needs no third case.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from os import PathLike
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, TypeVar

from .runtime.frozen import Frozen

if TYPE_CHECKING:
    from .runtime.rate_limit import RateLimit

T = TypeVar("T")


T_co = TypeVar("T_co", covariant=True)


class Unset(Enum):
    """The type of ``UNSET``, for annotations and ``isinstance``.

    An enum of one member, because that stays one object through pickle, copy and deepcopy, and because type checkers
    then understand ``value is UNSET``. The member's own value has no form in JSON, so that it can't be sent by mistake.
    """

    UNSET = ...

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    __str__ = __repr__


UNSET: Final = Unset.UNSET
# The same for decoders, where it stands for any type: a checker must not conclude what a field holds from its default.
ABSENT: Final[Any] = UNSET

# What httpx takes for one file of a multipart body: its name, its content, its media type, and headers of its own.
FileContent = IO[bytes] | bytes | str
FileTypes = tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
RequestFiles = list[tuple[str, FileTypes]]


class File(Frozen):
    """Something to upload: its bytes or an open binary file, the name to give it, its media type."""

    _hidden: ClassVar[frozenset[str]] = frozenset({"payload"})

    payload: IO[bytes] | bytes | bytearray | memoryview
    file_name: str | None
    mime_type: str | None

    def __init__(
        self,
        payload: IO[bytes] | bytes | bytearray | memoryview,
        file_name: str | None = None,
        mime_type: str | None = None,
    ) -> None:
        super().__init__(payload=payload, file_name=file_name, mime_type=mime_type)

    def to_tuple(self) -> FileTypes:
        """The file as httpx takes it."""
        content = bytes(self.payload) if isinstance(self.payload, bytearray | memoryview) else self.payload
        return self.file_name, content, self.mime_type


# What may be given where a file is to be uploaded. A text is none of them: it could be a path or the content.
Uploadable = File | IO[bytes] | bytes | bytearray | memoryview | PathLike[str]


class Response(Frozen, Generic[T_co]):
    """An answer with its circumstances.

    ``parsed`` is the model of a 2xx answer; every other status is raised as an error. ``attempts`` counts the requests
    that were sent for it, ``elapsed`` is the seconds from the first of them to the end of the last answer. ``headers``
    are looked up without regard to case. Headers and body stay out of ``repr``, and so do the values of a ``parsed``
    that is no model: they may hold secrets.
    """

    _hidden: ClassVar[frozenset[str]] = frozenset({"headers", "body"})

    status: int
    headers: Mapping[str, str]
    request_id: str | None
    rate_limit: RateLimit | None
    parsed: T_co
    body: bytes
    attempts: int = 1
    elapsed: float = 0.0

    def __repr__(self) -> str:
        # A model hides its own secrets, and what has no model shows none of its values.
        from .runtime.model import shown

        said = {name: shown(value) if name == "parsed" else repr(value) for name, value in self._shown().items()}
        return f"{type(self).__name__}({', '.join(f'{name}={value}' for name, value in said.items())})"


__all__ = ["ABSENT", "UNSET", "File", "FileContent", "FileTypes", "RequestFiles", "Response", "Unset", "Uploadable"]
