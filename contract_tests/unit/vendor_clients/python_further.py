"""What Telnyx's own Python library does with a mock where ``python_messaging.py`` does not come, as one JSON document.

Arguments: ``sync`` or ``async``, then the base address of a mock that has its controls below ``/mock`` and whose clock
stands still.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import Any

# By name: for type checkers this folder is part of a package, for the library's environment it is not.
talk: Any = importlib.import_module("python_talk")
messaging: Any = importlib.import_module("python_messaging")
done, every, refused, control = talk.done, talk.every, talk.refused, messaging.control

PROFILE, SECOND_PROFILE = messaging.PROFILE, messaging.SECOND_PROFILE
BRAND, CAMPAIGN = messaging.BRAND, "4b300178-131c-4902-854e-72d90ba1620e"
OFFERED, PARTNER, WAITING, TASK = "CCAMP1", "CXWTQ7L", "CJ4B9ZK", "667a80f8-b0a9-49d0-b9ab-a7a1bcc45086"
OTHER_CAMPAIGN = "4b30a51c-77f0-4d0a-b1d3-5c2e9f804711"
ASSIGNED, FREE, REJECTED = "+12015550178", "+12015550123", "0d3f2a61-7b1c-5e8d-9f40-2a6b8c1d3e57"
AGENT, SPARE_AGENT, HOSTED = "e4448a5c0670c2a9", "bistro_by_the_lake", "9d7e1c22-41f5-4a60-8b3e-7c5d2e9f0a14"
Seen = dict[str, Any]


def members(answer: Any) -> list[str]:
    """The names that an answer has, whether the library has a class for it or not."""
    return sorted(answer if isinstance(answer, dict) else talk.plain(answer))


async def brands(client: Any) -> Seen:
    """A brand that is changed, looked at again, vouched for, and deleted."""
    api = client.messaging_10dlc.brand
    told = {"country": "US", "display_name": "Further", "email": "a@example.com", "vertical": "RETAIL"}
    made = await done(api.create(entity_type="PRIVATE_PROFIT", ein="000000000", mock=True, **told))
    pending = await refused(lambda: api.delete(made.brand_id))
    control("clock", advance=60)
    wrong = await done(api.get_feedback(made.brand_id))
    changed = await done(api.update(made.brand_id, entity_type="PRIVATE_PROFIT", ein="111111111", **told))
    again = await done(api.revet(made.brand_id))
    vouched = await done(api.external_vetting.imports(made.brand_id, evp_id="AEGIS", vetting_id="V-1"))
    control("clock", advance=60)
    mailed = await done(api.resend_2fa_email(made.brand_id))
    read = await done(api.retrieve(made.brand_id))
    await done(api.delete(made.brand_id))
    return {
        "pending": pending,
        "wrong": [one.id for one in wrong.category],
        "changed": [changed.ein, again.status, vouched.vetting_id, mailed, read.status],
        "gone": await refused(lambda: api.retrieve(made.brand_id)),
    }


async def campaigns(client: Any) -> Seen:
    """What the registry and the networks say of a campaign, and campaigns that others share."""
    api, partners = client.messaging_10dlc.campaign, client.messaging_10dlc.partner_campaigns
    changed = await done(api.update(CAMPAIGN, help_message="Call us."))
    cost = await done(api.usecase.get_cost(usecase="2FA"))
    listed = await every(partners.list(records_per_page=1))
    moved = await done(partners.update(PARTNER, webhook_url="https://www.example.com/partner"))
    accepted = await done(api.accept_sharing(WAITING))
    by_me = await every(partners.list_shared_by_me(records_per_page=1))
    shared = await done(partners.retrieve_sharing_status(PARTNER))
    return {
        "changed": [changed.campaign_id == CAMPAIGN, changed.help_message],
        "cost": cost.campaign_usecase,
        "networks": members(await done(api.get_mno_metadata(CAMPAIGN))),
        "operation": sorted((await done(api.get_operation_status(CAMPAIGN))).items()),
        "osr": sorted(await done(api.osr.get_attributes(CAMPAIGN))),
        "sharing": members(await done(api.get_sharing_status(CAMPAIGN))),
        "partners": [sorted(one.tcr_campaign_id for one in listed), moved.webhook_url],
        "one": (await done(partners.retrieve(PARTNER))).tcr_campaign_id,
        "accepted": [accepted, [one.brand_id for one in by_me], members(shared)],
    }


async def numbers(client: Any) -> Seen:
    """Numbers that are assigned one by one, by profile and in bulk."""
    api = client.messaging_10dlc
    read = await done(api.phone_number_campaigns.retrieve(ASSIGNED))
    moved = await done(api.phone_number_campaigns.update(ASSIGNED, phone_number=ASSIGNED, campaign_id=OTHER_CAMPAIGN))
    task = await done(api.phone_number_assignment_by_profile.assign(messaging_profile_id=PROFILE, campaign_id=CAMPAIGN))
    known = await done(api.phone_number_assignment_by_profile.retrieve_status(TASK))
    of_task = await done(api.phone_number_assignment_by_profile.list_phone_number_status(TASK))
    bulk = client.messaging_numbers_bulk_updates
    order = (await done(bulk.create(messaging_profile_id=SECOND_PROFILE, numbers=[FREE]))).data
    control("clock", advance=5)
    carried_out = (await done(bulk.retrieve(order.order_id))).data
    of_profile = await every(client.messaging_profiles.list_phone_numbers(SECOND_PROFILE, page_size=1))
    return {
        "read": [read.phone_number, moved.campaign_id == OTHER_CAMPAIGN],
        "tasks": [task.messaging_profile_id, known.task_id, [one.phone_number for one in of_task.records]],
        "bulk": [order.pending, carried_out.success, FREE in [one.phone_number for one in of_profile]],
    }


async def others(client: Any) -> Seen:
    """RCS, short codes of a profile, link domains, what is taken away."""
    agents = client.messaging.rcs.agents
    sent = await done(
        client.messages.rcs.send(
            agent_id=AGENT,
            to="+13125550100",
            messaging_profile_id=PROFILE,
            agent_message={"content_message": {"text": "A table is ready."}},
        )
    )
    moved = (await done(agents.update(SPARE_AGENT, profile_id=PROFILE))).data
    requests = client.messaging_tollfree.verification.requests
    await done(requests.delete(REJECTED))
    return {
        "rcs": sent.data.type,
        "agents": sorted(one.agent_id for one in await every(agents.list(page_size=1))),
        "agent": [moved.profile_id == PROFILE, (await done(agents.retrieve(AGENT))).data.agent_id],
        "short_codes": [one.short_code for one in await every(client.messaging_profiles.list_short_codes(PROFILE))],
        "domains": [one.url_domain for one in await every(client.messaging_url_domains.list(page_size=1))],
        "rejected": await refused(lambda: requests.retrieve(REJECTED)),
        "hosted": (await done(client.messaging_hosted_numbers.delete(HOSTED))).data.record_type,
    }


async def main() -> None:
    """Say everything to the mock, print what came of it."""
    kind, address = sys.argv[1:]
    client = talk.client(kind, address, strict=False)
    seen: Seen = {}
    for scenario in (brands, campaigns, numbers, others):
        try:
            seen[scenario.__name__] = await scenario(client)
        except (talk.telnyx.TelnyxError, AttributeError, TypeError) as problem:
            seen[scenario.__name__] = {"failed": f"{type(problem).__name__}: {problem}"}
    await done(client.close())
    print(json.dumps(seen, default=str))


if __name__ == "__main__":
    asyncio.run(main())
