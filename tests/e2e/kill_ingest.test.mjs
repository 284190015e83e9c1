// kill -9 at random moments under load, also of Postgres: what was answered 2xx is in the state, once. The long run:
//
//   RECOUP_KILLS=200 node --test tests/e2e/kill_ingest.test.mjs
//
// RECOUP_SEED=n plays one again.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon, binary } from './harness.mjs';
import { Load, chance, pause, settle, until } from './load.mjs';
import { Postgres, answers, free_port } from './servers.mjs';

const kills = Number(process.env.RECOUP_KILLS ?? 20);
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const rate = 120;

async function start(port) {
  const daemon = await Daemon.start({ clock: 'real', address: `127.0.0.1:${port}`, env: { RECOUP_SPOOL__AFTER: '50ms' } });
  const data = join(daemon.folder, 'data');
  const segment = await daemon.new_secret('segment');
  const random = chance(seed);
  const load = new Load(() => ({ public: `http://127.0.0.1:${port}`, shop: daemon.shop, segment, events: daemon.secrets.events }),
    { retries: 100, random });
  await load.warm_up();
  return { daemon, data, load, random, postgres: new Postgres(data), state: JSON.parse(readFileSync(join(data, 'daemon.json'))) };
}

async function judge({ load, data }, database) {
  await load.stop();
  const good = load.count((status) => status === 200), none = load.count((status) => status === 0);
  console.log(`# seed ${seed}: ${good} acknowledged, ${none} without an answer, ${load.answers.length - good - none} refused`);
  assert.ok(good > kills * 5, 'there was load');
  assert.ok(none > 0, 'the kills were noticed');
  assert.equal(load.count((status) => status !== 200 && status !== 503 && status !== 0), 0);
  const { lost, twice } = await settle(database, load);
  assert.deepEqual(lost, [], `seed ${seed}`);
  assert.equal(twice, 0, `seed ${seed}`);
  assert.ok(readFileSync(join(data, 'spool', 'position')).length > 0, 'the spool was used');
}

test(`the daemon is killed, and Postgres stopped at once, under load (seed ${seed})`, async () => {
  const world = await start(await free_port());
  const { daemon, postgres, load, random } = world;
  try {
    load.start(rate);
    for (let kill = 0; kill < kills / 2; ++kill) {
      await pause(100 + random() * 400);
      const both = random() < 0.4;
      if (both) {
        await postgres.stop_immediately();
        await pause(random() * 300);   // events go to the spool
      }
      await daemon.kill();
      await daemon.restart();
    }
    await pause(300);
    await judge(world, JSON.parse(readFileSync(join(world.data, 'daemon.json'))).database);   // Postgres may have moved
  } finally {
    await load.stop();
    await daemon.destroy();
  }
});

class Process {
  constructor(roles, env) {
    Object.assign(this, { roles, env, stderr: '' });
  }

  start() {
    this.process = spawn(binary, ['serve', '--roles', this.roles], { env: this.env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.process.stderr.on('data', (bytes) => { this.stderr += bytes; });
    this.exited = once(this.process, 'exit');
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}

test(`separate ingest and track processes are killed, and Postgres stopped at once, under load (seed ${seed})`, async () => {
  const port = await free_port();
  const world = await start(port);
  const { daemon, postgres, load, random, state } = world;
  const env = async (more) => ({ ...daemon.env, RECOUP_DATABASE__URL: state.database, RECOUP_ADMIN__TOKEN: state.admin_token,
    RECOUP_PUBLIC__ADDRESS: `127.0.0.1:${port}`, RECOUP_ADMIN__ADDRESS: `127.0.0.1:${await free_port()}`, ...more });
  const ingest = new Process('ingest', await env({ RECOUP_SPOOL__FOLDER: join(world.data, 'spool') }));
  const track = new Process('track,deliver,api', await env({}));
  try {
    await daemon.kill();   // its Postgres stays
    ingest.start();
    track.start();
    await until(() => answers(port));
    load.start(rate);
    for (let kill = 0; kill < kills / 2; ++kill) {
      await pause(100 + random() * 400);
      const victim = random() < 0.6 ? ingest : track;
      const without_postgres = random() < 0.3;
      if (without_postgres) {
        await postgres.stop_immediately();
        await pause(random() * 300);
      }
      await victim.kill();
      if (without_postgres) await postgres.start();
      victim.start();
      await until(() => answers(port));
    }
    await pause(300);
    await judge(world, state.database);
  } finally {
    await load.stop();
    for (const each of [ingest, track]) if (each.process) await each.kill();
    await daemon.destroy();
  }
});
