// Claim to complete and enqueue, beside the queues that others build on Postgres: the same private server with fsync on, jobs
// that do nothing, many more that are due in days; and our own with a decision, and with a message. There and back (A-B-C-C-B-A), each time
// in a fresh database.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpu_seconds, run_beside } from '../ingest/processes.mjs';
import { Postgres, scratch_folder } from '../ingest/stores.mjs';
import { contenders, like_theirs } from './contenders.mjs';
import { held } from './hold.mjs';
import { lateness, print_lateness } from './lateness.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const days = 3 * 86400;

const help = `usage: scripts/bench-schedule [--only NAMES] [--future N] [--due N] [--rounds N] [--hold MINUTES] [--grow N] [--lateness]
                              [--all] [--no-build]

Without more it takes about three minutes: claim to complete and enqueue, every contender, there and back.

  --only NAMES   of: ${contenders.map(({ name }) => name).join(', ')}
  --future N     jobs that are due in three days and lie there meanwhile (default 1000000)
  --due N        jobs that are claimed and completed (default 100000)
  --rounds N     visits of each contender (default 2)
  --hold MINUTES instead, contenders drain in turns, again and again, while a transaction is kept open in each one's database for so long,
                 and are compared with their own rates before and afterwards; takes some five minutes more
  --grow N       instead, recoup alone with no jobs that are due later and with N, there and back; about two minutes with 5000000
  --lateness     instead, two instances of the real binary at --rate steps a second for --seconds (default 1000 and 60), one of them
                 killed half-way; about two minutes
  --all          all of it: as above, then --hold 10, --grow 5000000 and --lateness; half an hour`;

const number = (text, otherwise) => (text === undefined ? otherwise : Number(text));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];

class Bench {
  constructor(postgres, options) { Object.assign(this, { root, postgres, options }); }

  async ask(contender, database, ...words) {
    const postgres = cpu_seconds(this.postgres.pid);
    const [program, ...args] = contender.command(root);
    Object.assign(process.env, this.postgres.environment(database));   // every driver here reads PGHOST and its like
    const { code, stdout } = await run_beside(program, [...args, ...words.map(String)]);
    if (code !== 0) throw new Error(`${contender.name} ${words.join(' ')} failed`);
    const said = stdout.trim() === '' ? {} : JSON.parse(stdout.trim().split('\n').at(-1));
    return { ...said, postgres_seconds: cpu_seconds(this.postgres.pid) - postgres };
  }

  /** In a database of its own, with the jobs that are due later in it; `work` gets its name and what enqueuing them took. */
  async with_database(contender, work, future = this.options.future) {
    const database = this.postgres.create(`queue_${Date.now()}`);
    try {
      if (contender.prepare) contender.prepare(root, this.postgres.url(database));
      else await this.ask(contender, database, 'prepare');
      const enqueued = future > 0 ? await this.ask(contender, database, 'enqueue', future, days) : undefined;
      return await work(database, enqueued);
    } finally {
      this.postgres.drop(database);
    }
  }

  /** Jobs that are due now; `first` counts those before. */
  async leave_due(contender, database, count, first = 0) {
    await this.ask(contender, database, ...(contender.due ? contender.due(count, first) : ['enqueue', count, 0]));
    this.postgres.sql(database, 'vacuum analyze');
    this.postgres.sql(database, 'checkpoint');
  }

  visit(contender, future) {
    return this.with_database(contender, async (database, enqueued) => {
      await this.leave_due(contender, database, this.options.due);
      return { enqueued, drained: await this.ask(contender, database, 'drain', this.options.due, ...(contender.drain?.(0) ?? [])) };
    }, future);
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
  const cost = (row) => row.own_us + row.postgres_us;
  for (const ours of rows.filter(({ name }) => name.startsWith('recoup')))
    for (const { name, bar } of contenders.filter((one) => one.bar)) {
      const theirs = rows.find((row) => row.name === name);
      if (!theirs) continue;
      const ratio = ours.drain / theirs.drain;
      const verdict = ours.name !== like_theirs ? '    ' : ratio >= bar ? 'ok  ' : 'MISS';
      const asked = ours.name === like_theirs ? `, asked: ${bar}` : '';
      console.log(`  ${verdict}  ${ours.name}: ${ratio.toFixed(1)} times ${name}${asked}; by CPU a job ${(cost(theirs) / cost(ours)).toFixed(1)} times`);
    }
  const ours = rows.find(({ name }) => name === 'recoup');
  if (!ours) return;
  const best = Math.max(...rows.filter(({ name }) => !name.startsWith('recoup')).map(({ enqueue }) => enqueue).filter(Number.isFinite));
  if (best > 0) console.log(`  ${ours.enqueue / best >= 2 ? 'ok  ' : 'MISS'}  enqueues ${(ours.enqueue / best).toFixed(1)} times the best of them, asked: 2`);
}

async function side_by_side(bench, list) {
  const visits = new Map(list.map(({ name }) => [name, []]));
  for (let round = 0; round < bench.options.rounds; round++)
    for (const contender of round % 2 === 0 ? list : [...list].reverse()) {
      const visit = await bench.visit(contender);
      visits.get(contender.name).push(visit);
      console.error(`${contender.name}: ${shown(visit.drained.count / visit.drained.seconds)}/s`);
    }
  const rows = list.map(({ name }) => ({ name, ...summary(visits.get(name)), visits: visits.get(name) }));
  print(rows, `${bench.options.due} due jobs beside ${bench.options.future} later ones`);
  bars(rows);
  return rows;
}

async function while_held(bench, list, minutes) {
  const rows = await held(bench, list, minutes, Math.min(bench.options.due, 50_000));
  console.log(`\nwhile a transaction is held open for ${minutes} minutes: ${rows[0].held.length} rounds each`);
  for (const { name, baseline, held: rates, after, kept, kept_of_before } of rows)
    console.log(`  ${name.padEnd(16)} ${shown(baseline).padStart(8)}/s before, ${shown(rates[0]).padStart(8)}/s at first, ${shown(rates.at(-1)).padStart(8)}/s at the end, ` +
      `${shown(after)}/s afterwards: keeps ${(kept * 100).toFixed(0)} %, of the smaller tables' rate before ${(kept_of_before * 100).toFixed(0)} %`);
  for (const ours of rows.filter(({ name }) => name.startsWith('recoup')))
    console.log(`  ${ours.kept >= 0.9 && ours.kept_of_before >= 0.9 ? 'ok  ' : 'MISS'}  ${ours.name} keeps 90 % of both`);
  return rows;
}

async function growing(bench, most) {
  const ours = contenders.find(({ name }) => name === 'recoup'), visits = { none: [], most: [] };
  for (const which of ['none', 'most', 'most', 'none']) {
    visits[which].push(await bench.visit(ours, which === 'none' ? 0 : most));
    console.error(`${which === 'none' ? 0 : most} later: ${shown(visits[which].at(-1).drained.count / visits[which].at(-1).drained.seconds)}/s`);
  }
  const [none, many] = [summary(visits.none), summary(visits.most)];
  print([{ name: 'none', ...none }, { name: String(most), ...many }], `recoup, ${bench.options.due} due jobs, by how many later ones`);
  const [rate, cost] = [many.drain / none.drain, (many.own_us + many.postgres_us) / (none.own_us + none.postgres_us)];
  console.log(`  ${rate >= 0.9 ? 'ok  ' : 'MISS'}  keeps ${(rate * 100).toFixed(0)} % of its rate, asked: 90; by CPU a job ${(100 / cost).toFixed(0)} %`);
  return visits;
}

async function main() {
  const text = { type: 'string' }, flag = { type: 'boolean' };
  const { values } = parseArgs({ options: { only: text, future: text, due: text, rounds: text, hold: text, grow: text, rate: text, seconds: text,
    lateness: flag, all: flag, help: flag, 'no-build': flag } });
  if (values.help) return console.log(help);
  const options = { future: number(values.future, 1_000_000), due: number(values.due, 100_000), rounds: number(values.rounds, 2) };
  const load = { rate: number(values.rate, 1000), seconds: number(values.seconds, 60), future: options.future };
  const wanted = values.only?.split(',');
  const list = contenders.filter(({ name }) => !wanted || wanted.includes(name));
  if (list.length === 0) throw new Error(`--only names nobody; there are ${contenders.map(({ name }) => name).join(', ')}`);
  if (!values['no-build']) for (const step of new Set(list.map(({ build }) => build).filter(Boolean))) step(root);
  const bench = new Bench(await Postgres.start(scratch_folder(), { more: ['track_commit_timestamp=on'] }), options), result = { options };
  const alone = !values.all && [values.hold, values.grow, values.lateness].some((one) => one !== undefined);
  if (!alone) result.free = await side_by_side(bench, list);
  if (values.hold || values.all) result.held = await while_held(bench, list, number(values.hold, 10));
  if (values.grow || values.all) result.grown = await growing(bench, number(values.grow, 5_000_000));
  if (values.lateness || values.all) print_lateness(result.late = await lateness(root, bench.postgres, load), load);
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
