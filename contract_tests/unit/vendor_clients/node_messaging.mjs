// What Telnyx's own Node library does with a mock in the rest of messaging, as one JSON document on standard output: the
// same things, said the same way, as python_messaging.py beside this file. Arguments: the base address of a mock that
// has its controls below /mock and whose clock stands still.

import { client, every, refused } from './node_talk.mjs';

const PROFILE = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const SECOND_PROFILE = 'dd50eba1-a0c0-4563-9925-b25e842a7cb6';
const UNKNOWN = '11111111-2222-4333-8444-555555555555';
const BRAND = '4b20017f-8da9-4992-a6c0-683072fb7729';
const [TOLLFREE, LONG_CODE, FREE_NUMBER, SHORT_CODE] = ['+18005550001', '+12015550178', '+12015550123', '12345'];
const [RECIPIENT, STRANGER, HOSTED] = ['+13125550100', '+13125550155', '+13125550107'];

const [address] = process.argv.slice(2);
const distinct = (values) => [...new Set(values)];

async function control(name, told) {
  const knob = `${address.replace(/\/v2$/, '')}/mock/${name}`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(knob, { method: 'POST', headers, body: JSON.stringify(told) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function messages({ messages: api }) {
  const text = { to: RECIPIENT, text: 'A table is ready.' };
  const sent = (await api.send({ from: TOLLFREE, ...text })).data;
  const longCode = (await api.sendLongCode({ from: LONG_CODE, ...text })).data;
  const shortCode = (await api.sendShortCode({ from: SHORT_CODE, ...text })).data;
  const pool = (await api.sendNumberPool({ messaging_profile_id: PROFILE, ...text })).data;
  const group = (await api.sendGroupMms({ from: LONG_CODE, to: [RECIPIENT, STRANGER], text: 'Both of you' })).data;
  await control('clock', { advance: 2 });
  const read = (await api.retrieve(sent.id)).data;
  return {
    sent: [sent.direction, sent.to[0].status, sent.parts, sent.from.phone_number],
    senders: [longCode, shortCode, pool].map((one) => one.from.phone_number),
    group: group.to.map((one) => one.phone_number),
    read: [read.id === sent.id, read.direction, read.to[0].status],
    unknown: await refused(() => api.retrieve(UNKNOWN)),
    elsewhere: await refused(() => api.send({ from: TOLLFREE, to: '+442075550100', text: 'Hello' })),
    opted_out: await refused(() => api.send({ from: TOLLFREE, to: FREE_NUMBER, text: 'Hello' })),
    of_nobody: await refused(() => api.send({ from: '+12025550111', ...text })),
  };
}

async function scheduled({ messages: api }) {
  const told = { from: TOLLFREE, to: RECIPIENT, text: 'A table is ready.', send_at: '2026-01-01T01:00:00Z' };
  const waiting = (await api.send(told)).data;
  await control('clock', { advance: 2 * 3600 });
  const sent = (await api.retrieve(waiting.id)).data;
  return { waiting: waiting.to[0].status, sent: sent.to[0].status };
}

async function short_codes({ shortCodes: api }) {
  const walked = await every(api.list({ 'page[size]': 1 }));
  const last = walked[walked.length - 1];
  const one = (await api.retrieve(last.id)).data;
  const moved = (await api.update(one.id, { messaging_profile_id: SECOND_PROFILE })).data;
  const ofProfile = await every(api.list({ filter: { messaging_profile_id: SECOND_PROFILE } }));
  await api.update(one.id, { messaging_profile_id: PROFILE });
  return {
    walked: walked.map((code) => code.short_code),
    one: [one.record_type, one.short_code === last.short_code, one.country_code],
    moved: [moved.messaging_profile_id, ofProfile.map((code) => code.id === one.id)],
    unknown: await refused(() => api.retrieve(UNKNOWN)),
    no_such_profile: await refused(() => api.update(one.id, { messaging_profile_id: UNKNOWN })),
  };
}

async function optouts({ messagingOptouts, messages: sender, messagingProfiles: { autorespConfigs: api } }) {
  const before = await every(messagingOptouts.list({ 'page[size]': 1 }));
  await control('receive_message', { to: TOLLFREE, text: 'STOP', sender: STRANGER });
  const after = await every(messagingOptouts.list({ 'page[size]': 1 }));
  const blocked = await refused(() => sender.send({ from: TOLLFREE, to: STRANGER, text: 'Hello' }));
  const told = { country_code: 'US', keywords: ['TABLE'], op: 'info', resp_text: 'Call us.' };
  const within = { profile_id: PROFILE };
  const made = (await api.create(PROFILE, told)).data;
  const read = (await api.retrieve(made.id, within)).data;
  const changed = (await api.update(made.id, { ...within, ...told, keywords: ['SEAT'] })).data;
  const listed = (await api.list(PROFILE, { country_code: 'US' })).data;
  const gone = await api.delete(made.id, within);
  const known = new Set(before.map((one) => one.to));
  return {
    more: after.length - before.length,
    walked: before.length > 1,
    newest: distinct(after.map((one) => one.to)).filter((one) => !known.has(one)),
    blocked,
    made: [made.op, made.keywords, read.id === made.id, changed.keywords],
    listed: listed.some((one) => one.id === made.id),
    gone: JSON.stringify(gone),
    after: await refused(() => api.retrieve(made.id, within)),
  };
}

async function hosted({ messagingHostedNumberOrders: api }) {
  const judged = (await api.checkEligibility({ phone_numbers: [HOSTED, '+442075550100'] })).phone_numbers;
  const order = (await api.create({ phone_numbers: [HOSTED], messaging_profile_id: PROFILE })).data;
  const codes = await api.createVerificationCodes(order.id, { phone_numbers: [HOSTED], verification_method: 'sms' });
  const proof = [{ phone_number: HOSTED, code: HOSTED.slice(-5) }];
  const proved = (await api.validateCodes(order.id, { verification_codes: proof })).data;
  const paper = (name) => new File(['%PDF-1.7'], `${name}.pdf`);
  const uploaded = (await api.actions.uploadFile(order.id, { loa: paper('loa'), bill: paper('bill') })).data;
  await control('clock', { advance: 3 * 3600 });
  const read = (await api.retrieve(order.id)).data;
  const walked = await every(api.list({ 'page[size]': 1 }));
  const refusedOrder = { phone_numbers: ['+13125550108'], messaging_profile_id: UNKNOWN };
  return {
    eligible: judged.map((one) => one.eligible),
    ordered: [order.record_type, order.status, order.phone_numbers.map((one) => one.phone_number)],
    codes: codes.data.map((one) => one.phone_number),
    proved: proved.phone_numbers.map((one) => one.status),
    uploaded: uploaded.id === order.id,
    read: [read.status, read.phone_numbers.map((one) => one.status)],
    walked: [walked.length, walked.some((one) => one.id === order.id)],
    unknown: await refused(() => api.retrieve(UNKNOWN)),
    no_such_profile: await refused(() => api.create(refusedOrder)),
  };
}

async function tollfree({ messagingTollfree: { verification: { requests: api } } }) {
  const told = {
    additionalInformation: 'Guests only.', businessAddr1: '600 Congress Avenue', businessCity: 'Austin',
    businessContactEmail: 'jane@example.com', businessContactFirstName: 'Jane', businessContactLastName: 'Doe',
    businessContactPhone: '+18005550100', businessName: 'Vendor Bistro', businessState: 'Texas', businessZip: '78701',
    corporateWebsite: 'https://www.example.com', messageVolume: '100,000', optInWorkflow: 'Guests tick a box.',
    optInWorkflowImageURLs: [{ url: 'https://www.example.com/opt-in.png' }], phoneNumbers: [{ phoneNumber: TOLLFREE }],
    productionMessageContent: 'A table is ready.', useCase: 'Booking Confirmations',
    useCaseSummary: 'Guests learn that their table is ready.',
  };
  const made = await api.create(told);
  const first = await api.retrieve(made.id);
  await api.update(made.id, { ...told, businessName: 'Vendor Bistro & Bar' });
  await control('clock', { advance: 3 * 3600 });
  const decided = await api.retrieve(made.id);
  const walked = (await every(api.list({ page: 1, page_size: 1 }))).map((one) => one.id);
  const named = await every(api.list({ page: 1, page_size: 10, business_name: 'Vendor Bistro & Bar' }));
  return {
    made: [made.businessName, first.verificationStatus, decided.verificationStatus, decided.businessName],
    walked: [walked.length > 2, distinct(walked).length === walked.length, walked.includes(made.id)],
    named: named.map((one) => one.id === made.id),
    not_rejected: await refused(() => api.delete(made.id)),
    unknown: await refused(() => api.retrieve(UNKNOWN)),
  };
}

async function registration({ messaging10dlc: api, phoneNumbers }) {
  const brand = await api.brand.create({
    country: 'US', displayName: 'Vendor Mobile', email: 'vendor@example.com', entityType: 'PRIVATE_PROFIT',
    vertical: 'TECHNOLOGY', companyName: 'Vendor Inc.', ein: '111111111', phone: '+12025550142',
  });
  await control('clock', { advance: 60 });
  const { brandId } = brand;
  const read = await api.brand.retrieve(brandId);
  const fits = await api.campaignBuilder.brand.qualifyByUsecase('2FA', { brandId });
  const campaign = await api.campaignBuilder.submit({
    brandId, description: 'Codes for signing in, sent on demand.', usecase: '2FA',
    messageFlow: 'Customers tick a box on our site.', optoutMessage: 'You will not get codes any more.',
    sample1: 'Code for signing in: 314159.', termsAndConditions: true,
  });
  await control('clock', { advance: 60 });
  const { campaignId } = campaign;
  const reviewed = await api.campaign.retrieve(campaignId);
  await phoneNumbers.messaging.update(FREE_NUMBER, { messaging_profile_id: PROFILE });
  const assigned = await api.phoneNumberCampaigns.create({ campaignId, phoneNumber: FREE_NUMBER });
  const numbers = (await every(api.phoneNumberCampaigns.list({ recordsPerPage: 1 }))).map((one) => one.phoneNumber);
  await api.phoneNumberCampaigns.delete(FREE_NUMBER);
  const vetting = await api.brand.externalVetting.order(brandId, { evpId: 'CV', vettingClass: 'STANDARD' });
  const vettings = await api.brand.externalVetting.list(brandId);
  const brands = (await every(api.brand.list({ recordsPerPage: 1 }))).map((one) => one.brandId);
  const ended = await api.campaign.deactivate(campaignId);
  const own = await every(api.campaign.list({ brandId: BRAND, recordsPerPage: 1 }));
  return {
    brand: [brand.displayName, brand.identityStatus ?? null, read.identityStatus, read.status],
    fits: fits.usecase,
    campaign: [campaign.usecase, campaign.campaignStatus, reviewed.campaignStatus],
    assigned: [assigned.phoneNumber, numbers.includes(FREE_NUMBER), numbers.length > 1],
    vetting: [vetting.evpId, vettings.map((one) => one.evpId)],
    brands: [brands.length > 3, distinct(brands).length === brands.length],
    campaigns: own.map((one) => one.campaignId),
    ended: (ended.message ?? ended.record_type) !== undefined,
    words: '2FA' in (await api.getEnum('usecase')),
    unknown: await refused(() => api.brand.retrieve(UNKNOWN)),
    in_use: await refused(() => api.brand.delete(BRAND)),
  };
}

const seen = {};
const usual = client(address);
for (const scenario of [messages, scheduled, short_codes, optouts, hosted, tollfree, registration]) {
  seen[scenario.name] = await scenario(usual);
}
console.log(JSON.stringify(seen));
