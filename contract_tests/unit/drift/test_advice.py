"""Every kind that the suite can report comes with something to do about it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from contract_tests.drift.advice import ADVICE, GENERAL, advise
from contract_tests.drift.classify import MAPPINGS

CHECKS = Path(__file__).resolve().parents[2] / "checks"
RULES = Path(__file__).resolve().parents[2] / "rules"
# Texts of rules that look like a kind and are none: values that are sent.
OTHER_WORDS = {
    "contract-no-such-id",
    "no-such-member",
    "no-such-route",
    "nobody-has-this",
    "not-an-id",
    "unknown-key",
} | {"created-at", "updated-at", "date-time"}


def kinds_in(folder: Path) -> set[str]:
    """The constants that checks give as ``kind=`` of a finding."""
    found: set[object] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "kind":
                found |= {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
    return {kind for kind in found if isinstance(kind, str)}


def test_kinds_of_checks_have_advice_of_their_own() -> None:
    kinds = kinds_in(CHECKS) | {mapping.kind for mapping in MAPPINGS.values()}
    assert kinds >= {"undocumented-status", "wrong-token-accepted"}
    assert sorted(kind for kind in kinds if advise(kind) == GENERAL) == []


def reported_in(folder: Path) -> set[str]:
    """The kinds that rules report: texts of their code (names of extensions and headers aside) that look like one."""
    found: set[str] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text) and not text.startswith("x-"):
                found.add(text)
    return found - OTHER_WORDS


def test_kinds_of_rules_have_advice_of_their_own() -> None:
    kinds = reported_in(RULES)
    assert kinds >= {"deleted-still-listed", "pages-do-not-join", "value-not-stored"}
    assert sorted(kind for kind in kinds if advise(kind) == GENERAL) == []


def test_a_family_stands_in_for_its_rarer_members() -> None:
    assert advise("response-length") != GENERAL
    assert advise("never-heard-of") == GENERAL


def test_advice_is_one_line() -> None:
    assert [kind for kind, text in ADVICE.items() if "\n" in text or not text] == []
