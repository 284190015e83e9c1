// Folding: how fast a track instance of its own gets from an acknowledged log to people and carts in Postgres.

import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { recoup_database, start_recoup } from './contenders.mjs';
import { load } from './load.mjs';
import { cpu_seconds } from './processes.mjs';

const shoppers = 5000;

async function fill(world, database, requests, first) {
  const door = await start_recoup(world, { roles: 'ingest', database });
  const run = await load(world, door, { connections: 200, warm_up: 0, requests, shoppers, first });
  await door.stop();
  return run;
}

/** The log is folded when the offset that comes next is the one that was to be written next. */
async function fold(world, database) {
  const waiting = 'select (select next_offset from log_head) - coalesce((select max(next_offset) from tracked_position), 0)';
  const written = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
  const session = world.postgres.session(database);
  const number = async (text) => Number(await session.ask(text));
  world.postgres.sql(database, 'vacuum analyze');
  world.postgres.sql(database, 'checkpoint');
  const events = await number(waiting), bytes = await number(written);
  const postgres = cpu_seconds(world.postgres.pid), began = performance.now();
  const tracker = await start_recoup(world, { roles: 'track', database });
  while (await number(waiting) > 0) await sleep(50);
  const seconds = (performance.now() - began) / 1000 - 0.5;   // less the half second that launch() waits
  const daemon = cpu_seconds(tracker.pid);
  const done = { events, rate: events / seconds, daemon_us: daemon / events * 1e6,
    postgres_us: (cpu_seconds(world.postgres.pid) - postgres) / events * 1e6,
    wal_bytes: (await number(written) - bytes) / events };
  session.end();
  await tracker.stop();
  return done;
}

export async function run_track(world, list, options) {
  const database = recoup_database(world);
  console.log('\ntrack: an instance of its own, catching up on the Postgres log; CPU in microseconds an event');
  console.log('                                  events   events/s   daemon  Postgres   events a core-second   WAL/event');
  const rows = [];
  for (const [what, count] of [['every event a new shopper', shoppers], ['the same shoppers again', options.track]]) {
    await fill(world, database, count, 0);
    const row = { what, ...await fold(world, database) };
    rows.push(row);
    const a_core = 1e6 / (row.daemon_us + row.postgres_us);
    console.log(`  ${what.padEnd(30)} ${String(row.events).padStart(8)} ${row.rate.toFixed(0).padStart(10)} ${row.daemon_us.toFixed(0).padStart(8)} ` +
      `${row.postgres_us.toFixed(0).padStart(9)} ${a_core.toFixed(0).padStart(22)} ${row.wal_bytes.toFixed(0).padStart(9)} B`);
  }
  world.postgres.drop(database);
  writeFileSync(options.json.replace(/\.json$/, '') + '.track.json', JSON.stringify(rows, null, 1));
}
