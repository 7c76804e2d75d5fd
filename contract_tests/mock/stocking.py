"""Records that a test puts into a running mock: completed as the server would, checked against the description."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from scripts.errors import InputError

from ..description import Description
from . import behaviours
from .act import generate
from .app import Mock
from .exchange import Json, Record
from .plan import OperationPlan
from .planner import Planner, id_field
from .prepared import prepared
from .seeding import check, complete, refuse_unknown, shown_and_made


class Stock:
    """Puts records into the collections of a description. Made once for a description; holds no records itself."""

    def __init__(self, description: Description) -> None:
        self._planner = Planner(description, behaviours.BEHAVIOURS)

    @functools.cached_property
    def _plans(self) -> Mapping[str, OperationPlan]:
        return prepared(self._planner.description).plans

    def add(self, mock: Mock, collection: str, records: Iterable[Mapping[str, Json]]) -> list[Record]:
        """The records as they are stored: what is given, and for the rest what the server sets or falls back on.

        All of them or none: ``InputError`` for an unknown collection or field, a value that the description does not
        allow, a reference to nothing, an id that is taken.
        """
        shown, creation = self._shown(mock, collection)
        validator = self._planner.validator(self._planner.description.record_schema(shown.operation))
        key = id_field(self._planner.description, collection)
        addresses = self._addresses(collection)
        with mock.lock:
            made: dict[str, Record] = {}
            for index, given in enumerate(records):
                refuse_unknown(dict(given), shown, index)
                record = self._completed(mock, dict(given), shown, creation)
                check(validator, record, index)
                self._refuse_dangling(mock, collection, record, index)
                identifier = record.get(key)
                if not isinstance(identifier, str):
                    raise InputError(f"the record needs a {key!r}", pointer=f"/{index}/{key}")
                if identifier in made or mock.store[collection].get(identifier) is not None:
                    raise InputError(f"there is a record with this {key!r} already", pointer=f"/{index}/{key}")
                self._refuse_second(mock, collection, record, made.values(), addresses, index)
                made[identifier] = record
            for record in made.values():
                mock.store[collection].insert(record)
        return list(made.values())

    def _shown(self, mock: Mock, collection: str) -> tuple[OperationPlan, OperationPlan | None]:
        shown, creation = shown_and_made(self._plans, collection) if collection in mock.store else (None, None)
        if shown is None:
            known = ", ".join(mock.store.names)
            raise InputError(f"there are no {collection!r}", fix=f"the description has {known}")
        return shown, creation

    def _completed(self, mock: Mock, given: Record, shown: OperationPlan, creation: OperationPlan | None) -> Record:
        record = complete(given, shown, creation)
        stamp = mock.clock.stamp()
        for field in shown.record:
            if field.name not in given:
                generate(field, record, stamp, shown.collection, mock.world)
        return {field.name: record[field.name] for field in shown.record if field.name in record}

    def _addresses(self, collection: str) -> set[str]:
        """The fields besides the id that a path may name a record by."""
        resources = [plan.operation.resource for plan in self._plans.values() if plan.collection == collection]
        return {field for resource in resources if resource for field in resource.lookup}

    @staticmethod
    def _refuse_second(
        mock: Mock, collection: str, record: Record, made: Iterable[Record], addresses: set[str], index: int
    ) -> None:
        """Two records that one path names could not be told apart."""
        for name in sorted(addresses):
            value = record.get(name)
            taken = value is not None and mock.store[collection].find(name, value) is not None
            if taken or any(other.get(name) == value for other in made if value is not None):
                raise InputError(f"there is a record with this {name!r} already", pointer=f"/{index}/{name}")

    def _refuse_dangling(self, mock: Mock, collection: str, record: Record, index: int) -> None:
        """References stand in the bodies that write a collection."""
        for plan in self._plans.values():
            for field in plan.body.fields.values() if plan.body and plan.collection == collection else ():
                value = record.get(field.name)
                if field.references and value and mock.store[field.references].get(value) is None:
                    raise InputError(
                        f"{field.name!r} names nothing that exists in {field.references}",
                        pointer=f"/{index}/{field.name}",
                        fix=f"put that record into {field.references} first",
                    )
