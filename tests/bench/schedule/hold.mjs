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

/**
 * One contender for so many minutes: rounds of `due` jobs, at least three before the transaction is opened and three after it ended, when
 * its tables are as large as at the end. Returns rates in jobs a second: { baseline, held: [one a round], after, kept, kept_of_before }, where
 * the last three rounds held are compared with those after and with those before.
 */
export async function held(bench, contender, minutes, due) {
  return bench.with_database(contender, async (database) => {
    let first = 0;
    const round = async () => {
      await bench.leave_due(contender, database, due, first);
      const { count, seconds } = await bench.ask(contender, database, 'drain', due, ...(contender.drain?.(first) ?? []));
      first += due;
      return count / seconds;
    };
    const before = [];
    await round();   // warms up
    for (let n = 0; n < 3; ++n) before.push(await round());
    const baseline = median(before), rates = [];
    const let_go = await hold_open(bench.root, bench.postgres, database);
    try {
      for (const until = performance.now() + minutes * 60_000; performance.now() < until || rates.length < 3;) {
        rates.push(await round());
        console.error(`${contender.name}: ${Math.round(rates.at(-1))}/s held, ${Math.round(baseline)}/s before`);
      }
    } finally {
      await let_go();
    }
    const later = [];
    bench.postgres.sql(database, 'vacuum');
    for (let n = 0; n < 3; ++n) later.push(await round());
    const last = median(rates.slice(-3)), after = median(later);
    return { baseline, held: rates, after, kept: last / after, kept_of_before: last / baseline };
  });
}
