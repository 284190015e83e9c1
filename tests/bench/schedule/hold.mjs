// The same work again and again while another session keeps a transaction open, so that Postgres can clean up nothing.

import { join } from 'node:path';

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];

/** A session that sees the database as it is now, until the returned function is called. */
async function hold_open(root, postgres, database) {
  const { default: pg } = await import(join(root, 'build/release/bench/queues/node_modules/pg/lib/index.js'));
  const client = new pg.Client({ host: postgres.host, user: 'bench', database });
  await client.connect();
  await client.query('begin isolation level repeatable read');
  await client.query('select count(*) from pg_class');
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

/** A contender in its database: `rates` of its rounds of `due` jobs, in jobs a second. */
class Worker {
  constructor(bench, contender, database, due) { Object.assign(this, { bench, contender, database, due, first: 0, rates: [] }); }

  get name() { return this.contender.name; }

  async round() {
    const { bench, contender, database, due, first } = this;
    await bench.leave_due(contender, database, due, first);
    const { count, seconds } = await bench.ask(contender, database, 'drain', due, ...(contender.drain?.(first) ?? []));
    this.first += due;
    this.rates.push(count / seconds);
    console.error(`${this.name}: ${Math.round(this.rates.at(-1))}/s`);
  }

  /** The rates since this was asked the last time. */
  take() { return this.rates.splice(0); }
}

/** Each contender in a database of its own, all of which are there at once. */
function with_workers(bench, list, due, work, workers = []) {
  if (workers.length === list.length) return work(workers);
  const contender = list[workers.length];
  return bench.with_database(contender, (database) => with_workers(bench, list, due, work, [...workers, new Worker(bench, contender, database, due)]));
}

async function in_turns(workers, rounds) {
  for (let n = 0; n < rounds; ++n)
    for (const worker of n % 2 === 0 ? workers : [...workers].reverse()) await worker.round();
}

/**
 * Contenders in turns for so many minutes: rounds of `due` jobs, three before a transaction is opened in each database and three after it
 * ended, when the tables are as large as at the end. Returns of each its rates in jobs a second: { name, baseline, held: [one a round], after,
 * kept, kept_of_before }, where the last three rounds held are compared with those after and with those before.
 */
export function held(bench, list, minutes, due) {
  return with_workers(bench, list, due, async (workers) => {
    await in_turns(workers, 1);   // warms up
    workers.forEach((worker) => worker.take());
    await in_turns(workers, 3);
    const before = workers.map((worker) => worker.take());
    const let_go = [];
    try {
      for (const { database } of workers) let_go.push(await hold_open(bench.root, bench.postgres, database));
      for (const until = performance.now() + minutes * 60_000; performance.now() < until || workers[0].rates.length < 3;) await in_turns(workers, 1);
    } finally {
      for (const one of let_go) await one();
    }
    const during = workers.map((worker) => worker.take());
    for (const { database } of workers) bench.postgres.sql(database, 'vacuum');
    await in_turns(workers, 3);
    return workers.map((worker, at) => {
      const baseline = median(before[at]), last = median(during[at].slice(-3)), after = median(worker.take());
      return { name: worker.name, baseline, held: during[at], after, kept: last / after, kept_of_before: last / baseline };
    });
  });
}
