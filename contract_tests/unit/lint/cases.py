"""Cases of rules: one YAML file each, read into the subject that the rule is applied to.

``document`` is a part of an OpenAPI document, as much as the rule looks at. ``house`` makes it our own description,
with evidence, seeds and files. ``expect`` lists every finding in any order: its pointer, a part of what it says, and
optionally of its fix. ``mended: false`` says that the overlay actions of the findings do not cure the document.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import yaml

from scripts.lint.document import Document
from scripts.lint.evidence import Claim, Evidence
from scripts.lint.finding import Finding
from scripts.lint.rule import Rule, discover
from scripts.lint.scope import Scope
from scripts.lint.subject import House, Subject
from scripts.pipeline import load, overlay, overlay_file
from scripts.pipeline.places import Place

FOLDER = Path(__file__).resolve().parent


@attrs.frozen
class Case:
    """One case of a rule; ``expect`` is empty for those that pass."""

    rule: Rule
    name: str
    document: dict[str, Any] = attrs.field(repr=False)
    house: House | None = attrs.field(repr=False)
    expect: tuple[dict[str, str], ...] = attrs.field(repr=False)
    mended: bool

    def findings(self, document: dict[str, Any] | None = None) -> list[Finding]:
        """What the rule finds in the case's document, or in another one in its place."""
        subject = Subject(Document(self.document if document is None else document), _nowhere, self.house)
        return list(self.rule.check(subject))


def read(kind: str) -> list[Case]:
    """The cases of every rule of a kind, ``pass`` or ``fail``."""
    return [
        _case(rule, path) for rule in discover().values() for path in sorted((FOLDER / rule.id / kind).glob("*.yaml"))
    ]


def mend(document: dict[str, Any], findings: list[Finding]) -> dict[str, Any]:
    """The document with the overlay actions of the findings applied, those of later array entries first."""
    ordered = sorted(findings, key=lambda finding: finding.pointer, reverse=True)
    actions = [action for finding in ordered for action in finding.mend]
    text = yaml.safe_dump({"overlay": "1.0.0", "info": {"title": "Mend", "version": "1"}, "actions": actions})
    path = Path("mend.overlay.yaml")
    return overlay.apply(document, overlay_file.parse(load.parse(text, path, path.name)))[0]


def _case(rule: Rule, path: Path) -> Case:
    content = load.read(path).contents
    given = content.get("house")
    house = _house(given or {}) if given is not None or rule.scope is Scope.HOUSE else None
    return Case(
        rule=rule,
        name=f"{rule.id}-{path.stem}",
        document=content["document"],
        house=house,
        expect=tuple(content.get("expect", ())),
        mended=content.get("mended", True),
    )


def _house(given: dict[str, Any]) -> House:
    claims = tuple(
        Claim(claim["pointer"], tuple(claim["documents"]), "evidence/things.yaml:3")
        for claim in given.get("claims", ())
    )
    return House(
        evidence=Evidence(claims, frozenset(given.get("documents", ()))),
        seeds=given.get("seeds", {}),
        files=given.get("files", {}),
        unused=tuple(given.get("unused", ())),
    )


def _nowhere(pointer: str) -> Place:
    return Place("case.yaml", None)
