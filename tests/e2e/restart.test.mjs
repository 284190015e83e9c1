// What survives a stop and a kill -9.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon, after, hours, play_demo, sameInstant } from './harness.mjs';
import { checkout, order, shopper } from './store.mjs';

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

    // Once in the first deliveries, then twice as soon as another night of the story has passed.
    for (const kill of [{ at: /demo: 40 carts/, later: 200 }, { at: /demo: 2026-/, later: 0 }, { at: /demo: 2026-/, later: 5 }]) {
      const cut = await play_demo(folders[1], { ...story, kill });
      assert.equal(cut.signal, 'SIGKILL', cut.stderr);
    }
    const last = await play_demo(folders[1], story);
    assert.equal(last.code, 0, last.stderr);
    assert.match(last.stderr, /going on with the run that began at 2026-03-02T15:00:00Z/);
    // A kill between `sending` and `sent` leaves a message unknown; when its lease has ended its step is decided again, and by
    // then there may be a reason for silence. So each kill may cost one message, and never adds one.
    const counted = ({ messages }) => new Map(messages.map(({ channel, step, count }) => [`${channel} ${step}`, count]));
    const [all, some] = [whole, last].map(({ report }) => counted(report));
    const missing = [...all].map(([what, count]) => count - (some.get(what) ?? 0));
    assert.ok(missing.every((count) => count >= 0), 'nothing was sent twice');
    assert.ok([...some.keys()].every((what) => all.has(what)));
    assert.ok(missing.reduce((sum, count) => sum + count, 0) <= 3);
    assert.deepEqual({ ...last.report, messages: [] }, { ...whole.report, messages: [] });
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
});
