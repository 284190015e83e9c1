// kill -9 at random moments under load, also of Postgres: what was answered 2xx is in the state, once. The long run:
//
//   RECOUP_KILLS=200 node --test tests/e2e/kill_ingest.test.mjs
//
// RECOUP_SEED=n plays one again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon } from './harness.mjs';
import { Load, chance, pause, settle, until } from './load.mjs';
import { Serve } from './serve.mjs';
import { Postgres, answers, free_port } from './servers.mjs';

const kills = Number(process.env.RECOUP_KILLS ?? 20);
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const rate = 120;

function new_load(world) {
  const { daemon, segment, port } = world;
  return new Load(() => ({ public: `http://127.0.0.1:${port}`, shop: daemon.shop, segment, events: daemon.secrets.events }),
    { retries: 100, random: world.random });
}

async function start() {
  const world = { port: await free_port(), random: chance(seed) };
  world.daemon = await Daemon.start({ clock: 'real', address: `127.0.0.1:${world.port}`, env: { RECOUP_SPOOL__AFTER: '50ms' } });
  world.data = join(world.daemon.folder, 'data');
  world.postgres = new Postgres(world.data);
  world.segment = await world.daemon.new_secret('segment');
  await new_load(world).warm_up();
  return world;
}

const state_of = ({ data }) => JSON.parse(readFileSync(join(data, 'daemon.json')));

async function judge({ data }, load, database) {
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

async function kill_daemon(world) {
  const { daemon, postgres, random } = world;
  const load = new_load(world);
  try {
    load.start(rate);
    for (let kill = 0; kill < kills * 0.3; ++kill) {
      await pause(100 + random() * 400);
      if (random() < 0.4) {
        await postgres.stop_immediately();
        await pause(random() * 300);   // events go to the spool
      }
      await daemon.kill();
      await daemon.restart();
    }
    await pause(300);
    await judge(world, load, state_of(world).database);   // Postgres may have moved
  } finally {
    await load.stop();
  }
}

async function kill_processes(world) {
  const { daemon, postgres, random, port } = world;
  const state = state_of(world);
  const env = async (more) => ({ ...daemon.env, RECOUP_DATABASE__URL: state.database, RECOUP_ADMIN__TOKEN: state.admin_token,
    RECOUP_PUBLIC__ADDRESS: `127.0.0.1:${port}`, RECOUP_ADMIN__ADDRESS: `127.0.0.1:${await free_port()}`, ...more });
  const ingest = new Serve('ingest', await env({ RECOUP_SPOOL__FOLDER: join(world.data, 'spool') }));
  const track = new Serve('track,deliver,api', await env({}));
  const load = new_load(world);
  try {
    await daemon.kill();   // its Postgres stays
    ingest.start();
    track.start();
    await until(() => answers(port));
    load.start(rate);
    for (let kill = 0; kill < kills * 0.7; ++kill) {
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
      await until(() => answers(port)).catch((failure) => { throw new Error(`${failure.message}\n${ingest.stderr.slice(-2000)}`); });
    }
    await pause(300);
    await judge(world, load, state.database);
  } finally {
    await load.stop();
    for (const each of [ingest, track]) await each.kill();
  }
}

test(`under load, with Postgres stopped at once now and then (seed ${seed}), killing loses and doubles nothing:`, async (t) => {
  const world = await start();
  try {
    await t.test('the daemon', () => kill_daemon(world));
    await t.test('separate ingest and track processes', () => kill_processes(world));
  } finally {
    await world.daemon.destroy();
  }
});
