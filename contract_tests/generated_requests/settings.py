"""The configuration of one Schemathesis run: the committed file, with what differs from run to run laid over it."""

from __future__ import annotations

import copy
import functools
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import hypothesis
from schemathesis import Config
from schemathesis.config import ProjectConfig

from contract_tests.connections import CA_VARIABLE

FILE = Path(__file__).resolve().parent.parent / "schemathesis.toml"


class Phase(StrEnum):
    """The phases, as Schemathesis names them."""

    EXAMPLES = "examples"
    COVERAGE = "coverage"
    FUZZING = "fuzzing"
    STATEFUL = "stateful"


@dataclass(frozen=True, slots=True)
class Aim:
    """What one run of a phase works on.

    ``addresses`` holds a value for each path parameter, so that requests reach a record instead of missing it;
    ``examples`` and ``steps`` bound the random phases. ``cautious`` sends no method that a path does not describe,
    ``valid`` nothing that breaks the schema.
    """

    phase: Phase
    seed: int
    examples: int
    steps: int = 5
    addresses: tuple[tuple[str, str], ...] = ()
    cautious: bool = False
    valid: bool = False


class Unhurried(ProjectConfig):
    """A configuration without Hypothesis's climb towards inputs that are accepted.

    Schemathesis always asks for it, and no setting says otherwise. Where an operation has few inputs to choose from it
    draws the same ones for minutes, and never sends any.
    """

    __slots__ = ()

    def get_hypothesis_settings(self, **named: Any) -> hypothesis.settings:
        """The settings of Schemathesis without that phase."""
        found = super().get_hypothesis_settings(**named)
        return hypothesis.settings(found, phases=[one for one in found.phases if one is not hypothesis.Phase.target])


def settle(config: ProjectConfig) -> None:
    """Make the configuration of a loaded description one without the climb."""
    config.__class__ = Unhurried


@functools.lru_cache(maxsize=1)
def committed() -> Mapping[str, Any]:
    """The settings in the repository, read once."""
    with FILE.open("rb") as handle:
        return tomllib.load(handle)


def configuration(aim: Aim, base_url: str, token: str, scheme: str | None) -> Config:
    """The configuration for ``aim``; ``scheme`` is the name of the description's bearer scheme, None without one."""
    return Config.from_dict(settings_for(aim, base_url, token, scheme))


def settings_for(aim: Aim, base_url: str, token: str, scheme: str | None) -> dict[str, Any]:
    """The committed settings with what ``aim`` asks for laid over them."""
    settings: dict[str, Any] = copy.deepcopy(dict(committed()))
    settings["base-url"] = base_url
    settings["seed"] = aim.seed
    if authorities := os.environ.get(CA_VARIABLE):
        settings["tls-verify"] = authorities
    if scheme is not None:
        settings["auth"] = {"openapi": {scheme: {"bearer": token}}}
    settings["generation"]["max-examples"] = aim.examples
    settings["phases"][aim.phase]["enabled"] = True
    # The other phases have to be switched off one by one: sections of their own do not inherit `enabled`.
    for other in set(Phase) - {aim.phase}:
        settings["phases"][other]["enabled"] = False
    settings["phases"]["stateful"]["max-steps"] = aim.steps
    if aim.addresses:
        settings["parameters"] = {f"path.{name}": value for name, value in aim.addresses}
    # Sent twice more for each success, without and with a wrong token: once per operation is enough.
    settings["checks"]["ignored_auth"] = {"enabled": aim.phase is Phase.EXAMPLES}
    if aim.cautious:
        settings["phases"]["coverage"]["unexpected-methods"] = []
        settings["checks"]["ignored_auth"] = {"enabled": False}
    if aim.valid:
        settings["generation"]["mode"] = "positive"
    return settings
