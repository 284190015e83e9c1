// What survives a stop and a kill -9.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon, after, hours, play_demo, sameInstant } from './harness.mjs';
import { chance } from './load.mjs';
import { checkout, order, shopper } from './store.mjs';

const kills = Number(process.env.RECOUP_KILLS ?? 8);
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const random = chance(seed);

test('a stop and a kill keep the clock, the secrets and what was accepted', async () => {
  const daemon = await Daemon.start();
  try {
    const who = shopper(1), now = await daemon.now();
    assert.equal((await daemon.shopify('checkouts/create', checkout(who, now))).status, 200);
    await daemon.advance(hours(2));
    const secrets = daemon.secrets;
    assert.equal(await daemon.stop(), 0);
    await daemon.restart();
    assert.deepEqual(daemon.secrets, secrets);
    assert.ok(sameInstant(await daemon.now(), after(now, hours(2))));

    await daemon.advance(hours(3));
    const bought = after(now, hours(5));
    assert.equal((await daemon.shopify('orders/create', order(who, bought))).status, 200);
    await daemon.kill();   // the order was answered with 200, so it must count
    await daemon.restart();
    assert.ok(sameInstant(await daemon.now(), after(now, hours(5))));
    await daemon.advance(hours(70));
    const messages = await daemon.messages(who.email);
    assert.deepEqual(messages.map((message) => message.channel), ['email', 'sms']);
  } finally {
    await daemon.destroy();
  }
});

test('a demo that is killed again and again ends with the totals of an undisturbed one', async () => {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'recoup-e2e-')));
  const story = { carts: 40, seed: 5 };
  try {
    const whole = await play_demo(folders[0], story);
    assert.equal(whole.code, 0, whole.stderr);
    assert.ok(whole.report.kept);
    assert.ok(whole.report.messages.length > 0);

    let last = {}, killed = 0;
    while (last.code !== 0) {
      const kill = killed < kills ? { at: /demo: 40 carts/, later: 50 + random() * 350 } : undefined;
      last = await play_demo(folders[1], { ...story, kill });
      assert.ok(last.code === 0 || last.signal === 'SIGKILL', last.stderr);
      killed += last.signal === 'SIGKILL' ? 1 : 0;
    }
    console.log(`# ${killed} kills (seed ${seed})`);
    assert.ok(killed >= 3);
    assert.match(last.stderr, /going on with the run that began at 2026-03-02T15:00:00Z/);
    // Also a kill between `sending` and `sent`: the message's row is the capture, and its look-up finds it.
    assert.deepEqual(last.report, whole.report);
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
});
