// Too much, and one shop too loud. The contender has a core for itself; the generator and the stores share the other one,
// so that sending three times the peak does not starve the server of what it is measured on.

import { writeFileSync } from 'node:fs';
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

const mean = (runs, of) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;

/** CPU of an accepted event, whatever else was answered. */
const cost = (runs) => mean(runs, (run) => run.cores.contender / run.rate * 1e6).toFixed(1);

/** Of one flood's runs, against the peak between them. */
function judge_flood(connections, floods, peak) {
  const sum = (of) => floods.reduce((total, run) => total + of(run), 0);
  const refused = sum((run) => refusals(run).refused), other = sum((run) => refusals(run).other + run.broken);
  const retry_after = sum((run) => run.retry_after), lasted = sum((run) => run.seconds);
  const goodput = mean(floods, (run) => run.rate) / peak;
  const answered = (quantile) => mean(floods, (run) => run.answer_ms[quantile]).toFixed(1);
  console.log(`\nover ${connections} connections: asked ${Math.round(mean(floods, (run) => run.asked_rate))}/s, ` +
    `accepted ${Math.round(mean(floods, (run) => run.rate))}/s (${cost(floods)} us an event), refused ${Math.round(refused / lasted)}/s, ` +
    `never sent for want of a free connection ${Math.round(sum((run) => run.given_up) / lasted)}/s; ` +
    `answered within ${answered('p50')} ms (p50), ${answered('p99')} ms (p99) of being sent`);
  verdict('goodput against the peak', goodput, 0.9, 'x', goodput >= 0.9);
  verdict('refusals without Retry-After', refused - retry_after, 0, '', refused <= retry_after);
  verdict('answers that are neither 2xx nor 429 nor 503', other, 0, '', other === 0);
  const slowest = Math.max(...floods.map((run) => run.answer_ms.p999));   // from sent: what is due waits for a free connection until it is given up
  verdict('99.9 % of the answers, from sent, within', slowest, 1000, 'ms', slowest <= 1000);
  const largest = Math.max(...floods.map((run) => Math.max(...run.series.map((point) => point.resident_mb.contender), run.resident_mb.contender)));
  verdict('resident at the most', largest, 512, 'MB', largest <= 512);
}

/**
 * Peak and floods take turns: what the machine does meanwhile happens to all. Over 1,000 connections everybody's turn comes in time, over
 * 4,000 some are refused.
 */
async function three_times(world, server, options) {
  const seconds = Math.max(3, options.seconds / 2);
  const peaks = [], floods = new Map([[1000, []], [4000, []]]);
  const at_peak = async () => peaks.push(await load(world, server, { connections: 200, seconds, warm_up: 1.5 }));
  const flooded = async (connections) => {
    const rate = Math.round(peaks.at(-1).rate * 3);
    floods.get(connections).push(await load(world, server, { connections, rate, give_up: 1, every: 0.5, seconds, warm_up: 1.5 }));
  };
  for (let turn = 0; turn < 4; turn++) {
    await at_peak();
    for (const connections of turn % 2 === 0 ? [1000, 4000] : [4000, 1000]) await flooded(connections);
    await at_peak();
  }
  const peak = mean(peaks, (run) => run.rate);
  console.log(`\noverload, in turns with the peak of ${Math.round(peak)}/s (${cost(peaks)} us an event)`);
  for (const [connections, runs] of floods) judge_flood(connections, runs, peak);
  // each turn begins with a peak that follows another, but for the first, and ends with one that follows a flood
  const afterwards = mean(peaks.filter((run, at) => at % 2 === 1), (run) => run.rate) / mean(peaks.filter((run, at) => at % 2 === 0), (run) => run.rate);
  verdict('peak right after a flood against before', afterwards, 0.9, 'x', afterwards >= 0.9);
  return { peak, peaks, floods: Object.fromEntries(floods) };
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
  const neighbours = await loud_neighbour(world, options, flood.peak);
  const file = options.json.replace(/\.json$/, '') + '.overload.json';
  writeFileSync(file, JSON.stringify({ bars: held, flood, neighbours }, null, 1));
}
