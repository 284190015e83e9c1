// A sequence with a branch, applied to a running daemon: who clicks the first mail goes another way than who does not.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, binary, hours } from './harness.mjs';
import { checkout, order, shopper } from './store.mjs';

const step = (name, delay, channel, more = '') => `
[[step]]
name = "${name}"
delay = "${delay}"
channel = "${channel}"
template = "cart_reminder_${channel}"
useful_for = "20h"
${more}
`;
const branching = `name = "branching"
trigger = "cart"
${step('first', '1h', 'email')}${step('nudge', '4h', 'sms', 'when = "not first.clicked"')}${step('thanks', '5h', 'email', 'when = "first.clicked"')}
${step('rich', '30h', 'email', 'when = ["cart.value >= 1000000"]')}`;

describe('a sequence with conditions', () => {
  let daemon, file;
  const verb = (...args) => spawnSync(binary, args, { env: daemon.env, encoding: 'utf8' });
  const data = () => ['--data', join(daemon.folder, 'data')];
  before(async () => {
    daemon = await Daemon.start();
    file = join(daemon.folder, 'branching.toml');
  });
  afterAll(() => daemon?.destroy());

  test('is refused with line and mend when it makes no sense', () => {
    writeFileSync(file, branching.replace('not first.clicked', 'not frist.clicked'));
    const refused = verb('sequence', 'apply', file, ...data());
    assert.equal(refused.status, 78);
    assert.match(refused.stderr, /branching\.toml:\d+: condition 'not frist\.clicked': no earlier step is named 'frist'/);
  });

  test('shows what it would do', () => {
    writeFileSync(file, branching);
    const shown = (...more) => JSON.parse(verb('--output', 'json', 'sequence', 'simulate', file, ...more).stdout)
      .map((row) => `${row.step} ${row.what}`);
    assert.deepEqual(shown(), ['first send', 'nudge send', 'thanks skip', 'rich skip']);
    assert.deepEqual(shown('--clicked', 'first', '--value', '1000000'), ['first send', 'nudge skip', 'thanks send', 'rich send']);
  });

  test('leads those who click another way', async () => {
    assert.equal(verb('sequence', 'apply', file, ...data()).status, 0);
    const [clicks, waits, buys] = [1, 2, 3].map(shopper), now = await daemon.now();
    for (const who of [clicks, waits, buys]) assert.equal((await daemon.shopify('checkouts/create', checkout(who, now))).status, 200);
    const later = await daemon.advance(hours(2));
    const [message] = await daemon.messages(clicks.email, { include: 'content' });
    const link = new URL(/https?:\/\/[^\s]+(\/r\/[^\s]+)/.exec(message.text)[1], daemon.public);
    assert.equal((await fetch(link, { redirect: 'manual' })).status, 302);
    assert.equal((await daemon.shopify('orders/create', order(buys, later))).status, 200);
    await daemon.advance(hours(40));
    const steps = async (who) => (await daemon.messages(who.email)).map((one) => `${one.channel}`).join();
    assert.equal(await steps(clicks), 'email,email');
    assert.equal(await steps(waits), 'email,sms');
    assert.equal(await steps(buys), 'email');
    const told = (await daemon.list('decisions', { email: waits.email })).map((one) => one.reason);
    assert.equal(told.filter((reason) => reason === 'condition').length, 2);
  });
});
