"""Our description is clean, and stays so only while nothing that it rests on is taken away."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from scripts.lint import collection, our_description
from scripts.lint.check import check
from scripts.lint.document import Document
from scripts.lint.evidence import Claim
from scripts.lint.rule import discover
from scripts.lint.subject import House, Subject
from scripts.pipeline import grammar, pointers

pytestmark = pytest.mark.takes(15)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def subject() -> Subject:
    """Our description as the command reads it."""
    return our_description.read(ROOT)


def changed(subject: Subject, change: Callable[[dict[str, Any]], object]) -> Subject:
    """The subject with a changed copy of its document."""
    root = copy.deepcopy(subject.document.root)
    change(root)
    return attrs.evolve(subject, document=Document(root))


def removed(subject: Subject, pointer: str) -> Subject:
    """The subject without what stands at a pointer; only what leads there is copied."""
    *way, last = pointers.split(pointer)
    root = copy.copy(subject.document.root)
    value: Any = root
    for token in way:
        key = int(token) if isinstance(value, list) else token
        value[key] = copy.copy(value[key])
        value = value[key]
    del value[int(last) if isinstance(value, list) else last]
    return attrs.evolve(subject, document=Document(root))


def fails(subject: Subject, *ids: str) -> bool:
    """Whether one of these rules finds something, and can say where it is. The first that it finds will do."""
    assert ids
    rules = discover()
    with collection.paused():
        for rule in (rules[name] for name in ids if rules[name].applies(subject)):
            for finding in rule.check(subject):
                return bool((finding.place or subject.locate(finding.pointer)).file)
    return False


def places(subject: Subject, kind: str, key: str) -> Iterator[str]:
    """The pointers of a member of every object of a kind."""
    for node in grammar.walk(subject.document.root):
        if node.kind == kind and key in node.value:
            yield pointers.join(node.pointer, key)


def test_our_description_is_clean(subject: Subject) -> None:
    assert [f"{p.place}: {p.rule}: {p.finding.message}" for p in check(subject, discover().values())] == []


def test_lint_of_our_description_is_fast(subject: Subject) -> None:
    started = time.process_time()
    check(attrs.evolve(subject, document=Document(subject.document.root)), discover().values())
    assert time.process_time() - started < 5


def test_each_claim_is_needed(subject: Subject) -> None:
    """Without any each place is missed; each that is not must be missed by itself for another reason."""
    assert subject.house is not None
    claims = subject.house.evidence.claims
    assert len(claims) > 1000
    without = with_claims(subject, ())
    missed = {problem.finding.pointer for problem in check(without, [discover()["evidence_complete"]])}
    others = [index for index, claim in enumerate(claims) if claim.pointer.removeprefix("#") not in missed]
    assert len(others) < 50
    for index in {*others, *range(0, len(claims), 40)}:
        fewer = with_claims(subject, claims[:index] + claims[index + 1 :])
        assert fails(fewer, "evidence_complete"), claims[index].pointer


def with_claims(subject: Subject, claims: tuple[Claim, ...]) -> Subject:
    """The subject with these claims and no others."""
    assert subject.house is not None
    evidence = attrs.evolve(subject.house.evidence, claims=claims)
    return attrs.evolve(subject, house=attrs.evolve(subject.house, evidence=evidence))


def test_each_document_is_needed(subject: Subject) -> None:
    assert subject.house is not None
    evidence = subject.house.evidence
    assert len(evidence.documents) > 5
    for name in evidence.documents:
        fewer = attrs.evolve(evidence, documents=evidence.documents - {name})
        assert fails(attrs.evolve(subject, house=attrs.evolve(subject.house, evidence=fewer)), "evidence_complete"), (
            name
        )


@pytest.mark.parametrize("field", ["x-evidence", "x-reason", "x-date"])
def test_each_statement_of_an_overlay_action_is_needed(subject: Subject, field: str) -> None:
    assert subject.house is not None
    overlays = subject.house.overlays
    for number, overlay in enumerate(overlays):
        for index, action in enumerate(overlay.actions):
            bare = attrs.evolve(action, extensions={k: v for k, v in action.extensions.items() if k != field})
            actions = (*overlay.actions[:index], bare, *overlay.actions[index + 1 :])
            others = (*overlays[:number], attrs.evolve(overlay, actions=actions), *overlays[number + 1 :])
            without: House = attrs.evolve(subject.house, overlays=others)
            assert fails(attrs.evolve(subject, house=without), "evidence_complete"), (overlay.name, action.number)


def test_each_effect_is_needed(subject: Subject) -> None:
    found = [*places(subject, "operation", "x-effect"), *places(subject, "schemas", "x-effect")]
    assert len(found) > len(subject.document.operations)
    for pointer in found:
        assert fails(removed(subject, pointer), "effect_stated"), pointer


def test_each_error_response_is_needed(subject: Subject) -> None:
    checked = 0
    for operation in subject.document.operations:
        for status in operation.value["responses"]:
            pointer = pointers.join(operation.pointer, "responses", status)
            assert fails(removed(subject, pointer), "error_responses"), pointer
            checked += 1
    assert checked > 70


def test_each_rate_limit_header_is_needed(subject: Subject) -> None:
    for node in subject.document.nodes("responses"):
        for header in node.value.get("headers", ()):
            pointer = pointers.join(node.pointer, "headers", header)
            assert fails(removed(subject, pointer), "rate_limit_headers"), pointer


def test_each_use_of_an_example_is_needed(subject: Subject) -> None:
    checked = 0
    for node in subject.document.nodes("mediaType"):
        for name in node.value.get("examples", ()):
            pointer = pointers.join(node.pointer, "examples", name)
            assert fails(removed(subject, pointer), "unused_component", "example_present"), pointer
            checked += 1
    assert checked > 30


def test_each_example_is_needed(subject: Subject) -> None:
    found = [pointers.join("/components/examples", name) for name in subject.document.components("examples")]
    found += [pointer for kind in ("parameters", "headers") for pointer in places(subject, kind, "example")]
    assert len(found) > 50
    for pointer in found:
        assert fails(removed(subject, pointer), "reference_resolves", "example_present"), pointer


def test_each_description_is_needed(subject: Subject) -> None:
    for kind in ("operation", "parameters", "headers", "links"):
        for pointer in places(subject, kind, "description"):
            assert fails(removed(subject, pointer), "description_present"), pointer


def test_a_default_of_a_request_can_be_traced_to_its_file(subject: Subject) -> None:
    def give_default(root: dict[str, Any]) -> None:
        root["components"]["schemas"]["MessagingProfileUpdate"]["properties"]["enabled"]["default"] = True

    found = check(changed(subject, give_default), [discover()["update_without_default"]])
    assert [problem.place.file for problem in found] == [
        "openapi/resources/messaging_profiles/schemas/MessagingProfileUpdate.yaml"
    ]
    assert found[0].place.line is not None


def test_what_an_overlay_added_is_traced_to_its_action(subject: Subject) -> None:
    place = subject.locate("/components/schemas/MessagingProfileUpdate/properties/ai_assistant_id/description")
    assert place.file.startswith("overlays/description/")
    line = (ROOT / place.file).read_text(encoding="utf-8").split("\n")[(place.line or 0) - 1]
    assert line.strip().startswith("description: Id of the AI assistant")
