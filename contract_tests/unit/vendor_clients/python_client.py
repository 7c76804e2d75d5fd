"""What Telnyx's own Python library does with a mock, as one JSON document on standard output.

Runs in the environment of ``scripts/vendor_client.lock`` and imports nothing of this repository. Arguments: ``sync`` or
``async``, then the base addresses of an ordinary mock, of one that takes a single request a minute, and of one whose
first answer to each method is 503. ``node_client.mjs`` says the same things to the Node library.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import Any

# By name: for type checkers this folder is part of a package, for the library's environment it is not.
talk: Any = importlib.import_module("python_talk")
done, every, plain, refused = talk.done, talk.every, talk.plain, talk.refused

PROFILE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
FREE_NUMBER = "1293384261075731500"
UNKNOWN = "11111111-2222-4333-8444-555555555555"
Seen = dict[str, Any]


async def lifecycle(client: Any) -> Seen:
    """Create, retrieve, update, delete, and what is left."""
    profiles = client.messaging_profiles
    made = (await done(profiles.create(name="Vendor", whitelisted_destinations=["US", "CA"], webhook_url=""))).data
    read = (await done(profiles.retrieve(made.id))).data
    pool = {"long_code_weight": 2, "toll_free_weight": 10, "skip_unhealthy": True, "sticky_sender": True}
    changed = (await done(profiles.update(made.id, name="Changed", number_pool_settings=pool, enabled=False))).data
    cleared = (await done(profiles.update(made.id, number_pool_settings=None))).data
    gone = (await done(profiles.delete(made.id))).data
    return {
        "made": [made.record_type, made.name, made.whitelisted_destinations, made.webhook_api_version, made.enabled],
        "moment": made.created_at.tzinfo is not None and made.created_at == made.updated_at,
        "read_is_made": plain(read) == plain(made),
        "changed": [changed.name, changed.enabled, changed.number_pool_settings.skip_unhealthy],
        "later": changed.updated_at > made.updated_at,
        "cleared": cleared.number_pool_settings,
        "gone": gone.id == made.id,
        "after": await refused(lambda: profiles.retrieve(made.id)),
        "again": await refused(lambda: profiles.delete(made.id)),
    }


async def errors(client: Any) -> Seen:
    """Each class of error."""
    profiles, numbers = client.messaging_profiles, client.phone_numbers.messaging
    stranger = client.with_options(api_key="KEY_of_a_stranger")
    return {
        "unauthenticated": await refused(lambda: stranger.messaging_profiles.retrieve(PROFILE)),
        "unknown": await refused(lambda: profiles.retrieve(UNKNOWN)),
        "invalid": await refused(lambda: profiles.create(name=7, whitelisted_destinations=["US"])),
        "no_destinations": await refused(lambda: profiles.create(name="A", whitelisted_destinations=[])),
        "nothing_to_update": await refused(lambda: profiles.update(PROFILE)),
        "in_use": await refused(lambda: profiles.delete(PROFILE)),
        "no_such_profile": await refused(lambda: numbers.update(FREE_NUMBER, messaging_profile_id=UNKNOWN)),
        "page_size": await refused(lambda: every(profiles.list(page_size=0))),
    }


async def pages(client: Any) -> Seen:
    """Lists of seven profiles, three a page."""
    profiles = client.messaging_profiles
    names = [f"Page {number}" for number in range(7)]
    for name in names:
        await done(profiles.create(name=name, whitelisted_destinations=["*"]))

    async def listed(**query: Any) -> list[str]:
        return [profile.name for profile in await every(profiles.list(**query))]

    first = await done(profiles.list(filter_name_contains="page", page_size=3))
    return {
        "names": await listed(filter_name_contains="page", page_size=3),
        "from_the_third": await listed(filter_name_contains="page", page_size=3, page_number=3),
        "equal": await listed(filter_name_eq="Page 4"),
        "by_object": await listed(filter={"name": "Page 5"}),
        "none": await listed(filter_name_eq="nobody"),
        "meta": [first.meta.page_number, first.meta.total_pages, len(first.data), first.has_next_page()],
        "unfiltered": len(await listed(page_size=2)) == len(await listed(page_size=250)) > 7,
    }


async def numbers(client: Any) -> Seen:
    """The messaging settings of phone numbers, by id and by number, and what is listed of a profile."""
    settings, profiles = client.phone_numbers.messaging, client.messaging_profiles
    before = (await done(settings.retrieve(FREE_NUMBER))).data
    assigned = (await done(settings.update(FREE_NUMBER, messaging_profile_id=PROFILE))).data
    nested = await every(profiles.list_phone_numbers(PROFILE, page_size=1))
    freed = (await done(settings.update("+12015550123", messaging_profile_id=""))).data
    codes = await every(profiles.list_short_codes(PROFILE))
    return {
        "before": [before.phone_number, before.messaging_profile_id, before.type],
        "assigned": assigned.messaging_profile_id,
        "nested": sorted(number.phone_number for number in nested),
        "freed": freed.messaging_profile_id,
        "product_kept": freed.messaging_product == before.messaging_product,
        "features": [freed.features.sms.domestic_two_way, freed.features.mms.international_inbound],
        "sorted": [one.phone_number for one in await every(settings.list(sort_phone_number="asc", page_size=1))],
        "contains": [one.phone_number for one in await every(settings.list(filter_phone_number_contains="5550001"))],
        "by_profile": [one.id for one in await every(settings.list(filter_messaging_profile_id=PROFILE))],
        "tollfree": [one.id for one in await every(settings.list(filter_type="tollfree"))],
        "short_codes": [[code.short_code, code.messaging_profile_id] for code in codes],
        "of_nobody": await refused(lambda: profiles.list_phone_numbers(UNKNOWN)),
    }


async def metrics(client: Any) -> Seen:
    """Figures of one profile and of all."""
    one = (await done(client.messaging_profiles.retrieve_metrics(PROFILE, time_frame="24h"))).model_dump(mode="json")
    everyone = (await done(client.messaging_profile_metrics.list(time_frame="24h"))).model_dump(mode="json")
    return {"one": "data" in one, "all": len(everyone["data"]) > 1}


async def raw(client: Any) -> Seen:
    """The headers that callers look at."""
    answer = await done(client.messaging_profiles.with_raw_response.retrieve(PROFILE))
    limit = answer.headers["x-ratelimit-limit"]
    return {"request_id": len(answer.headers["x-request-id"]), "limit": limit.partition(", ")[2].partition("=")[2]}


async def main() -> None:
    """Say everything to the mocks, print what came of it."""
    kind, ordinary, limited, flaky = sys.argv[1:]
    usual = talk.client(kind, ordinary)
    seen: Seen = {}
    for scenario in (lifecycle, errors, pages, numbers, metrics, raw):
        try:
            seen[scenario.__name__] = await scenario(usual)
        except talk.telnyx.TelnyxError as problem:
            seen[scenario.__name__] = {"failed": f"{type(problem).__name__}: {problem}"}
    throttled, stubborn = talk.client(kind, limited), talk.client(kind, flaky, retries=2)
    await done(throttled.messaging_profiles.retrieve(PROFILE))
    seen["throttled"] = await refused(lambda: throttled.messaging_profiles.retrieve(PROFILE))
    made = await done(stubborn.messaging_profiles.create(name="Once", whitelisted_destinations=["US"]))
    seen["retried"] = made.data.name
    for one in (usual, throttled, stubborn):
        await done(one.close())
    print(json.dumps(seen))


asyncio.run(main())
