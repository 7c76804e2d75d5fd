"""``python3 -m scripts new``: what it writes and says, and what it refuses without writing anything."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import new
from scripts.__main__ import COMMANDS
from scripts.errors import InputError

pytestmark = pytest.mark.takes(35)

Contents = Callable[[Path], dict[str, bytes]]
LISTS = ("openapi/openapi.yaml", "openapi/evidence/documents.yaml")


def added_lines(before: bytes, after: bytes) -> list[str]:
    """The lines that came; a line that went or changed fails."""
    difference = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    changes = [line for line in difference if line[0] in "+-"]
    assert all(line.startswith("+ ") for line in changes)
    return [line[2:] for line in changes]


def refusal(tree: Path, *arguments: str) -> InputError:
    with pytest.raises(InputError) as problem:
        new.main(list(arguments), tree)
    return problem.value


def test_the_command_is_listed() -> None:
    assert "new" in COMMANDS


def test_existing_files_only_gain_lines(tree: Path, contents: Contents) -> None:
    before = contents(tree)
    assert new.main(["widget_pools"], tree) == 0
    after = contents(tree)
    assert {name for name in before if after[name] != before[name]} == set(LISTS)
    assert added_lines(before[LISTS[0]], after[LISTS[0]]) == [
        "  - name: widget_pools",
        "    x-displayName: Widget Pools",
        "    description: The widget pools of an account.",
        "  /widget_pools:",
        "    $ref: resources/widget_pools/paths/widget_pools.yaml",
        "  /widget_pools/{id}:",
        "    $ref: resources/widget_pools/paths/widget_pools.{id}.yaml",
    ]
    added = added_lines(before[LISTS[1]], after[LISTS[1]])
    assert added[0] == "  - id: SCAFFOLD" and after[LISTS[1]].decode().splitlines()[-len(added) :] == added


def test_tags_and_paths_stay_sorted_with_every_further_resource(tree: Path) -> None:
    for resource in ("widgets", "widget_addresses", "widget_pools"):
        new.main([resource], tree)
    listed = yaml.safe_load((tree / LISTS[0]).read_bytes())
    assert [tag["name"] for tag in listed["tags"]] == sorted(tag["name"] for tag in listed["tags"])
    assert list(listed["paths"]) == sorted(listed["paths"])
    documents = yaml.safe_load((tree / LISTS[1]).read_bytes())["documents"]
    assert [one["id"] for one in documents].count("SCAFFOLD") == 1


def test_new_files_stand_where_a_resource_s_files_stand(tree: Path, contents: Contents) -> None:
    before = contents(tree)
    new.main(["widget_policies", "--path", "/security/widget_policies"], tree)
    created = {name for name in set(contents(tree)) - set(before) if not name.endswith("/")}
    beside = {"contract_tests/mock/seeds/widget_policies.yaml", "openapi/evidence/widget_policies.yaml"}
    assert beside < created
    assert all(name.startswith("openapi/resources/widget_policies/") for name in created - beside)
    paths = {Path(name).name for name in created if "/paths/" in name}
    assert paths == {"security.widget_policies.yaml", "security.widget_policies.{id}.yaml"}


def test_the_texts_hold_no_trace_of_the_templates(tree: Path, widgets: Path, contents: Contents) -> None:
    before, after = contents(tree), contents(widgets)
    assert len(after) > len(before) + 30
    for name, raw in after.items():
        if name not in before and raw:
            text = raw.decode()
            assert text.endswith("\n") and not text.endswith("\n\n"), name
            assert not {"{{", "}}", "{%", "[resource]", "[record]", "[class_name]"} & set(text.split()), name
            assert "{{" not in text and "jinja" not in name and "[" not in name, name


def test_a_created_record_costs_until_a_document_says_otherwise(widgets: Path) -> None:
    paths = yaml.safe_load((widgets / "openapi/resources/widgets/paths/widgets.yaml").read_bytes())
    assert paths["post"]["x-effect"] == ["write", "costs"]


def test_every_claim_is_marked_as_an_assumption_of_the_scaffold(widgets: Path) -> None:
    claims = yaml.safe_load((widgets / "openapi/evidence/widgets.yaml").read_bytes())["claims"]
    assert len(claims) > 10
    for claim in claims:
        assert claim["claim"].startswith("scaffold: replace by the document.")
        assert claim["assumption"] is True and claim["documents"] == ["SCAFFOLD"]


def test_the_report_names_what_was_written_and_what_comes_next(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new.main(["widget_pools"], tree)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "widget_pools: one record is a widget pool (WidgetPool), listed at /widget_pools"
    assert "  changed  openapi/openapi.yaml" in lines
    assert "  created  openapi/resources/widget_pools/schemas/  (7 files)" in lines
    assert "  python3 -m scripts regenerate" in lines
    contract = next(line for line in lines if "scripts contract" in line)
    assert contract.endswith(
        "--only listWidgetPools createWidgetPool retrieveWidgetPool updateWidgetPool deleteWidgetPool"
    )


def test_the_report_can_be_had_as_json(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new.main(["widgets", "--record", "gadget", "--path", "/gadgets", "--json"], tree)
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["status"] == "written"
    assert (report["resource"], report["record"], report["path"]) == ("widgets", "gadget", "/gadgets")
    assert report["operations"][:2] == ["listWidgets", "createGadget"]
    assert report["changed"] == list(LISTS)
    assert all((tree / name).is_file() for name in report["created"])


def test_another_working_copy_can_be_named(tree: Path, tmp_path: Path) -> None:
    assert new.main(["widgets", "--root", str(tree)], tmp_path / "elsewhere") == 0
    assert (tree / "openapi/resources/widgets").is_dir()


def test_line_ends_and_byte_order_mark_stay(tree: Path) -> None:
    file = tree / LISTS[0]
    windows = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n")
    file.write_bytes(windows)
    new.main(["widgets"], tree)
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") == raw.count(b"\n") == windows.count(b"\n") + 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Widgets"], "'Widgets' is no name for a resource"),
        (["messaging_profiles"], "openapi/resources/messaging_profiles: exists already; nothing was written"),
        (
            ["messaging_optouts"],
            "contract_tests/mock/seeds/messaging_optouts.yaml: exists already; nothing was written",
        ),
        (["documents"], "openapi/evidence/documents.yaml: exists already; nothing was written"),
        (
            ["profiles", "--path", "/messaging_profiles"],
            "the path /messaging_profiles is described already in openapi/",
        ),
        (["settings", "--path", "/phone_numbers/messaging"], "the path /phone_numbers/messaging is described already"),
        (["profiles", "--record", "messaging_profile"], "the operation createMessagingProfile is described already"),
        (["groups", "--record", "short_code"], "the operation retrieveShortCode is described already"),
        (["words", "--record", "rcs_sender"], "RcsSender would clash with RcsSender in openapi/resources/"),
        (["errors"], "Error would clash with Error in openapi/shared/schemas/Error.yaml"),
        (["phone_number_messaging_settings", "--record", "setting"], "exists already; nothing was written"),
        (["ids"], "the record 'id' has a field of that name itself"),
        (["statuses"], "the record 'status' has a field of that name itself"),
        (["strings"], "would break the rule example_plausible: 'string' is a placeholder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_would_clash_is_refused_and_nothing_is_written(
    tree: Path, contents: Contents, arguments: list[str], said: str
) -> None:
    before = contents(tree)
    problem = refusal(tree, *arguments)
    assert said in problem.render()
    assert problem.fix
    assert contents(tree) == before


def test_a_collection_or_tag_of_that_name_is_refused_wherever_it_comes_from(tree: Path) -> None:
    (tree / "contract_tests/mock/seeds/registry_enums.yaml").unlink()
    problem = refusal(tree, "registry_enums", "--record", "code")
    assert "retrieveRegistryEnum works on registry_enums already" in problem.render()


def test_what_an_overlay_adds_counts_as_there(tree: Path) -> None:
    problem = refusal(tree, "directions", "--record", "sort_direction")
    assert "SortDirection would clash with SortDirection in an overlay" in problem.render()


def test_the_second_run_is_refused_and_changes_nothing(tree: Path, contents: Contents) -> None:
    new.main(["widgets"], tree)
    before = contents(tree)
    assert "openapi/resources/widgets: exists already" in refusal(tree, "widgets").render()
    assert contents(tree) == before


def test_a_description_that_is_broken_already_is_told_as_it_is(tree: Path, contents: Contents) -> None:
    (tree / "openapi/shared/schemas/Error.yaml").write_text("type: [", encoding="utf-8")
    before = contents(tree)
    problem = refusal(tree, "widgets")
    assert problem.file == "openapi/shared/schemas/Error.yaml" and "is not valid YAML" in problem.message
    assert contents(tree) == before


def test_a_table_of_contents_in_another_form_is_refused(tree: Path, contents: Contents) -> None:
    file = tree / LISTS[0]
    listed = yaml.safe_load(file.read_bytes())
    listed["tags"] = []
    file.write_text(yaml.safe_dump(listed, sort_keys=False), encoding="utf-8")
    before = contents(tree)
    assert "tags must be written in block style" in refusal(tree, "widgets").render()
    assert contents(tree) == before


def test_a_folder_that_is_no_working_copy_is_refused(tmp_path: Path) -> None:
    assert "is no working copy" in refusal(tmp_path, "widgets").render()
