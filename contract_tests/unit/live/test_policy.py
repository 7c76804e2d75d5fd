"""The policy file: what is misspelt, unknown or not committed is an error with its place, never a permission."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.description import load
from contract_tests.live import policy
from contract_tests.live.policy import Limits
from scripts.errors import InputError

GOOD: dict[str, Any] = {
    "version": 1,
    "allow": [{"operation": "deleteMessagingProfile", "effects": ["irreversible"], "reason": "only what is ours"}],
    "owned": {"phone_number_messaging_settings": ["+18005550001"]},
    "recipients": ["+18005550001"],
    "keep": ["contract-keep"],
    "limits": {"requests": 9, "writes": 8, "creations": 7, "usd": "1.50", "people": 1, "minutes": 0.5},
}


def written(folder: Path, contents: Any) -> Path:
    file = folder / "policy.yaml"
    file.write_text(contents if isinstance(contents, str) else yaml.safe_dump(contents), encoding="utf-8")
    return file


def test_the_committed_policy_lets_runs_delete_their_own_and_nothing_cost_money_or_reach_people() -> None:
    found = policy.load(load())
    assert found.opted_in("deleteMessagingProfile", "irreversible")
    assert (found.limits.usd, found.limits.people) == (Decimal(0), 0)
    assert (dict(found.owned), found.recipients) == ({}, frozenset())
    for operation in load().operations:
        assert not found.opted_in(operation.operation_id, "costs")
        assert not found.opted_in(operation.operation_id, "contacts-people")


def test_a_policy_is_read_as_written(tmp_path: Path) -> None:
    found = policy.load(load(), written(tmp_path, GOOD))
    assert found.owned == {"phone_number_messaging_settings": frozenset({"+18005550001"})}
    assert found.limits == Limits(9, 8, 7, Decimal("1.50"), 1, 0.5)
    assert found.keep == {"contract-keep"}
    assert not found.opted_in("updateMessagingProfile", "irreversible")


@pytest.mark.parametrize(
    ("change", "message", "pointer"),
    [
        ({"version": 2}, "1 was expected", "/version"),
        ({"alow": []}, "alow", None),
        ({"allow": [{**GOOD["allow"][0], "operation": "deleteMesagingProfile"}]}, "no operation", "/allow/0/operation"),
        ({"allow": [GOOD["allow"][0]] * 2}, "stands twice", "/allow/1/operation"),
        ({"allow": [{**GOOD["allow"][0], "effects": ["all"]}]}, "all", "/allow/0/effects/0"),
        ({"allow": [{**GOOD["allow"][0], "effects": []}]}, ".", "/allow/0/effects"),
        ({"allow": [{**GOOD["allow"][0], "effects": ["costs"]}]}, "usd_per_request", "/allow/0"),
        ({"allow": [{**GOOD["allow"][0], "reason": ""}]}, ".", "/allow/0/reason"),
        ({"owned": {"profiles": ["x"]}}, "no collection", "/owned/profiles"),
        ({"owned": {"messaging_profiles": "x"}}, ".", "/owned/messaging_profiles"),
        ({"limits": {**GOOD["limits"], "usd": 1.5}}, ".", "/limits/usd"),
        ({"limits": {**GOOD["limits"], "requests": -1}}, ".", "/limits/requests"),
        ({"limits": {"requests": 1}}, "required", "/limits"),
        ({"recipients": [18005550001]}, ".", "/recipients/0"),
    ],
)
def test_a_fault_is_an_input_error_with_its_place(
    tmp_path: Path, change: dict[str, Any], message: str, pointer: str | None
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        policy.load(load(), written(tmp_path, {**GOOD, **change}))
    assert caught.value.pointer == pointer
    assert caught.value.fix
    assert caught.value.file


@pytest.mark.parametrize("text", ["", "[]", "just text", "version: 1\nversion: 1\n", "a: [", "limits: &x {a: *x}"])
def test_what_is_no_policy_at_all_is_an_input_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        policy.load(load(), written(tmp_path, text))


def test_options_lower_ceilings_and_never_raise_them() -> None:
    limits = Limits(100, 50, 10, Decimal(5), 2, 30.0)
    assert limits.lowered(requests=10, writes=None, usd=Decimal(1)) == Limits(10, 50, 10, Decimal(1), 2, 30.0)
    assert limits.lowered(requests=1000, writes=999, creations=999, usd=Decimal(9), people=9, minutes=99.0) == limits


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_a_policy_counts_off_loopback_only_as_it_was_committed(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(file)
    git(tmp_path, "init", "-q")
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(file)
    git(tmp_path, "add", "policy.yaml")
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(file)
    git(tmp_path, "commit", "-q", "-m", "policy")
    policy.require_committed(file)
    written(tmp_path, {**GOOD, "keep": []})
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(file)
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(tmp_path / "elsewhere.yaml")


def test_neither_a_link_nor_a_hint_to_git_makes_another_policy_count(tmp_path: Path) -> None:
    place = tmp_path / "repository"
    place.mkdir()
    file = written(place, GOOD)
    git(place, "init", "-q")
    git(place, "add", "policy.yaml")
    git(place, "commit", "-q", "-m", "policy")
    (place / "wider.yaml").write_text("{}", encoding="utf-8")
    link = tmp_path / "policy.yaml"
    link.symlink_to(place / "wider.yaml")
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(link)
    git(place, "update-index", "--assume-unchanged", "policy.yaml")
    policy.require_committed(file)
    written(place, {**GOOD, "keep": []})
    with pytest.raises(InputError, match="not committed"):
        policy.require_committed(file)
