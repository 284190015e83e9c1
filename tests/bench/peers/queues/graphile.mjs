// graphile-worker as its performance page advises: a local queue of 500 and batched completion.
import { makeWorkerUtils, run } from 'graphile-worker';
import { batches, by_two, program } from './program.mjs';

const preset = {
  worker: { maxPoolSize: 10, pollInterval: 2000, concurrentJobs: 24, preparedStatements: true,
    localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
};

await program({
  async prepare() {
    const utils = await makeWorkerUtils({ preset });
    await utils.migrate();
    await utils.release();
  },
  async enqueue(count, delay, measured) {
    const utils = await makeWorkerUtils({ preset });
    await measured(() => by_two(batches(count, 5000, delay), (batch) =>
      utils.addJobs(batch.map(({ data, at }) => ({ identifier: 'step', payload: data, runAt: at })))));
    await utils.release();
  },
  async drain(count, measured) {
    let done = 0, over;
    const all = new Promise((resolve) => { over = resolve; });
    const quiet = new (await import('graphile-worker')).Logger(() => () => {});
    await measured(async () => {
      const runner = await run({ preset: { worker: { ...preset.worker, logger: quiet } }, noHandleSignals: true,
        taskList: { step: () => { if (++done === count) over(); } } });
      await all;
      await runner.stop();   // what was worked is completed
    });
  },
});
