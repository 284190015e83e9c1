// Too much, and one shop too loud. The contender has a core for itself; the generator and the stores share the other one,
// so that sending three times the peak does not starve the server of what it is measured on.

import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { start_recoup } from './contenders.mjs';
import { load } from './load.mjs';

const held = [];

function verdict(text, value, bar, unit, met) {
  held.push({ text, value, bar, unit, met });
  console.log(`  ${met ? 'met   ' : 'MISSED'} ${text.padEnd(66)} ${value.toFixed(2).padStart(8)} ${unit} (bar ${bar} ${unit})`);
}

const total = (statuses, wanted) => Object.entries(statuses).filter(([status]) => wanted(Number(status)))
  .reduce((sum, [, count]) => sum + count, 0);

function refusals(run) {
  const refused = total(run.statuses, (status) => status === 429 || status === 503);
  return { refused, other: total(run.statuses, (status) => status >= 300) - refused };
}

async function three_times(world, server, options) {
  const seconds = options.seconds;
  const peak = await load(world, server, { connections: 200, seconds, warm_up: 1.5 });
  const flood = { connections: 1000, rate: Math.round(peak.rate * 3), give_up: 1, every: 0.5 };
  const over = await load(world, server, { ...flood, seconds, warm_up: 1.5 });
  await sleep(1000);
  const after = await load(world, server, { connections: 200, seconds, warm_up: 1 });
  const { refused, other } = refusals(over);
  const largest = Math.max(...over.series.map((point) => point.resident_mb.contender), over.resident_mb.contender);
  const a_second = (count) => `${Math.round(count / over.seconds)}/s`;
  console.log(`\noverload: peak ${Math.round(peak.rate)}/s; asked ${over.asked_rate}/s, accepted ${Math.round(over.rate)}/s, ` +
    `refused ${a_second(refused)}, never sent for want of a free connection ${a_second(over.given_up)}`);
  verdict('goodput against the peak', over.rate / peak.rate, 0.9, 'x', over.rate >= 0.9 * peak.rate);
  verdict('refusals without Retry-After', refused - over.retry_after, 0, '', refused <= over.retry_after);
  verdict('answers that are neither 2xx nor 429 nor 503', other + over.broken, 0, '', other + over.broken === 0);
  const slowest = over.answer_ms.p999;   // from sent: what is due waits for a free connection until it is given up
  verdict('99.9 % of the answers, from sent, within', slowest, 1000, 'ms', slowest <= 1000);
  verdict('resident at the most', largest, 512, 'MB', largest <= 512);
  verdict('rate afterwards against the peak', after.rate / peak.rate, 0.9, 'x', after.rate >= 0.9 * peak.rate);
  console.log(`  answered within ${over.answer_ms.p50.toFixed(1)} ms (p50), ${over.answer_ms.p99.toFixed(1)} ms (p99) of being sent`);
  return { peak, over, after };
}

/** A share is a tenth of the peak. The quiet shop keeps to it; the loud one goes from one share to ten, with a quota of two for each. */
async function loud_neighbour(world, options, peak) {
  const share = Math.round(peak / 10);
  const server = await start_recoup(world, { roles: 'ingest', shops: ['quiet', 'loud'], more: { RECOUP_INGEST__SHOP_RATE: 2 * share } });
  const of = (shop, rate, connections) => load(world, server, { shop, path: `/webhooks/${shop}/shopify`, rate, connections,
    seconds: options.seconds, warm_up: 1, give_up: 1, shoppers: 5000 });
  const beside = async (loud) => {
    const [quiet, other] = await Promise.all([of('quiet', share, 50), of('loud', loud, 400)]);
    return { quiet, loud: other };
  };
  const calm = await beside(share);
  const noisy = await beside(share * 10);
  const ratio = noisy.quiet.ms.p99 / calm.quiet.ms.p99;
  const { refused } = refusals(noisy.loud);
  console.log(`\nneighbours: ${share}/s each, then ten times as much from one; the quiet shop's p99 ` +
    `${calm.quiet.ms.p99.toFixed(2)} ms, then ${noisy.quiet.ms.p99.toFixed(2)} ms; ` +
    `the loud one was refused ${Math.round(refused / noisy.loud.seconds)}/s`);
  verdict("the quiet shop's p99 against before", ratio, 2, 'x', ratio <= 2);
  const lost = refusals(noisy.quiet).refused + noisy.quiet.given_up;
  verdict('refusals of the quiet shop', lost, 0, '', lost === 0);
  await server.stop();
  return { calm, noisy };
}

export async function run_overload(world, list, options) {
  const server = await start_recoup(world, { roles: 'ingest', shops: ['demo'] });
  const flood = await three_times(world, server, options);
  await server.stop();
  const neighbours = await loud_neighbour(world, options, flood.peak.rate);
  const file = options.json.replace(/\.json$/, '') + '.overload.json';
  writeFileSync(file, JSON.stringify({ bars: held, flood, neighbours }, null, 1));
}
