"""Each rule passes what is right, finds what is wrong at its place, and mends it where it says it can."""

from __future__ import annotations

import copy

import pytest
import yaml

from contract_tests.unit.lint.cases import FOLDER, Case, mend, read
from scripts.lint.rule import discover

PASSING, FAILING = read("pass"), read("fail")


def named(case: Case) -> str:
    return case.name


def test_every_rule_has_a_passing_and_a_failing_case() -> None:
    rules = set(discover())
    assert len(rules) > 50
    assert rules == {case.rule.id for case in PASSING}
    assert rules == {case.rule.id for case in FAILING}


def test_every_case_belongs_to_a_rule() -> None:
    assert {path.parts[-3] for path in FOLDER.glob("*/*/*.yaml")} == set(discover())


def test_every_rule_says_what_it_demands_in_whole_sentences() -> None:
    for rule in discover().values():
        assert rule.demand.endswith((".", "…")), rule.id
        assert rule.demand[0].isupper() or rule.demand[0] == "`", rule.id


@pytest.mark.parametrize("case", PASSING, ids=named)
def test_what_is_right_passes(case: Case) -> None:
    assert case.findings() == []
    assert case.expect == ()


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_what_is_wrong_is_found_where_it_is(case: Case) -> None:
    findings = case.findings()
    assert sorted(finding.pointer for finding in findings) == sorted(wanted["pointer"] for wanted in case.expect)
    for wanted in case.expect:
        here = [finding for finding in findings if finding.pointer == wanted["pointer"]]
        assert any(wanted["says"] in finding.message for finding in here), here
        assert any(wanted.get("fix", "") in finding.fix for finding in here), here
    assert all(finding.message and finding.fix for finding in findings)


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_a_rule_does_not_change_what_it_reads(case: Case) -> None:
    before = copy.deepcopy(case.document)
    case.findings()
    assert case.document == before


@pytest.mark.parametrize("case", [case for case in FAILING if any(f.mend for f in case.findings())], ids=named)
def test_the_overlay_of_a_finding_mends_it(case: Case) -> None:
    findings = case.findings()
    mendable = [finding for finding in findings if finding.mend]
    mended = mend(case.document, mendable)
    left = {finding.pointer for finding in case.findings(mended)}
    expected = set() if case.mended else {finding.pointer for finding in findings if not finding.mend}
    assert left == expected, yaml.safe_dump(mended)


def test_members_of_a_union_keep_their_places_when_they_are_moved_into_components() -> None:
    case = next(case for case in FAILING if case.name == "all_of_merges-untitled-siblings")
    before = case.document["components"]["schemas"]["Choice"]["oneOf"]
    schemas = mend(case.document, case.findings())["components"]["schemas"]
    after = schemas["Choice"]["oneOf"]
    assert len(after) == len(before)
    assert after[1] == before[1]
    for index in (0, 2, 3, 4):
        moved = schemas[after[index]["$ref"].rpartition("/")[2]]
        assert moved == {key: value for key, value in before[index].items() if key != "title"}
