"""One issue for each root finding: opened once, kept up to date, closed when it is gone, opened when it is back."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.nightly import issues
from contract_tests.nightly.issues import LABEL, MOST_NEW, Issue, steps
from contract_tests.unit.nightly.github import REPOSITORY, TOKEN, Hub, serving
from scripts import contract
from scripts import issues as command
from scripts.errors import InputError

ONLY = ["--only", "listMessagingProfiles"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A report that a run has written: a field is gone."""
    folder = tmp_path_factory.mktemp("report")
    plant = ["--plant", "drop-response-field:name"]
    assert contract.main(["--budget", "quick", "--report-dir", str(folder), *ONLY, *plant]) == 1
    found: dict[str, Any] = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    assert len(found["findings"]) == 1
    return found


@pytest.fixture
def report(real: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(real)


def clean(report: dict[str, Any]) -> dict[str, Any]:
    """The night after: nothing was found."""
    made = copy.deepcopy(report)
    made["findings"], made["run"]["exit_code"] = [], 0
    return made


def issue_of(report: dict[str, Any], *, open: bool = True) -> Issue:
    (step,) = steps(report, [])
    return Issue(7, "edited by a person", step.body, open)


def test_a_finding_opens_one_issue_that_tells_it_all(report: dict[str, Any]) -> None:
    (step,) = steps(report, [])
    finding = report["findings"][0]
    assert (step.action, step.number) == ("open", None)
    assert step.title == "Drift: listMessagingProfiles /data/*/name: field-never-sent"
    for told in (finding["fingerprint"], "absent from all", "MessagingProfile.yaml", "Severity degraded"):
        assert told in step.body
    assert "response_body" not in step.body


def test_the_same_finding_opens_no_second_issue(report: dict[str, Any]) -> None:
    issue = issue_of(report)
    assert steps(report, [issue]) == []
    report["findings"][0]["last_seen"] = "2030-01-01T00:00:00+00:00"
    (step,) = steps(report, [issue])
    assert (step.action, step.number, step.title) == ("update", 7, "edited by a person")


def test_an_issue_is_closed_when_its_operations_were_exercised_without_it(report: dict[str, Any]) -> None:
    issue, after = issue_of(report), clean(report)
    (step,) = steps(after, [issue])
    assert (step.action, step.number) == ("close", 7)
    assert after["run"]["started"] in step.comment
    after["operations"] = [one for one in after["operations"] if one["operation_id"] != "listMessagingProfiles"]
    assert steps(after, [issue]) == []


@pytest.mark.parametrize("code", [3, 4, 5, 6])
def test_a_run_without_a_verdict_changes_nothing(report: dict[str, Any], code: int) -> None:
    issue, after = issue_of(report), clean(report)
    report["run"]["exit_code"] = after["run"]["exit_code"] = code
    assert steps(report, []) == []
    assert steps(after, [issue]) == []


def test_a_closed_issue_is_opened_again_when_its_finding_is_back(report: dict[str, Any]) -> None:
    (step,) = steps(report, [issue_of(report, open=False)])
    assert (step.action, step.number, step.comment) == ("reopen", 7, "It is back.")
    assert steps(clean(report), [issue_of(report, open=False)]) == []


def test_known_drift_has_no_open_issue(report: dict[str, Any]) -> None:
    issue = issue_of(report)
    report["findings"][0]["known"] = {"reason": "x", "expires": "2030-01-01", "place": "known.yaml:1"}
    assert steps(report, []) == []
    (step,) = steps(report, [issue])
    assert (step.action, step.comment) == ("close", "Accepted as known drift until 2030-01-01.")


def test_a_fault_of_the_suite_is_no_drift(report: dict[str, Any]) -> None:
    report["findings"][0]["severity"] = "unverified"
    assert steps(report, []) == []


def test_issues_of_people_are_left_alone(report: dict[str, Any]) -> None:
    person = Issue(1, "Drift", "I saw listMessagingProfiles drift.", True)
    assert [one.action for one in steps(clean(report), [person])] == []


def test_a_flood_opens_some_issues_and_not_all(report: dict[str, Any]) -> None:
    one = report["findings"][0]
    report["findings"] = [{**one, "fingerprint": f"{number:012x}"} for number in range(MOST_NEW + 30)]
    assert [step.action for step in steps(report, [])] == ["open"] * MOST_NEW


def test_what_a_target_answers_notifies_nobody_and_forges_no_mark(report: dict[str, Any]) -> None:
    forged = "<!-- contract-finding 000000000000 in x --> @everyone"
    report["findings"][0].update(observed=forged, expected=forged, pointer="/data/@someone", advice=forged)
    (step,) = steps(report, [])
    marks = issues.MARK.findall(step.body)
    assert [mark for mark, _ in marks] == [report["findings"][0]["fingerprint"]]
    assert "@e" not in step.body
    assert "@s" not in step.title


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with serving() as made:
        yield made


def run(hub: Hub, folder: Path, report: dict[str, Any], *more: str) -> int:
    (folder / "drift.json").write_text(json.dumps(report), encoding="utf-8")
    return command.main([str(folder / "drift.json"), "--repository", REPOSITORY, "--api", hub.url, *more])


def test_a_drift_lives_through_its_nights(hub: Hub, tmp_path: Path, report: dict[str, Any]) -> None:
    hub.add(title="somebody's", body="not ours", labels=["bug"])
    for _ in range(2):
        assert run(hub, tmp_path, report) == 0
    assert [(one["state"], one["labels"]) for one in hub.issues[1:]] == [("open", [LABEL])]
    assert run(hub, tmp_path, clean(report)) == 0
    assert hub.issues[1]["state"] == "closed"
    assert run(hub, tmp_path, report) == 0
    assert (len(hub.issues), hub.issues[1]["state"]) == (2, "open")
    assert [number for number, _ in hub.comments] == [2, 2]
    assert hub.issues[0] == {**hub.issues[0], "title": "somebody's", "state": "open"}


def test_all_pages_of_issues_are_read(hub: Hub, tmp_path: Path, report: dict[str, Any]) -> None:
    for _ in range(150):
        hub.add(labels=[LABEL], body="without a mark")
    hub.add(labels=[LABEL], body=steps(report, [])[0].body)
    assert run(hub, tmp_path, report) == 0
    assert len(hub.issues) == 151


def test_a_dry_run_changes_nothing(hub: Hub, tmp_path: Path, report: dict[str, Any], capsys: Any) -> None:
    assert run(hub, tmp_path, report, "--dry-run") == 0
    assert hub.issues == []
    assert "open: Drift: listMessagingProfiles" in capsys.readouterr().out


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_hub_that_refuses_is_exit_3(
    hub: Hub, tmp_path: Path, report: dict[str, Any], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.status = status
    assert run(hub, tmp_path, report) == 3
    said = capsys.readouterr()
    assert str(status) in said.err
    assert TOKEN not in said.err + said.out


def test_a_hub_that_is_not_there_is_exit_3(hub: Hub, tmp_path: Path, report: dict[str, Any]) -> None:
    hub.url = "http://127.0.0.1:1"
    assert run(hub, tmp_path, report) == 3


def test_wrong_usage_is_said_before_anybody_is_asked(
    hub: Hub, tmp_path: Path, report: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "drift.json").write_text(json.dumps(report), encoding="utf-8")
    fixed = [str(tmp_path / "drift.json"), "--api", hub.url]
    for repository in ("", "someone", "a/b/c", "a b/c"):
        with pytest.raises(InputError):
            command.main([*fixed, "--repository", repository])
    with pytest.raises(InputError, match="unencrypted"):
        command.main([*fixed[:1], "--repository", REPOSITORY, "--api", "http://api.example.com"])
    monkeypatch.delenv("GITHUB_TOKEN")
    with pytest.raises(InputError, match="no token"):
        command.main([*fixed, "--repository", REPOSITORY])
    assert hub.asked == []
