"""Every name of a new resource, derived from two words: the resource (plural) and one record of it (singular).

The rules are those of ``openapi/README.md``: snake_case tags, PascalCase components, camelCase operationIds, and
no name that the generator would write differently from how it is given.
"""

from __future__ import annotations

import hashlib
import keyword
import re
import uuid

import attrs

from scripts.errors import InputError
from scripts.scaffold.shape import USUAL, Parent, Shape
from scripts.scaffold.wording import article

# Digits may begin a word (``10dlc``), not end one: no collection of the API is called so. Words of
# one letter would give ``AB`` for ``a_b``.
NAME = re.compile(r"[a-z]{2,}(?:_(?:[0-9]+)?[a-z]{2,})*")
PATH = re.compile(r"(?:/[A-Za-z0-9_~-]+)+")
# A summary such as "Retrieve an <words>" may have 60 characters.
LONGEST = 45
# What YAML reads as something else than text when it stands alone.
YAML_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
# Classes that the generated models and functions import; a model of that name would hide them.
IMPORTED = frozenset(
    {"Any", "Client", "File", "Generator", "Literal", "Mapping", "Response", "Self", "Union", "Unset"}
    | {"AuthenticatedClient", "Errors", "Optional", "Types", "TypeVar"}
)
# Plurals that the rules of ``singular`` would get wrong.
IRREGULAR = {
    "aliases": "alias",
    "analyses": "analysis",
    "caches": "cache",
    "indices": "index",
    "news": "news",
    "people": "person",
    "series": "series",
}


@attrs.frozen
class Names:
    """What the templates call things: for ``number_pools`` ``record`` is number_pool and ``path`` /number_pools."""

    resource: str
    record: str
    path: str
    shape: Shape = USUAL

    @property
    def bare(self) -> bool:
        """Whether an answer is the record itself."""
        return self.shape.bare

    @property
    def put(self) -> bool:
        """Whether a record is replaced, not updated."""
        return self.shape.put

    @property
    def below(self) -> Parent | None:
        """The record above, if there is one."""
        return self.shape.below

    @property
    def change(self) -> str:
        """``update`` or ``replace``: the verb of the operation that changes a record."""
        return "replace" if self.put else "update"

    @property
    def change_title(self) -> str:
        """``Update`` or ``Replace``."""
        return self.change.title()

    @property
    def changed(self) -> str:
        """``Updated`` or ``Replaced``: the end of the name of its answer."""
        return f"{self.change_title}d"

    @property
    def records(self) -> str:
        """The member that a list has its records under."""
        return "records" if self.bare else "data"

    @property
    def data(self) -> str:
        """Where the record of an answer is, as a JSON pointer."""
        return "" if self.bare else "/data"

    @property
    def first(self) -> str:
        """Where the first record of a list is, as a JSON pointer."""
        return f"/{self.records}/0"

    def member(self, name: str) -> str:
        """A member of a record, as it is written in answers."""
        return self.shape.member(name)

    @property
    def class_name(self) -> str:
        """``NumberPool``: the record's schema, and the stem of every component's name."""
        return pascal(self.record)

    @property
    def class_names(self) -> str:
        """``NumberPools``: the end of the list operation's id."""
        return pascal(self.resource)

    @property
    def stem(self) -> str:
        """The name of the path's file without suffix: ``/a/b`` is ``a.b``."""
        return self.path.removeprefix("/").replace("/", ".")

    @property
    def pointer(self) -> str:
        """The path as one token of a JSON pointer (RFC 6901)."""
        return self.path.replace("~", "~0").replace("/", "~1")

    @property
    def words(self) -> str:
        """``number pool``: a record in a sentence."""
        return self.record.replace("_", " ")

    @property
    def plural(self) -> str:
        """``number pools``: several of them in a sentence."""
        return self.resource.replace("_", " ")

    @property
    def one(self) -> str:
        """``a number pool``, ``an address``."""
        return f"{article(self.words)} {self.words}"

    @property
    def display(self) -> str:
        """``Number Pools``: the tag for people."""
        return self.plural.title()

    @property
    def ids(self) -> tuple[str, str, str]:
        """Three UUIDs that are the resource's own: the first seed, the seed that may be deleted, a created record."""
        return _uuid(f"{self.resource} 0"), _uuid(f"{self.resource} 1"), _uuid(f"{self.resource} 2")

    @property
    def operations(self) -> tuple[str, ...]:
        """The five operationIds."""
        one = (f"{verb}{self.class_name}" for verb in ("create", "retrieve", self.change, "delete"))
        return (f"list{self.class_names}", *one)


def derive(resource: str, record: str | None = None, path: str | None = None, shape: Shape = USUAL) -> Names:
    """The names of a resource; ``InputError`` for one that can't be used, saying which and what to write instead."""
    _check("resource", resource)
    if record is None:
        record = singular(resource)
    _check("record", record)
    if pascal(record) in IMPORTED:
        raise InputError(
            f"the record {record!r} becomes the class {pascal(record)}, which the package imports from elsewhere",
            fix="give it another name with --record",
        )
    return Names(resource, record, _path(resource, path, shape.below), shape)


def _path(resource: str, path: str | None, below: Parent | None) -> str:
    """The path of the list, given or the usual one; below a record it has that one's parameter, else none."""
    if path is None:
        return f"{below.path if below else ''}/{resource}"
    place = f"{{{below.parameter}}}" if below else ""
    if below and path.count(place) != 1:
        raise InputError(f"--path {path!r} has to hold {place} once", fix=f"write it like {below.path}/{resource}")
    if not PATH.fullmatch(path.replace(place, "id") if below else path):
        said = "may not hold a parameter" if "{" in path and not below else "is no path like /things or /group/things"
        fix = "write the path of the list, without the server's /v2"
        raise InputError(f"--path {path!r} {said}", fix=f"{fix}; --below is for records below another")
    return path


def singular(resource: str) -> str:
    """``policies`` → ``policy``; only the last word changes. ``InputError`` where its plural is unusual."""
    head, _, last = resource.rpartition("_")
    front = f"{head}_" if head else ""
    if last in IRREGULAR:
        return front + IRREGULAR[last]
    if last.endswith("ies") and len(last) > 4:
        return f"{front}{last[:-3]}y"
    if re.search(r"(?:ss|sh|ch|x|zz|[^aeo]us)es$", last):
        return front + last[:-2]
    if re.search(r"[^sui]s$", last):
        return front + last[:-1]
    said = f"{resource!r} is no plural whose singular is known"
    raise InputError(said, fix="write it in the plural, or say what one record is called with --record NAME")


def pascal(name: str) -> str:
    """``number_pool`` → ``NumberPool``; ``messaging_10dlc`` → ``Messaging10Dlc``, as the generator writes it."""
    return "".join(part.capitalize() for part in re.findall("[0-9]+|[a-z]+", name))


def _check(what: str, name: str) -> None:
    """Refuse a name that is not snake_case, means something to Python or YAML, or is changed by the generator."""
    if not NAME.fullmatch(name):
        guess = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
        hint = f", say {guess}" if guess != name and NAME.fullmatch(guess) else ""
        raise InputError(f"{name!r} is no name for a {what}", fix=f"write words of letters in snake_case{hint}")
    if len(name) > LONGEST:
        raise InputError(
            f"the {what} {name!r} has {len(name)} characters", fix=f"use up to {LONGEST}: summaries would be too long"
        )
    if name in YAML_WORDS or keyword.iskeyword(name):
        raise InputError(f"{name!r} means something else in YAML or Python", fix="use another word, or add one to it")
    from scripts.lint import python_names  # asks the generator, whose import takes longer than all other checks

    made = python_names.tag_package(name)
    if made != name:
        said = f"the generator would write the {what} {name!r} as {made!r}"
        raise InputError(said, fix="use another word, or add one to it")


def _uuid(seed: str) -> str:
    """A UUID in the random form that is the same for the same seed on every machine."""
    return str(uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=4))
