// Claim to complete and enqueue, beside the queues that others build on Postgres: the same private server with fsync on, the
// same jobs that do nothing, many more that are due in days. There and back (A-B-C-C-B-A), each time in a fresh database.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpu_seconds, run_beside } from '../ingest/processes.mjs';
import { Postgres, scratch_folder } from '../ingest/stores.mjs';
import { contenders } from './contenders.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const days = 3 * 86400;

const help = `usage: scripts/bench-schedule [--only NAMES] [--future N] [--due N] [--rounds N] [--hold] [--no-build]

  --only NAMES   of: ${contenders.map(({ name }) => name).join(', ')}
  --future N     jobs that are due in three days and lie there meanwhile (default 1000000)
  --due N        jobs that are claimed and completed (default 200000)
  --rounds N     visits of each contender (default 2)
  --hold         besides, drain while another session keeps a transaction open, so that nothing can be vacuumed`;

const number = (text, otherwise) => (text === undefined ? otherwise : Number(text));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];

class Bench {
  constructor(postgres, options) { Object.assign(this, { postgres, options }); }

  async ask(contender, database, ...words) {
    const postgres = cpu_seconds(this.postgres.pid);
    const [program, ...args] = contender.command(root);
    Object.assign(process.env, this.postgres.environment(database));   // every driver here reads PGHOST and its like
    const { code, stdout } = await run_beside(program, [...args, ...words.map(String)]);
    if (code !== 0) throw new Error(`${contender.name} ${words.join(' ')} failed`);
    const said = stdout.trim() === '' ? {} : JSON.parse(stdout.trim().split('\n').at(-1));
    return { ...said, postgres_seconds: cpu_seconds(this.postgres.pid) - postgres };
  }

  /** A session that saw the database before the drain and goes on seeing it so. */
  async holding(database, work) {
    const { default: pg } = await import(join(root, 'build/release/bench/queues/node_modules/pg/lib/index.js'));
    const client = new pg.Client({ host: this.postgres.host, user: 'bench', database });
    await client.connect();
    await client.query('begin isolation level repeatable read');
    await client.query('select count(*) from pg_class');
    try {
      return await work();
    } finally {
      await client.query('rollback');
      await client.end();
    }
  }

  async visit(contender, hold) {
    const database = this.postgres.create(`queue_${Date.now()}`);
    try {
      if (contender.prepare) contender.prepare(root, this.postgres.url(database));
      else await this.ask(contender, database, 'prepare');
      const { future, due } = this.options;
      const enqueued = future > 0 ? await this.ask(contender, database, 'enqueue', future, days) : undefined;
      await this.ask(contender, database, 'enqueue', due, 0);
      this.postgres.sql(database, 'vacuum analyze');
      this.postgres.sql(database, 'checkpoint');
      const drain = () => this.ask(contender, database, 'drain', due);
      const drained = hold ? await this.holding(database, drain) : await drain();
      return { enqueued, drained };
    } finally {
      this.postgres.drop(database);
    }
  }
}

function summary(visits) {
  const rate = (which) => { const all = visits.map((one) => one[which]).filter(Boolean); return all.length ? median(all.map((one) => one.count / one.seconds)) : NaN; };
  const cost = (which, whose) => { const all = visits.map((one) => one[which]).filter(Boolean); return all.length ? median(all.map((one) => one[whose] / one.count * 1e6)) : NaN; };
  return { enqueue: rate('enqueued'), drain: rate('drained'), own_us: cost('drained', 'cpu_seconds'), postgres_us: cost('drained', 'postgres_seconds') };
}

const shown = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

function print(rows, title) {
  console.log(`\n${title}`);
  console.log('                    enqueue/s   claim to complete/s   CPU us a job: own   Postgres');
  for (const row of rows)
    console.log(`  ${row.name.padEnd(16)} ${shown(row.enqueue).padStart(10)} ${shown(row.drain).padStart(21)} ${shown(row.own_us).padStart(19)} ${shown(row.postgres_us).padStart(10)}`);
}

function bars(rows) {
  const ours = rows.find(({ name }) => name === 'recoup');
  if (!ours) return;
  for (const { name, bar } of contenders.filter((one) => one.bar)) {
    const theirs = rows.find((row) => row.name === name);
    if (!theirs) continue;
    const ratio = ours.drain / theirs.drain;
    console.log(`  ${ratio >= bar ? 'ok  ' : 'MISS'}  ${ratio.toFixed(1)} times ${name}, asked: ${bar}`);
  }
  const best = Math.max(...rows.filter(({ name }) => name !== 'recoup').map(({ enqueue }) => enqueue).filter(Number.isFinite));
  if (best > 0) console.log(`  ${ours.enqueue / best >= 2 ? 'ok  ' : 'MISS'}  enqueues ${(ours.enqueue / best).toFixed(1)} times the best of them, asked: 2`);
}

async function rounds(bench, list, hold) {
  const visits = new Map(list.map(({ name }) => [name, []]));
  for (let round = 0; round < bench.options.rounds; round++)
    for (const contender of round % 2 === 0 ? list : [...list].reverse()) {
      const visit = await bench.visit(contender, hold);
      visits.get(contender.name).push(visit);
      console.error(`${contender.name}: ${shown(visit.drained.count / visit.drained.seconds)}/s${hold ? ' held' : ''}`);
    }
  return list.map(({ name }) => ({ name, ...summary(visits.get(name)), visits: visits.get(name) }));
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, future: { type: 'string' }, due: { type: 'string' }, rounds: { type: 'string' },
    hold: { type: 'boolean' }, help: { type: 'boolean' }, 'no-build': { type: 'boolean' } } });
  if (values.help) return console.log(help);
  const options = { future: number(values.future, 1_000_000), due: number(values.due, 200_000), rounds: number(values.rounds, 2) };
  const wanted = values.only?.split(',');
  const list = contenders.filter(({ name }) => !wanted || wanted.includes(name));
  if (list.length === 0) throw new Error(`--only names nobody; there are ${contenders.map(({ name }) => name).join(', ')}`);
  if (!values['no-build']) for (const step of new Set(list.map(({ build }) => build).filter(Boolean))) step(root);
  const postgres = await Postgres.start(scratch_folder());
  const bench = new Bench(postgres, options);
  const free = await rounds(bench, list, false);
  print(free, `${options.due} due jobs beside ${options.future} later ones`);
  bars(free);
  const result = { options, free };
  if (values.hold) {
    result.held = await rounds(bench, list, true);
    print(result.held, 'the same while a transaction is held open');
    for (const row of result.held) console.log(`  ${row.name.padEnd(16)} keeps ${(row.drain / free.find(({ name }) => name === row.name).drain * 100).toFixed(0)} % of its rate`);
  }
  mkdirSync(join(root, 'build/release/bench'), { recursive: true });
  writeFileSync(join(root, 'build/release/bench/schedule.json'), JSON.stringify(result, null, 1));
  process.exit(0);
}

try {
  await main();
} catch (failure) {
  console.error(`bench-schedule: ${failure.message}`);
  process.exitCode = 1;
}
