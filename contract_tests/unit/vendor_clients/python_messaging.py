"""What Telnyx's own Python library does with a mock in the rest of messaging, as one JSON document on standard output.

Arguments: ``sync`` or ``async``, then the base address of a mock that has its controls below ``/mock`` and whose clock
stands still. ``node_messaging.mjs`` says the same things to the Node library.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import urllib.request
from typing import Any

# By name: for type checkers this folder is part of a package, for the library's environment it is not.
talk: Any = importlib.import_module("python_talk")
done, every, refused = talk.done, talk.every, talk.refused

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
SECOND_PROFILE = "dd50eba1-a0c0-4563-9925-b25e842a7cb6"
UNKNOWN = "11111111-2222-4333-8444-555555555555"
BRAND = "4b20017f-8da9-4992-a6c0-683072fb7729"
TOLLFREE, LONG_CODE, FREE_NUMBER, SHORT_CODE = "+18005550001", "+12015550178", "+12015550123", "12345"
RECIPIENT, STRANGER, HOSTED = "+13125550100", "+13125550155", "+13125550107"
Seen = dict[str, Any]


def control(name: str, **told: Any) -> None:
    """Turn one of the mock's knobs."""
    address = sys.argv[2].removesuffix("/v2") + f"/mock/{name}"
    request = urllib.request.Request(address, json.dumps(told).encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()


async def messages(client: Any) -> Seen:
    """Send by every kind of sender, see what becomes of it, and be refused."""
    api = client.messages
    text = {"to": RECIPIENT, "text": "A table is ready."}
    sent = (await done(api.send(from_=TOLLFREE, **text))).data
    long_code = (await done(api.send_long_code(from_=LONG_CODE, **text))).data
    short_code = (await done(api.send_short_code(from_=SHORT_CODE, **text))).data
    pool = (await done(api.send_number_pool(messaging_profile_id=PROFILE, **text))).data
    group = (await done(api.send_group_mms(from_=LONG_CODE, to=[RECIPIENT, STRANGER], text="Both of you"))).data
    control("clock", advance=2)
    read = (await done(api.retrieve(sent.id))).data
    return {
        "sent": [sent.direction, sent.to[0].status, sent.parts, sent.from_.phone_number],
        "senders": [one.from_.phone_number for one in (long_code, short_code, pool)],
        "group": [one.phone_number for one in group.to],
        "read": [read.id == sent.id, read.direction, read.to[0].status],
        "unknown": await refused(lambda: api.retrieve(UNKNOWN)),
        "elsewhere": await refused(lambda: api.send(from_=TOLLFREE, to="+442075550100", text="Hello")),
        "opted_out": await refused(lambda: api.send(from_=TOLLFREE, to=FREE_NUMBER, text="Hello")),
        "of_nobody": await refused(lambda: api.send(from_="+12025550111", **text)),
    }


async def scheduled(client: Any) -> Seen:
    """A message that waits for its time."""
    text = {"to": RECIPIENT, "text": "A table is ready."}
    waiting = (await done(client.messages.send(from_=TOLLFREE, send_at="2026-01-01T01:00:00Z", **text))).data
    control("clock", advance=2 * 3600)
    sent = (await done(client.messages.retrieve(waiting.id))).data
    return {"waiting": waiting.to[0].status, "sent": sent.to[0].status}


async def short_codes(client: Any) -> Seen:
    """Lists of short codes, and one that moves to another profile."""
    api = client.short_codes
    walked = await every(api.list(page_size=1))
    one = (await done(api.retrieve(walked[-1].id))).data
    moved = (await done(api.update(one.id, messaging_profile_id=SECOND_PROFILE))).data
    of_profile = await every(api.list(filter={"messaging_profile_id": SECOND_PROFILE}))
    await done(api.update(one.id, messaging_profile_id=PROFILE))
    return {
        "walked": [code.short_code for code in walked],
        "one": [one.record_type, one.short_code == walked[-1].short_code, one.country_code],
        "moved": [moved.messaging_profile_id, [code.id == one.id for code in of_profile]],
        "unknown": await refused(lambda: api.retrieve(UNKNOWN)),
        "no_such_profile": await refused(lambda: api.update(one.id, messaging_profile_id=UNKNOWN)),
    }


async def optouts(client: Any) -> Seen:
    """Somebody writes STOP; what a profile answers to words of its own."""
    before = await every(client.messaging_optouts.list(page_size=1))
    control("receive_message", to=TOLLFREE, text="STOP", sender=STRANGER)
    after = await every(client.messaging_optouts.list(page_size=1))
    blocked = await refused(lambda: client.messages.send(from_=TOLLFREE, to=STRANGER, text="Hello"))
    api = client.messaging_profiles.autoresp_configs
    told = {"country_code": "US", "keywords": ["TABLE"], "op": "info", "resp_text": "Call us."}
    made = (await done(api.create(PROFILE, **told))).data
    read = (await done(api.retrieve(made.id, profile_id=PROFILE))).data
    changed = (await done(api.update(made.id, profile_id=PROFILE, **{**told, "keywords": ["SEAT"]}))).data
    listed = (await done(api.list(PROFILE, country_code="US"))).data
    gone = await done(api.delete(made.id, profile_id=PROFILE))
    return {
        "more": len(after) - len(before),
        "walked": len(before) > 1,
        "newest": sorted({one.to for one in after} - {one.to for one in before}),
        "blocked": blocked,
        "made": [made.op, made.keywords, read.id == made.id, changed.keywords],
        "listed": made.id in [one.id for one in listed],
        "gone": gone,
        "after": await refused(lambda: api.retrieve(made.id, profile_id=PROFILE)),
    }


async def hosted(client: Any) -> Seen:
    """A number that stays with its carrier: eligible, ordered, proved, documented, there."""
    api = client.messaging_hosted_number_orders
    judged = (await done(api.check_eligibility(phone_numbers=[HOSTED, "+442075550100"]))).phone_numbers
    order = (await done(api.create(phone_numbers=[HOSTED], messaging_profile_id=PROFILE))).data
    codes = await done(api.create_verification_codes(order.id, phone_numbers=[HOSTED], verification_method="sms"))
    proof = [{"phone_number": HOSTED, "code": HOSTED[-5:]}]
    proved = (await done(api.validate_codes(order.id, verification_codes=proof))).data
    papers = {"loa": ("loa.pdf", b"%PDF-1.7 letter"), "bill": ("bill.pdf", b"%PDF-1.7 bill")}
    uploaded = (await done(api.actions.upload_file(order.id, **papers))).data
    control("clock", advance=3 * 3600)
    read = (await done(api.retrieve(order.id))).data
    walked = await every(api.list(page_size=1))
    return {
        "eligible": [one.eligible for one in judged],
        "ordered": [order.record_type, order.status, [one.phone_number for one in order.phone_numbers]],
        "codes": [one.phone_number for one in codes.data],
        "proved": [one.status for one in proved.phone_numbers],
        "uploaded": uploaded.id == order.id,
        "read": [read.status, [one.status for one in read.phone_numbers]],
        "walked": [len(walked), order.id in [one.id for one in walked]],
        "unknown": await refused(lambda: api.retrieve(UNKNOWN)),
        "no_such_profile": await refused(
            lambda: api.create(phone_numbers=["+13125550108"], messaging_profile_id=UNKNOWN)
        ),
    }


async def tollfree(client: Any) -> Seen:
    """A request that is made, corrected, decided, listed."""
    api = client.messaging_tollfree.verification.requests
    told = {
        "additional_information": "Guests only.", "business_addr1": "600 Congress Avenue", "business_city": "Austin",
        "business_contact_email": "jane@example.com", "business_contact_first_name": "Jane",
        "business_contact_last_name": "Doe", "business_contact_phone": "+18005550100", "business_name": "Vendor Bistro",
        "business_state": "Texas", "business_zip": "78701", "corporate_website": "https://www.example.com",
        "message_volume": "100,000", "opt_in_workflow": "Guests tick a box.",
        "opt_in_workflow_image_urls": [{"url": "https://www.example.com/opt-in.png"}],
        "phone_numbers": [{"phone_number": TOLLFREE}], "production_message_content": "A table is ready.",
        "use_case": "Booking Confirmations", "use_case_summary": "Guests learn that their table is ready.",
    }  # fmt: skip
    made = await done(api.create(**told))
    first = await done(api.retrieve(made.id))
    await done(api.update(made.id, **{**told, "business_name": "Vendor Bistro & Bar"}))
    control("clock", advance=3 * 3600)
    decided = await done(api.retrieve(made.id))
    walked = await every(api.list(page=1, page_size=1))
    named = await every(api.list(page=1, page_size=10, business_name="Vendor Bistro & Bar"))
    return {
        "made": [made.business_name, first.verification_status, decided.verification_status, decided.business_name],
        "walked": [
            len(walked) > 2,
            len({one.id for one in walked}) == len(walked),
            made.id in [one.id for one in walked],
        ],
        "named": [one.id == made.id for one in named],
        "not_rejected": await refused(lambda: api.delete(made.id)),
        "unknown": await refused(lambda: api.retrieve(UNKNOWN)),
    }


async def registration(client: Any) -> Seen:
    """10DLC: a brand, its campaign, the number that it sends from."""
    api = client.messaging_10dlc
    brand = await done(
        api.brand.create(
            country="US", display_name="Vendor Mobile", email="vendor@example.com", entity_type="PRIVATE_PROFIT",
            vertical="TECHNOLOGY", company_name="Vendor Inc.", ein="111111111", phone="+12025550142",
        )
    )  # fmt: skip
    control("clock", advance=60)
    read = await done(api.brand.retrieve(brand.brand_id))
    fits = await done(api.campaign_builder.brand.qualify_by_usecase("2FA", brand_id=brand.brand_id))
    campaign = await done(
        api.campaign_builder.submit(
            brand_id=brand.brand_id, description="Codes for signing in, sent on demand.", usecase="2FA",
            message_flow="Customers tick a box on our site.", optout_message="You will not get codes any more.",
            sample1="Code for signing in: 314159.", terms_and_conditions=True,
        )
    )  # fmt: skip
    control("clock", advance=60)
    reviewed = await done(api.campaign.retrieve(campaign.campaign_id))
    told = {"campaign_id": campaign.campaign_id, "phone_number": FREE_NUMBER}
    await done(client.phone_numbers.messaging.update(FREE_NUMBER, messaging_profile_id=PROFILE))
    assigned = await done(api.phone_number_campaigns.create(**told))
    numbers = await every(api.phone_number_campaigns.list(records_per_page=1))
    await done(api.phone_number_campaigns.delete(FREE_NUMBER))
    vetting = await done(api.brand.external_vetting.order(brand.brand_id, evp_id="CV", vetting_class="STANDARD"))
    vettings = await done(api.brand.external_vetting.list(brand.brand_id))
    brands = await every(api.brand.list(records_per_page=1))
    ended = await done(api.campaign.deactivate(campaign.campaign_id))
    return {
        "brand": [brand.display_name, brand.identity_status, read.identity_status, read.status],
        "fits": fits.usecase,
        "campaign": [campaign.usecase, campaign.campaign_status, reviewed.campaign_status],
        "assigned": [assigned.phone_number, FREE_NUMBER in [one.phone_number for one in numbers], len(numbers) > 1],
        "vetting": [vetting.evp_id, [one.evp_id for one in vettings]],
        "brands": [len(brands) > 3, len({one.brand_id for one in brands}) == len(brands)],
        "campaigns": [one.campaign_id for one in await every(api.campaign.list(brand_id=BRAND, records_per_page=1))],
        "ended": ended.message is not None or ended.record_type is not None,
        "words": "2FA" in await done(api.get_enum("usecase")),
        "unknown": await refused(lambda: api.brand.retrieve(UNKNOWN)),
        "in_use": await refused(lambda: api.brand.delete(BRAND)),
    }


# The documents know states that the library's own types do not have: `scheduled` of a message that was sent to wait,
# `ownership_successful` of a hosted number. Its clients read them all the same, unless they are told to be strict.
BEYOND_ITS_TYPES = (scheduled, hosted)


async def main() -> None:
    """Say everything to the mock, print what came of it."""
    kind, address = sys.argv[1:]
    client, lenient = talk.client(kind, address), talk.client(kind, address, strict=False)
    seen: Seen = {}
    for scenario in (messages, scheduled, short_codes, optouts, hosted, tollfree, registration):
        try:
            seen[scenario.__name__] = await scenario(lenient if scenario in BEYOND_ITS_TYPES else client)
        except talk.telnyx.TelnyxError as problem:
            seen[scenario.__name__] = {"failed": f"{type(problem).__name__}: {problem}"}
    for one in (client, lenient):
        await done(one.close())
    print(json.dumps(seen))


if __name__ == "__main__":
    asyncio.run(main())
