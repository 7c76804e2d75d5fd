"""Code as callers write it, for the type checkers: it must please them, and each type must be as precise as it says.

What they have to refuse has a comment that ignores it; one that ignores nothing is an error in both of them.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true
from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, assert_type
from uuid import UUID

from telnyx_bindings import (
    UNSET,
    ApiError,
    AsyncPages,
    AsyncTelnyx,
    DriftObservation,
    File,
    OutcomeUnknown,
    Pages,
    Response,
    RetryPolicy,
    SpendLimitReached,
    Telnyx,
    TelnyxError,
    Unset,
    Uploadable,
    models,
    webhooks,
)


def create_and_assign(telnyx: Telnyx, number: str) -> UUID:
    """The way of the README."""
    profile = telnyx.messaging_profiles.create(name="My name", whitelisted_destinations=["US"]).data
    assert_type(profile, models.MessagingProfile)
    assert_type(profile.id, UUID)
    assert_type(profile.name, str | Unset)
    changed = telnyx.phone_numbers.messaging.update(number, messaging_profile_id=profile.id)
    assert_type(changed, models.PhoneNumberMessagingSettingsResponse)
    telnyx.messaging_profiles.update(str(profile.id), webhook_url=None, webhook_api_version="2", name=UNSET)
    return profile.id


def walk(telnyx: Telnyx, profile: UUID) -> list[str | None]:
    """Items, pages, and a single page."""
    numbers = telnyx.messaging_profiles.list_phone_numbers(profile, page_size=250, max_pages=4)
    assert_type(numbers, Pages[models.PhoneNumberMessagingSettings, models.PhoneNumberMessagingSettingsListResponse])
    for page in numbers.pages():
        assert_type(page.data, list[models.PhoneNumberMessagingSettings])
        assert_type(page.meta.total_pages, int | Unset)
    assert_type(numbers.next_page, int | None)
    first = telnyx.messaging_profiles.list(filter_name_contains="name", timeout=5).first()
    assert_type(first, models.MessagingProfileListResponse)
    return [number.phone_number or None for number in numbers]


def handle(telnyx: Telnyx, profile: str) -> str:
    """Errors and whole responses."""
    try:
        response = telnyx.messaging_profiles.with_response.delete(profile)
    except SpendLimitReached as problem:
        return problem.body.decode()
    except ApiError as problem:
        return f"{problem.status} {[one.code for one in problem.errors]} {problem.request_id} {problem.retry_after}"
    except OutcomeUnknown:
        return "ask the server what came of it"
    except TelnyxError as problem:
        return str(problem)
    assert_type(response, Response[models.MessagingProfileResponse])
    assert_type(response.parsed.data, models.MessagingProfile)
    whatever = telnyx.request("GET", "/whoami", query={"page[size]": 1})
    assert_type(whatever, Response[Any])
    return response.request_id or str(response.status)


def upload(telnyx: Telnyx, order: str, letter: Path, name: str) -> None:
    """Each form of a file, and what is none."""
    send = telnyx.messaging_hosted_number_orders.actions.upload_file
    with letter.open("rb") as opened, tempfile.TemporaryFile() as passing:
        send(order, loa=opened, bill=passing)
        send(order, loa=File(opened, "loa.pdf", "application/pdf"), bill=File(b"", "bill.pdf"))
    send(order, loa=letter, bill=letter.read_bytes())
    send(order, loa=io.BytesIO(), bill=bytearray())
    send(order, loa=memoryview(b""), bill=UNSET)
    whatever: list[Uploadable] = [letter, b"", File(bytearray())]
    models.HostedNumberOrderFilesAction(loa=whatever[0])
    send(order, loa=name)  # type: ignore[arg-type]
    send(order, bill=7)  # type: ignore[arg-type]
    send(order, bill=None)  # type: ignore[arg-type]
    models.HostedNumberOrderFilesAction(loa=name)  # type: ignore[arg-type]
    File(name)  # type: ignore[arg-type]
    with letter.open() as text:
        send(order, loa=text)  # type: ignore[arg-type]


async def upload_in_async(telnyx: AsyncTelnyx, order: str, letter: Path, name: str) -> None:
    """The same in asyncio."""
    await telnyx.messaging_hosted_number_orders.actions.upload_file(order, loa=letter)
    await telnyx.messaging_hosted_number_orders.actions.upload_file(order, loa=name)  # type: ignore[arg-type]


def configure(seen: list[DriftObservation]) -> Telnyx:
    """A client that retries little and reports drift."""
    return Telnyx("KEY", retry=RetryPolicy(), on_drift=seen.append, timeout=5, headers={"X-Team": "messaging"})


class Own(Telnyx):
    """A client with a method of its caller's."""

    def ping(self) -> int:
        """The status of a call that is not described."""
        return self.request("GET", "/whoami").status


def subclass() -> int:
    """A subclass stays one."""
    with Own("KEY") as own:
        assert_type(own, Own)
        return own.with_options(timeout=5).ping()


async def in_async() -> list[UUID]:
    """The same in asyncio."""
    async with AsyncTelnyx(lambda: "KEY") as telnyx:
        profile = (await telnyx.messaging_profiles.create(name="My name", whitelisted_destinations=["US"])).data
        assert_type(profile.id, UUID)
        profiles = telnyx.messaging_profiles.list()
        assert_type(profiles, AsyncPages[models.MessagingProfile, models.MessagingProfileListResponse])
        whole = await telnyx.messaging_profiles.with_response.retrieve(profile.id)
        assert_type(whole.parsed, models.MessagingProfileResponse)
        return [one.id async for one in profiles]


def receive(body: bytes, headers: dict[str, str], key: str, guard: webhooks.ReplayGuard) -> str | None:
    """A webhook."""
    try:
        event = webhooks.unwrap(body, headers, key)
    except webhooks.WebhookError:
        return None
    assert_type(event.event_type, str | None)
    return event.event_type if guard.is_new(event) else None
