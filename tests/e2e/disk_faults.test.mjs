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

/** Postgres is frozen, then rounds of parallel requests until `enough(load)`; then a kill, and a start on a good disk. */
async function suffer(env, enough, { after = () => {} } = {}) {
  const daemon = await Daemon.start({ clock: 'real', env: { RECOUP_SPOOL__AFTER: '20ms', ...env } });
  const data = join(daemon.folder, 'data');
  const postgres = new Postgres(data);
  try {
    const segment = await daemon.new_secret('segment');
    const load = new Load(() => ({ public: daemon.public, shop: daemon.shop, segment, events: daemon.secrets.events }), { orders: 0.3 });
    await load.warm_up();
    const { database } = JSON.parse(readFileSync(join(data, 'daemon.json')));
    postgres.freeze();
    for (const deadline = performance.now() + 20_000; !enough(load);) {
      assert.ok(performance.now() < deadline, `not enough in time: ${JSON.stringify(load.answers.slice(-5))}`);
      await Promise.all(Array.from({ length: 8 }, () => load.send()));
    }
    await load.stop();
    for (const answer of load.answers) {
      assert.ok(answer.status === 200 || (answer.status === 503 && Number(answer.retry_after) > 0), JSON.stringify(answer));
      assert.ok(answer.ms < 1_000, JSON.stringify(answer));
    }
    assert.ok(await metric(daemon.admin, 'recoup_spool_write_failures_total') > 0);
    await daemon.kill();
    postgres.thaw();
    after(data);
    daemon.env = { ...daemon.env, LD_PRELOAD: '', DISK_FAULT_CALL: '', RECOUP_SPOOL__FOLDER: '' };
    await daemon.restart();
    await until(async () => (await fetch(`${daemon.admin}/readyz`)).status === 200);
    assert.equal((await daemon.events({ type: 'customer.updated', data: { customer_id: 'c' } })).status, 200);
    const { lost, twice } = await settle(database, load);
    assert.deepEqual(lost, []);
    assert.equal(twice, 0);
  } finally {
    postgres.thaw();
    await daemon.destroy();
  }
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

test('a sync of the spool fails with EIO', { skip: no_shim }, () => suffer(fault('fdatasync', 4, 1, 'EIO'), recovered));
test('a write of the spool fails with EIO', { skip: no_shim }, () => suffer(fault('write', 3, 2, 'EIO'), recovered));
test('every sync of the spool fails from the fifth on', { skip: no_shim }, () => suffer(fault('fdatasync', 5, 0, 'EIO'), given_up));

function small_disk() {
  const folder = mkdtempSync(join(tmpdir(), 'recoup-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

test('the disk of the spool is full', { skip: no_shim }, async () => {
  const disk = process.getuid() === 0 ? small_disk() : undefined;
  if (disk === undefined) return suffer(fault('write', 4, 0, 'ENOSPC'), given_up);
  try {
    await suffer({ RECOUP_SPOOL__FOLDER: join(disk, 'spool') }, given_up,
      { after: (data) => execFileSync('cp', ['-a', join(disk, 'spool'), join(data, 'spool')]) });
  } finally {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  }
});
