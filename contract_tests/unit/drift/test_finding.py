"""A deviation has one identity, however often and at whichever list position it shows."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.drift.finding import Finding, Findings, Severity, generalise

ONE = Finding("response-type", "listThings", "/data/3/size", "integer", "string", Severity.BREAKING, "check")


def test_list_positions_do_not_change_the_identity() -> None:
    other = replace(ONE, pointer="/data/12/size", observed="null", check="another")
    assert other.fingerprint == ONE.fingerprint
    assert generalise("/data/0/1x/2") == "/data/*/1x/*"


def test_kind_operation_and_place_do() -> None:
    others = [replace(ONE, kind="x"), replace(ONE, operation="x"), replace(ONE, pointer="/data/3/name")]
    assert len({one.fingerprint for one in [ONE, *others]}) == 4


def test_repeats_count_up_and_keep_the_first() -> None:
    findings = Findings()
    findings.add(ONE)
    findings.add(replace(ONE, observed="later"))
    (kept,) = findings.all()
    assert (kept.occurrences, kept.observed) == (2, "string")


def test_the_gravest_come_first() -> None:
    findings = Findings()
    for severity in reversed(Severity):
        findings.add(replace(ONE, kind=severity.value, severity=severity))
    assert [one.severity for one in findings.all()] == list(Severity)


def test_listeners_hear_repeats_until_they_stop() -> None:
    findings = Findings()
    heard: list[Finding] = []
    stop = findings.listen(heard.append)
    findings.add(ONE)
    findings.add(ONE)
    stop()
    findings.add(ONE)
    assert len(heard) == 2


def test_the_headline_names_operation_place_and_kind() -> None:
    assert ONE.headline() == "listThings /data/3/size: expected integer, observed string [response-type]"
    assert replace(ONE, pointer="").headline().startswith("listThings: expected")
