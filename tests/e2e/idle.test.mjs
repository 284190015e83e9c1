// A daemon with a hundred thousand steps to come: what it costs while nothing is due, and how soon it is there when something is.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Daemon, eventually } from './harness.mjs';
import { pause, query } from './load.mjs';
import { hurried } from './serve.mjs';
import { Postgres } from './servers.mjs';
import { checkout, shopper } from './store.mjs';

const steps = 100_000, seconds = Number(process.env.RECOUP_IDLE_SECONDS ?? 10);

const future = `
  insert into enrollment (shop_id, enrollment_id, person_id, trigger, sequence, sequence_version, arm, status, reason, anchor_at, opened_at, last_due_at)
  select 'demo', 'later' || n, 'later' || n, 'cart', 'cart', 1, 'treated', 'active', 'idle', now(), now(), now() + interval '72 hours'
    from generate_series(1, ${steps / 4}) n;
  select step_partition(current_date + d) from generate_series(0, 4) d;
  insert into step (shop_id, enrollment_id, plan, step, channel, planned_at, due_at)
  select 'demo', 'later' || n, 1, s, 'email', now() + interval '1 hour' * (1 + s * 20) + n * interval '100 ms', now() + interval '1 hour' * (1 + s * 20) + n * interval '100 ms'
    from generate_series(1, ${steps / 4}) n, generate_series(0, 3) s;
  analyze;`;

const stat = (pid) => { const text = readFileSync(`/proc/${pid}/stat`, 'utf8'); return text.slice(text.lastIndexOf(')') + 2).split(' '); };

/** What a process and its living children have used, in seconds. */
function cpu_seconds(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return stat(pid).slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100 + children.reduce((sum, child) => sum + cpu_seconds(child), 0);
}

const own_seconds = (pid) => stat(pid).slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
const resident_mb = (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

describe(`with ${steps} steps to come`, () => {
  let daemon, postgres, folder;

  async function start(env) {
    daemon = await Daemon.start({ clock: 'real', env });
    const data = join(daemon.folder, 'data');
    postgres = new Postgres(data);
    await query(JSON.parse(readFileSync(join(data, 'daemon.json'))).database, future);
  }
  before(() => { folder = mkdtempSync(join(tmpdir(), 'recoup-sequences-')); });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('a daemon that has nothing to do takes under 1 % of a core and 60 MB', async () => {
    await start({});
    try {
      await pause(3000);   // the start is over
      const { pid } = daemon.process, [own, theirs] = [own_seconds(pid), cpu_seconds(postgres.pid)];
      await pause(seconds * 1000);
      const share = (own_seconds(pid) - own) / seconds, database = (cpu_seconds(postgres.pid) - theirs) / seconds;
      console.log(`# idle: ${(share * 100).toFixed(2)} % of a core, ${resident_mb(pid).toFixed(0)} MB; its Postgres ${(database * 100).toFixed(2)} %`);
      assert.ok(share < 0.01, `${share * 100} %`);
      assert.ok(resident_mb(pid) < 60, `${resident_mb(pid)} MB`);
    } finally {
      await daemon.destroy();
    }
  });

  test('it wakes for one that is nearer, however long it meant to sleep', async () => {
    await start({ ...hurried(folder, [[1, 'email']]), RECOUP_SCHEDULE__POLL: '5m' });
    try {
      await pause(1500);   // it sleeps
      const who = shopper(1), now = new Date();
      assert.equal((await daemon.shopify('checkouts/update', checkout(who, now.toISOString()))).status, 200);
      await eventually(async () => (await daemon.messages(who.email)).length > 0);
      const [message] = await daemon.messages(who.email);
      const late = Date.parse(message.sent_at) - Date.parse(message.planned_at);
      console.log(`# due ${Date.parse(message.planned_at) - now} ms after its event, sent ${late} ms after that`);
      assert.ok(late < 500, `${late} ms`);
    } finally {
      await daemon.destroy();
    }
  });
});
