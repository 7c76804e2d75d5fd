"""What each kind of difference means on the wire and to callers: one table, one row a kind.

A row has one entry where the direction of the data makes no difference, else one for data that callers send and one
for data that they receive. The reasons: callers may send what the description allowed before; they rely on what it
promised before; enums are open, so a member that is new to a receiver is kept as it came.
"""

from __future__ import annotations

from collections.abc import Mapping

from scripts.comparison.change import SAME, SENT, Consequence, Difference, Direction, Effect

BREAKING, DEGRADED, ADDITIVE, NOTED = Effect.BREAKING, Effect.DEGRADED, Effect.ADDITIVE, Effect.DOCUMENTATION
# Effect, what happens on the wire, what happens to callers.
Row = tuple[Effect, str, str]

REFUSED = f"{SAME}what was accepted may be refused"
ACCEPTED = f"{SAME}more is accepted"
NOTHING = f"{SAME}nothing changes"
NO_MATTER = (NOTED, NOTHING, "nothing changes in this direction")
OTHERWISE = f"{SAME}the server acts on them in another way"

OPERATIONS: dict[str, Row] = {
    "operation-added": (ADDITIVE, f"{SAME}one more is possible", "there is a new method"),
    "operation-removed": (BREAKING, f"{SENT}this one is not sent any more", "the method is gone"),
    "operation-renamed": (BREAKING, NOTHING, "the module and its functions have another name; imports fail"),
    "operation-moved": (
        BREAKING,
        f"{SENT}another method or path",
        "code stays; copies that are not updated ask at the old address",
    ),
    "tag-changed": (BREAKING, NOTHING, "the module stands in another folder of api/; imports fail"),
    "path-parameter-renamed": (BREAKING, NOTHING, "passing it by its former name is a TypeError"),
    "security-relaxed": (ADDITIVE, ACCEPTED, "nothing to do"),
    "security-tightened": (BREAKING, REFUSED, "calls without the credentials are refused"),
    "security-changed": (BREAKING, f"{SENT}other credentials", "clients have to be made with other credentials"),
    "server-changed": (BREAKING, f"{SENT}another address", "calls with the default address go elsewhere"),
    "server-added": (ADDITIVE, NOTHING, "base_url may name one more address"),
    "server-removed": (DEGRADED, NOTHING, "one address is not documented any more"),
    "webhook-added": (ADDITIVE, f"{SAME}one more event is delivered", "there is a new event to handle"),
    "webhook-removed": (BREAKING, f"{SAME}the event is not delivered any more", "code for it never runs"),
    "callback-added": (ADDITIVE, f"{SAME}one more request may come in", "there is a new callback to handle"),
    "callback-removed": (BREAKING, f"{SAME}the callback does not come any more", "code for it never runs"),
}

PARAMETERS: dict[str, Row] = {
    "parameter-added": (ADDITIVE, f"{SAME}it is sent when it is given", "there is a new optional argument"),
    "required-parameter-added": (BREAKING, REFUSED, "calls without the new argument fail"),
    "parameter-removed": (BREAKING, f"{SENT}it is not sent any more", "passing it is a TypeError"),
    "parameter-became-required": (BREAKING, REFUSED, "calls without the argument fail"),
    "parameter-became-optional": (ADDITIVE, ACCEPTED, "it may be left out"),
    "parameter-style-changed": (BREAKING, f"{SENT}the value is written in another way", "code stays"),
}

BODIES: dict[str, Row] = {
    "body-added": (ADDITIVE, f"{SAME}a body is sent when it is given", "there are new optional arguments"),
    "required-body-added": (BREAKING, REFUSED, "calls without the body fail"),
    "body-removed": (BREAKING, f"{SENT}no body any more", "passing the body is a TypeError"),
    "body-became-required": (BREAKING, REFUSED, "calls without the body fail"),
    "body-became-optional": (ADDITIVE, ACCEPTED, "it may be left out"),
    "request-content-type-added": (ADDITIVE, ACCEPTED, "one more way to send it"),
    "request-content-type-removed": (BREAKING, f"{SENT}another content type", "bodies of this type are not taken"),
    "request-encoding-changed": (BREAKING, f"{SENT}parts are encoded in another way", "code stays"),
    "response-content-type-added": (ADDITIVE, f"{SAME}answers may come in one more form", "one more form of answer"),
    "response-content-type-removed": (BREAKING, f"{SAME}answers don't come like this", "the answer is not parsed"),
    "response-encoding-changed": (DEGRADED, f"{SAME}parts of answers are encoded in another way", "nothing to do"),
    "success-status-added": (ADDITIVE, f"{SAME}one more success is possible", "the answer has one more form"),
    "success-status-removed": (BREAKING, f"{SAME}this success does not come any more", "what it gave does not come"),
    "error-status-added": (ADDITIVE, f"{SAME}a refusal is documented", "it is raised with its details typed"),
    "error-status-removed": (DEGRADED, f"{SAME}a refusal is not documented", "it is raised as any other error"),
    "default-status-added": (ADDITIVE, f"{SAME}all other answers have a form", "other errors have their details"),
    "default-status-removed": (DEGRADED, f"{SAME}other answers have no form", "other errors come without details"),
    "header-added": (ADDITIVE, f"{SAME}answers carry one more header", "it can be read"),
    "header-removed": (DEGRADED, f"{SAME}answers don't carry it", "reading it gives nothing"),
    "header-became-optional": (DEGRADED, f"{SAME}answers may lack it", "reading it may give nothing"),
    "header-became-certain": (ADDITIVE, f"{SAME}answers always carry it", "it can be relied on"),
}

# For data that is sent, and for data that is received.
SCHEMAS: dict[str, tuple[Row, Row]] = {
    "property-added": (
        (ADDITIVE, f"{SAME}it is sent when it is set", "there is a new optional field"),
        (ADDITIVE, f"{SAME}answers carry more", "there is a new attribute; before, it was among the additional ones"),
    ),
    "required-property-added": (
        (BREAKING, REFUSED, "objects can't be made without the new field"),
        (ADDITIVE, f"{SAME}answers carry more", "there is a new attribute; before, it was among the additional ones"),
    ),
    "property-removed": (
        (BREAKING, f"{SENT}it is not sent under this name any more", "passing it is a TypeError"),
        (BREAKING, f"{SAME}answers don't carry it", "reading it is an AttributeError"),
    ),
    "property-became-required": (
        (BREAKING, REFUSED, "objects can't be made without it"),
        (ADDITIVE, f"{SAME}answers always carry it", "it can be relied on"),
    ),
    "property-became-optional": (
        (ADDITIVE, ACCEPTED, "it may be left out"),
        (BREAKING, f"{SAME}answers may lack it", "it may be UNSET where it always had a value"),
    ),
    "type-widened": (
        (ADDITIVE, ACCEPTED, "values of more types can be passed"),
        (BREAKING, f"{SAME}values of other types may come", "the attribute may hold other types than before"),
    ),
    "type-narrowed": (
        (BREAKING, REFUSED, "values that could be passed can't be any more"),
        (ADDITIVE, f"{SAME}values of fewer types come", "the attribute holds fewer types than before"),
    ),
    "type-changed": (
        (BREAKING, REFUSED, "values of the former type can't be passed any more"),
        (BREAKING, f"{SAME}values are of another type", "the attribute holds another type"),
    ),
    "nullable-added": (
        (ADDITIVE, ACCEPTED, "None can be passed"),
        (BREAKING, f"{SAME}null may come", "it may be None where it never was"),
    ),
    "nullable-removed": (
        (BREAKING, f"{SAME}null may be refused", "None can't be passed any more"),
        (ADDITIVE, f"{SAME}null does not come any more", "it is never None"),
    ),
    "enum-member-added": (
        (ADDITIVE, ACCEPTED, "there is a new member"),
        (ADDITIVE, f"{SAME}one more value may come", "it has a name now; unknown members were kept before"),
    ),
    "enum-member-removed": (
        (BREAKING, REFUSED, "naming the member is an AttributeError; its value can still be sent as text"),
        (BREAKING, f"{SAME}the value does not come any more", "naming the member is an AttributeError"),
    ),
    "enum-introduced": (
        (BREAKING, REFUSED, "only the listed values are expected"),
        (
            BREAKING,
            f"{SAME}only the listed values come",
            "the attribute holds members of an enum instead of plain values",
        ),
    ),
    "enum-dropped": (
        (BREAKING, ACCEPTED, "any value can be passed, but the class with the members is gone"),
        (BREAKING, f"{SAME}any value may come", "the attribute holds plain values instead of members of an enum"),
    ),
    "format-changes-type": (
        (BREAKING, REFUSED, "values of another Python type have to be passed"),
        (BREAKING, f"{SAME}values are read as another type", "the attribute holds another Python type"),
    ),
    "format-added": (
        (BREAKING, REFUSED, "values of another form may be refused"),
        (ADDITIVE, f"{SAME}values have this form", "the form can be relied on"),
    ),
    "format-removed": (
        (ADDITIVE, ACCEPTED, "values of any form can be passed"),
        (DEGRADED, f"{SAME}values may have another form", "the form can't be relied on"),
    ),
    "format-changed": (
        (BREAKING, REFUSED, "values of the former form may be refused"),
        (DEGRADED, f"{SAME}values have another form", "code that reads the former form may fail"),
    ),
    "limit-tightened": (
        (BREAKING, REFUSED, "values beyond the new limit are refused"),
        (ADDITIVE, f"{SAME}values stay within a narrower limit", "the new limit can be relied on"),
    ),
    "limit-loosened": (
        (ADDITIVE, ACCEPTED, "values beyond the former limit can be passed"),
        (DEGRADED, f"{SAME}values beyond the former limit may come", "the former limit can't be relied on"),
    ),
    "limit-changed": (
        (BREAKING, REFUSED, "values that fit the former limit may be refused"),
        (DEGRADED, f"{SAME}values that break the former limit may come", "the former limit can't be relied on"),
    ),
    "constraint-changed": (
        (BREAKING, REFUSED, "values that were allowed may be refused"),
        (DEGRADED, f"{SAME}values that were ruled out may come", "the former constraint can't be relied on"),
    ),
    "union-changed": (
        (BREAKING, REFUSED, "values of other classes have to be passed"),
        (BREAKING, f"{SAME}values have other forms", "the attribute holds other classes"),
    ),
    "union-member-added": (
        (ADDITIVE, ACCEPTED, "one more class can be passed"),
        (BREAKING, f"{SAME}one more form may come", "the attribute may hold one more class"),
    ),
    "union-member-removed": (
        (BREAKING, REFUSED, "objects of this class can't be passed any more"),
        (ADDITIVE, f"{SAME}one form does not come any more", "the attribute holds fewer classes"),
    ),
    "additional-properties-allowed": (
        (ADDITIVE, ACCEPTED, "fields that are not described can be sent"),
        (DEGRADED, f"{SAME}fields that are not described may come", "they are kept as additional ones"),
    ),
    "additional-properties-refused": (
        (BREAKING, f"{SAME}fields that are not described may be refused", "extra fields are refused"),
        (ADDITIVE, f"{SAME}no field comes that is not described", "what is described is all"),
    ),
    "default-changed": (
        (DEGRADED, f"{SAME}the server takes another value where none is sent", "leaving it out has another outcome"),
        (NOTED, NOTHING, "a default says nothing about answers"),
    ),
    "read-only-added": (
        (BREAKING, f"{SENT}it is not sent any more", "it can't be set any more"),
        (NOTED, NOTHING, "only the server sets it"),
    ),
    "read-only-removed": ((ADDITIVE, ACCEPTED, "it can be set"), (NOTED, NOTHING, "callers may set it, too")),
    "write-only-added": (NO_MATTER, (BREAKING, f"{SAME}answers don't carry it", "it is UNSET in answers")),
    "write-only-removed": (NO_MATTER, (ADDITIVE, f"{SAME}answers carry it", "it can be read")),
    "schema-replaced": (
        (BREAKING, NOTHING, "objects of another class have to be passed"),
        (BREAKING, NOTHING, "it holds objects of another class"),
    ),
    "schema-renamed": ((BREAKING, NOTHING, "the class has another name; imports fail"),) * 2,
    "deprecated-added": ((DEGRADED, NOTHING, "it works, and is going away"),) * 2,
    "deprecated-removed": ((ADDITIVE, NOTHING, "it is there to stay"),) * 2,
    "description-changed": ((NOTED, NOTHING, "only the words differ"),) * 2,
}

_SILENT: Row = (NOTED, NOTHING, "nothing a caller notices; the mock and the suite act by it")
_REFUSAL: Row = (BREAKING, REFUSED, "a call that worked may be refused")
_LESS_REFUSAL: Row = (ADDITIVE, ACCEPTED, "a refusal is gone")
_NEW_MEANING: Row = (BREAKING, OTHERWISE, "the same call has another outcome")
_NEW_ERROR: Row = (DEGRADED, f"{SAME}one more refusal is possible", "there is one more error to expect")
_OTHER_ERROR: Row = (
    DEGRADED,
    f"{SAME}refusals carry another status or code",
    "code that looks at the code has to change",
)

# Extensions of our description that say how the API acts (openapi/README.md): when added, removed, changed.
EXTENSIONS: dict[str, tuple[Row, Row, Row]] = {
    "x-effect": ((DEGRADED, OTHERWISE, "the call has other effects than were stated"),) * 3,
    "x-sdk-method": ((BREAKING, NOTHING, "the client's method has another name"),) * 3,
    "x-rule-errors": (_NEW_ERROR, _LESS_REFUSAL, _OTHER_ERROR),
    "x-blocked-by": (_NEW_ERROR, _LESS_REFUSAL, _OTHER_ERROR),
    "x-empty-update": (_SILENT, _SILENT, _NEW_MEANING),
    "x-on-null": (_NEW_MEANING,) * 3,
    "x-on-empty-string": (_NEW_MEANING,) * 3,
    "x-on-object": (_NEW_MEANING,) * 3,
    "x-on-zero": (_NEW_MEANING,) * 3,
    "x-wildcard": (
        (ADDITIVE, ACCEPTED, "one entry stands for all"),
        (BREAKING, REFUSED, "the entry for all is not understood"),
        _NEW_MEANING,
    ),
    "x-references": (_REFUSAL, _LESS_REFUSAL, _REFUSAL),
    "x-ignored-unless-in": (_NEW_MEANING, (ADDITIVE, ACCEPTED, "it always has its effect"), _NEW_MEANING),
    "x-required-while-unset": (_REFUSAL, _LESS_REFUSAL, _REFUSAL),
    "x-missing-error": (_OTHER_ERROR,) * 3,
    "x-page": (_NEW_MEANING,) * 3,
    "x-filter": (_NEW_MEANING,) * 3,
    "x-sort": (_NEW_MEANING,) * 3,
    "x-envelope": ((BREAKING, OTHERWISE, "the records are looked for in another place"),) * 3,
    "x-sensitive": (
        (ADDITIVE, NOTHING, "it is redacted in repr and logs"),
        (DEGRADED, NOTHING, "it shows in repr and logs"),
        (NOTED, NOTHING, "nothing changes"),
    ),
    "x-initial": ((DEGRADED, OTHERWISE, "a new record has another value"),) * 3,
}
_VERBS = ("added", "removed", "changed")
_SINGLE: Mapping[str, Row] = OPERATIONS | PARAMETERS | BODIES


def consequence(difference: Difference, direction: Direction | None) -> Consequence | None:
    """What a difference means in one direction; ``None`` when it has no place in it.

    ``KeyError`` for a kind that no row is about: a kind without a meaning must not pass in silence.
    """
    goes = Direction.RESPONSE if direction is Direction.HEADER else direction
    if goes is not None and goes not in difference.only:
        return None
    if (row := _SINGLE.get(difference.kind)) is not None:
        return Consequence(None, *row)
    if difference.kind.startswith("x-"):
        name, _, verb = difference.kind.rpartition("-")
        return Consequence(None, *EXTENSIONS.get(name, (_SILENT,) * 3)[_VERBS.index(verb)])
    rows = SCHEMAS[difference.kind]
    if rows[0] == rows[1]:
        return Consequence(None, *rows[0])
    effect, wire, callers = rows[0 if goes is Direction.REQUEST else 1]
    if direction is Direction.HEADER and effect is BREAKING:
        # Headers are handed on as text: no attribute changes its type, no class vanishes.
        return Consequence(direction, DEGRADED, wire, "code that reads the header may have to change")
    return Consequence(direction, effect, wire, callers)
