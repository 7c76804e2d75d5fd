// What Telnyx's own Node library does with a mock, as one JSON document on standard output: the same things, said the
// same way, as python_client.py beside this file. Arguments: the base addresses of an ordinary mock, of one that takes
// a single request a minute, and of one whose first answer is 503. NODE_PATH leads to the library.

import { client, every, refused } from './node_talk.mjs';

const PROFILE = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const FREE_NUMBER = '1293384261075731500';
const UNKNOWN = '11111111-2222-4333-8444-555555555555';

const [ordinary, limited, flaky] = process.argv.slice(2);

async function lifecycle({ messagingProfiles: profiles }) {
  const made = (await profiles.create({ name: 'Vendor', whitelisted_destinations: ['US', 'CA'], webhook_url: '' })).data;
  const read = (await profiles.retrieve(made.id)).data;
  const pool = { long_code_weight: 2, toll_free_weight: 10, skip_unhealthy: true, sticky_sender: true };
  const changed = (await profiles.update(made.id, { name: 'Changed', number_pool_settings: pool, enabled: false })).data;
  const cleared = (await profiles.update(made.id, { number_pool_settings: null })).data;
  const gone = (await profiles.delete(made.id)).data;
  return {
    made: [made.record_type, made.name, made.whitelisted_destinations, made.webhook_api_version, made.enabled],
    moment: !Number.isNaN(Date.parse(made.created_at)) && made.created_at === made.updated_at,
    read_is_made: JSON.stringify(read) === JSON.stringify(made),
    changed: [changed.name, changed.enabled, changed.number_pool_settings.skip_unhealthy],
    later: Date.parse(changed.updated_at) > Date.parse(made.updated_at),
    cleared: cleared.number_pool_settings,
    gone: gone.id === made.id,
    after: await refused(() => profiles.retrieve(made.id)),
    again: await refused(() => profiles.delete(made.id)),
  };
}

async function errors({ messagingProfiles: profiles, phoneNumbers: { messaging: numbers } }) {
  const stranger = client(ordinary, 0, 'KEY_of_a_stranger');
  return {
    unauthenticated: await refused(() => stranger.messagingProfiles.retrieve(PROFILE)),
    unknown: await refused(() => profiles.retrieve(UNKNOWN)),
    invalid: await refused(() => profiles.create({ name: 7, whitelisted_destinations: ['US'] })),
    no_destinations: await refused(() => profiles.create({ name: 'A', whitelisted_destinations: [] })),
    nothing_to_update: await refused(() => profiles.update(PROFILE, {})),
    in_use: await refused(() => profiles.delete(PROFILE)),
    no_such_profile: await refused(() => numbers.update(FREE_NUMBER, { messaging_profile_id: UNKNOWN })),
    page_size: await refused(() => every(profiles.list({ 'page[size]': 0 }))),
  };
}

async function pages({ messagingProfiles: profiles }) {
  for (let number = 0; number < 7; number += 1) {
    await profiles.create({ name: `Page ${number}`, whitelisted_destinations: ['*'] });
  }
  const listed = async (query) => (await every(profiles.list(query))).map((profile) => profile.name);
  const three = { 'filter[name][contains]': 'page', 'page[size]': 3 };
  const first = await profiles.list(three);
  const all = await listed({ 'page[size]': 250 });
  return {
    names: await listed(three),
    from_the_third: await listed({ ...three, 'page[number]': 3 }),
    equal: await listed({ 'filter[name][eq]': 'Page 4' }),
    by_object: await listed({ filter: { name: 'Page 5' } }),
    none: await listed({ 'filter[name][eq]': 'nobody' }),
    meta: [first.meta.page_number, first.meta.total_pages, first.data.length, first.hasNextPage()],
    unfiltered: (await listed({ 'page[size]': 2 })).length === all.length && all.length > 7,
  };
}

async function numbers({ messagingProfiles: profiles, phoneNumbers: { messaging: settings } }) {
  const before = (await settings.retrieve(FREE_NUMBER)).data;
  const assigned = (await settings.update(FREE_NUMBER, { messaging_profile_id: PROFILE })).data;
  const nested = await every(profiles.listPhoneNumbers(PROFILE, { 'page[size]': 1 }));
  const freed = (await settings.update('+12015550123', { messaging_profile_id: '' })).data;
  const listed = async (query, field) => (await every(settings.list(query))).map((one) => one[field]);
  return {
    before: [before.phone_number, before.messaging_profile_id, before.type],
    assigned: assigned.messaging_profile_id,
    nested: nested.map((number) => number.phone_number).sort(),
    freed: freed.messaging_profile_id,
    product_kept: freed.messaging_product === before.messaging_product,
    features: [freed.features.sms.domestic_two_way, freed.features.mms.international_inbound],
    sorted: await listed({ 'sort[phone_number]': 'asc', 'page[size]': 1 }, 'phone_number'),
    contains: await listed({ 'filter[phone_number][contains]': '5550001' }, 'phone_number'),
    by_profile: await listed({ 'filter[messaging_profile_id]': PROFILE }, 'id'),
    tollfree: await listed({ 'filter[type]': 'tollfree' }, 'id'),
    short_codes: (await every(profiles.listShortCodes(PROFILE))).map((one) => [one.short_code, one.messaging_profile_id]),
    of_nobody: await refused(() => profiles.listPhoneNumbers(UNKNOWN)),
  };
}

async function metrics({ messagingProfiles, messagingProfileMetrics }) {
  const one = await messagingProfiles.retrieveMetrics(PROFILE, { time_frame: '24h' });
  const everyone = await messagingProfileMetrics.list({ time_frame: '24h' });
  return { one: 'data' in one, all: everyone.data.length > 1 };
}

async function raw({ messagingProfiles }) {
  const answer = await messagingProfiles.retrieve(PROFILE).asResponse();
  const limit = answer.headers.get('x-ratelimit-limit');
  await answer.body.cancel();
  return { request_id: answer.headers.get('x-request-id').length, limit: limit.split('=')[1] };
}

const seen = {};
const usual = client(ordinary);
for (const scenario of [lifecycle, errors, pages, numbers, metrics, raw]) {
  seen[scenario.name] = await scenario(usual);
}
const throttled = client(limited);
await throttled.messagingProfiles.retrieve(PROFILE);
seen.throttled = await refused(() => throttled.messagingProfiles.retrieve(PROFILE));
const once = { name: 'Once', whitelisted_destinations: ['US'] };
seen.retried = (await client(flaky, 2).messagingProfiles.create(once)).data.name;
console.log(JSON.stringify(seen));
