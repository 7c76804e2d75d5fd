"""The shapes that a resource can have besides the usual one, each by an option of ``new``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import new
from scripts.errors import InputError
from scripts.scaffold.shape import USUAL, Shape, parent

pytestmark = pytest.mark.takes(15)

RESOURCE = Path("openapi/resources/widgets")


def read(tree: Path, name: str) -> Any:
    return yaml.safe_load((tree / RESOURCE / name).read_bytes())


@pytest.fixture
def refused(tree: Path) -> Any:
    """Gives the refusal of ``new widgets`` with more arguments; nothing may be written."""

    def run(*arguments: str) -> InputError:
        with pytest.raises(InputError) as problem:
            new.main(["widgets", *arguments], tree)
        assert not (tree / RESOURCE).exists()
        return problem.value

    return run


@pytest.mark.parametrize(("shape", "written"), [(USUAL, "created_at"), (Shape(camel=True), "createdAt")])
def test_members_are_written_as_the_shape_says(shape: Shape, written: str) -> None:
    assert shape.member("created_at") == written
    assert shape.member("id") == "id"


def test_bare_answers_are_the_record_and_lists_tell_their_page_beside_it(tree: Path) -> None:
    new.main(["widgets", "--bare"], tree)
    answer = read(tree, "responses/WidgetRetrieved.yaml")["content"]["application/json"]["schema"]
    assert answer == {"$ref": "../schemas/Widget.yaml"}
    assert not (tree / RESOURCE / "schemas/WidgetResponse.yaml").exists()
    listed = read(tree, "schemas/WidgetListResponse.yaml")
    assert listed["x-envelope"] == {"records": "records", "number": "page", "total": "total_records"}
    assert set(listed["properties"]) == set(listed["x-envelope"].values())
    example = read(tree, "examples/list_widgets.first-page.response.yaml")["value"]
    assert (len(example["records"]), example["page"], example["total_records"]) == (2, 1, 2)
    assert read(tree, "examples/retrieve_widget.active.response.yaml")["value"]["name"] == "Spring campaign"
    assert read(tree, "links/RetrieveFirstWidget.yaml")["parameters"] == {"id": "$response.body#/records/0/id"}


def test_members_in_camel_case_are_so_in_schema_examples_seeds_and_order(tree: Path) -> None:
    new.main(["widgets", "--camel-case"], tree)
    assert {"recordType", "createdAt", "updatedAt"} < set(read(tree, "schemas/Widget.yaml")["properties"])
    example = read(tree, "examples/create_widget.full.response.yaml")["value"]["data"]
    (first, *_) = yaml.safe_load((tree / "contract_tests/mock/seeds/widgets.yaml").read_bytes())
    assert not [name for name in (*example, *first) if "_" in name]
    assert read(tree, "paths/widgets.yaml")["get"]["x-resource"]["order"] == "-createdAt"


def test_a_put_replaces_what_the_body_leaves_out(tree: Path) -> None:
    new.main(["widgets", "--put"], tree)
    item = read(tree, "paths/widgets.{id}.yaml")
    assert "patch" not in item
    assert (item["put"]["operationId"], item["put"]["x-resource"]["action"]) == ("replaceWidget", "replace")
    assert read(tree, "schemas/WidgetReplace.yaml")["required"] == ["name", "status"]
    assert not (tree / RESOURCE / "schemas/WidgetUpdate.yaml").exists()


def test_records_below_another_have_its_id_in_their_path_and_seeds(tree: Path) -> None:
    new.main(["widgets", "--below", "brands", "--camel-case"], tree)
    listed = read(tree, "paths/10dlc.brand.{brand_id}.widgets.yaml")
    above = {"collection": "brands", "parameter": "brand_id", "field": "brandId"}
    for operation in (*listed.values(), *read(tree, "paths/10dlc.brand.{brand_id}.widgets.{id}.yaml").values()):
        assert operation["x-resource"]["parent"] == above
        assert operation["parameters"][0] == {"$ref": "../parameters/WidgetParent.yaml"}
        assert "404" in operation["responses"]
    example = read(tree, "parameters/WidgetParent.yaml")["example"]
    seeds = yaml.safe_load((tree / "contract_tests/mock/seeds/widgets.yaml").read_bytes())
    assert [seed["brandId"] for seed in seeds] == [example, example]
    brands = yaml.safe_load((tree / "contract_tests/mock/seeds/brands.yaml").read_bytes())
    assert example in [brand["brandId"] for brand in brands]


def test_a_path_below_another_may_be_given(tree: Path) -> None:
    new.main(["widgets", "--below", "messaging_profiles", "--path", "/x/{messaging_profile_id}/widgets"], tree)
    assert (tree / RESOURCE / "paths/x.{messaging_profile_id}.widgets.{id}.yaml").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--below", "messaging_profile"], "did you mean messaging_profiles?"),
        (["--below", "shelves"], "--below takes one of: "),
        (["--below", "brands", "--path", "/x/widgets"], "has to hold {brand_id} once"),
        (["--below", "brands", "--path", "/x/{brand_id}/{id}/widgets"], "is no path like"),
        (["--path", "/x/{brand_id}/widgets"], "--below is for records below another"),
        (["--below", "autoresp_configs"], "no operation retrieves a record of 'autoresp_configs'"),
    ],
)
def test_what_can_t_stand_below_another_is_refused(refused: Any, arguments: list[str], said: str) -> None:
    assert said in refused(*arguments).render()


def test_a_path_parameter_without_an_example_is_refused() -> None:
    operation = {
        "operationId": "retrieveShelf",
        "x-resource": {"collection": "shelves", "action": "retrieve", "key": "id"},
        "parameters": [{"$ref": "#/components/parameters/Id"}],
    }
    document = {
        "paths": {"/shelves/{id}": {"get": operation}},
        "components": {"parameters": {"Id": {"name": "id", "in": "path", "schema": {"type": "string"}}}},
    }
    with pytest.raises(InputError, match="the path parameter 'id' of retrieveShelf has no example"):
        parent(document, "shelves")
    document["components"]["parameters"]["Id"]["example"] = "s1"  # type: ignore[index]
    found = parent(document, "shelves")
    assert (found.parameter, found.path, found.uuid) == ("shelf_id", "/shelves/{shelf_id}", False)
