"""The settings of Schemathesis: what the file fixes, what a run lays over it."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
import schemathesis
from schemathesis.engine.recorder import ScenarioRecorder

from contract_tests.generated_requests.settings import Aim, Phase, committed, configuration, settings_for, settle

URL = "http://127.0.0.1:1/v2"


@pytest.mark.parametrize("phase", list(Phase))
def test_exactly_one_phase_is_on(phase: Phase) -> None:
    phases = settings_for(Aim(phase, 1, 5), URL, "KEY", "bearerAuth")["phases"]
    assert [one for one in Phase if phases[one]["enabled"]] == [phase]


@pytest.mark.parametrize("phase", list(Phase))
def test_schemathesis_takes_the_settings(phase: Phase) -> None:
    configuration(Aim(phase, 1, 5, addresses=(("id", "abc"),)), URL, "KEY", "bearerAuth")


def test_a_run_is_its_seed_its_size_and_its_target() -> None:
    made = settings_for(Aim(Phase.FUZZING, 42, 17), URL, "KEY", "bearerAuth")
    assert (made["seed"], made["base-url"], made["generation"]["max-examples"]) == (42, URL, 17)
    assert made["auth"] == {"openapi": {"bearerAuth": {"bearer": "KEY"}}}


def test_authorities_are_those_that_the_other_clients_trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    file.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    made = configuration(Aim(Phase.COVERAGE, 1, 5), URL, "KEY", "bearerAuth")
    assert made.projects.default.tls_verify_for(operation=None) == str(file)
    monkeypatch.delenv("SSL_CERT_FILE")
    made = configuration(Aim(Phase.COVERAGE, 1, 5), URL, "KEY", "bearerAuth")
    assert made.projects.default.tls_verify_for(operation=None) is True


def test_nothing_is_kept_between_runs() -> None:
    assert committed()["cache"] == {"enabled": False}
    assert committed()["generation"]["database"] == "none"
    assert committed()["workers"] == 1


def test_records_that_a_list_shows_are_never_used_to_write() -> None:
    phases = committed()["phases"]
    assert [
        name for name in ("examples", "coverage", "fuzzing") if phases[name]["extra-data-sources"]["responses"]
    ] == []
    assert phases["stateful"]["inference"]["algorithms"] == []


def test_requests_are_addressed_at_the_record_that_was_chosen() -> None:
    made = settings_for(Aim(Phase.FUZZING, 1, 5, addresses=(("id", "abc"),)), URL, "KEY", None)
    assert made["parameters"] == {"path.id": "abc"}


def test_the_check_that_repeats_each_success_runs_in_one_phase_only() -> None:
    checks = {phase: settings_for(Aim(phase, 1, 5), URL, "KEY", None)["checks"] for phase in Phase}
    assert [phase for phase, made in checks.items() if made["ignored_auth"]["enabled"]] == [Phase.EXAMPLES]


def test_overlaying_does_not_change_the_committed_settings() -> None:
    settings_for(Aim(Phase.FUZZING, 9, 9), URL, "KEY", "bearerAuth")
    assert "seed" not in committed()
    assert "max-examples" not in committed()["generation"]


def test_no_phase_climbs_towards_what_is_accepted() -> None:
    config = configuration(Aim(Phase.FUZZING, 1, 17), URL, "KEY", None)
    described = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}
    loaded = schemathesis.openapi.from_dict(described, config=config)
    # Without this, Schemathesis asks for it, whatever the file says.
    assert hypothesis.Phase.target in loaded.config.get_hypothesis_settings().phases
    settle(loaded.config)
    settings = loaded.config.get_hypothesis_settings()
    assert set(settings.phases) == {hypothesis.Phase.explicit, hypothesis.Phase.generate}
    assert settings.max_examples == 17


def test_answers_are_recorded_whole_however_long_they_are() -> None:
    config = configuration(Aim(Phase.FUZZING, 1, 1), URL, "KEY", None)
    described = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}
    loaded = schemathesis.openapi.from_dict(described, config=config)
    recorder = ScenarioRecorder(label="x", config=loaded.config.output)
    assert recorder.max_recorded_payload_size == 0
