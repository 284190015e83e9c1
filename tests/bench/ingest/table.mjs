// From runs to medians, ratios and the bars they are held against.

export function median(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function not_accepted(run) {
  const refused = Object.entries(run.statuses).filter(([status]) => !status.startsWith('2'));
  return run.broken + run.given_up + run.unanswered + refused.reduce((sum, [, count]) => sum + count, 0);
}

/** Medians over the runs of one contender and one stage. */
export function summary(runs) {
  const of = (pick) => median(runs.map(pick));
  const cpu = (name) => of((one) => one.cpu_us[name] ?? NaN);
  const store = (one) => one.cpu_us[one.mode] ?? 0;
  return {
    rate: of((one) => one.rate), contender: cpu('contender'), store: of(store), loader: cpu('loader'),
    service: of((one) => one.cpu_us.contender + store(one)),
    p50: of((one) => one.ms.p50), p95: of((one) => one.ms.p95), p99: of((one) => one.ms.p99), p999: of((one) => one.ms.p999),
    others: Math.max(...runs.map((one) => one.others_cores)),
    bad: runs.reduce((sum, one) => sum + not_accepted(one), 0),
    runs: runs.length,
  };
}

function number(value, digits = 0) {
  if (!Number.isFinite(value)) return '-';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Heading, width, digits and what stands there. CPU is in microseconds an event, latency in milliseconds. */
const columns = [
  ['rate/s', 9, 0, (of) => of.rate], ['server us', 10, 1, (of) => of.contender], ['store us', 9, 1, (of) => of.store],
  ['both us', 8, 1, (of) => of.service], ['loader us', 10, 1, (of) => of.loader], ['p50 ms', 8, 2, (of) => of.p50],
  ['p95', 8, 2, (of) => of.p95], ['p99', 8, 2, (of) => of.p99], ['p99.9', 8, 2, (of) => of.p999],
  ['not 2xx', 8, 0, (of) => of.bad], ['others', 7, 2, (of) => of.others],
];

export function print_stage(title, rows) {
  if (rows.length === 0) return;
  console.log(`\n${title}`);
  console.log('contender'.padEnd(20) + columns.map(([heading, width]) => heading.padStart(width)).join(''));
  for (const { name, of } of rows)
    console.log(name.padEnd(20) + columns.map(([, width, digits, pick]) => number(pick(of), digits).padStart(width)).join(''));
}

/** `results(name, stage)` gives a summary or undefined; a bar without its measurements is left out. */
export function bars(results) {
  const out = [];
  const ratio = (text, ours, theirs, least) => {
    if (ours && theirs) out.push({ text, value: ours / theirs, bar: least, unit: 'x', met: ours / theirs >= least });
  };
  const at_most = (text, value, most, unit) => {
    if (Number.isFinite(value)) out.push({ text, value, bar: most, unit, met: value <= most });
  };
  const rates = (ours, theirs, least) => {
    ratio(`${ours}: rate against ${theirs}, 2 KB`, results(ours, 'small')?.rate, results(theirs, 'small')?.rate, least);
    ratio(`${ours}: CPU of ${theirs} and its store against ours, 2 KB`, results(theirs, 'small')?.service,
      results(ours, 'small')?.service, least);
  };
  rates('recoup-pg', 'fastify-pg', 6);
  rates('recoup-pg', 'go-pgx', 2);
  rates('recoup-kafka', 'fastify-kafka', 8);
  rates('recoup-kafka', 'go-franz', 1.5);
  rates('recoup-kafka', 'axum-rdkafka', 1.2);
  for (const name of ['recoup-pg', 'recoup-kafka']) {
    for (const [stage, size, most] of [['small', '2 KB', 2.2], ['large', '8 KB', 4]]) {
      const floor = results('nginx', stage)?.contender;
      const ours = results(name, stage)?.contender;
      at_most(`${name}: CPU an event against nginx, ${size}`, ours / floor, most, 'x');
    }
    ratio(`${name}: rate at 8 KB against 2 KB`, results(name, 'large')?.rate, results(name, 'small')?.rate, 0.6);
    at_most(`${name}: p99 at 1,000/s`, results(name, 'open')?.p99, 8, 'ms');
    at_most(`${name}: p99 at 70 % of saturation`, results(name, 'seventy')?.p99, 25, 'ms');
  }
  ratio('recoup-pg: p99 of fastify-pg at 1,000/s against ours', results('fastify-pg', 'open')?.p99,
    results('recoup-pg', 'open')?.p99, 5);
  return out;
}

export function print_bars(list) {
  if (list.length === 0) return;
  console.log('\nbars');
  for (const { text, value, bar, unit, met } of list)
    console.log(`  ${met ? 'met   ' : 'MISSED'} ${text.padEnd(72)} ${number(value, 2).padStart(7)} ${unit.padEnd(2)} (bar ${bar} ${unit})`);
}
