"""The description as it stands rests on its evidence."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from scripts.lint import evidence, evidence_files
from scripts.lint.evidence import Evidence
from scripts.pipeline.load import JsonObject
from scripts.pipeline.overlay import Applied

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def stated() -> Evidence:
    return evidence_files.read(ROOT / "openapi" / "evidence", ROOT)


def test_everything_has_evidence_and_every_claim_points_somewhere(
    laid_over: tuple[JsonObject, tuple[Applied, ...]], bundled: JsonObject, stated: Evidence
) -> None:
    document, applied = laid_over
    assert evidence.problems(document, stated, [one.overlay for one in applied], bundled) == []


def test_no_claim_can_be_taken_away(
    laid_over: tuple[JsonObject, tuple[Applied, ...]], bundled: JsonObject, stated: Evidence
) -> None:
    document, applied = laid_over
    overlays = [one.overlay for one in applied]
    needed = evidence.needs(document)
    needed_claims = [claim for claim in stated.claims if claim.pointer in needed]
    assert len(needed_claims) > 1000
    missed = set(evidence.problems(document, attrs.evolve(stated, claims=()), overlays, bundled))
    assert [claim.pointer for claim in needed_claims if f"{claim.pointer} has no evidence" not in missed] == []
    for claim in needed_claims[::40]:  # one at a time says the same, and takes half a minute for all
        rest = tuple(other for other in stated.claims if other is not claim)
        assert f"{claim.pointer} has no evidence" in evidence.problems(
            document, attrs.evolve(stated, claims=rest), overlays, bundled
        )


def test_no_overlay_can_be_taken_away(laid_over: tuple[JsonObject, tuple[Applied, ...]], stated: Evidence) -> None:
    document, _ = laid_over
    missing = [text for text in evidence.problems(document, stated) if text.endswith("has no evidence")]
    assert "#/components/schemas/MessagingProfile/properties/mobile_only has no evidence" in missing
    assert "#/components/parameters/PhoneNumberSort has no evidence" in missing


def test_every_resource_has_its_evidence_file() -> None:
    resources = {path.name for path in (ROOT / "openapi" / "resources").iterdir()}
    files = {path.stem for path in (ROOT / "openapi" / "evidence").glob("*.yaml")}
    assert files == resources | {"shared", "documents"}


def test_claims_stand_in_the_file_of_their_resource(stated: Evidence, bundled: JsonObject) -> None:
    """Shared things in shared.yaml, a resource's own in its own file."""
    owners: dict[str, str] = {}
    for path in (ROOT / "openapi").glob("resources/*/*/*.yaml"):
        kind = path.parent.name
        if kind in {"schemas", "parameters", "responses"}:
            owners[f"#/components/{kind}/{path.stem}"] = path.parent.parent.name
    for claim in stated.claims:
        component = "/".join(claim.pointer.split("/")[:4])
        if claim.pointer.startswith("#/components/"):
            assert Path(claim.place.rpartition(":")[0]).stem == owners.get(component, "shared"), claim.pointer
