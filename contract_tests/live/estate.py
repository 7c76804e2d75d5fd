"""Who owns what: records that this run created and has seen for itself, and those that the policy lends it.

Nothing that a list or an answer to somebody else's request shows ever becomes ours. A created record does when its
answer carries the name that was sent, no list held its id before, and reading it back shows that name again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract_tests.description import Description
from contract_tests.live.ledger import run_of
from contract_tests.live.meaning import label_field
from contract_tests.live.policy import Policy
from contract_tests.rules.resource import Field, Resource, by_collection

Key = tuple[str, str]


@dataclass(slots=True)
class Created:
    """A record that the run made; ``label`` is its name at creation."""

    label: str
    deleted: bool = False


@dataclass(slots=True)
class Borrowed:
    """A record of the policy: its writable fields as they were, and all that the run sent for each since."""

    id: str
    fields: dict[str, Any]
    written: dict[str, list[Any]] = field(default_factory=dict)
    changed: bool = False
    restored: bool = False

    def note(self, body: Mapping[str, Any]) -> None:
        """The run is about to send this."""
        self.changed, self.restored = True, False
        for name, value in body.items():
            self.written.setdefault(name, []).append(value)


class Estate:
    """What the run may write to."""

    def __init__(self, description: Description, policy: Policy) -> None:
        self._description = description
        self._policy = policy
        self.created: dict[Key, Created] = {}
        self.borrowed: dict[Key, Borrowed] = {}
        # (collection, any text that addresses it) -> the key in ``borrowed``.
        self._addresses: dict[Key, Key] = {}
        # Every id that the lists of a collection showed before the run created anything there.
        self.inventory: dict[str, frozenset[str]] = {}
        self.unclear: dict[int, tuple[str, str]] = {}
        self.suspicions: list[str] = []

    def resource(self, collection: str) -> Resource:
        """The operations and fields of a collection."""
        return by_collection(self._description, collection)

    def is_created(self, collection: str, record_id: str) -> bool:
        """Whether the run made this record, deleted or not: its id is nobody else's."""
        return (collection, record_id) in self.created

    def is_lent(self, collection: str, address: str) -> bool:
        """Whether the policy names the record, by this text or by another one that leads to it."""
        return address in self._policy.owned.get(collection, frozenset()) or (collection, address) in self._addresses

    def loan(self, collection: str, address: str) -> Borrowed | None:
        """The borrowed record at an address, None before its snapshot was taken."""
        key = self._addresses.get((collection, address))
        return self.borrowed.get(key) if key else None

    def owns(self, collection: str, value: str) -> bool:
        """Whether a request may name this record as something to be assigned to."""
        mine = self.created.get((collection, value))
        return (mine is not None and not mine.deleted) or self.is_lent(collection, value)

    def doubt(self, collection: str, record_id: Any, label: str, answer: Mapping[str, Any]) -> str | None:
        """Why the answer to a creation does not show a new record of ours; None when it does."""
        if not isinstance(record_id, str) or not record_id:
            return "the answer has no id"
        if record_id in self.inventory.get(collection, frozenset()):
            return f"{record_id} was there before"
        if (collection, record_id) in self.created:
            return f"{record_id} was created already"
        if self.is_lent(collection, record_id):
            return f"{record_id} is lent by the policy, not new"
        return None if self.shows(collection, answer, label) else f"{record_id} does not carry the mark that was sent"

    def shows(self, collection: str, record: Mapping[str, Any], label: str) -> bool:
        """Whether a record carries the mark that a name begins with; the rest of it the server may have changed."""
        name = label_field(self._description, collection)
        run = run_of(label)
        return name is not None and run is not None and run_of(record.get(name)) == run

    def lend(self, collection: str, address: str, record: Mapping[str, Any], by_id: Mapping[str, Any]) -> str:
        """Take a snapshot of a lent record before it is changed; says why when it is not that record.

        ``record`` is what was read at ``address``, ``by_id`` what was read at the id that it gave.
        """
        resource = self.resource(collection)
        record_id = record.get(resource.id_field)
        rule = resource.retrieve.resource if resource.retrieve else None
        names = [resource.id_field, *(rule.lookup if rule else ())]
        addresses = {str(record[name]) for name in names if isinstance(record.get(name), str)}
        if any(record.get(name) != by_id.get(name) for name in names):
            return f"{collection}: {address} and the id that it answers with lead to different records"
        if not isinstance(record_id, str) or address not in addresses:
            return f"{collection}: the target answers with another record than {address}"
        fields = {name: record[name] for name in self.restorable(collection) if name in record}
        self.borrowed.setdefault((collection, record_id), Borrowed(record_id, fields))
        for one in addresses:
            self._addresses[collection, one] = (collection, record_id)
        return ""

    @property
    def changed(self) -> list[Borrowed]:
        """The lent records that the run wrote to."""
        return [one for one in self.borrowed.values() if one.changed]

    def recover(self, collection: str, loan: Borrowed) -> None:
        """Take over what an earlier run had borrowed and did not give back."""
        self.borrowed[collection, loan.id] = loan
        self._addresses[collection, loan.id] = (collection, loan.id)

    def restorable(self, collection: str) -> dict[str, Field]:
        """The fields that an update can set and a later one can bring back: those that an answer shows."""
        resource = self.resource(collection)
        written = resource.written(resource.update) if resource.update else {}
        secret = self._description.sensitive_fields
        return {name: one for name, one in written.items() if name in resource.record and name not in secret}
