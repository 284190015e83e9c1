// What operators do about sending, through the binary: unknown outcomes, pauses, rates and a provider that is down.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon, after, binary, eventually, hours, sameInstant } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

const account = 'AC00000000000000000000000000000001', token = 'twilio-auth-token';

/** Answers as `mode` says: takes messages, takes them and breaks the connection, or is down. */
class Provider {
  static async start() {
    const provider = new Provider();
    provider.mode = 'takes';
    provider.taken = [];
    provider.calls = 0;
    provider.server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => { body += part; });
      request.on('end', () => {
        provider.calls += 1;
        if (provider.mode === 'down') {
          response.writeHead(503, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ code: 20503, message: 'Service unavailable' }));
          return;
        }
        provider.taken.push(new URLSearchParams(body));
        if (provider.mode === 'silent') {
          request.socket.destroy();
          return;
        }
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ sid: `SM${provider.taken.length}`, status: 'queued' }));
      });
    });
    await new Promise((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    provider.url = `http://127.0.0.1:${provider.server.address().port}`;
    return provider;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function recoup(daemon, ...words) {
  const ran = spawnSync(binary, [...words, '--data', join(daemon.folder, 'data'), '--output', 'json'], { env: daemon.env });
  return { code: ran.status, rows: ran.status === 0 ? [JSON.parse(ran.stdout)].flat() : [], err: ran.stderr.toString() };
}

const ok = async (promise) => assert.equal((await promise).status, 200);

async function with_twilio(run, env = {}) {
  const provider = await Provider.start();
  const daemon = await Daemon.start({ env: {
    RECOUP_CHANNEL__SMS: 'twilio', RECOUP_TWILIO__ACCOUNT_SID: account, RECOUP_TWILIO__AUTH_TOKEN: token,
    RECOUP_TWILIO__BASE_URL: provider.url, ...env,
  } });
  try {
    await run(daemon, provider);
  } finally {
    await daemon.destroy();
    provider.stop();
  }
}

/** Twilio's signature: HMAC-SHA1 over the URL and the sorted form. */
async function status_callback(daemon, url, form, secret) {
  const signed = url + Object.keys(form).sort().map((name) => name + form[name]).join('');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', secret).update(signed).digest('base64') },
    body: new URLSearchParams(form),
  });
  return answer.status;
}

test('what nobody knows is listed, looked up by a person or told by the provider, and sent once at most', async () => {
  await with_twilio(async (daemon, provider) => {
    const [lost, arrived, told] = [shopper(1), shopper(2), shopper(3)];
    const now = await daemon.now();
    for (const who of [lost, arrived, told]) await ok(daemon.shopify('checkouts/update', checkout(who, now)));
    provider.mode = 'silent';
    await daemon.advance(hours(4) + 60);
    assert.equal(provider.taken.length, 3);

    const listed = recoup(daemon, 'outbox', 'unknown').rows;
    assert.equal(listed.length, 3);
    assert.equal(listed[0].adapter, 'twilio');
    assert.equal(listed[0].channel, 'sms');
    assert.equal(listed[0].step, 2);
    assert.doesNotMatch(JSON.stringify(listed), /example\.com|\+1212/, 'no addresses');
    assert.equal(recoup(daemon, 'outbox', 'unknown', '--shop', 'another').rows.length, 0);
    assert.deepEqual((await daemon.get('/v1/messages?status=unknown')).data.map(({ id }) => id), listed.map(({ id }) => id));

    const sms = async (who) => (await daemon.list('messages', { email: who.email })).find(({ channel }) => channel === 'sms');
    const id_of = async (who) => (await sms(who)).id;
    assert.equal(recoup(daemon, 'outbox', 'resolve', await id_of(lost)).code, 2, 'neither --sent nor --not-sent');
    provider.mode = 'takes';
    const again = recoup(daemon, 'outbox', 'resolve', await id_of(lost), '--not-sent').rows[0];
    assert.deepEqual([again.status, again.planned_again], ['retry', true]);
    assert.equal((await daemon.ask('POST', `/v1/messages/${await id_of(arrived)}/resolve?outcome=sent`)).status, 'sent');
    assert.equal(recoup(daemon, 'outbox', 'resolve', await id_of(arrived), '--sent').code, 1, 'it is known');

    const secret = await daemon.new_secret('twilio');
    const url = provider.taken.map((form) => form.get('StatusCallback')).find((one) => one?.includes('message='));
    assert.ok(url, 'Twilio is asked to report');
    const mine = url.replace(/message=[^&]+/, `message=${await id_of(told)}`);
    await eventually(async () => await status_callback(daemon, mine, { MessageSid: 'SM77', MessageStatus: 'delivered' }, secret) === 200);
    await daemon.advance(60);
    assert.equal((await sms(told)).status, 'sent');
    assert.equal((await sms(lost)).status, 'sent');
    assert.equal(recoup(daemon, 'outbox', 'unknown').rows.length, 0);
    const to = provider.taken.map((form) => form.get('To'));
    assert.deepEqual(to.filter((one) => one === told.phone || one === arrived.phone).length, 2);
    assert.equal(to.filter((one) => one === lost.phone).length, 2, 'the first was said not to have been sent');
  });
});

test('a pause holds a channel, survives a kill -9, and what it held comes back at a distance', async () => {
  const daemon = await Daemon.start({ env: { RECOUP_DELIVER__SPREAD: '10m' } });
  try {
    const people = [1, 2, 3, 4, 5, 6].map(shopper);
    const now = await daemon.now();
    for (const who of people) await ok(daemon.shopify('checkouts/update', checkout(who, now, { phone: false })));
    assert.equal(recoup(daemon, 'pause', '--shop', 'nobody').code, 1);
    assert.equal(recoup(daemon, 'pause', '--shop', daemon.shop, '--channel', 'email', '--note', 'new template').code, 0);
    await daemon.advance(hours(1));
    await daemon.kill();
    await daemon.restart();
    await daemon.advance(hours(2));
    assert.equal((await daemon.list('messages')).length, 0);
    const [pause] = recoup(daemon, 'pauses').rows;
    assert.deepEqual([pause.shop, pause.channel, pause.sequence, pause.note], [daemon.shop, 'email', null, 'new template']);
    const reasons = (await daemon.list('decisions', { email: people[0].email })).map(({ reason }) => reason);
    assert.equal(reasons.filter((reason) => reason === 'paused').length, 1, 'told once');

    assert.equal(recoup(daemon, 'resume', '--channel', 'email').code, 1, 'there is no such pause');
    assert.equal(recoup(daemon, 'resume', '--shop', daemon.shop, '--channel', 'email').rows[0].steps, people.length);
    await daemon.advance(600);
    const sent = (await daemon.list('messages')).map(({ sent_at }) => Date.parse(sent_at));
    assert.equal(sent.length, people.length);
    assert.ok(new Set(sent).size > people.length / 2, 'no burst');
    assert.ok(sent.every((at) => at >= Date.parse(after(now, hours(3)))));
  } finally {
    await daemon.destroy();
  }
});

test('a rate gives every message a moment of its own', async () => {
  const daemon = await Daemon.start({ env: { RECOUP_DELIVER__RATE_EMAIL: '0.1' } });
  try {
    const now = await daemon.now();
    for (let n = 1; n <= 8; ++n) await ok(daemon.shopify('checkouts/update', checkout(shopper(n), now, { phone: false })));
    await daemon.advance(hours(2));
    const sent = (await daemon.list('messages')).map(({ sent_at }) => Date.parse(sent_at)).sort((a, b) => a - b);
    assert.equal(sent.length, 8);
    for (let i = 1; i < sent.length; ++i) assert.equal(sent[i] - sent[i - 1], 10_000);
    assert.ok(sameInstant(new Date(sent[0]).toISOString(), after(now, hours(1))));
  } finally {
    await daemon.destroy();
  }
});

test('a provider that is down is left alone, and nothing is lost over it', async () => {
  await with_twilio(async (daemon, provider) => {
    const now = await daemon.now();
    const people = Array.from({ length: 12 }, (_, i) => shopper(20 + i));
    for (const who of people) await ok(daemon.shopify('checkouts/update', checkout(who, now)));
    provider.mode = 'down';
    await daemon.advance(hours(4) + 60);
    assert.ok(provider.calls < 3 * people.length, `${provider.calls} calls`);
    assert.match(await (await fetch(`${daemon.admin}/metrics`, { headers: { authorization: `Bearer ${daemon.token}` } })).text(),
      /recoup_deliver_breaker_opened_total\{channel="sms"\} [1-9]/);
    provider.mode = 'takes';
    await daemon.advance(hours(1));
    assert.deepEqual(new Set(provider.taken.map((form) => form.get('To'))), new Set(people.map(({ phone }) => phone)));
    assert.equal(provider.taken.length, people.length);
  }, { RECOUP_DELIVER__BREAKER_FAILURES: '3' });
});
