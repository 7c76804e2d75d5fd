"""Every golden case, from before to after and back."""

from __future__ import annotations

import pytest

from contract_tests.unit.comparison import cases
from scripts.comparison import meaning
from scripts.comparison.change import Difference, Direction


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("case", cases.names())
def test_case(case: str, direction: str) -> None:
    ends = [cases.document(case, which) for which in ("before", "after")]
    if direction == "backward":
        ends.reverse()
    assert cases.found(*ends) == cases.in_order(cases.expected(case)[direction])


def test_there_are_many_cases_and_each_is_three_files() -> None:
    assert len(cases.names()) >= 80
    for case in cases.names():
        files = {path.name for path in (cases.FOLDER / case).iterdir()}
        assert files == {"before.yaml", "after.yaml", "expected.yaml"}, case


def test_every_kind_of_difference_has_a_case() -> None:
    known = {*meaning.OPERATIONS, *meaning.PARAMETERS, *meaning.BODIES, *meaning.SCHEMAS}
    shown = {
        change["kind"]
        for case in cases.names()
        for expectation in cases.expected(case).values()
        for change in expectation["changes"]
    }
    assert known - shown == set()


def test_a_document_compared_with_itself_has_no_changes() -> None:
    for case in cases.names():
        document = cases.document(case, "after")
        assert cases.found(document, document) == {"verdict": "none", "changes": []}, case


def test_a_kind_without_a_meaning_is_refused() -> None:
    unknown = Difference("colour-changed", "Thing", 1, 2, "", "")
    with pytest.raises(KeyError):
        meaning.consequence(unknown, Direction.REQUEST)
