// Two instances on machines whose clocks are twenty minutes apart (libfaketime), neither of them right: by what the providers wrote
// down on the true clock nothing leaves early, nothing late, and nothing is lost.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { metric, pause } from './load.mjs';
import { Rush } from './shoppers.mjs';

const off = [600, -600];             // seconds that each machine is wrong by
const resolution = 50;               // ms: half of what it takes to ask the database for its time, on a busy machine

function library() {
  const folder = readdirSync('/usr/lib').map((each) => join('/usr/lib', each, 'faketime/libfaketime.so.1')).find(existsSync);
  if (!folder) throw new Error('libfaketime is missing: apt-get install faketime');
  return folder;
}

describe('instances whose clocks are ten minutes fast and ten minutes slow', () => {
  let rush;
  before(async () => { rush = await Rush.start(0, () => 0.5); });
  after(() => rush?.destroy());

  test('send nothing early and lose nothing', async () => {
    const wrong = (worker) => ({ ...rush.mail.env, LD_PRELOAD: library(), FAKETIME: `${off[worker] > 0 ? '+' : ''}${off[worker]}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1' });
    const { carts } = await rush.live_through(wrong, () => pause(5000));
    const [fast, slow] = await Promise.all(rush.fleet.workers.map(({ admin }) => metric(admin, 'recoup_clock_offset_seconds')));
    assert.ok(Math.abs(fast + 600) < 1 && Math.abs(slow - 600) < 1, `the clocks are off: ${fast}, ${slow}`);

    const planned = new Map((await rush.fleet.daemon.list('messages')).map(({ id, planned_at }) => [id, Date.parse(planned_at)]));
    const late = [rush.sms, rush.mail].flatMap(({ requests }) => requests.map(({ message, at }) => at - planned.get(message)));
    assert.equal(late.length, 3 * carts);
    console.log(`# ${late.length} requests, ${Math.min(...late).toFixed(0)} to ${Math.max(...late).toFixed(0)} ms after their time`);
    assert.ok(Math.min(...late) >= -resolution, `${Math.min(...late)} ms`);
    assert.ok(Math.max(...late) < 20_000, `${Math.max(...late)} ms`);
    for (const { admin } of rush.fleet.workers) {
      const text = await (await fetch(`${admin}/metrics`)).text();
      assert.ok(Number(/^recoup_decisions_total\{reason="ok"\} (\d+)/m.exec(text)?.[1] ?? 0) > 5, 'both decide');
    }
  });
});
