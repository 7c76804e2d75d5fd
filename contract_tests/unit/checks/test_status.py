"""Only statuses that the operation lists are documented; 5xx is a fault of its own."""

from __future__ import annotations

import pytest

from contract_tests.checks import server_error, status
from contract_tests.description import Description
from contract_tests.unit.checks.conftest import Make


@pytest.mark.parametrize("listed", [200, 400, 401, 404, 422, 429])
def test_a_listed_status_passes(description: Description, exchange: Make, listed: int) -> None:
    assert not list(status.check(description, description.by_id["listThings"], exchange(listed)))


@pytest.mark.parametrize("unlisted", [201, 204, 302, 403, 418])
def test_a_status_that_only_default_covers_is_undocumented(
    description: Description, exchange: Make, unlisted: int
) -> None:
    (finding,) = status.check(description, description.by_id["listThings"], exchange(unlisted))
    assert (finding.kind, finding.operation, finding.observed) == (
        "undocumented-status",
        "listThings",
        f"status {unlisted}",
    )


def test_the_expected_statuses_of_a_success_are_the_successes(description: Description, exchange: Make) -> None:
    (finding,) = status.check(description, description.by_id["listThings"], exchange(201))
    assert finding.expected == "status 200"


@pytest.mark.parametrize("broken", [500, 502, 520, 599])
def test_5xx_is_a_server_error_and_nothing_else(description: Description, exchange: Make, broken: int) -> None:
    operation = description.by_id["listThings"]
    assert not list(status.check(description, operation, exchange(broken)))
    (finding,) = server_error.check(description, operation, exchange(broken))
    assert (finding.kind, finding.severity.value) == ("server-error", "breaking")


def test_below_500_there_is_no_server_error(description: Description, exchange: Make) -> None:
    assert not list(server_error.check(description, description.by_id["listThings"], exchange(422)))
