// Two instances on the real clock: they share the work without a leader, and take over from one that was killed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { eventually } from './harness.mjs';
import { pause } from './load.mjs';
import { Rush, Shoppers } from './shoppers.mjs';

const free_within = 30_000;

describe('instances', () => {
  let rush, held, killed;
  before(async () => { rush = await Rush.start(0, () => 0.5, {}); });
  after(() => rush?.destroy());

  async function statuses() {
    return new Map((await rush.fleet.daemon.list('messages')).map(({ id, status }) => [id, status]));
  }

  /** An instance that waits for answers when it is killed. */
  before(async () => {
    const { fleet, sms, mail } = rush;
    sms.silent = true;
    await fleet.employ(1, mail.env);
    const shoppers = new Shoppers(fleet.daemon);
    shoppers.start(400);
    await pause(50);
    await shoppers.stop();
    await eventually(() => sms.requests.length > 0);
    await fleet.workers[0].kill();
    killed = Date.now();
    sms.silent = false;
    rush.people = shoppers.people;
    held = [...await statuses()].filter(([, status]) => status === 'sending').map(([id]) => id);
    assert.ok(held.length > 0);
  });

  test('both decide, and nothing is sent twice', async () => {
    await rush.live_through(rush.mail.env, () => pause(1500));
    for (const { admin } of rush.fleet.workers) {
      const text = await (await fetch(`${admin}/metrics`)).text();
      const [, count] = /^recoup_decisions_total\{reason="ok"\} (\d+)/m.exec(text) ?? [0, 0];
      console.log(`# ${admin} decided ${count}`);
      assert.ok(Number(count) > 5);
    }
  });

  test('what a killed one held is free within 30 seconds', async () => {
    await eventually(async () => {
      const now = await statuses();
      return held.every((id) => now.get(id) !== 'sending');
    }, free_within);
    assert.ok(Date.now() - killed < free_within, `${Date.now() - killed} ms`);
    const now = await statuses();
    assert.deepEqual(held.filter((id) => now.get(id) !== 'unknown'), []);
  });
});
