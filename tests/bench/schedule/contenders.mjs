// Who is measured: how each is built and asked. Everything is built below build/release/bench.

import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../ingest/processes.mjs';

const source = (root, peer) => join(root, 'tests/bench/peers', peer);
const target = (root, peer) => join(root, 'build/release/bench', peer);

function build_queues(root) {
  const folder = target(root, 'queues');
  mkdirSync(folder, { recursive: true });
  cpSync(source(root, 'queues'), folder, { recursive: true });
  const installed = join(folder, 'installed'), lock = join(folder, 'package-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(lock, 'utf8')) return;
  run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  cpSync(lock, installed);
}

function build_river(root) {
  run('go', ['build', '-o', join(target(root, 'river'), 'river'), '.'], { cwd: source(root, 'river') });
}

const node = (file) => (root) => ['node', join(target(root, 'queues'), file)];

const recoup = {
  command: (root) => [join(root, 'build/release/tests/bench_schedule')],
  due: (count, first) => ['due', count, first],
  prepare: (root, url) => run(join(root, 'build/release/recoup'), ['migrate', 'up'],
    { env: { PATH: process.env.PATH, RECOUP_DATABASE__URL: url, HOME: '/' } }),
};

/** Does as much as its peers: jobs are taken and done, and do nothing. */
export const like_theirs = 'recoup-queue';

export const contenders = [
  { ...recoup, name: like_theirs, drain: (first) => ['empty', first] },
  { ...recoup, name: 'recoup-silent', drain: (first) => ['silent', first] },    // person, cart and history loaded, decision stored
  { ...recoup, name: 'recoup', drain: (first) => ['sent', first] },             // message and outcome stored as well
  { name: 'graphile-worker', bar: 5, build: build_queues, command: node('graphile.mjs') },
  { name: 'pg-boss', bar: 3, build: build_queues, command: node('pgboss.mjs') },
  { name: 'river', bar: 2.5, build: build_river, command: (root) => [join(target(root, 'river'), 'river')] },
];
