"""The records that the mock starts with: ``seeds/<collection>.yaml``, completed and checked against the description.

A seed states what matters; constants, initial values and the defaults of the create operation fill the rest, so that
seeds follow the description when it gains a field.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

import yaml
from jsonschema_rs import Draft202012Validator

from scripts.errors import InputError

from .exchange import Record
from .plan import OperationPlan, blank
from .planner import Planner
from .shape import ABSENT

FOLDER = Path(__file__).parent / "seeds"
RECORD_ACTIONS = ("retrieve", "list", "update", "create", "delete")


def load(
    planner: Planner, plans: Mapping[str, OperationPlan], id_fields: Mapping[str, str], folder: Path = FOLDER
) -> dict[str, list[Record]]:
    """The seeds of every collection of the description that has a file; ``InputError`` for a seed that is not valid."""
    found = {}
    for collection, id_field in id_fields.items():
        file = folder / f"{collection}.yaml"
        if file.is_file():
            found[collection] = _records(planner, plans, collection, id_field, file)
    return found


def _records(
    planner: Planner, plans: Mapping[str, OperationPlan], collection: str, id_field: str, file: Path
) -> list[Record]:
    try:
        raw = yaml.load(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise InputError(f"not YAML: {problem}", file=file, line=mark.line + 1 if mark else None) from problem
    if not isinstance(raw, list):
        raise InputError("a seed file holds a list of records", file=file)
    shown, creation = shown_and_made(plans, collection)
    if not raw:
        return []  # what is only computed from no records has an empty file
    # What no operation shows is for the mock alone, and its behaviour code knows what it looks like.
    validator = planner.validator(planner.description.record_schema(shown.operation)) if shown else None
    records: dict[str, Record] = {}
    for index, seed in enumerate(raw):
        if not isinstance(seed, dict):
            raise InputError("a record is an object", file=file, pointer=f"/{index}")
        record = dict(seed)
        if shown is not None and validator is not None:
            refuse_unknown(seed, shown, index, file)
            record = complete(seed, shown, creation)
            check(validator, record, index, file)
        identifier = record.get(id_field)
        if not isinstance(identifier, str) or identifier in records:
            raise InputError(f"every seed needs its own {id_field!r}", file=file, pointer=f"/{index}/{id_field}")
        records[identifier] = record
    return list(records.values())


def shown_and_made(
    plans: Mapping[str, OperationPlan], collection: str
) -> tuple[OperationPlan | None, OperationPlan | None]:
    """The operation that shows what a record of a collection looks like, and the one that makes it; None for none."""
    mine = [plan for plan in plans.values() if plan.collection == collection]
    shown = next((plan for action in RECORD_ACTIONS for plan in mine if plan.action == action), None)
    return shown, next((plan for plan in mine if plan.action == "create"), None)


def refuse_unknown(seed: Record, shown: OperationPlan, index: int, file: Path | None = None) -> None:
    """``InputError`` for the first member of a seed that the description does not have, nor the mock for itself."""
    own = {name for name in seed if name.startswith("_")} | {"id"} if shown.hides else set()
    rule = shown.operation.resource
    own |= {rule.parent.field} if rule is not None and rule.parent is not None else set()
    unknown = sorted(set(seed) - {field.name for field in shown.record} - own)
    if unknown:
        raise InputError(f"the description has no {unknown[0]!r}", file=file, pointer=f"/{index}/{unknown[0]}")


def check(validator: Draft202012Validator, record: Record, index: int, file: Path | None = None) -> None:
    """``InputError`` for the first thing that makes the ``index``-th record one that the API could not have."""
    try:
        problem = next(iter(validator.iter_errors(record)), None)
    except ValueError as unsupported:  # a value that JSON has not, such as a date without quotes
        raise InputError(f"not valid JSON: {unsupported}", file=file, pointer=f"/{index}") from unsupported
    if problem is not None:
        where = "/".join(["", str(index), *(str(part) for part in problem.instance_path)])
        raise InputError(f"not valid against the description: {problem.message}", file=file, pointer=where)


def complete(seed: Record, shown: OperationPlan, creation: OperationPlan | None) -> Record:
    """A seed with all that the server would have set; members in the order of the description."""
    record = blank(shown.record)
    for field in creation.body.fields.values() if creation and creation.body else ():
        if field.default is not ABSENT:
            record[field.name] = copy.deepcopy(field.default)
    record.update(seed)
    inside = {name: value for name, value in seed.items() if name not in shown.stored}
    return {**{field.name: record[field.name] for field in shown.record if field.name in record}, **inside}
