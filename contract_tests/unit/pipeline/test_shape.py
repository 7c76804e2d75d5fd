"""Descriptions of the wrong shape: one message with the place, never a traceback; our own faults stay what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import regenerate
from scripts.errors import InputError
from scripts.pipeline import shape

PATHS = "openapi/resources/things/paths/things.yaml"
SCHEMA = "openapi/resources/things/schemas/ThingKind.yaml"
THING = "openapi/resources/things/schemas/Thing.yaml"
ENTRY = "openapi/openapi.yaml"
MakeTree = Callable[[dict[str, str]], Path]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (PATHS, "name: page[size]\n      in", "in"),
        (PATHS, "name: page[size]", "name: 5"),
        (PATHS, "name: page[size]", "name: [a]"),
        (PATHS, "tags: [things]", "tags: true"),
        (PATHS, "tags: [things]", "parameters_: 1\n  tags: {a: b}"),
        (SCHEMA, "enum: [small, large]", "enum: 5"),
        (SCHEMA, "type: string", "type: 5"),
        (THING, "type: object", "type: object\nrequired: 5"),
        (PATHS, "get:", "parameters: 5\nget:"),
        (ENTRY, "components:", "components: x\nx-rest:"),
        (ENTRY, "bearerAuth: {type: http, scheme: bearer}", "bearerAuth: 5"),
        (THING, "type: object", "type: object\ndiscriminator: {propertyName: kind, mapping: 5}"),
        (THING, "type: object", "type: object\ndiscriminator: {propertyName: kind, mapping: {a: 5}}"),
        (ENTRY, "security: [{bearerAuth: []}]", "security: 5"),
    ],
)
def test_misshapen_description_is_one_message_with_a_line(file: str, old: str, new: str, make_tree: MakeTree) -> None:
    root = make_tree({})
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        regenerate.main([], root=root)
    assert caught.value.file is not None
    assert caught.value.file.startswith("openapi/")
    assert caught.value.line
    assert "\n" not in caught.value.message


def test_broken_template_is_named(make_tree: MakeTree) -> None:
    root = make_tree({"overlays/generator/templates/client.py.jinja": "{% if %}"})
    with pytest.raises(InputError, match="a template failed") as caught:
        regenerate.main([], root=root)
    assert caught.value.line == 1


def test_file_that_can_not_be_used_is_named() -> None:
    with pytest.raises(InputError, match="No space left") as caught, shape.explained():
        raise OSError(28, "No space left on device", "there")
    assert caught.value.file == "there"


def test_link_to_itself_is_an_input_error(make_tree: MakeTree) -> None:
    root = make_tree({})
    (root / ENTRY).unlink()
    (root / ENTRY).symlink_to("openapi.yaml")
    with pytest.raises(InputError):
        regenerate.main([], root=root)


def test_own_faults_stay_what_they_are() -> None:
    with pytest.raises(TypeError, match="ours"), shape.explained():
        raise TypeError("ours")
    with pytest.raises(RuntimeError, match="ruff"), shape.explained():
        raise RuntimeError("ruff failed")
