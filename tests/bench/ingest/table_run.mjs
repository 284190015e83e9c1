// The table: every contender twice a round, there and back, so that a machine that warms up or slows down favours nobody.

import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { load, wrk } from './load.mjs';
import { bars, print_bars, print_stage, summary } from './table.mjs';

const stages = {
  small: 'closed loop, 200 connections, 2,300 B',
  large: 'closed loop, 200 connections, 8,454 B',
  open: 'open loop, 1,000/s over 20 connections, 2,300 B (latency counts from when a request was due)',
  seventy: 'open loop at 70 % of the own rate, 200 connections, 2,300 B',
};

function note(contender, stage, run) {
  console.error(`${contender.name.padEnd(20)} ${stage.padEnd(8)} ${Math.round(run.rate).toString().padStart(6)}/s  contender ` +
    `${run.cpu_us.contender.toFixed(1)} us  p99 ${run.ms.p99.toFixed(2)} ms  others ${run.others_cores.toFixed(2)} cores`);
}

async function visit(world, contender, options, latency) {
  const server = await contender.start(world);
  const runs = {};
  const measure = async (stage, plan) => {
    runs[stage] = { mode: contender.mode, ...await load(world, server, plan) };
    note(contender, stage, runs[stage]);
  };
  const closed = { connections: 200, seconds: options.seconds, warm_up: 1.5 };
  try {
    if (contender.compiles_late) await load(world, server, { connections: 50, warm_up: 0, requests: 5000 });
    await measure('small', { ...closed, size: 2300, warm_up: options.quick ? 3 : 5 });
    await measure('large', { ...closed, size: 8454, shoppers: 8000 });
    if (latency && contender.mode !== 'floor') {
      await measure('open', { size: 2300, connections: 20, rate: 1000, warm_up: 0.5, seconds: options.seconds + 1 });
      const rate = Math.round(runs.small.rate * 0.7);
      await measure('seventy', { size: 2300, connections: 200, rate, warm_up: 0.5, seconds: options.seconds });
    }
    if (contender.mode === 'floor') {
      runs.small.wrk_rate = wrk(server, 2, 200);
      const found = runs.small.wrk_rate ? `${Math.round(runs.small.wrk_rate).toString().padStart(6)}/s` : 'is missing: apt-get install wrk';
      console.error(`${contender.name.padEnd(20)} wrk      ${found}`);
    }
  } finally {
    await server.stop();
  }
  return runs;
}

/** A broker that has just started spends most of its time compiling itself, which the first contender would pay for. */
async function warm_broker(world, list) {
  const first = list.find(({ mode }) => mode === 'kafka');
  if (!first) return;
  const server = await first.start(world);
  await load(world, server, { connections: 200, warm_up: 0, seconds: 8 });
  await server.stop();
}

export async function run_table(world, list, options) {
  await warm_broker(world, list);
  const raw = Object.fromEntries(list.map(({ name }) => [name, { small: [], large: [], open: [], seventy: [] }]));
  const keep = (name, runs) => { for (const [stage, run] of Object.entries(runs)) raw[name][stage].push(run); };
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of list) keep(contender.name, await visit(world, contender, options, true));
    for (const contender of [...list].reverse()) keep(contender.name, await visit(world, contender, options, !options.quick));
  }
  const results = (name, stage) => (raw[name]?.[stage]?.length ? summary(raw[name][stage]) : undefined);
  for (const [stage, title] of Object.entries(stages))
    print_stage(title, list.map(({ name }) => ({ name, of: results(name, stage) })).filter(({ of }) => of));
  const held = bars(results);
  print_bars(held);
  const machine = { cores: availableParallelism(), load_average: loadavg(), at: new Date().toISOString() };
  writeFileSync(options.json, JSON.stringify({ machine, options, bars: held, raw }, null, 1));
  console.log(`\nmedians of ${options.rounds * 2} runs; \`others\` is what else kept cores busy; raw numbers: ${options.json}`);
}
