"""What a method's docstring says: what the operation does, its arguments, the errors that its answers become."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.pipeline import docstrings, pointers
from scripts.pipeline.docstrings import ERRORS, plain
from scripts.pipeline.facade_parts import Method
from scripts.pipeline.load import JsonObject

MAX_PAGES = ("max_pages", "Ends the walk after this many pages.")
TIMEOUT = ("timeout", "Seconds for each phase of this call, instead of the client's.")
OTHERS = ("TelnyxError", "Everything else that can go wrong once it is sent; see ``errors``.")


def described(method: Method, document: JsonObject) -> str:
    """The whole docstring of ``method``, not yet a literal."""
    arguments = [(one.name, plain(one.said)) for one in method.arguments]
    if method.paging:
        arguments.append(MAX_PAGES)
    arguments.append(TIMEOUT)
    lead = [plain(method.raw.get("summary")) or method.name, *docstrings.paragraphs(method.raw.get("description"))]
    if method.raw.get("deprecated"):
        lead.insert(1, "Deprecated.")
    if method.paging:
        lead.append(f"Gives an iterator over the items of all pages; ``{method.name}(...).pages()`` goes page by page.")
    return docstrings.compose(lead, [("Args", arguments), ("Raises", [*_errors(method, document), OTHERS])])


def _errors(method: Method, document: JsonObject) -> Iterator[tuple[str, str]]:
    rules = method.raw.get("x-rule-errors", [])
    for status, response in method.raw.get("responses", {}).items():
        if not (name := ERRORS.get(str(status))):
            continue
        while "$ref" in response:
            response = pointers.follow(document, response["$ref"][1:])
        said = [plain(response.get("description"))]
        said += [f"Code {one['code']} when {plain(one['when'])}." for one in rules if str(one["status"]) == str(status)]
        yield name, " ".join(filter(None, said))
