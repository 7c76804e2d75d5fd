"""Whatever a server answers becomes a model, loses nothing on the way, and is told as it is.

The number of payloads for each family of models is ``PAYLOADS`` from the environment; nightly runs try 100,000.
"""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from telnyx_bindings import models
from telnyx_bindings.runtime.dates import parse_datetime
from telnyx_bindings.runtime.drift import Observer
from telnyx_bindings.runtime.model import Model, names
from telnyx_bindings.types import UNSET

from contract_tests.unit.package import payloads

PAYLOADS = int(os.environ.get("PAYLOADS", "300"))
SEEDS = st.integers(min_value=0, max_value=2**63)


@cache
def families() -> dict[str, tuple[type[Model], ...]]:
    """The models by the tag of the operations that use them, those of errors apart."""
    found: dict[str, set[str]] = {"errors": _reached("ErrorList")}
    for item in payloads.DOCUMENT["paths"].values():
        for operation in (part for part in item.values() if isinstance(part, dict) and "operationId" in part):
            found.setdefault(operation["tags"][0], set()).update(_named(operation))
    loose = {name for name in payloads.SCHEMAS if not any(name in group for group in found.values())}
    found["others"] = loose
    chosen = {
        family: tuple(model for name in sorted(group) if (model := _model(name)) is not None)
        for family, group in found.items()
    }
    return {family: group for family, group in chosen.items() if group}


def _model(name: str) -> type[Model] | None:
    found = getattr(models, name, None)
    return found if isinstance(found, type) and issubclass(found, Model) else None


def _reached(name: str) -> set[str]:
    return {name} | _named(payloads.SCHEMAS[name])


def _named(node: Any) -> set[str]:
    """The schemas that a part of the description leads to."""
    found: set[str] = set()
    ahead = [node]
    while ahead:
        match ahead.pop():
            case {"$ref": str(reference)}:
                _, _, kind, name = reference.split("/")
                if kind != "schemas" or name not in found:
                    found |= {name} if kind == "schemas" else set()
                    ahead.append(payloads.DOCUMENT["components"][kind][name])
            case dict(inner):
                ahead += inner.values()
            case list(inner):
                ahead += inner
    return found


def kept(sent: Any, written: Any) -> bool:
    """Whether ``written`` says what ``sent`` said: the same moments and UUIDs, everything else to the letter."""
    if isinstance(sent, dict) and isinstance(written, dict):
        return sent.keys() == written.keys() and all(kept(sent[key], written[key]) for key in sent)
    if isinstance(sent, list) and isinstance(written, list):
        return len(sent) == len(written) and all(map(kept, sent, written))
    if isinstance(sent, str) and isinstance(written, str) and sent != written:
        return sent.lower() == written or _moment(sent) == _moment(written)
    return type(sent) is type(written) and repr(sent) == repr(written)


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    assert moment is not None, text
    return moment


def examine(model: type[Model], payload: Any) -> None:
    """Everything that must hold for one payload."""
    before = copy.deepcopy(payload)
    made = model.from_dict(payload)
    observer = Observer()
    watched = model.from_dict(payload, observer)
    assert repr(payload) == repr(before), "the payload was changed"
    assert watched == made
    observations = observer.observations(payload, "anOperation")
    assert bool(observations) == observer.deviated
    for one in observations:
        assert led(payload, one.pointer) or one.kind == "missing", one
    written = made.to_dict()
    json.dumps(written, allow_nan=False)
    if isinstance(payload, dict):
        assert kept(payload, written)
        assert model.from_dict(written) == made
    repr(made)


def led(document: Any, pointer: str) -> bool:
    """Whether a pointer leads to something."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[int(name)]
        elif isinstance(document, dict) and name in document:
            document = document[name]
        else:
            return False
    return True


def test_every_model_belongs_to_a_family() -> None:
    reached = {model.__name__ for group in families().values() for model in group}
    assert reached == {name for name in models.__all__ if _model(name) is not None}


@pytest.mark.parametrize("family", sorted(families()))
def test_any_answer_becomes_a_model_and_loses_nothing(family: str) -> None:
    group = families()[family]

    @settings(
        max_examples=PAYLOADS,
        deadline=None,
        database=None,
        derandomize=PAYLOADS < 1000,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(group), SEEDS)
    def check(model: type[Model], seed: int) -> None:
        chance = random.Random(seed)
        good = payloads.described(payloads.SCHEMAS[model.__name__], chance)
        payload = payloads.arbitrary(chance) if chance.random() < 0.2 else payloads.mutated(good, chance)
        note(f"{model.__name__} from {payload!a:.2000}")
        examine(model, payload)

    check()


@pytest.mark.parametrize("name", sorted(model.__name__ for group in families().values() for model in group))
def test_what_is_described_passes_without_a_remark(name: str) -> None:
    for seed in range(20):
        payload = payloads.described(payloads.SCHEMAS[name], random.Random(seed))
        observer = Observer()
        made = getattr(models, name).from_dict(payload, observer)
        assert observer.observations(payload, "anOperation") == ()
        assert made.to_dict() == payload
        assert all(getattr(made, attribute) is not UNSET for attribute in names(made))


@pytest.mark.parametrize("name", sorted(model.__name__ for group in families().values() for model in group))
def test_models_survive_pickle_and_copies(name: str) -> None:
    model = getattr(models, name)
    for seed in range(10):
        chance = random.Random(seed)
        payload = payloads.mutated(payloads.described(payloads.SCHEMAS[name], chance), chance)
        made = model.from_dict(payload)
        copies = [pickle.loads(pickle.dumps(made, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
        for other in [*copies, copy.copy(made), copy.deepcopy(made)]:
            assert other == made
            assert other is not made
            assert json.dumps(other.to_dict()) == json.dumps(made.to_dict())
