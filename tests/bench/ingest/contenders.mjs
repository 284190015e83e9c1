// Who is measured: how each is built, started and fed. Everything is built below build/release/bench.

import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { free_port, run, start, stop, until_listening } from './processes.mjs';
import { setTimeout as sleep } from 'node:timers/promises';

const shop_secret = randomBytes(32).toString('hex');

function need(command, how) {
  try {
    run('sh', ['-c', `command -v ${command}`]);
  } catch {
    throw new Error(`${command} is missing: ${how}`);
  }
}

/** A process that takes deliveries, whatever it was made of. */
class Server {
  constructor(process, port, undo, secret) {
    Object.assign(this, { process, port, undo, pid: process.pid, secret });
  }

  async stop() {
    await stop(this.process);
    this.undo?.();
  }
}

async function launch(world, name, command, args, env, { undo, secret = shop_secret } = {}) {
  const port = env.PORT;
  const process_ = start(command, args, { env: { PATH: process.env.PATH, HOME: world.folder, ...env },
    log: join(world.folder, `${name}.log`), cwd: world.folder, cpu: world.contender_cpu });
  await until_listening(process_, port);
  await sleep(500);   // a cluster's second process, a runtime's first compilation
  return new Server(process_, port, undo, secret);
}

// ---------------------------------------------------------------------------------------------------- Recoup

const recoup_binary = (world) => process.env.RECOUP_BIN ?? join(world.root, 'build/release/recoup');

export function recoup_command(world, database, args, input) {
  const env = { PATH: process.env.PATH, HOME: world.folder, RECOUP_DATABASE__URL: world.postgres.url(database) };
  return run(recoup_binary(world), args, { env, input });
}

const kafka_settings = (world) => ({
  RECOUP_LOG__KIND: 'kafka', RECOUP_KAFKA__BROKERS: world.kafka.brokers, RECOUP_KAFKA__TOPIC: topic(world, 'recoup'),
});

/** A migrated database with its shops. */
export function recoup_database(world, shops = ['demo']) {
  const database = world.postgres.create(`recoup_${world.next()}`);
  recoup_command(world, database, ['migrate', 'up']);
  for (const shop of shops) {
    recoup_command(world, database, ['shop', 'add', shop, '--domain', `${shop}.myshopify.com`]);
    recoup_command(world, database, ['shop', 'secret', shop, 'shopify', '--from-file', '-'], shop_secret);
  }
  return database;
}

/** `more` are further settings, by environment variable. A `database` that is given stays after the stop. */
export async function start_recoup(world, { kafka = false, roles, shops, more = {}, database: given } = {}) {
  const database = given ?? recoup_database(world, shops);
  const takes = !roles || roles.includes('ingest');
  const port = await free_port();
  const env = {
    PORT: port,
    RECOUP_DATABASE__URL: world.postgres.url(database), RECOUP_ADMIN__TOKEN: randomBytes(32).toString('hex'),
    RECOUP_PUBLIC__ADDRESS: `127.0.0.1:${takes ? port : 0}`, RECOUP_ADMIN__ADDRESS: `127.0.0.1:${takes ? 0 : port}`, RECOUP_LOGGING__LEVEL: 'error',
    ...(kafka ? kafka_settings(world) : {}),
    ...more,
  };
  const args = ['serve', ...(roles ? ['--roles', roles] : [])];
  return launch(world, 'recoup', recoup_binary(world), args, env, { undo: () => given ?? world.postgres.drop(database) });
}

// ----------------------------------------------------------------------------------------------------- peers

const peer_source = (world, name) => join(world.root, 'tests/bench/peers', name);
const peer_build = (world, name) => join(world.root, 'build/release/bench/peers', name);

function topic(world, name) {
  world.topics ??= new Map();
  if (!world.topics.has(name)) world.topics.set(name, world.kafka.create(`bench-${name}-${world.next()}`));
  return world.topics.get(name);
}

async function start_peer(world, name, command, args, { kafka = false, env = {} } = {}) {
  const common = { PORT: await free_port(), SECRET: shop_secret, ...env };
  if (kafka) return launch(world, name, command, args, { ...common, BROKERS: world.kafka.brokers, TOPIC: topic(world, name) });
  const database = world.postgres.create(`peer_${world.next()}`);
  world.postgres.sql(database, readFileSync(peer_source(world, 'schema.sql'), 'utf8'));
  return launch(world, name, command, args, { ...common, ...world.postgres.environment(database) },
    { undo: () => world.postgres.drop(database) });
}

function build_fastify(world) {
  need('npm', 'apt-get install nodejs npm');
  const target = peer_build(world, 'fastify');
  mkdirSync(target, { recursive: true });
  cpSync(peer_source(world, 'fastify'), target, { recursive: true });
  const installed = join(target, 'node_modules/.package-lock.json');
  const current = existsSync(installed) && existsSync(join(target, 'installed')) &&
    readFileSync(join(target, 'installed'), 'utf8') === readFileSync(join(target, 'package-lock.json'), 'utf8');
  if (current) return;
  run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: target });
  cpSync(join(target, 'package-lock.json'), join(target, 'installed'));
}

function build_go(world) {
  need('go', 'it is packaged as golang; version 1.26 or newer, see https://go.dev/dl');
  run('go', ['build', '-o', `${peer_build(world, 'go')}/`, './cmd/...'], { cwd: peer_source(world, 'go') });
}

function build_axum(world) {
  need('cargo', 'rustup or apt-get install cargo; version 1.88 or newer');
  const target = peer_build(world, 'axum');   // built from a copy, so that Cargo.lock stays out of the tree
  mkdirSync(target, { recursive: true });
  cpSync(peer_source(world, 'axum'), target, { recursive: true, preserveTimestamps: true });
  run('cargo', ['build', '--release', '--quiet'], { cwd: target, env: { ...process.env, RUSTFLAGS: '-C target-cpu=native' } });
}

const nginx_places = (world) => ['/usr/sbin/nginx', join(peer_build(world, 'nginx'), 'usr/sbin/nginx')];

/** Taken out of Debian's package when it is not installed: installing it would start a web server. */
function build_nginx(world) {
  if (nginx_places(world).some((path) => existsSync(path))) return;
  const target = peer_build(world, 'nginx');
  mkdirSync(target, { recursive: true });
  try {
    run('sh', ['-c', 'apt-get download nginx && dpkg -x nginx_*.deb .'], { cwd: target });
  } catch (failure) {
    throw new Error(`nginx is missing: apt-get install nginx, or leave it out with --only (${failure.message})`);
  }
}

async function start_nginx(world) {
  const folder = join(world.folder, 'nginx');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const port = await free_port();
  const text = readFileSync(join(peer_source(world, 'nginx'), 'nginx.conf'), 'utf8');
  const own = process.getuid() === 0 ? 'user root;\n' : '';
  writeFileSync(join(folder, 'nginx.conf'), own + text.replaceAll('@PORT@', port).replaceAll('@DIR@', folder));
  const binary = nginx_places(world).find((path) => existsSync(path));
  return launch(world, 'nginx', binary, ['-c', join(folder, 'nginx.conf'), '-p', folder], { PORT: port });
}

const fastify = (world, file, options) => start_peer(world, `fastify-${file}`, process.execPath,
  [join(peer_build(world, 'fastify'), `${file}.mjs`)], { ...options, env: { NODE_ENV: 'production' } });
const go = (world, name, options) => start_peer(world, `go-${name}`, join(peer_build(world, 'go'), name), [],
  { ...options, env: { GOGC: '400' } });
const axum = (world, options) => start_peer(world, 'axum',
  join(peer_build(world, 'axum'), 'target/release/recoup-bench-axum'), [], options);

/**
 * In the order in which they are visited; the second round goes backwards. `compiles_late` ones get a longer warm-up, so
 * that nobody's first seconds are taken for their speed.
 */
export const contenders = [
  { name: 'nginx', mode: 'floor', build: build_nginx, start: start_nginx },
  { name: 'recoup-pg', mode: 'postgres', start: (world) => start_recoup(world, { roles: 'ingest' }) },
  { name: 'recoup-pg-whole', mode: 'postgres', start: (world) => start_recoup(world, {}) },
  { name: 'go-pgx', mode: 'postgres', build: build_go, start: (world) => go(world, 'pgx') },
  { name: 'fastify-pg', mode: 'postgres', compiles_late: true, build: build_fastify, start: (world) => fastify(world, 'pg') },
  { name: 'recoup-kafka', mode: 'kafka', start: (world) => start_recoup(world, { kafka: true, roles: 'ingest' }) },
  { name: 'recoup-kafka-whole', mode: 'kafka', start: (world) => start_recoup(world, { kafka: true }) },
  { name: 'axum-rdkafka', mode: 'kafka', build: build_axum,
    start: (world) => axum(world, { kafka: true }) },
  { name: 'go-franz', mode: 'kafka', build: build_go, start: (world) => go(world, 'franz', { kafka: true }) },
  { name: 'fastify-kafka', mode: 'kafka', compiles_late: true, build: build_fastify,
    start: (world) => fastify(world, 'kafka', { kafka: true }) },
];
