// What the daemon holds: idle, and over many events.

import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './load.mjs';
import { start_recoup } from './contenders.mjs';
import { readFileSync, writeFileSync } from 'node:fs';

const ticks_a_second = 100;   // USER_HZ of Linux

function status(pid) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const cpu = (Number(fields[11]) + Number(fields[12])) / ticks_a_second;
  return { resident: of('VmRSS'), own: of('RssAnon'), peak: of('VmHWM'), cpu };
}

function verdict(text, value, bar, unit) {
  const met = value <= bar;
  console.log(`  ${met ? 'met   ' : 'MISSED'} ${text.padEnd(60)} ${value.toFixed(2).padStart(8)} ${unit} (bar ${bar} ${unit})`);
  return { text, value, bar, unit, met };
}

/** The whole daemon after 2,000 carts, doing nothing for 20 seconds. */
export async function run_idle(world, list, options) {
  const server = await start_recoup(world, {});
  await load(world, server, { connections: 20, rate: 1000, warm_up: 0, seconds: 2, shoppers: 2000 });
  await sleep(10_000);
  const before = status(server.pid);
  await sleep(20_000);
  const after = status(server.pid);
  console.log('\nidle: whole daemon, Postgres log, after 2,000 carts');
  const bars = [verdict('resident, shared libraries included', after.resident, 60, 'MB'),
    verdict('CPU of one core', ((after.cpu - before.cpu) / 20) * 100, 1, '%')];
  console.log(`  of it private ${after.own.toFixed(1)} MB, peak ${after.peak.toFixed(1)} MB`);
  writeFileSync(options.json.replace(/\.json$/, '') + '.idle.json', JSON.stringify({ bars, before, after }, null, 1));
  await server.stop();
}

/** Memory may grow by a tenth or 8 MB between the first tenth of the events and the end. */
export async function run_soak(world, list, options) {
  for (const contender of list) {
    const server = await contender.start(world);
    const every = Math.max(1, options.soak / 2_000_000);
    const run = await load(world, server, { connections: 200, warm_up: 1, requests: options.soak, every });
    const sizes = run.series.map((point) => point.resident_mb.contender);
    const early = Math.max(...sizes.slice(0, Math.max(1, Math.ceil(sizes.length / 10))));
    const late = Math.max(...sizes.slice(-Math.max(1, Math.ceil(sizes.length / 10))));
    console.log(`\nsoak: ${contender.name}, ${options.soak.toLocaleString('en-US')} events at ${Math.round(run.rate)}/s`);
    for (let i = 0; i < 10; i++) {
      const point = run.series[Math.floor(((sizes.length - 1) * i) / 9)];
      console.log(`  ${point.seconds.toFixed(0).padStart(6)} s  ${point.resident_mb.contender.toFixed(1).padStart(7)} MB`);
    }
    const bars = [verdict('growth from the first tenth to the last', late - early, Math.max(8, early / 10), 'MB')];
    writeFileSync(options.json.replace(/\.json$/, '') + `.soak-${contender.name}.json`, JSON.stringify({ bars, run }, null, 1));
    await server.stop();
  }
}
