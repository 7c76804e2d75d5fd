"""A form body (``multipart/form-data``, RFC 7578) as the fields it has: texts and files by name.

Files become text, one character for a byte, because that is what the schema calls them: strings. A field that comes
twice counts as it came last.
"""

from __future__ import annotations

import re

from . import errors

MEDIA = "multipart/form-data"
NAME = re.compile(rb';\s*name="([^"]*)"', re.IGNORECASE)
BOUNDARY = re.compile(rb'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))')
BOUNDARY_NAME = re.compile(rb"boundary=", re.IGNORECASE)


def is_form(content_type: bytes | None) -> bool:
    """Whether a content type is that of a form with files."""
    return (content_type or b"").partition(b";")[0].strip().lower() == MEDIA.encode()


def parse(body: bytes, content_type: bytes) -> dict[str, str]:
    """The fields of a form; refused with 400 10015 when it is none."""
    found = BOUNDARY.search(BOUNDARY_NAME.sub(b"boundary=", content_type))
    if found is None:
        raise errors.refusal(errors.BAD_REQUEST, "The Content-Type names no boundary.")
    mark = b"--" + (found[1] or found[2])
    # The first part may stand at the very beginning, without the line break before its mark.
    parts = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise errors.refusal(errors.BAD_REQUEST, "The form does not end with its boundary.")
    fields: dict[str, str] = {}
    for part in parts[1:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        named = NAME.search(head)
        if not blank or named is None:
            raise errors.refusal(errors.BAD_REQUEST, "A part of the form has no name.")
        fields[named[1].decode("utf-8", "replace")] = content.decode("latin-1")
    return fields
