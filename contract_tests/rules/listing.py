"""Rules of lists: their order, their filters, what they do with query values that are none."""

from __future__ import annotations

import itertools
import operator as operators
from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, outcome
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.compare import instant, same
from contract_tests.rules.paging import Walk, add, fill, identity, parents, place, walk
from contract_tests.rules.refusal import names_parameter, refused
from contract_tests.rules.resource import by_collection, unwrap
from contract_tests.rules.sampling import PREFIX, uuid4

Parameter = Mapping[str, Any]
# What no record has as a value, whatever the field.
NOBODY = f"{PREFIX}nobody-has-this"
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {"gte": operators.ge, "lte": operators.le}
# Moments that leave nothing between them and the bound that a filter sets.
BEYOND = {"gte": "2100-01-01T00:00:00+00:00", "lte": "2000-01-01T00:00:00+00:00"}


def list_is_in_order(bench: Bench, operation: Operation) -> None:
    """A list that is not sorted on demand stands in the order of ``x-resource.order``."""
    rule = operation.resource
    if rule is None or not rule.order:
        raise NothingToCheck(f"{operation.operation_id}: no order is documented")
    found = walk(bench, operation, parent=fill(bench, operation))
    _ordered(bench, found, rule.order.lstrip("-"), descending=rule.order.startswith("-"))
    if not bench.checked:
        raise NothingToCheck(f"{operation.operation_id}: the list has less than two records")


def sort_orders_the_list(bench: Bench, operation: Operation, parameter: Parameter) -> None:
    """Each value of a sort parameter orders the list, and the list holds the same records as without it."""
    schema, _ = unwrap(bench.description, parameter["schema"])
    one_field, name = parameter["x-sort"].get("field"), parameter["name"]
    asked = {
        value: (one_field, value == "desc") if one_field else (value.removeprefix("-"), value[:1] == "-")
        for value in schema.get("enum", ["asc", "desc"])
    }
    parent = _populate(bench, operation, *dict.fromkeys(field for field, _ in asked.values()))
    plain, differ = walk(bench, operation, parent=parent), False
    for value, (field, descending) in asked.items():
        found = walk(bench, operation, parent=parent, query=[(name, value)])
        whole = _with(bench, operation, field, found)
        differ = differ or len({text_of(record.get(field)) for record in whole.records}) > 1
        _ordered(bench, whole, field, descending=descending)
        _holds(bench, found, plain.records, name, _key(bench, operation, field))
    if not differ:
        raise NothingToCheck(f"{operation.operation_id}: no two records differ in what it sorts by")


def filter_selects(bench: Bench, operation: Operation, parameter: Parameter) -> None:
    """A filter lists exactly the records that satisfy it: for values that records have, and for one that none has."""
    rule = parameter["x-filter"]
    field, operator = rule["field"], rule["operator"]
    parent = _populate(bench, operation, field)
    key = _key(bench, operation, field)
    whole = _with(bench, operation, field, walk(bench, operation, parent=parent)).records
    values = [value for value in dict.fromkeys(text for record in whole for text in _texts(record, rule)) if value]
    if not values:
        raise NothingToCheck(f"{operation.operation_id}: no record has a {field}")
    schema, _ = unwrap(bench.description, parameter["schema"])
    asked = list(schema["enum"]) if "enum" in schema else wanted_values(values, operator)
    asked += part_of(values, schema) if operator == "eq" else []
    if schema.get("format") == "date-time":
        asked = [moment.isoformat() for moment in map(instant, asked) if moment is not None]
        asked += [BEYOND[operator]] if operator in BEYOND else []
    for value in asked:
        found = walk(bench, operation, parent=parent, query=[(parameter["name"], value)])
        _holds(bench, found, selected(whole, rule, value), parameter["name"], key)
    if "enum" not in schema and schema.get("type") in {"string", "array"} and operator not in BOUNDS:
        nobody = uuid4(bench.random(field)) if schema.get("format") == "uuid" else NOBODY
        found = walk(bench, operation, parent=parent, query=[(parameter["name"], nobody)])
        _holds(bench, found, [], parameter["name"], key)


def faulty_query_values_are_refused(bench: Bench, operation: Operation, parameter: Parameter) -> None:
    """A value that breaks a constraint of a query parameter is refused, and the refusal names the parameter."""
    schema, _ = unwrap(bench.description, parameter["schema"])
    faults = faulty_texts(schema)
    if not faults:
        raise NothingToCheck(f"{parameter['name']}: every text is a valid value")
    address = _address(bench, operation)
    for value, fault in faults:
        exchange = bench.call(operation, address, query=[(parameter["name"], value)])
        place = f"query:{parameter['name']}"
        if refused(bench, exchange, place=place, fault=fault):
            names_parameter(bench, exchange, parameter["name"])


def unknown_query_parameters_are_ignored(bench: Bench, operation: Operation) -> None:
    """A query parameter that the description does not know changes nothing."""
    address, key = _address(bench, operation), identity(bench.description, operation)
    plain = bench.call(operation, address)
    exchange = bench.call(operation, address, query=[(f"{PREFIX}unknown", "1")])
    bench.expect(
        exchange.status == plain.status and _ids(exchange, key) == _ids(plain, key),
        "unknown-parameter-matters",
        exchange,
        pointer=f"query:{PREFIX}unknown",
        expected=f"the answer without it: {outcome(plain)}",
        observed=outcome(exchange),
    )


def selected(records: list[Record], rule: Mapping[str, Any], value: str) -> list[Record]:
    """The records that a filter (``x-filter``) selects with this value; ``ValueError`` for an unknown operator."""
    operator, spelled = rule["operator"], rule.get("values", {}).get(value, [value])
    if operator not in {"eq", "in", "contains", "holds", *BOUNDS}:
        raise ValueError(f"x-filter.operator {operator!r} is not known to the rules")
    members = value.split(",") if operator == "in" else spelled

    def satisfies(record: Record) -> bool:
        if operator == "holds":
            return value in _texts(record, rule)
        held = text_of(record.get(rule["field"]))
        if operator in BOUNDS:
            at, limit = (instant(one) or one for one in (held, value))
            return bool(held) and type(at) is type(limit) and BOUNDS[operator](at, limit)
        return value in held if operator == "contains" else held in members

    return [record for record in records if satisfies(record)]


def _texts(record: Record, rule: Mapping[str, Any]) -> list[str]:
    """What a filter looks at in a record: its field, or with ``holds`` a member of each object in that list."""
    held = record.get(rule["field"])
    if rule["operator"] == "holds":
        return [text_of(one.get(rule["member"])) for one in held or () if isinstance(one, dict)]
    return [text_of(held)]


def wanted_values(values: list[str], operator: str) -> list[str]:
    """What to ask a filter for, out of the values that records have."""
    if operator == "in":
        return [values[0], ",".join(values[:3]), f"{values[-1]},{NOBODY}"]
    if operator in BOUNDS:
        # Values of the half that leaves something out.
        half = (len(values) + 1) // 2
        return sorted(values)[-half:][:2] if operator == "gte" else sorted(values)[:half][-2:]
    if operator == "contains":
        inner = values[0][len(values[0]) // 4 : max(2, len(values[0]) * 3 // 4)]
        return list(dict.fromkeys([values[0], inner, values[-1][-4:]]))
    return values[:3]


def part_of(values: list[str], schema: Mapping[str, Any]) -> list[str]:
    """Half of a value, which is another value of a free text: a filter that takes it for the whole is too loose."""
    part = values[0][: len(values[0]) // 2]
    free = schema.get("type") == "string" and not {"enum", "format", "pattern", "minLength"} & schema.keys()
    return [part] if free and part and part not in values else []


def faulty_texts(schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Texts that are no value of a query parameter's schema, each with what is wrong."""
    found = []
    kind = schema.get("type")
    if "enum" in schema:
        found.append((NOBODY, "not in the enum"))
    elif kind in {"integer", "number"}:
        found += [("many", f"a word for {kind}"), *([("1.5", "a fraction for integer")] if kind == "integer" else [])]
        if "minimum" in schema:
            found.append((str(schema["minimum"] - 1), "below the minimum"))
        if "maximum" in schema:
            found.append((str(schema["maximum"] + 1), "above the maximum"))
    elif kind == "boolean":
        found.append(("maybe", "a word for boolean"))
    return found


def text_of(value: Any) -> str:
    """A field's value as a filter sees it; empty for null and for what is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _populate(bench: Bench, operation: Operation, *names: str) -> str | None:
    """Give a list something to tell apart by these fields: new records that differ, or one that is given a value.

    Returns the record below which the list stands, None for other lists.
    """
    assert operation.resource is not None
    resource = by_collection(bench.description, operation.resource.collection)
    parent = place(bench, operation)
    settable = resource.written(resource.create) if resource.create is not None else {}
    values = {name: [{name: value} for value in bench.values(settable[name])[:3]] for name in names if name in settable}
    rows = [row for few in values.values() for row in (few * 2)[: max(2, len(few))]]
    if add(bench, operation, rows or [{}, {}], parent):
        return parent
    ties = resource.written(resource.update) if resource.update else {}
    for name in names:
        if name in ties and ties[name].references and not (record := bench.subject(resource)).get(name):
            bench.update(resource, str(record[resource.id_field]), {name: bench.values(ties[name])[0]})
    return parent or next(iter(parents(bench, operation))) or None


def _with(bench: Bench, operation: Operation, field: str, found: Walk) -> Walk:
    """A list whose records have ``field``: where the list does not show it, as reading each of them does."""
    assert operation.resource is not None
    resource = by_collection(bench.description, operation.resource.collection)
    listed = bench.description.record_schema(operation)
    if listed is None or field in bench.description.properties(listed) or field not in resource.record:
        return found
    read = {}
    for record in found.records:
        record_id = str(record.get(resource.id_field))
        read[record_id] = bench.retrieve(resource, record_id)[0]
    whole = [{**record, field: read[str(record.get(resource.id_field))].get(field)} for record in found.records]
    return Walk(whole, found.exchanges)


def _ordered(bench: Bench, found: Walk, field: str, *, descending: bool) -> None:
    values = [record.get(field) for record in found.records]
    for position, (one, other) in enumerate(itertools.pairwise(values)):
        before, after = (other, one) if descending else (one, other)
        bench.expect(
            in_order(before, after),
            "list-out-of-order",
            found.exchanges[-1],
            pointer=found.exchanges[-1].at(position, field),
            expected=f"{field} {'falling' if descending else 'rising'}",
            observed=f"{one} before {other}",
        )


def in_order(one: Any, other: Any) -> bool:
    """Whether a value may stand before another: numbers by size, times by the moment, all else by its text."""
    numbers = [value for value in (one, other) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == 2:
        return bool(numbers[0] <= numbers[1])
    before, after = (instant(value) or text_of(value) for value in (one, other))
    return type(before) is type(after) and before <= after  # type: ignore[operator]


def _holds(bench: Bench, found: Walk, expected: list[Record], name: str, key: str) -> None:
    """Judge that a list has exactly these records, which are told apart by their member ``key``."""
    missing = [record for record in expected if not any(same(record.get(key), one.get(key)) for one in found.records)]
    extra = [record for record in found.records if not any(same(record.get(key), one.get(key)) for one in expected)]
    bench.expect(
        not missing and not extra and len(found.records) == len(expected),
        "filter-selects-wrongly",
        found.exchanges[-1],
        pointer=f"query:{name}",
        expected=f"exactly the {len(expected)} records that satisfy it",
        observed=f"{len(found.records)} records, {len(missing)} missing, {len(extra)} too many",
    )


def _key(bench: Bench, operation: Operation, field: str) -> str:
    """What two entries of one record share: its id; figures that are computed have none, but say what they are of."""
    return identity(bench.description, operation) or field


def _ids(exchange: Exchange, key: str | None) -> list[str]:
    data = exchange.content
    return [str(one.get(str(key))) for one in data if isinstance(one, Mapping)] if isinstance(data, list) else []


def _address(bench: Bench, operation: Operation) -> str | None:
    """The id of a record for the path: one that the target has where a list stands below it, else any."""
    rule = operation.resource
    if rule is None or rule.parent is None or rule.key is not None:
        return bench.address(operation)
    return next(iter(parents(bench, operation)))
