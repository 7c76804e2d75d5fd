// What every conversation of Telnyx's Node library with a mock needs: a client, lists, refusals. NODE_PATH leads to the
// library.

import { createRequire } from 'node:module';

const require = createRequire(process.env.NODE_PATH + '/');
export const { Telnyx } = require('telnyx');

const KEY = 'KEY_vendor';

export const client = (baseURL, maxRetries = 0, apiKey = KEY) =>
  new Telnyx({ apiKey, baseURL, maxRetries, timeout: 5000 });

export async function every(listing) {
  const found = [];
  for await (const item of listing) found.push(item);
  return found;
}

export async function refused(call) {
  try {
    await call();
  } catch (problem) {
    if (!(problem instanceof Telnyx.APIError) || problem.status === undefined) throw problem;
    const codes = problem.error.errors.map((one) => one.code);
    return { class: problem.constructor.name, status: problem.status, codes };
  }
  return { class: 'nothing was raised' };
}
