import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contenders } from './contenders.mjs';
import { run_idle, run_soak } from './footprint.mjs';
import { chosen, help, parse } from './options.mjs';
import { run_overload } from './overload.mjs';
import { run_table } from './table_run.mjs';
import { run_track } from './track.mjs';
import { World } from './world.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

function build(list) {
  for (const step of new Set(list.map((contender) => contender.build).filter(Boolean))) {
    console.error(`building ${step.name.replace('build_', '')}`);
    step({ root });
  }
}

async function main() {
  const options = parse(process.argv.slice(2));
  if (options.help) return console.log(help);
  options.json ??= join(root, 'build/release/bench/ingest.json');
  mkdirSync(dirname(options.json), { recursive: true });
  const special = [options.idle && run_idle, options.soak && run_soak, options.track && run_track, options.overload && run_overload].filter(Boolean);
  const list = chosen(contenders, options.only ?? (special.length > 0 ? 'recoup-pg' : undefined));
  if (!options['no-build']) build(special.length > 0 ? [] : list);
  if (options['build-only']) return;
  const world = await World.start(root, list, { apart: options.overload });
  try {
    if (special.length === 0) await run_table(world, list, options);
    for (const one of special) await one(world, list, options);
  } finally {
    await world.stop();
  }
}

try {
  await main();
} catch (failure) {
  console.error(`bench-ingest: ${failure.message}`);
  process.exitCode = 1;
}
