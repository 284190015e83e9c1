// What people text back, signed by Twilio's own library, and what they are answered.

import assert from 'node:assert/strict';
import { after as afterAll, before, describe, test } from 'node:test';

import { client, Daemon, eventually, hours } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

const { getExpectedTwilioSignature } = client('twilio');

describe('a person who texts', () => {
  let daemon, secret, texts = 0;
  before(async () => {
    daemon = await Daemon.start();
    secret = await daemon.new_secret('twilio');
    await eventually(async () => (await text('+12125550000', 'known?')).status === 200);
  });
  afterAll(() => daemon?.destroy());

  async function text(from, body, { replies = true, more = {} } = {}) {
    const form = { MessageSid: `SM${(texts += 1)}`, AccountSid: 'AC1', From: from, To: '+12125559999', Body: body, ...more };
    const path = `/webhooks/${daemon.shop}/twilio${replies ? '?replies=1' : ''}`;
    const answer = await fetch(daemon.public + path, {
      method: 'POST', body: new URLSearchParams(form),
      headers: { 'x-twilio-signature': getExpectedTwilioSignature(secret, daemon.public + path, form) },
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  }

  async function texted_once(n) {
    const who = shopper(n);
    await daemon.shopify('checkouts/create', checkout(who, await daemon.now()));
    await daemon.advance(hours(2));
    return who;
  }

  test('that it is enough, in their own language, gets no further text', async () => {
    const who = await texted_once(1);
    const answer = await text(who.phone, 'Bitte abmelden, danke!');
    assert.equal(answer.status, 200);
    assert.match(answer.body, /^<Response><Message>.+: you are unsubscribed .+<\/Message><\/Response>$/);
    await daemon.advance(hours(72));
    const messages = await daemon.messages(who.email);
    assert.ok(messages.length > 1 && messages.every((message) => message.channel === 'email'), JSON.stringify(messages));
    const silences = (await daemon.list('decisions', { email: who.email })).filter((decision) => decision.verdict === 'skip');
    assert.deepEqual(silences.map((decision) => decision.reason), ['suppressed']);
  });

  test('for help hears the name of the shop and how to stop, and stays subscribed', async () => {
    const who = await texted_once(2);
    const answer = await text(who.phone, 'Hilfe');
    assert.match(answer.body, /for help visit https:\/\/demo\.myshopify\.com.+Reply STOP/);
    assert.match(answer.type, /^text\/xml/);
    await daemon.advance(hours(4));
    assert.ok((await daemon.messages(who.email)).some((message) => message.channel === 'sms'));
  });

  test('is answered by Twilio alone where Twilio does so', async () => {
    const who = shopper(3);
    assert.equal((await text(who.phone, 'HELP', { replies: false })).body, '<Response/>');
    assert.equal((await text(who.phone, 'STOP', { more: { OptOutType: 'STOP' } })).body, '<Response/>');
  });
});
