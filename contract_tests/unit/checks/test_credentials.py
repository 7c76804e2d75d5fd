"""Only the run's own token opens anything."""

from __future__ import annotations

import pytest

from contract_tests import checks
from contract_tests.checks import credentials
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import TOKEN, Make


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("Bearer KEY_wrong", "wrong-token-accepted"),
        (TOKEN, "wrong-token-accepted"),
        (f"Basic {TOKEN}", "wrong-token-accepted"),
        (None, "missing-token-accepted"),
    ],
)
def test_success_without_the_right_token_is_reported(
    description: Description, exchange: Make, token: str | None, kind: str
) -> None:
    check = credentials.checker(TOKEN)
    (finding,) = check(description, description.by_id["listThings"], exchange(200, {}, token=token))
    assert (finding.kind, finding.operation) == (kind, "listThings")
    assert not list(check(description, description.by_id["listThings"], exchange(401, {}, token=token)))


def test_the_right_token_may_open_everything(description: Description, exchange: Make) -> None:
    assert not list(credentials.checker(TOKEN)(description, description.by_id["listThings"], exchange(200, {})))


def test_a_mock_that_takes_any_token_says_so_but_still_needs_one(description: Description, exchange: Make) -> None:
    check, operation = credentials.checker(TOKEN), description.by_id["listThings"]
    announced = {credentials.ANY: "any"}
    assert not list(check(description, operation, exchange(200, {}, token="Bearer other", headers=announced)))
    assert list(check(description, operation, exchange(200, {}, token=None, headers=announced)))


def test_a_live_target_is_not_believed_that_it_may_take_any_token(description: Description, exchange: Make) -> None:
    claiming = exchange(200, {}, token="Bearer other", headers={credentials.ANY: "any"})
    (finding,) = credentials.checker(TOKEN, live=True)(description, description.by_id["listThings"], claiming)
    assert finding.kind == "wrong-token-accepted"


def test_a_run_has_every_check_of_this_folder() -> None:
    names = {check.__module__.rpartition(".")[2] for check in checks.every(TOKEN)}
    assert names == {
        "acceptance",
        "content_type",
        "credentials",
        "duplicate_keys",
        "error_envelope",
        "headers",
        "page_meta",
        "rejection",
        "response_schema",
        "server_error",
        "status",
    }
