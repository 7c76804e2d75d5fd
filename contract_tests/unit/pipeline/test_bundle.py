"""Bundling: golden cases, the way back to the files, and what does not depend on the folder it runs in."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import pytest

from scripts.errors import InputError
from scripts.pipeline import grammar, references
from scripts.pipeline.bundle import bundle

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "bundle"
CASES = sorted(path for path in GOLDEN.iterdir() if path.is_dir())
HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / "openapi" / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "openapi" / "openapi.yaml"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_golden_case(case: Path) -> None:
    document = bundle(case / "input" / "openapi.yaml").document
    # As text: the order of members counts, and so does 1 against 1.0.
    assert json.dumps(document, indent=2, ensure_ascii=False) + "\n" == (case / "output.json").read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_bundle_holds_only_references_that_lead_somewhere(case: Path) -> None:
    document = bundle(case / "input" / "openapi.yaml").document
    assert list(references.dangling(document)) == []
    kinds = {node.kind for node in grammar.walk(document) if "$ref" in node.value}
    assert kinds <= references.REFERABLE - {"pathItems"}


def test_same_bytes_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = GOLDEN / "names-follow-files"
    moved = tmp_path / "elsewhere with spaces" / "openapi"
    shutil.copytree(case / "input", moved)
    monkeypatch.chdir(moved.parent)
    assert bundle(Path("openapi/openapi.yaml")).document == bundle(case / "input" / "openapi.yaml").document


def test_place_of_a_value_is_the_line_in_its_own_file() -> None:
    sources = bundle(GOLDEN / "names-follow-files" / "input" / "openapi.yaml").sources
    for pointer, place in {
        "/info/title": "input/openapi.yaml:2",
        "/paths/~1things~1{id}/put/operationId": "input/resources/things/paths/things.{id}.yaml:9",
        "/components/schemas/Thing/properties/id": "input/resources/things/schemas/Thing.yaml:3",
        "/components/parameters/ThingId": "input/resources/things/parameters/ThingId.yaml:1",
    }.items():
        assert str(sources.place(pointer)) == place


def test_files_lists_everything_that_was_read() -> None:
    folder = GOLDEN / "names-follow-files" / "input"
    used = bundle(folder / "openapi.yaml").sources.files()
    assert set(used) == {path.resolve() for path in folder.rglob("*.yaml")}


def test_alias_becomes_a_copy_not_a_shared_object() -> None:
    document = bundle(GOLDEN / "scalars-and-aliases" / "input" / "openapi.yaml").document
    item = document["paths"]["/a"]
    assert item["get"] == item["x-same"]
    assert item["get"]["x-scalars"] is not item["x-same"]["x-scalars"]


def test_mapping_to_no_schema_is_refused_with_a_proposal(tmp_path: Path) -> None:
    schema = "type: object\ndiscriminator: {propertyName: kind, mapping: {cat: Catt}}\n"
    entry = write(
        tmp_path,
        openapi_yaml=f"{HEAD}components: {{schemas: {{Cat: {{type: object}}, Pet: {{$ref: Pet.yaml}}}}}}\n",
        Pet_yaml=schema,
    )
    with pytest.raises(InputError, match="mapping names no schema: Catt") as caught:
        bundle(entry)
    assert (caught.value.file, caught.value.line, caught.value.fix) == ("openapi/Pet.yaml", 2, "did you mean Cat?")


def test_component_with_another_name_than_its_file_is_refused(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        openapi_yaml=f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{Dog: {{$ref: Pet.yaml}}}}}}\n",
        Pet_yaml="type: object\n",
    )
    with pytest.raises(InputError, match="whose name says 'Pet'"):
        bundle(entry)


def test_path_item_behind_a_second_reference_is_refused(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        openapi_yaml=f"{HEAD}paths: {{/a: {{$ref: a.yaml}}}}\n",
        a_yaml="$ref: b.yaml\n",
        b_yaml="get: {operationId: getA, responses: {}}\n",
    )
    with pytest.raises(InputError, match=r"holds nothing but a \$ref"):
        bundle(entry)


@pytest.mark.parametrize("keyword", references.UNSUPPORTED_KEYWORDS)
def test_keywords_that_move_references_are_refused(tmp_path: Path, keyword: str) -> None:
    entry = write(
        tmp_path,
        openapi_yaml=f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{Pet: {{$ref: Pet.yaml}}}}}}\n",
        Pet_yaml=f"type: object\n{keyword}: here\n",
    )
    with pytest.raises(InputError, match="is not supported") as caught:
        bundle(entry)
    assert caught.value.line == 2


def test_deep_chains_of_files_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    names = [f"S{number}" for number in range(1500)]
    files = {
        f"{name}_yaml": f"properties: {{next: {{$ref: {after}.yaml}}}}\n" for name, after in itertools.pairwise(names)
    }
    files["S1499_yaml"] = "type: object\n"
    entry = write(
        tmp_path, openapi_yaml=f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{S0: {{$ref: S0.yaml}}}}}}\n", **files
    )
    assert len(bundle(entry).document["components"]["schemas"]) == 1500


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("Thing.txt", "neither YAML nor JSON"),
        ("Thing.YAML", "neither YAML nor JSON"),
        ("%00", "can't be the path of a file"),
        ("x" * 300, r"can't be the path of a file|to nowhere"),
        ("loop.yaml", r"can't be the path of a file|to nowhere"),
    ],
)
def test_reference_to_what_is_no_readable_input_is_refused(reference: str, message: str, tmp_path: Path) -> None:
    entry = write(tmp_path, openapi_yaml=f"{HEAD}components:\n  schemas:\n    Thing: {{$ref: '{reference}'}}\n")
    (entry.parent / "loop.yaml").symlink_to("loop.yaml")
    for name in ("Thing.txt", "Thing.YAML"):
        (entry.parent / name).write_text("type: string\n")
    with pytest.raises(InputError, match=message):
        bundle(entry)
