// Opened by a human, clicked by a human, visited: what machines do satisfies no condition.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, binary, browser, hours } from './harness.mjs';
import { cart, checkout, shopper } from './store.mjs';

const step = (name, delay, more = '') => `
[[step]]
name = "${name}"
delay = "${delay}"
channel = "email"
template = "cart_reminder_email"
useful_for = "20h"
${more}
`;
const listening = `name = "listening"
trigger = "cart"
${step('first', '1h')}${step('unopened', '4h', 'when = "not first.opened"')}${step('tempted', '7h', 'when = ["first.opened", "not first.clicked"]')}
${step('absent', '10h', 'when = "not first.visited"')}`;

const apple = 'Mozilla/5.0';
const gmail = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';

const look = (daemon, path, agent = browser, method = 'GET') =>
  fetch(new URL(path, daemon.public), { method, redirect: 'manual', headers: { 'user-agent': agent } });
const links = (message) => ({
  pixel: new URL(/<img src="([^"]+\/o\/[^"]+)"/.exec(message.html)[1]).pathname,
  restore: new URL(/https?:\/\/\S+\/r\/\S+/.exec(message.text)[0]).pathname,
});

async function ok(promise) {
  const answer = await promise;
  assert.equal(answer.status, 200, answer.text);
}

describe('with the picture that tells of openings', () => {
  let daemon;
  before(async () => {
    daemon = await Daemon.start({ env: { RECOUP_DELIVER__OPEN_PIXEL: 'true' } });
    await daemon.apply(listening);
  });
  afterAll(() => daemon?.destroy());

  /** One shopper with the first mail just sent. */
  async function with_first_mail(n) {
    const who = shopper(n), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    await daemon.advance(hours(1));
    const [message] = await daemon.messages(who.email, { include: 'content' });
    return { who, message, ...links(message) };
  }
  const steps = async (who) => (await daemon.messages(who.email)).map((one) => one.step_name).join();
  const touched = async (who) => {
    const [{ opened_at, clicked_at, machine_opened_at, machine_clicked_at }] = await daemon.messages(who.email);
    return Object.entries({ opened_at, clicked_at, machine_opened_at, machine_clicked_at }).filter(([, at]) => at).map(([name]) => name).join();
  };

  test('the picture is one point, answered from memory and never kept', async () => {
    const { pixel } = await with_first_mail(1);
    const answer = await look(daemon, pixel);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'image/gif');
    assert.match(answer.headers.get('cache-control'), /no-store/);
    assert.equal((await answer.arrayBuffer()).byteLength, 43);
    assert.equal((await look(daemon, '/o/forged')).status, 200);
  });

  test('opened by a human but not clicked goes its way', async () => {
    const { who, pixel } = await with_first_mail(2);
    await daemon.advance(60);
    await look(daemon, pixel);
    await daemon.advance(hours(12));
    assert.equal(await touched(who), 'opened_at');
    assert.equal(await steps(who), 'first,tempted,absent');
  });

  test('proxies, scanners and whoever is too quick are machines, and satisfy nothing', async () => {
    const { who, pixel, restore } = await with_first_mail(3);
    await look(daemon, pixel);                       // a browser, in the second in which the mail left
    await look(daemon, restore);
    await daemon.advance(60);
    for (const agent of [apple, gmail]) await look(daemon, pixel, agent);
    assert.equal((await look(daemon, restore, 'Mozilla/5.0 (compatible; Barracuda Sentinel)')).status, 302);
    assert.equal((await look(daemon, restore, browser, 'HEAD')).status, 302);
    await daemon.advance(hours(12));
    assert.equal(await touched(who), 'machine_opened_at,machine_clicked_at');
    assert.equal(await steps(who), 'first,unopened,absent');
  });

  test('a click by a human has opened and visited', async () => {
    const { who, restore } = await with_first_mail(4);
    await daemon.advance(60);
    await look(daemon, restore);
    await daemon.advance(hours(12));
    assert.equal(await steps(who), 'first');
    assert.equal(await touched(who), 'clicked_at');
  });

  test('visited is seen at the store since that message, not what the store does by itself', async () => {
    const [visits, stays] = [await with_first_mail(5), await with_first_mail(6)];
    const later = await daemon.advance(60);
    await ok(daemon.shopify('carts/update', cart(visits.who, later)));
    await ok(daemon.shopify('customers/update', { id: stays.who.customer_id, email: stays.who.email, first_name: 'Jane', updated_at: later }));
    await daemon.advance(hours(12));
    assert.equal((await steps(visits.who)).includes('absent'), false);
    assert.equal(await steps(stays.who), 'first,unopened,absent');
  });

  test('who asks not to be tracked is not', async () => {
    const { who, pixel } = await with_first_mail(7);
    await daemon.advance(60);
    await fetch(new URL(pixel, daemon.public), { headers: { 'user-agent': browser, 'sec-gpc': '1' } });
    await daemon.advance(60);
    assert.equal(await touched(who), '');
  });

  test('the timeline knows openings and visits', () => {
    const file = `${daemon.folder}/sequence.toml`;
    const shown = (...more) => JSON.parse(spawnSync(binary, ['--output', 'json', 'sequence', 'simulate', file, ...more],
      { env: daemon.env, encoding: 'utf8' }).stdout).map((row) => `${row.step} ${row.what}`).join();
    assert.equal(shown(), 'first send,unopened send,tempted skip,absent send');
    assert.equal(shown('--opened', 'first'), 'first send,unopened skip,tempted send,absent send');
    assert.equal(shown('--visited', 'first'), 'first send,unopened send,tempted skip,absent skip');
    const refused = spawnSync(binary, ['sequence', 'simulate', file, '--opened', 'nobody'], { env: daemon.env, encoding: 'utf8' });
    assert.match(refused.stderr, /--opened: no step is named 'nobody'/);
  });
});

test('by default no mail carries a picture of ours', async () => {
  const daemon = await Daemon.start();
  try {
    const who = shopper(1), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    await daemon.advance(hours(1));
    const [message] = await daemon.messages(who.email, { include: 'content' });
    assert.doesNotMatch(message.html, /\/o\//);
  } finally {
    await daemon.destroy();
  }
});
