import { parseArgs } from 'node:util';

export const help = `bench-ingest [options]: webhooks into a durable log, Recoup beside its peers on this machine

  --quick              short runs: the whole table in about six minutes
  --only LIST          postgres, kafka, floor, or names of contenders, separated by commas
  --rounds N           A-B-B-A rounds (default 1): each contender is visited twice a round
  --seconds S          measured time of one run (default 8, quick 3)
  --json FILE          where the raw numbers go (default build/release/bench/ingest.json)
  --no-build           measure what is built already
  --build-only         build everything and stop

  --idle               footprint of the idle daemon instead of the table
  --soak N             memory over N events instead of the table (try 1000000; --only recoup-pg-whole for the whole daemon)
  --track N            folding: 5,000 new shoppers, then N events of theirs (try 50000)
  --overload           three times the peak, and one shop at ten times its share, instead of the table

Contenders: nginx (floor); recoup-pg, recoup-pg-whole, go-pgx, fastify-pg; recoup-kafka, recoup-kafka-whole, axum-rdkafka, go-franz,
fastify-kafka. Without -whole, Recoup runs as \`serve --roles ingest\`; with it, as the whole daemon, which folds at the same time.`;

export function parse(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string', default: '1' }, seconds: { type: 'string' },
      json: { type: 'string' }, 'no-build': { type: 'boolean' }, 'build-only': { type: 'boolean' }, idle: { type: 'boolean' },
      soak: { type: 'string' }, track: { type: 'string' }, overload: { type: 'boolean' }, help: { type: 'boolean' },
    },
  });
  return { ...values, rounds: Number(values.rounds), seconds: Number(values.seconds ?? (values.quick ? 3 : 8)),
    track: values.track && Number(values.track.replaceAll('_', '')),
    soak: values.soak && Number(values.soak.replaceAll('_', '')) };
}

/** What --only names, in the order of the list. */
export function chosen(contenders, only) {
  if (!only) return contenders;
  const words = only.split(',');
  const unknown = words.filter((word) => !contenders.some(({ name, mode }) => word === name || word === mode));
  if (unknown.length > 0) throw new Error(`--only: nothing is called ${unknown.join(', ')}; see --help`);
  return contenders.filter(({ name, mode }) => words.includes(name) || words.includes(mode));
}
