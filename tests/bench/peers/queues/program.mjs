// What every queue here is asked on its command line: prepare | enqueue COUNT DELAY_SECONDS | drain COUNT. It answers with one
// line of JSON: seconds on the clock and CPU seconds of its own.

export function* batches(count, size, delay) {
  const first_at = Date.now() + delay * 1000;
  for (let first = 0; first < count; first += size)
    yield Array.from({ length: Math.min(size, count - first) }, (_, i) => ({
      data: { enrollment: `enr_${(first + i).toString(16).padStart(16, '0')}`, step: i % 4 },
      at: delay > 0 ? new Date(first_at + first + i) : undefined,
    }));
}

/** Two connections at once, as everybody has here. */
export async function by_two(all, send) {
  const list = all[Symbol.iterator]();
  await Promise.all([1, 2].map(async () => { for (const batch of list) await send(batch); }));
}

export async function program({ prepare, enqueue, drain }) {
  const [verb, count, delay] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 0)];
  const measured = async (work) => {
    const began = performance.now(), used = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(used);
    console.log(JSON.stringify({ count, seconds: (performance.now() - began) / 1000, cpu_seconds: (user + system) / 1e6 }));
  };
  if (verb === 'prepare') await prepare();
  else if (verb === 'enqueue') await enqueue(count, delay, measured);
  else if (verb === 'drain') await drain(count, measured);
  process.exit(0);
}
