"""What the ``x-`` extensions of the description say, as sentences for readers (``openapi/README.md`` defines them).

The sentences are texts for ``markup.inline``: backticks mark code. An extension that is not known here is shown by its
name and value, so that nothing the description states is hidden.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from scripts.reference.markup import ticked

EFFECTS = {
    "read": "Reads only; nothing changes.",
    "write": "Changes data, free of charge, and can be undone by another call.",
    "costs": "May cost money.",
    "contacts-people": "May reach people: a message, a call or a letter.",
    "irreversible": "Can't be undone.",
}
GENERATED = {
    "id": "The server makes it and it never changes.",
    "key": "It identifies the record: the client gives it at creation, and it never changes.",
    "created-at": "The time of creation; it never changes.",
    "updated-at": "The time of the last update.",
    "secret": "The server makes it: random text.",
    "constant": "Always the same value.",
}
# Shown by the renderer itself, or without meaning for a reader of the page.
NOT_SAID = frozenset({"x-displayName", "x-traitTag", "x-tagGroups", "x-enum-varnames"})

Sentence = Callable[[Any], str]


def sentences(part: Mapping[str, Any]) -> list[str]:
    """One sentence or more for each extension of an operation, schema or parameter, in the order they stand."""
    said = [_sentence(key, value) for key, value in part.items() if key.startswith("x-") and key not in NOT_SAID]
    return [text for text in said if text]


def refusals(operation: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Status, code and occasion of each refusal in ``x-rule-errors``."""
    entries = operation.get("x-rule-errors")
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [(str(entry.get("status", "")), str(entry.get("code", "")), str(entry.get("when", ""))) for entry in found]


def _sentence(key: str, value: Any) -> str:
    try:
        return _SENTENCES[key](value) if key in _SENTENCES else _unknown(key, value)
    except (AttributeError, KeyError, TypeError):  # a value of another shape than the README says
        return _unknown(key, value)


def _unknown(key: str, value: Any) -> str:
    return f"{ticked(key)}: {ticked(json.dumps(value, ensure_ascii=False))}"


def _effect(value: list[str]) -> str:
    # "Free and undone by another call" is what ``write`` means only while nothing stronger stands beside it.
    return "Effect: " + " ".join(
        "Changes data." if one == "write" and len(value) > 1 else EFFECTS[one] for one in value
    )


def _resource(value: dict[str, Any]) -> str:
    said = [f"Works on the collection {ticked(value['collection'])} ({value['action']})."]
    if "lookup" in value:
        others = " or ".join(map(ticked, value["lookup"]))
        said.append(f"{ticked(value['key'])} in the path may also be the record's {others}.")
    if "parent" in value:
        parent = value["parent"]
        said.append(
            f"Only records whose {ticked(parent['field'])} is the {ticked(parent['parameter'])} in the path;"
            f" 404 when {ticked(parent['collection'])} has no such record."
        )
    if "order" in value:
        field, way = value["order"].removeprefix("-"), "descending" if value["order"].startswith("-") else "ascending"
        said.append(f"Sorted by {ticked(field)}, {way}.")
    return " ".join(said)


def _blocked(value: list[dict[str, Any]]) -> str:
    return " ".join(
        f"Refused with {entry['status']} and code {ticked(entry['code'])}"
        f" while a record of {ticked(entry['collection'])} has this id as its {ticked(entry['field'])}."
        for entry in value
    )


OPERATORS = {
    "eq": "is",
    "contains": "contains",
    "in": "is one of, separated by commas,",
    "gte": "is at least, or not before,",
    "lte": "is at most, or not after,",
    "holds": "is a list with an entry that is",
}


def _filter(value: dict[str, Any]) -> str:
    how = OPERATORS[value["operator"]]
    if "member" in value:
        how = f"is a list with an entry whose {ticked(value['member'])} is"
    said = f"Lists records whose {ticked(value['field'])} {how} the given value."
    for given, stored in value.get("values", {}).items():
        said += f" {ticked(given)} stands for {' or '.join(map(ticked, stored))}."
    return said


def _sort(value: dict[str, Any]) -> str:
    if "field" in value:
        return f"Sorts by {ticked(value['field'])}."
    return "Sorts by the field that the value names, descending after a minus."


def _envelope(value: dict[str, Any]) -> str:
    told = ", ".join(f"{ticked(name)} ({what})" for what, name in value.items() if what != "records")
    return f"The records stand under {ticked(value['records'])}{f'; the page is told by {told}' if told else ''}."


OUTSIDE = {"receive_message": "somebody writes to the account", "follow_link": "the recipient follows a link"}


def _caused(value: list[dict[str, Any]]) -> str:
    said = []
    for cause in value:
        told = " and ".join(ticked(event) for event in cause["events"])
        first = f" and {OUTSIDE[cause['outside']]}" if "outside" in cause else ""
        text = f"Sent after {ticked(cause['operation'])}{first}: {told}."
        if "course" in cause:
            ends = " or ".join(ticked(end) for end in cause["course"]["ends"])
            text += f" {ticked(cause['course']['at'])} ends as {ends}."
        said.append(text)
    return " ".join(said)


def _missing(value: dict[str, Any]) -> str:
    return f"Leaving it out is refused with {value['status']} and code {ticked(value['code'])}."


def _choice(**said: str) -> Sentence:
    """A sentence for each value that the extension may have (``true`` is spelled ``yes`` here)."""
    return lambda value: said["yes" if value is True else value]


def _undescribed(value: list[dict[str, Any]]) -> str:
    return " ".join(f"Events of {ticked(known['format'])} are not described: {known['why']}." for known in value)


_SENTENCES: dict[str, Sentence] = {
    "x-effect": _effect,
    "x-sdk-method": lambda value: f"The vendor's library: {ticked(f'client.{value}')}.",
    "x-resource": _resource,
    "x-rule-errors": lambda value: "",  # a table of its own: see ``refusals``
    "x-blocked-by": _blocked,
    "x-empty-update": _choice(
        accept="A body without any field that can be written answers 200 and changes nothing.",
        refuse="A body without any field that can be written is refused.",
    ),
    "x-on-null": _choice(keep="On update, null keeps the value.", clear="On update, null clears the value."),
    "x-on-empty-string": _choice(
        keep='On update, `""` keeps the value.', clear='On update, `""` clears the value: it becomes null.'
    ),
    "x-on-object": _choice(merge="On update, members that are left out keep their value."),
    "x-references": lambda value: f"A text in it is the id of a record of {ticked(value)}.",
    "x-ignored-unless-in": lambda value: f"A value that is not in {ticked(value)} is accepted and changes nothing.",
    "x-required-while-unset": _choice(yes="Required on update while the record has no value yet."),
    "x-missing-error": _missing,
    "x-wildcard": lambda value: f"{ticked(value)} stands for all.",
    "x-on-zero": _choice(exclude="Zero takes it out of the choice."),
    "x-generated": lambda value: GENERATED[value],
    "x-initial": lambda value: f"At creation it is {ticked(json.dumps(value, ensure_ascii=False))} unless it is given.",
    "x-label": _choice(yes="People know the record by it."),
    "x-recipient": _choice(yes="Whom the request reaches."),
    "x-undescribed-events": _undescribed,
    "x-sensitive": _choice(yes="A secret: shown in no log, report or `repr`."),
    "x-personal": _choice(yes="Tells whose number or address it is: reports of runs leave it out."),
    "x-follows": lambda value: f"Changes with {ticked(value)}.",
    "x-server-varies": _choice(yes="May differ between two answers although nobody changed it."),
    "x-page": _choice(number="Chooses the page.", size="Sets the size of a page."),
    "x-filter": _filter,
    "x-sort": _sort,
    "x-envelope": _envelope,
    "x-sent-after": _caused,
}
