"""Rules of updates: one field changes and the rest stays; null, "" and absence mean what the description says."""

from __future__ import annotations

from contract_tests.description import Operation
from contract_tests.exchange import Exchange
from contract_tests.rules.answers import Record, Shown, outcome
from contract_tests.rules.bench import Bench, NothingToCheck
from contract_tests.rules.compare import ABSENT, same
from contract_tests.rules.dating import change_is_dated
from contract_tests.rules.foreign import UNKNOWN_KEY, foreign_values, not_written, unknown_key_is_dropped
from contract_tests.rules.paging import walk
from contract_tests.rules.refusal import names_field, refused, ruled_out
from contract_tests.rules.resource import Field, Resource, fields


def one_field_changes(bench: Bench, resource: Resource, name: str) -> None:
    """Each sampled value of one field is stored; every other field keeps its value, and the change is dated."""
    update, field = _update(resource), _written(resource)[name]
    record = bench.subject(resource, full=True, suited=lambda one: _has_choice(field, one))
    values = bench.values(field, record)
    if all(same(value, record.get(name)) for value in values):
        raise NothingToCheck(f"{name}: there is no valid value but the one that the record has")
    for value in sorted(values, key=lambda one: same(one, record.get(name))):
        record_id = str(record[resource.id_field])
        exchange = bench.call(update, record_id, body=bench.amended(resource, record_id, {name: value}))
        if ruled_out(update, exchange, [name]):
            continue
        after = bench.success(exchange)
        bench.holds(after, {name: value}, exchange, "value-not-stored")
        bench.unchanged(resource, record, after, exchange, but={name})
        change_is_dated(bench, resource, record, after, exchange)
        read, again = bench.retrieve(resource, str(record[resource.id_field]))
        bench.holds(read, {name: value}, again, "value-not-stored")
        bench.unchanged(resource, after, read, again, but={name})
        record = read
    if not bench.checked:
        raise NothingToCheck(f"{name}: rules of the account forbid every sampled value")


def fields_change_together(bench: Bench, resource: Resource) -> None:
    """One update of all fields stores each of them, which the answer and a read say, and is dated."""
    update = _update(resource)
    written = _written(resource)
    record = bench.subject(
        resource, full=True, suited=lambda one: all(_has_choice(field, one) for field in written.values())
    )
    body = {}
    for name, field in written.items():
        values = [value for value in bench.values(field, record) if not same(value, record.get(name))]
        body.update({name: values[0]} if values else {})
    if not body:
        raise NothingToCheck(f"{resource.collection}: no field has a value that it does not hold already")
    body = bench.amended(resource, str(record[resource.id_field]), body)
    exchange = bench.call(update, record[resource.id_field], body=body)
    if ruled_out(update, exchange, body):
        raise NothingToCheck(f"{update.operation_id}: a rule of the account forbids the sampled values")
    after = bench.success(exchange)
    bench.holds(after, body, exchange, "value-not-stored")
    bench.unchanged(resource, record, after, exchange, but=body)
    change_is_dated(bench, resource, record, after, exchange)
    read, again = bench.retrieve(resource, str(record[resource.id_field]))
    bench.holds(read, body, again, "value-not-stored")
    bench.unchanged(resource, after, read, again, but=body)


def null_keeps_or_clears(bench: Bench, resource: Resource, name: str) -> None:
    """Null keeps the stored value or makes it null, as ``x-on-null`` says; without it, null is stored if allowed."""
    field = _written(resource)[name]
    if not field.takes_null:
        raise NothingToCheck(f"{name} does not take null")
    record = _with_value(bench, resource, field)
    after, exchange = bench.update(resource, str(record[resource.id_field]), {name: None})
    keeps = field.on_null == "keep"
    _became(bench, exchange, field, after, record[name] if keeps else None, "null-clears" if keeps else "null-keeps")
    bench.unchanged(resource, record, after, exchange, but={name})
    read, again = bench.retrieve(resource, str(record[resource.id_field]))
    bench.unchanged(resource, after, read, again)


def empty_string_keeps_or_clears(bench: Bench, resource: Resource, name: str) -> None:
    """An empty text keeps the stored value or makes it null, as ``x-on-empty-string`` says."""
    field = _written(resource)[name]
    if field.on_empty_string is None:
        raise NothingToCheck(f"{name}: an empty text means nothing special")
    record = _with_value(bench, resource, field)
    after, exchange = bench.update(resource, str(record[resource.id_field]), {name: ""})
    keeps = field.on_empty_string == "keep"
    kind = "empty-string-clears" if keeps else "empty-string-keeps"
    _became(bench, exchange, field, after, record[name] if keeps else None, kind)
    bench.unchanged(resource, record, after, exchange, but={name})
    read, again = bench.retrieve(resource, str(record[resource.id_field]))
    bench.unchanged(resource, after, read, again)


def objects_merge(bench: Bench, resource: Resource, name: str) -> None:
    """Where ``x-on-object`` says merge, a member that is left out keeps the value it has."""
    field = _written(resource)[name]
    if field.on_object != "merge":
        raise NothingToCheck(f"{name} is not merged")
    members = fields(resource.description, field.schema)
    record = bench.subject(resource)
    for member in [key for key in members if not members[key].required]:
        states = [value for value in bench.values(field, record) if member in value]
        for state in states[:1] + [one for one in states[1:] if not same(one[member], states[0][member])][:1]:
            before, _ = bench.update(resource, str(record[resource.id_field]), {name: state})
            rest = {key: value for key, value in state.items() if members[key].required}
            after, exchange = bench.update(resource, str(record[resource.id_field]), {name: rest})
            bench.holds(after, {name: before[name]}, exchange, "object-replaced")
    if not bench.checked:
        raise NothingToCheck(f"{name}: it has no member that could be left out")


def value_outside_the_list_is_ignored(bench: Bench, resource: Resource, name: str) -> None:
    """Where ``x-ignored-unless-in`` names a list of the record, any other value is accepted and changes nothing."""
    field = _written(resource)[name]
    if field.ignored_unless_in is None:
        raise NothingToCheck(f"{name}: its values are not limited by the record")
    record = bench.subject(resource)
    after, exchange = bench.update(resource, str(record[resource.id_field]), {name: UNKNOWN_KEY})
    _became(bench, exchange, field, after, record.get(name), "ignored-value-stored")
    bench.unchanged(resource, record, after, exchange, but={name})


def read_only_fields_are_ignored(bench: Bench, resource: Resource) -> None:
    """Fields that an update cannot set keep their value when sent beside one that it can."""
    record = bench.subject(resource)
    intruders = foreign_values(bench, resource, _update(resource), record)
    if not intruders:
        raise NothingToCheck(f"{resource.collection}: every field of a record can be set")
    answered = resource.record | resource.answered(_update(resource))
    known = _known(bench, resource, record)
    after, exchange = bench.update(resource, str(record[resource.id_field]), {**intruders, **known})
    former = bench.shows(record.operation_id) if isinstance(record, Shown) else frozenset()
    for name, value in intruders.items():
        if not answered[name].varies and answered[name].generated != "updated-at":
            seen = name in former or name not in bench.shows(exchange.operation_id)
            said = "" if seen else "a value of the server"
            not_written(exchange, bench, name, value, before=record, after=after, made=said)
    for name in resource.generated("updated-at"):
        sent = intruders.get(name, ABSENT)
        not_written(exchange, bench, name, sent, before=record, after=after, made="a time of the server")


def unknown_keys_are_ignored(bench: Bench, resource: Resource) -> None:
    """A key that no schema knows changes nothing beside one that is known, and does not come back."""
    record = bench.subject(resource)
    known = _known(bench, resource, record)
    after, exchange = bench.update(resource, str(record[resource.id_field]), {UNKNOWN_KEY: True, **known})
    bench.holds(after, known, exchange, "value-not-stored")
    bench.unchanged(resource, record, after, exchange, but={UNKNOWN_KEY, *known})
    unknown_key_is_dropped(exchange, bench, after)


def update_of_nothing(bench: Bench, resource: Resource) -> None:
    """A body that names no writable field is refused or changes nothing, as ``x-empty-update`` says."""
    update = _update(resource)
    if update.empty_update is None:
        raise NothingToCheck(f"{update.operation_id}: nothing is said about empty updates")
    record = bench.subject(resource)
    own = {resource.id_field: record[resource.id_field]}
    for body, what in (({}, "an empty body"), ({UNKNOWN_KEY: 1}, "only an unknown key"), (own, "only the id")):
        exchange = bench.call(update, record[resource.id_field], body=body)
        if update.empty_update == "refuse":
            allowed = [(rule.status, rule.code) for rule in update.rule_errors]
            refused(bench, exchange, kind="empty-update-accepted", place="request:", fault=what, allowed=allowed)
        else:
            bench.unchanged(resource, record, bench.success(exchange), exchange)
    read, again = bench.retrieve(resource, str(record[resource.id_field]))
    bench.unchanged(resource, record, read, again)


def not_required_once_set(bench: Bench, resource: Resource, name: str) -> None:
    """A field with ``x-required-while-unset`` may be left out while the record has it, and keeps its value."""
    record = bench.subject(resource)
    if not record.get(name):
        raise NothingToCheck(f"{resource.collection}: the record to work on has no {name}")
    known = _known(bench, resource, record, but=name)
    after, exchange = bench.update(resource, str(record[resource.id_field]), known)
    bench.holds(after, {name: record[name]}, exchange, "value-not-stored")


def required_while_unset(bench: Bench, resource: Resource, name: str) -> None:
    """A record that has no value in such a field yet is not updated without one, and takes an update that brings it."""
    field = _written(resource)[name]
    if resource.list is None:
        raise NothingToCheck(f"{resource.collection}: its records cannot be listed")
    unset = next((one for one in walk(bench, resource.list).records if one.get(name) is None), None)
    if unset is None:
        raise NothingToCheck(f"{resource.collection}: no record of the target is without {name}")
    record_id = str(unset[resource.id_field])
    before, _ = bench.retrieve(resource, record_id)
    body = bench.amended(resource, record_id, _known(bench, resource, before, but=name))
    exchange = bench.call(_update(resource), record_id, body=body)
    allowed = [field.missing_error] if field.missing_error else []
    place, fault = f"request:/{name}", f"the record has no {name} yet, and the update brings none"
    if refused(bench, exchange, place=place, fault=fault, allowed=allowed):
        names_field(bench, exchange, f"/{name}")
        read, again = bench.retrieve(resource, record_id)
        bench.unchanged(resource, before, read, again)


def required_field_is_required(bench: Bench, resource: Resource, name: str) -> None:
    """Without a field that each update has to bring it is refused by name, and the record stays as it was."""
    field = _written(resource)[name]
    if not field.required:
        raise NothingToCheck(f"{name} is not required")
    record = bench.subject(resource)
    record_id = str(record[resource.id_field])
    body = bench.amended(resource, record_id, {})
    del body[name]
    exchange = bench.call(_update(resource), record_id, body=body)
    allowed = [field.missing_error] if field.missing_error else []
    if refused(bench, exchange, place=f"request:/{name}", fault=f"the required {name} is missing", allowed=allowed):
        names_field(bench, exchange, f"/{name}")
        read, again = bench.retrieve(resource, record_id)
        bench.unchanged(resource, record, read, again)


def faulty_values_are_refused(bench: Bench, resource: Resource, name: str) -> None:
    """Each value that breaks a constraint of the field is refused by name, and the record stays as it was."""
    field = _written(resource)[name]
    faults = bench.sampler.faults(field)
    if not faults:
        raise NothingToCheck(f"{name}: its schema forbids nothing")
    record = bench.subject(resource)
    record_id = str(record[resource.id_field])
    for fault in faults:
        body = bench.amended(resource, record_id, {name: fault.value})
        exchange = bench.call(_update(resource), record_id, body=body)
        place = f"request:/{name}{fault.pointer}"
        if refused(bench, exchange, place=place, fault=fault.label):
            names_field(bench, exchange, f"/{name}")
    if resource.retrieve is not None:
        read, again = bench.retrieve(resource, record_id)
        bench.unchanged(resource, record, read, again)


def _became(bench: Bench, exchange: Exchange, field: Field, after: Record, expected: object, kind: str) -> None:
    bench.expect(
        same(after.get(field.name), expected),
        kind,
        exchange,
        pointer=exchange.at(field.name),
        expected=bench.show(field.name, expected),
        observed=f"{bench.show(field.name, after.get(field.name, ABSENT))} ({outcome(exchange)})",
    )


def _has_choice(field: Field, record: Record) -> bool:
    """Whether a record lets the field change, where it is the record that says so."""
    allowed = (record.get(field.ignored_unless_in) or []) if field.ignored_unless_in else [object()]
    return any(value != record.get(field.name) for value in allowed)


def _with_value(bench: Bench, resource: Resource, field: Field) -> Record:
    """A record that holds a value in ``field``."""
    record = bench.subject(resource, full=True)
    if record.get(field.name) not in (None, ""):
        return record
    value = next(one for one in bench.values(field, record) if one not in (None, ""))
    after, exchange = bench.update(resource, str(record[resource.id_field]), {field.name: value})
    bench.holds(after, {field.name: value}, exchange, "value-not-stored")
    return after


def _known(bench: Bench, resource: Resource, record: Record, but: str = "") -> Record:
    """The smallest update that is valid for sure: one field, without ties to other records where there is such."""
    free = {name: field for name, field in _written(resource).items() if name != but}
    for name in sorted(free, key=lambda one: free[one].references is not None):
        return {name: bench.values(free[name], record)[0]}
    raise NothingToCheck(f"{resource.collection}: no other field can be set")


def _update(resource: Resource) -> Operation:
    if resource.update is None:
        raise NothingToCheck(f"{resource.collection}: no operation updates a record")
    return resource.update


def _written(resource: Resource) -> dict[str, Field]:
    return resource.written(_update(resource))
