"""What a method of the facade is made of: its arguments, the body that they make, how a list is walked."""

from __future__ import annotations

from typing import Literal

import attrs

from scripts.pipeline.load import JsonObject
from scripts.pipeline.signatures import Typed

Place = Literal["path", "query", "body", "option"]


@attrs.frozen
class Argument:
    """An argument of a method and where it goes: to ``target`` of the function, or of its body's class.

    ``member_of`` is the enum that plain values become members of, with the plain type; ``identifies`` says that an id
    may be given as a ``UUID``.
    """

    name: str
    target: str
    place: Place
    type: Typed
    default: str | None
    said: str = ""
    member_of: tuple[str, str] | None = None
    plain: str = ""
    identifies: bool = False


@attrs.frozen
class Body:
    """The class that the body's arguments make; ``optional`` when the request may go without one."""

    name: str
    module: str
    optional: bool


@attrs.frozen
class Paging:
    """How a list is walked: the arguments for the number and the size of a page, the type of an item.

    ``form`` is what the runtime's ``Form`` takes where the answer is not of the usual form, empty where it is;
    ``needed`` says that the operation takes no request without the number of a page.
    """

    number: str
    size: str | None
    item: Typed
    form: str
    needed: bool


@attrs.frozen
class Method:
    """One operation as a method; ``module`` is that of the generated functions."""

    operation: str
    path: tuple[str, ...]
    module: str
    arguments: tuple[Argument, ...]
    body: Body | None
    returns: Typed
    returns_detailed: Typed
    paging: Paging | None
    gives: bool
    raw: JsonObject

    @property
    def name(self) -> str:
        """The last part of its dotted name."""
        return self.path[-1]
