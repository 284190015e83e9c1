// The event log is away and the spool's disk fails: what is answered 2xx is there after a restart, all else is 503.
// The disk is made to fail by a preloaded library; with root, a full disk is a small tmpfs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { Daemon, binary } from './harness.mjs';
import { Load, metric, settle, until } from './load.mjs';
import { Postgres } from './servers.mjs';

const shim = join(dirname(binary), 'tests', 'librecoup_disk_faults.so');
const no_shim = !existsSync(shim) && `${shim} is missing`;

/** On a disk with faults: Postgres is frozen, requests come until `enough(load)`, the daemon is killed; on a good disk: it starts
    and knows what it acknowledged. `mend` runs between the two. */
async function suffer(world, env, enough, mend = () => {}) {
  const { daemon, postgres, database, load } = world;
  const healthy = daemon.env;
  await daemon.kill();
  daemon.env = { ...healthy, ...env };
  await daemon.restart();
  load.answers = [];
  postgres.freeze();
  try {
    for (const deadline = performance.now() + 20_000; !enough(load);) {
      assert.ok(performance.now() < deadline, `not enough in time: ${JSON.stringify(load.answers.slice(-5))}`);
      await Promise.all(Array.from({ length: 8 }, () => load.send()));
    }
    assert.ok(await metric(daemon.admin, 'recoup_spool_write_failures_total') > 0);
    await daemon.kill();
  } finally {
    postgres.thaw();
  }
  for (const answer of load.answers) {
    assert.ok(answer.status === 200 || (answer.status === 503 && Number(answer.retry_after) > 0), JSON.stringify(answer));
    assert.ok(answer.ms < 1_000, JSON.stringify(answer));
  }
  mend();
  daemon.env = healthy;
  await daemon.restart();
  await until(async () => (await fetch(`${daemon.admin}/readyz`)).status === 200);
  assert.equal((await load.send()).status, 200);
  const { lost, twice } = await settle(database, load);
  assert.deepEqual(lost, []);
  assert.equal(twice, 0);
}

const fault = (call, at, count, code) => ({ LD_PRELOAD: shim, DISK_FAULT_CALL: call, DISK_FAULT_AT: String(at),
  DISK_FAULT_COUNT: String(count), DISK_FAULT_ERRNO: code });

/** Acknowledged before the fault, refused by it, and acknowledged again afterwards. */
function recovered({ answers }) {
  const first_fault = answers.findIndex((answer) => answer.status === 503);
  return first_fault > 0 && answers.findLastIndex((answer) => answer.status === 200) > first_fault;
}

/** Nothing goes any more. */
function given_up({ answers }) {
  return answers.length > 40 && answers.slice(-24).every((answer) => answer.status === 503);
}

/** Undefined where nobody may mount one. */
function small_disk() {
  if (process.getuid() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'recoup-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

async function fill_up(world) {
  const disk = small_disk();
  if (disk === undefined) return suffer(world, fault('write', 4, 0, 'ENOSPC'), given_up);
  const spool = join(world.data, 'spool');
  try {
    await suffer(world, { RECOUP_SPOOL__FOLDER: join(disk, 'spool') }, given_up, () => {
      rmSync(spool, { recursive: true });
      execFileSync('cp', ['-a', join(disk, 'spool'), spool]);
    });
  } finally {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  }
}

test('no event is lost and none is acknowledged in vain when', { skip: no_shim }, async (t) => {
  const daemon = await Daemon.start({ clock: 'real', env: { RECOUP_SPOOL__AFTER: '20ms' } });
  const data = join(daemon.folder, 'data');
  const segment = await daemon.new_secret('segment');
  const load = new Load(() => ({ public: daemon.public, shop: daemon.shop, segment, events: daemon.secrets.events }), { orders: 0.3 });
  const { database } = JSON.parse(readFileSync(join(data, 'daemon.json')));
  const world = { daemon, data, load, database, postgres: new Postgres(data) };
  try {
    await load.warm_up();
    await t.test('a sync of the spool fails with EIO', () => suffer(world, fault('fdatasync', 4, 1, 'EIO'), recovered));
    await t.test('two writes fail with EIO', () => suffer(world, fault('write', 3, 2, 'EIO'), recovered));
    await t.test('every sync fails from the fifth on', () => suffer(world, fault('fdatasync', 5, 0, 'EIO'), given_up));
    await t.test('the disk is full', () => fill_up(world));
  } finally {
    await load.stop();
    await daemon.destroy();
  }
});
