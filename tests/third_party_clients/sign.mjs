// Signs a body as other people's software does, for tests that talk to recoup.
//
//   sign.mjs events  <whsec_secret> [--id ID] [--now RFC3339]                          < body > headers.json
//   sign.mjs shopify <secret> <topic> [--id ID] [--domain HOST] [--now RFC3339]        < body > headers.json
//
// Prints one JSON object of headers. `events` uses the reference library of Standard Webhooks; `shopify` is the
// documented recipe with node:crypto.

import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Webhook } from 'standardwebhooks';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { id: { type: 'string' }, domain: { type: 'string' }, now: { type: 'string' } },
});
const [kind, secret, topic] = positionals;
const body = readFileSync(0);
const now = values.now ? new Date(values.now) : new Date();
const id = values.id ?? randomUUID();

function events() {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body.toString('utf8')),
  };
}

function shopify() {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-webhook-id': id,
    'x-shopify-api-version': '2026-04',
    'x-shopify-triggered-at': now.toISOString(),
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    ...(values.domain ? { 'x-shopify-shop-domain': values.domain } : {}),
  };
}

const signers = { events, shopify };
if (!signers[kind] || !secret || (kind === 'shopify' && !topic)) {
  console.error('usage: sign.mjs events <secret> | shopify <secret> <topic>  [--id ID] [--domain HOST] [--now RFC3339]');
  process.exit(2);
}
console.log(JSON.stringify(signers[kind]()));
