// One shop at ten times its quota beside another at half of its own: the p99 of the other with and without it.
//   node tests/bench/door/fairness.mjs [seconds]
// Open loop: a request is due at its own time and its latency counts from then, whatever the ones before it do. The greedy
// shop's load comes from a process of its own, so that it does not slow the measuring one down more than it must.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

import { Daemon, eventually } from '../../e2e/harness.mjs';

const quota = 100;

/** Posts `rate` a second for `seconds`; sorted latencies in ms and how often each status came. */
async function load({ url, key, rate, seconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const latencies = [], statuses = {}, waiting = [];
  const began = performance.now();
  const body = JSON.stringify({ type: 'cart.updated', data: { cart_id: 'c', lines: [], note: 'x'.repeat(1900) } });
  const post = (due) => new Promise((resolve) => {
    const call = request(url, { method: 'POST', agent,
      headers: { 'content-type': 'application/json', 'content-length': body.length, authorization: `Bearer ${key}` } });
    call.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => {
        latencies.push(performance.now() - due);
        statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
        resolve();
      });
    });
    call.on('error', () => { statuses.cut = (statuses.cut ?? 0) + 1; resolve(); });
    call.end(body);
  });
  for (let n = 0; n < rate * seconds;) {
    const now = performance.now() - began;
    while (n < rate * seconds && (n * 1000) / rate <= now) waiting.push(post(began + (n++ * 1000) / rate));
    await new Promise((resolve) => { setTimeout(resolve, 1); });
  }
  await Promise.all(waiting);
  agent.destroy();
  return { latencies: latencies.sort((a, b) => a - b), statuses };
}

if (process.send) {
  process.once('message', async (what) => {
    process.send((await load(what)).statuses);
    process.disconnect();
  });
} else {
  const seconds = Number(process.argv[2] ?? 15);
  const daemon = await Daemon.start({ env: { RECOUP_INGEST__SHOP_RATE: String(quota), RECOUP_INGEST__SHOP_BURST: String(quota) } });
  try {
    await daemon.command('shop', 'add', 'modest', '--domain', 'modest.example');
    const keys = {};
    for (const shop of ['demo', 'modest']) keys[shop] = (await daemon.command('shop', 'key', 'create', shop))[0].key;
    const plan = (shop, rate) => ({ url: daemon.webhook_url('events', shop), key: keys[shop], rate, seconds });
    await eventually(async () => (await load({ ...plan('modest', 1), seconds: 1 })).statuses[200] === 1);
    const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
    const tell = (name, { latencies, statuses }) =>
      console.log(`${name}: p50 ${at(latencies, 0.5)} ms, p99 ${at(latencies, 0.99)} ms, answers ${JSON.stringify(statuses)}`);
    for (const round of [1, 2]) {
      tell(`round ${round}, modest shop alone        `, await load(plan('modest', quota / 2)));
      const greedy = fork(fileURLToPath(import.meta.url));
      const told = once(greedy, 'message');
      greedy.send(plan('demo', quota * 10));
      tell(`round ${round}, beside one at 10x its quota`, await load(plan('modest', quota / 2)));
      console.log(`round ${round}, the greedy one heard ${JSON.stringify((await told)[0])}`);
    }
  } finally {
    await daemon.destroy();
  }
}
