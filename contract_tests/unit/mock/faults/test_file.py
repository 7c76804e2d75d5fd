"""A file of faults: what it may say, and that a mistake in it is named with its line and how to mend it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contract_tests.description import load as description
from contract_tests.mock.app import create_app
from contract_tests.mock.faults import Fault, When, load, parse
from contract_tests.mock.faults.fault import KINDS
from contract_tests.mock.faults.reach import pattern_of, reaches
from scripts.errors import InputError

GOOD = """\
seed: 7
faults:
  - fault: latency
    seconds: 0.3
    jitter: 0.1
    when: {operation: listMessagingProfiles, probability: 0.5}
  - fault: error
    status: 502
    body: html
    when:
      method: POST
      path: /messaging_profiles
      after: 1
      every: 2
      count: 3
"""


def test_kinds_settings_and_conditions_are_read(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(GOOD, encoding="utf-8")
    (first, second), seed = load(file)
    assert seed == 7
    assert first == Fault(
        "latency", When(operation="listMessagingProfiles", probability=0.5), {"seconds": 0.3, "jitter": 0.1}
    )
    assert second.when == When(method="POST", path="/messaging_profiles", after=1, every=2, count=3)
    assert (second["status"], second["body"], second["processed"]) == (502, "html", False)


def test_json_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps({"faults": [{"fault": "reset", "when": {"count": 1}}]}), encoding="utf-8")
    assert load(file) == ([Fault.of("reset", count=1)], None)


# What replaces a line of GOOD, the line that the message names, what it says.
MISTAKES = [
    ("    seconds: 0.3\n", "    seconds: -1\n", 4, "seconds is -1"),
    ("    seconds: 0.3\n", "    seconds: soon\n", 4, "seconds is 'soon'"),
    ("    seconds: 0.3\n", "    status: 500\n", 4, "has no setting 'status'"),
    ("  - fault: latency\n", "  - fault: lateness\n", 3, "there is no fault 'lateness'"),
    ("  - fault: latency\n", "  - kind: latency\n", 3, "a fault is an object with its kind under 'fault'"),
    ("    status: 502\n", "    status: 404\n", 8, "status is 404"),
    ("    status: 502\n", "    status: 502.5\n", 8, "status is 502.5"),
    ("    body: html\n", "    body: text\n", 9, "body is 'text'"),
    ("    body: html\n", "    processed: 1\n", 9, "processed is 1"),
    ("      count: 3\n", "      count: 0\n", 15, "count is 0"),
    ("      count: 3\n", "      times: 3\n", 15, "'times' is no condition"),
    ("      method: POST\n", "      method: 5\n", 11, "method is 5"),
    ("      method: POST\n", "      method: SEND\n", 11, "method is 'SEND'"),
    ("      path: /messaging_profiles\n", "      path: messaging_profiles\n", 12, "path is 'messaging_profiles'"),
    ("probability: 0.5", "probability: 1.5", 6, "probability is 1.5"),
    ("seed: 7\n", "seed: seven\n", 1, "the seed is 'seven'"),
    ("seed: 7\n", "sead: 7\n", 1, "'sead' is not known here"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), MISTAKES, ids=[one[3] for one in MISTAKES])
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    file = tmp_path / "faults.yaml"
    assert GOOD.count(old) == 1
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(file)
    assert message in refused.value.message
    assert (refused.value.file, refused.value.line) == (str(file), line)
    assert refused.value.fix


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "faults",
        {},
        {"faults": {}},
        {"faults": []},
        {"faults": [5]},
        {"faults": [{"fault": "error", "when": 5}]},
    ],
)
def test_what_holds_no_faults_is_refused(data: object) -> None:
    with pytest.raises(InputError):
        parse(data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        load(tmp_path / "none.yaml")
    assert "none.yaml" in str(refused.value)


def test_a_fault_on_an_unknown_operation_stops_the_start() -> None:
    with pytest.raises(InputError, match="no such operation"):
        create_app(description(), faults=[Fault.of("reset", operation="listRooms")])
    mock = create_app(description())
    with pytest.raises(InputError, match="no such operation"):
        mock.inject(Fault.of("reset", operation="listRooms"))
    assert not mock.faults


@pytest.mark.parametrize("path", ["/v2", "/v2/messaging_profiles", "/v2/*"])
def test_a_pattern_that_repeats_the_base_address_could_never_strike(path: str) -> None:
    mock = create_app(description())
    with pytest.raises(InputError, match="/v2 is no part of a path here"):
        mock.inject(Fault.of("reset", path=path))


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/messaging_profile", "/messaging_profiles"),
        ("/messaging_profiles/", "/messaging_profiles"),
        ("/messaging_profils/*", "/messaging_profiles/*"),
        ("/phone_numbers/*/mesaging", "/phone_numbers/*/messaging"),
    ],
)
def test_a_pattern_that_fits_no_path_is_refused_with_the_nearest(path: str, meant: str) -> None:
    mock = create_app(description())
    with pytest.raises(InputError, match="fits the path of no operation") as refused:
        mock.inject(Fault.of("reset", path=path))
    assert refused.value.fix == f"is it {meant}?"
    assert not mock.faults


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/a", "/a", True),
        ("/a", "/b", False),
        ("/*", "/a/b", True),
        ("*", "/a/{id}", True),
        ("/a/7", "/a/{id}", True),
        ("/a/", "/a/{id}", False),
        ("/a/7/c", "/a/{id}", False),
        ("/a/*/c", "/a/{id}/c", True),
        ("/a/*/d", "/a/{id}/c", False),
        ("/a/?*/c", "/a/{id}/c", True),
        ("/[ab]/x", "/a/{id}", True),
        ("/[!ab]/x", "/a/{id}", False),
        ("/a/[0-9]*", "/a/{id}", True),
        ("*/c/*", "/a/{id}", False),
        ("/a*c", "/a/{id}/c/d", False),
        ("/a[", "/a/{id}", False),
    ],
)
def test_a_pattern_reaches_a_path_whatever_its_parameters_are(pattern: str, path: str, fits: bool) -> None:
    assert reaches(pattern, path) is fits


def test_every_path_is_reached_by_itself_and_by_wildcards_for_its_parameters() -> None:
    for path in {one.path for one in description().operations}:
        assert reaches(path.replace("{", "").replace("}", ""), path)
        assert reaches(pattern_of(path), path)
        assert not reaches(f"{path}/", path)


def test_every_kind_can_be_had_with_its_usual_settings() -> None:
    for kind, told in KINDS.items():
        assert Fault.of(kind).settings == told.settings and told.summary


README = Path(__file__).resolve().parents[3] / "mock" / "README.md"


def test_the_file_in_the_readme_is_valid(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "faults.yaml"
    file.write_text(example, encoding="utf-8")
    faults, seed = load(file)
    assert len(faults) == 2 and seed == 7
    create_app(description(), faults=faults)


def test_the_readme_tells_every_kind_and_its_usual_settings() -> None:
    rows = re.findall(r"^\| (`[a-z`, -]+`) \| [^|]+ \| ([^|]+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    told = {kind: row[1] for row in rows for kind in re.findall(r"`([a-z-]+)`", row[0])}
    assert KINDS.keys() <= told.keys()
    for kind, known in KINDS.items():
        for name, usual in known.settings.items():
            value = json.dumps(usual).strip('"').removesuffix(".0")
            assert f"`{name}: {value}`" in told[kind], (kind, name)
