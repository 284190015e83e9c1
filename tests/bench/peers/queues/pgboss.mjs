// pg-boss in batches: four loops of fetch 500 and complete.
import PgBoss from 'pg-boss';
import { batches, by_two, program } from './program.mjs';

const boss = new PgBoss({ host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE, max: 10, supervise: false, schedule: false });
boss.on('error', (failure) => { console.error(failure); process.exit(1); });
await boss.start();

await program({
  async prepare() { await boss.createQueue('step'); },
  enqueue: (count, delay, measured) => measured(() => by_two(batches(count, 5000, delay), (batch) =>
    boss.insert(batch.map(({ data, at }) => ({ name: 'step', data, startAfter: at }))))),
  async drain(count, measured) {
    let done = 0;
    await measured(() => Promise.all([1, 2, 3, 4].map(async () => {
      while (done < count) {
        const jobs = await boss.fetch('step', { batchSize: 500 });
        if (jobs.length === 0) continue;
        await boss.complete('step', jobs.map((job) => job.id));
        done += jobs.length;
      }
    })));
  },
});
