// One run of the load generator against one server.

import { join } from 'node:path';
import { run, run_beside } from './processes.mjs';

/** Options of bench_ingest by name; `watch` maps names to process ids. */
export async function load(world, server, { path = '/webhooks/demo/shopify', shop = 'demo', watch = {}, ...options }) {
  const args = ['--port', server.port, '--secret', server.secret, '--path', path, '--domain', `${shop}.myshopify.com`];
  for (const [name, value] of Object.entries(options)) args.push(`--${name.replaceAll('_', '-')}`, value);
  const watched = { contender: server.pid, ...stores(world), ...watch };
  for (const [name, pid] of Object.entries(watched)) args.push('--watch', `${name}=${pid}`);
  const loader = join(world.root, 'build/release/tests/bench_ingest');
  const { code, stdout } = await run_beside(loader, args.map(String), { cpu: world.other_cpu });
  if (code !== 0) throw new Error(`nothing was accepted: ${stdout.slice(0, 500)}`);
  return { load_average: Number(run('cut', ['-d', ' ', '-f1', '/proc/loadavg'])), ...JSON.parse(stdout) };
}

function stores(world) {
  return { ...(world.postgres ? { postgres: world.postgres.pid } : {}), ...(world.kafka ? { kafka: world.kafka.pid } : {}) };
}

/** Another hand's opinion on the rate of the floor. Undefined when wrk is not installed. */
export function wrk(server, seconds, connections) {
  try {
    run('sh', ['-c', 'command -v wrk']);
  } catch {
    return undefined;
  }
  const text = run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', new URL('post.lua', import.meta.url).pathname,
    `http://127.0.0.1:${server.port}/webhooks/demo/shopify`]);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
}
