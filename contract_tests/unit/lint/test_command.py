"""The command: what it prints, and with which exit code it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from scripts import __main__ as entry
from scripts import bootstrap
from scripts.errors import InputError
from scripts.lint import command
from scripts.lint.rule import discover
from scripts.pipeline import load, overlay, overlay_file

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "contract_tests" / "golden" / "lint"
GOOD = """openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get: {operationId: listThings, tags: [things], responses: {"200": {description: All.}}}
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A working copy of what is linted."""
    for folder in ("openapi", "overlays/description", "contract_tests/mock/seeds"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_our_description_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    assert "no problems, 84 operations" in capsys.readouterr().out


def test_a_fault_is_printed_with_rule_file_line_offender_and_fix(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copied / "openapi" / "resources" / "messaging_profiles" / "paths" / "messaging_profiles.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  x-effect: [write]\n", ""), encoding="utf-8")
    assert command.main(["--rule", "effect_stated"], root=copied) == 1
    lines = capsys.readouterr().out.splitlines()
    place = "openapi/resources/messaging_profiles/paths/messaging_profiles.yaml"
    number = path.read_text(encoding="utf-8").split("\n").index("post:") + 1
    assert lines[0] == f"{place}:{number}: effect_stated: POST /messaging_profiles has no x-effect"
    assert lines[1] == "    at /paths/~1messaging_profiles/post"
    assert lines[2].startswith("    fix: state x-effect")


def test_a_file_that_nothing_refers_to_is_a_fault(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "openapi" / "shared" / "schemas" / "Old.yaml").write_text("type: string\n", encoding="utf-8")
    assert command.main([], root=copied) == 1
    assert "openapi/shared/schemas/Old.yaml:1: unused_component" in capsys.readouterr().out


def test_an_evidence_file_that_cannot_be_read_ends_with_one_message(copied: Path) -> None:
    (copied / "openapi" / "evidence" / "shared.yaml").write_text("claims: 5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"evidence/shared\.yaml"):
        command.main([], root=copied)


def test_json_holds_everything_that_lines_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(GOLDEN / "operations.yaml"), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["status"] == "problems"
    assert {"rule", "file", "line", "pointer", "message", "fix"} <= report["problems"][0].keys()
    assert report["generator"]["described"] == 17
    assert report["generator"]["generated"] == 17 - len(report["generator"]["lost_operations"])
    lost = report["generator"]["lost_operations"]
    assert lost["GET /behind"] == "/paths/~1behind"


def test_the_end_of_the_lines_names_what_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    command.main([str(GOLDEN / "operations.yaml")])
    printed = capsys.readouterr().out
    assert "openapi-python-client would generate 5 of 17 operations" in printed
    assert "  operation lost: GET /behind because of /paths/~1behind" in printed


def test_the_printed_overlay_mends_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "behind.yaml"
    document = load.read(GOLDEN / "operations.yaml").contents
    document["paths"] = {"/behind": document["paths"]["/behind"]}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    command.main([str(path), "--rule", "path_item_inline", "--overlay"])
    printed = capsys.readouterr().out.partition("    overlay:\n")[2].partition("\n\n")[0]
    actions = yaml.safe_load(printed)
    text = yaml.safe_dump({"overlay": "1.0.0", "info": {"title": "T", "version": "1"}, "actions": actions})
    laid = overlay_file.parse(load.parse(text, Path("o.yaml"), "o.yaml"))
    path.write_text(yaml.safe_dump(overlay.apply(document, laid)[0]), encoding="utf-8")
    assert command.main([str(path), "--rule", "path_item_inline"]) == 0


def test_house_rules_are_not_applied_to_documents_of_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert command.main([str(path)]) == 0
    assert "would generate 1 of 1 operations" in capsys.readouterr().out


def test_long_lists_are_cut_and_counted_unless_all_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.yaml"
    enums = "".join(f"    K{number}: {{enum: [a, 1]}}\n" for number in range(25))
    path.write_text(f"{GOOD}components:\n  schemas:\n{enums}", encoding="utf-8")
    command.main([str(path), "--rule", "enum_one_type"])
    printed = capsys.readouterr().out
    assert printed.count("enum_one_type: ") == 20
    assert "... and 5 more of enum_one_type (--all shows them)" in printed
    command.main([str(path), "--rule", "enum_one_type", "--all"])
    assert capsys.readouterr().out.count("enum_one_type: ") == 25


def test_control_characters_of_the_document_are_printed_as_escapes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "colour.json"
    evil = "a\x1b[31m\r\n\u202e\x9b"
    schemas = {evil: {"$ref": f"#/{evil}"}, f"{evil}b": {"enum": [evil, 1]}}
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    paths = {f"/{evil}": {"get": {"responses": {}, "parameters": [{"$ref": "#/nowhere"}]}}}
    path.write_text(json.dumps({**head, "paths": paths, "components": {"schemas": schemas}}), encoding="utf-8")
    command.main([str(path), "--overlay"])
    printed = capsys.readouterr().out
    assert "a\\x1b[31m\\r\\n\\u202e\\x9b" in printed
    assert all(char == "\n" or char.isprintable() for char in printed)


def test_a_reader_that_stops_reading_ends_the_command_quietly() -> None:
    line = [sys.executable, "-m", "scripts", "lint", str(GOLDEN / "operations.yaml")]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_an_unknown_rule_is_wrong_usage() -> None:
    with pytest.raises(InputError, match="there is no rule 'nonsense'"):
        command.main(["--rule", "nonsense"])


def test_rules_that_are_all_for_other_documents_are_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match="nothing would be checked: effect_stated"):
        command.main([str(path), "--rule", "effect_stated"])
    assert command.main([str(path), "--rule", "effect_stated", "--rule", "enum_one_type"]) == 0


def test_the_list_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(discover())


def test_seven_hundred_operations_take_less_than_ten_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = load.read(GOLDEN / "schemas.yaml").contents
    answers = document["paths"]["/answers"]["get"]
    document["paths"] = {
        f"/answers{number}": {"get": {**answers, "operationId": f"listAnswers{number}"}} for number in range(750)
    }
    path = tmp_path / "many.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    started = time.process_time()
    assert command.main([str(path)]) == 1
    assert time.process_time() - started < 10
    assert "would generate 750 of 750 operations" in capsys.readouterr().out


def test_as_a_command_a_broken_file_ends_with_code_2_and_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this process and without the set-up: another Python would make an environment in the working copy.
    monkeypatch.setattr(bootstrap, "ensure_environment", lambda arguments: None)
    path = tmp_path / "broken.yaml"
    path.write_text("openapi: [", encoding="utf-8")
    assert entry.main(["lint", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {path}:2: is not valid YAML")
    assert "Traceback" not in said
