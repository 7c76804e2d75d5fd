"""Reading the evidence folder: what is understood, and faults named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.errors import InputError
from scripts.lint import evidence_files

DOCUMENTS = """documents:
  - {id: D, title: A page, address: somewhere, date: "2025", kind: document, trust: 1}
"""
CLAIMS = """claims:
  - {pointer: "#/a", claim: something, documents: [D]}
  - pointers: ["#/b", "#/c"]
    claim: something else
    documents: [D]
    assumption: true
conflicts:
  - id: D1
    topic: what it is
    positions:
      - {says: one thing, documents: [D]}
      - {says: another, documents: [E]}
    choice: the first
    why: it is better
    pointers: ["#/d"]
assumptions:
  - {topic: what else, choice: this, why: nothing is known, pointers: ["#/e", "#/f"]}
  - {topic: about everything, choice: that, why: nothing is known}
"""


def write(folder: Path, claims: str = CLAIMS, documents: str = DOCUMENTS) -> Path:
    folder.joinpath("documents.yaml").write_text(documents, encoding="utf-8")
    folder.joinpath("pets.yaml").write_text(claims, encoding="utf-8")
    return folder


def test_claims_documents_and_citations_are_read_with_their_places(tmp_path: Path) -> None:
    found = evidence_files.read(write(tmp_path), tmp_path)
    assert found.documents == {"D"}
    assert [(claim.pointer, claim.place, claim.assumption) for claim in found.claims] == [
        ("#/a", "pets.yaml:2", False),
        ("#/b", "pets.yaml:3", True),
        ("#/c", "pets.yaml:3", True),
    ]
    assert found.citations == (("D", "pets.yaml:11"), ("E", "pets.yaml:12"))
    assert found.mentions == (("#/d", "pets.yaml:8"), ("#/e", "pets.yaml:17"), ("#/f", "pets.yaml:17"))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("claim: something,", "", 2, "'claim' is missing"),
        ("documents: [D]}\n  - pointers", "documents: []}\n  - pointers", 2, "'documents' is missing"),
        ("claim: something,", "claim: something, sure: true,", 2, "'sure' is not a known field"),
        ('pointer: "#/a", ', "", 2, "a claim has either pointer or pointers"),
        ('["#/b", "#/c"]', "[]", 3, "must be a list of at least one text"),
        ('["#/d"]', "[]", 8, "must be a list of at least one text"),
        ("      - {says: another, documents: [E]}\n", "", 10, "a conflict has at least two positions"),
        ("    why: it is better\n", "", 8, "'why' is missing"),
        ("choice: this, ", "", 17, "'choice' is missing"),
        ("assumptions:", "guesses:", 16, "unknown section 'guesses'"),
    ],
)
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert CLAIMS.count(old) == 1
    with pytest.raises(InputError) as raised:
        evidence_files.read(write(tmp_path, CLAIMS.replace(old, new)), tmp_path)
    assert (raised.value.file, raised.value.line, raised.value.message) == ("pets.yaml", line, message)


def test_a_document_listed_twice_is_refused(tmp_path: Path) -> None:
    twice = DOCUMENTS + DOCUMENTS.split("\n", 1)[1]
    with pytest.raises(InputError, match="listed twice"):
        evidence_files.read(write(tmp_path, documents=twice), tmp_path)


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is missing") as raised:
        evidence_files.read(tmp_path, tmp_path)
    assert raised.value.file == "documents.yaml"
