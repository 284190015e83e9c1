// Messages that really leave: a mail server and a Twilio that others wrote or that answer as Twilio documents.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { after as afterAll, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Daemon, hours } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

/** npm smtp-server and mailparser in a process of their own. */
class MailServer {
  static async start() {
    const server = new MailServer();
    server.process = spawn('node', [fileURLToPath(new URL('../third_party_clients/smtp_sink.mjs', import.meta.url)), '--no-tls'],
      { stdio: ['pipe', 'pipe', 'inherit'] });
    server.lines = createInterface({ input: server.process.stdout })[Symbol.asyncIterator]();
    server.port = (await server.next()).port;
    return server;
  }

  async next() {
    return JSON.parse((await this.lines.next()).value);
  }

  stop() {
    this.process.stdin.end();
  }
}

/** Answers POST /2010-04-01/Accounts/{sid}/Messages.json with what `answers` holds, else as accepted. */
class Twilio {
  static async start() {
    const twilio = new Twilio();
    twilio.calls = [];
    twilio.answers = [];
    twilio.server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => { body += part; });
      request.on('end', () => {
        twilio.calls.push({ method: request.method, url: request.url, headers: request.headers, form: new URLSearchParams(body) });
        const { status = 201, headers = {}, json = { sid: `SM${twilio.calls.length}`, status: 'queued' } } = twilio.answers.shift() ?? {};
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(json));
      });
    });
    await new Promise((resolve) => twilio.server.listen(0, '127.0.0.1', resolve));
    twilio.url = `http://127.0.0.1:${twilio.server.address().port}`;
    return twilio;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function ok(promise) {
  const answer = await promise;
  assert.equal(answer.status, 200, answer.text);
}

test('a mail server that somebody else wrote receives the reminder, and mailparser reads it', async () => {
  const mail = await MailServer.start();
  const daemon = await Daemon.start({ env: {
    RECOUP_CHANNEL__EMAIL: 'smtp', RECOUP_SMTP__HOST: '127.0.0.1', RECOUP_SMTP__PORT: String(mail.port), RECOUP_SMTP__SECURITY: 'none',
  } });
  try {
    const who = shopper(1);
    await ok(daemon.shopify('checkouts/update', checkout(who, await daemon.now(), { phone: false })));
    await daemon.advance(hours(1));
    const received = await mail.next();
    const [message] = await daemon.messages(who.email, { include: 'content' });
    assert.equal(message.status, 'sent');
    assert.equal(message.adapter, 'smtp');
    assert.deepEqual(received.envelope.to, [who.email]);
    assert.equal(received.to[0].address, who.email);
    assert.equal(received.subject, message.subject);
    assert.equal(received.text.trim(), message.text.trim());
    assert.match(received.html, /<html/i);
    const header = (key) => received.headers.find((one) => one.key === key)?.line ?? '';
    assert.equal(header('list-unsubscribe-post'), 'List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    const [, unsubscribe] = header('list-unsubscribe').replace(/\s+/g, '').match(/<(http[^>]+)>/);
    assert.ok(received.message_id.length > 10 && !received.bare_line_feeds && received.raw_longest_line <= 998);

    const answer = await fetch(unsubscribe, { method: 'POST', body: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(answer.status, 200);
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages(who.email)).length, 1);
  } finally {
    await daemon.destroy();
    mail.stop();
  }
});

describe('a Twilio', () => {
  const account = 'AC00000000000000000000000000000001', token = 'twilio-auth-token';
  let twilio, daemon;
  before(async () => {
    twilio = await Twilio.start();
    daemon = await Daemon.start({ env: {
      RECOUP_CHANNEL__SMS: 'twilio', RECOUP_TWILIO__ACCOUNT_SID: account, RECOUP_TWILIO__AUTH_TOKEN: token,
      RECOUP_TWILIO__BASE_URL: twilio.url,
    } });
  });
  afterAll(async () => {
    await daemon?.destroy();
    twilio?.stop();
  });

  /** A checkout at ten in the morning of New York whose SMS step falls due at the end; the message it became. */
  async function text(number, answers) {
    const hour = new Date(await daemon.now()).getUTCHours();
    await daemon.advance(hours((15 - hour + 24) % 24));
    const who = shopper(number), calls = twilio.calls.length;
    await ok(daemon.shopify('checkouts/update', checkout(who, await daemon.now())));
    twilio.answers = answers;
    await daemon.advance(hours(4));
    const sms = async () => (await daemon.list('messages', { email: who.email })).find((message) => message.channel === 'sms');
    return { who, sms, calls: () => twilio.calls.slice(calls) };
  }

  test('that accepts gets one form with the account\'s credentials', async () => {
    const { who, sms, calls } = await text(10, []);
    assert.equal(calls().length, 1);
    const [{ method, url, headers, form }] = calls();
    assert.equal(`${method} ${url}`, `POST /2010-04-01/Accounts/${account}/Messages.json`);
    assert.equal(headers.authorization, `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`);
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(form.get('To'), who.phone);
    assert.match(form.get('Body'), /STOP/);
    assert.equal((await sms()).status, 'sent');
  });

  test('that is busy is asked again after its Retry-After, then with back-off', async () => {
    const busy = { status: 429, headers: { 'retry-after': '600' }, json: { code: 20429, message: 'Too Many Requests' } };
    const down = { status: 503, json: { code: 20503, message: 'Service unavailable' } };
    const { sms, calls } = await text(11, [busy, down]);
    assert.equal(calls().length, 1);
    await daemon.advance(590);
    assert.equal(calls().length, 1, 'before its Retry-After');
    await daemon.advance(hours(2));
    assert.equal(calls().length, 3);
    assert.equal((await sms()).status, 'sent');
  });

  test('that says the recipient opted out suppresses the number', async () => {
    const { who, sms, calls } = await text(12, [{ status: 400, json: { code: 21610, message: 'unsubscribed recipient' } }]);
    assert.equal((await sms()).status, 'rejected');
    const again = { ...who, checkout_token: 'another-checkout', cart_token: 'another-cart' };
    await ok(daemon.shopify('checkouts/update', checkout(again, await daemon.advance(hours(96)))));
    await daemon.advance(hours(30));
    assert.equal(calls().length, 1);
    const silences = (await daemon.list('decisions', { email: who.email })).filter(({ reason }) => reason === 'suppressed');
    assert.ok(silences.length >= 1);
  });
});
