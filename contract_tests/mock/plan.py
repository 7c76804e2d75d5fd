"""One operation, made ready: everything that the stages need to know, as values. ``planner`` makes them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

import jsonschema_rs

from ..description import Operation
from ..envelope import Envelope
from ..operation_rules import RuleError
from .exchange import Json, Record
from .shape import ABSENT, Shape

DEFAULT_PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A query parameter: how its text becomes a value, and what that value does."""

    name: str
    kind: str  # string, integer, number, boolean or array
    validator: jsonschema_rs.Draft202012Validator
    required: bool
    default: Json
    page: str | None  # number or size
    filter_field: str | None
    filter_operator: str | None
    filter_member: str  # of the objects in a list, the member that a filter looks at (operator holds)
    filter_values: Mapping[str, list[Json]]  # for a value of the parameter, the record values it stands for
    sort_field: str | None
    sorts: bool  # without a sort_field the value names the field itself, after a minus when descending


@dataclass(frozen=True, slots=True)
class WritableField:
    """A member of a request body: what null, the empty string and absence mean, and how it is stored."""

    name: str
    on_null: str | None
    on_empty_string: str | None
    merges: bool  # an object is merged into the one stored so far
    references: str | None
    ignored_unless_in: str | None  # a list of the same record that must hold the value
    required_while_unset: bool
    missing: tuple[int, str]
    never_empty: bool  # an empty list counts as left out
    default: Json
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """The body of an operation: JSON, or a form with files."""

    required: bool
    is_form: bool
    validator: jsonschema_rs.Draft202012Validator
    fields: dict[str, WritableField]
    known: frozenset[str]  # the writable members and the ones that are read-only
    # Found once instead of for each request: the fields that a rule looks at.
    needed: tuple[WritableField, ...] = field(init=False)  # while the record has no value
    never_empty: tuple[WritableField, ...] = field(init=False)
    referring: tuple[WritableField, ...] = field(init=False)

    def __post_init__(self) -> None:
        fields = self.fields.values()
        object.__setattr__(self, "needed", tuple(one for one in fields if one.required_while_unset))
        object.__setattr__(self, "never_empty", tuple(one for one in fields if one.never_empty))
        object.__setattr__(self, "referring", tuple(one for one in fields if one.references is not None))


@dataclass(frozen=True, slots=True)
class RecordField:
    """A member of a stored record: how the server makes it."""

    name: str
    generated: str | None
    initial: Json
    constant: Json
    nullable: bool
    identifier_kind: str  # uuid or number: the form of a generated id


@dataclass(frozen=True, slots=True)
class OperationPlan:
    """An operation with all it takes to serve it."""

    operation: Operation
    action: str
    success: int
    silent: bool  # the answer has no body
    envelope: Envelope
    hides: bool  # records may hold members that answers do not show
    constant: Json  # what the answer is, whatever was asked; ABSENT where it is about a record
    parameters: tuple[QueryParameter, ...]
    body: BodyPlan | None
    record: tuple[RecordField, ...]
    public: bool
    empty_refusal: RuleError | None
    reference_refusal: RuleError | None
    stored: frozenset[str] = field(init=False)  # the members of a record
    stamped: tuple[str, ...] = field(init=False)  # those that tell when it was last written

    def __post_init__(self) -> None:
        object.__setattr__(self, "stored", frozenset(one.name for one in self.record))
        object.__setattr__(self, "stamped", tuple(one.name for one in self.record if one.generated == "updated-at"))

    @property
    def collection(self) -> str:
        """The collection whose records the operation works on."""
        assert self.operation.resource is not None
        return self.operation.resource.collection


def blank(fields: tuple[RecordField, ...]) -> Record:
    """What a record holds of itself: constants, initial values, null where null may stand."""
    made: Record = {}
    for one in fields:
        if one.initial is not ABSENT:
            made[one.name] = copy.deepcopy(one.initial)
        elif one.constant is not ABSENT:
            made[one.name] = one.constant
        elif one.nullable:
            made[one.name] = None
    return made
