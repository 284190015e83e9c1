// Servers that are frozen, killed and started again by the tests: the private Postgres of a `recoup dev`, and a Kafka broker of
// one's own.

import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, readdirSync, statSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { query, until } from './load.mjs';

function children_of(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false;
    }
  }).map(Number);
}

function alive(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}

export class Postgres {
  /** Of a daemon whose data is in `data`. */
  constructor(data, name = 'pg') {
    this.folder = join(data, name);
    this.file = join(this.folder, 'postmaster.pid');
  }

  /** Throws when there is none: signals to process 0 would reach the tests themselves. */
  get pid() {
    return Number(readFileSync(this.file, 'utf8').split('\n')[0]);
  }

  /** Nobody answers, no connection breaks. */
  freeze() {
    this.frozen = [this.pid, ...children_of(this.pid)];
    for (const pid of this.frozen) process.kill(pid, 'SIGSTOP');
  }

  thaw() {
    for (const pid of this.frozen ?? []) if (alive(pid)) process.kill(pid, 'SIGCONT');
    this.frozen = undefined;
  }

  /** Folder of its socket. */
  get socket() {
    return readFileSync(this.file, 'utf8').split('\n')[4];
  }

  /** As whom it runs. */
  get who() {
    const { uid, gid } = statSync(this.folder);
    return process.getuid() === 0 ? { uid, gid } : {};
  }

  /** Where a database of it is, for libpq; `instead`: which to take when this one is not there or does not write. */
  at(database, instead) {
    const hosts = [this, instead].filter(Boolean).map(({ socket }) => socket).join(',');
    return `host=${hosts} user=recoup dbname=${database} connect_timeout=5${instead ? ' target_session_attrs=read-write' : ''}`;
  }

  running_command() {
    return readFileSync(`/proc/${this.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  }

  /** As `pg_ctl stop -m immediate`: no checkpoint, recovery at the next start. */
  async stop_immediately() {
    const pid = this.pid;
    this.command = this.running_command();
    process.kill(pid, 'SIGQUIT');
    await until(async () => !alive(pid));
  }

  async start() {
    const server = spawn(this.command[0], this.command.slice(1), { ...this.who, cwd: this.folder, stdio: 'ignore', detached: true });
    server.unref();
    const states = ['ready', 'standby'];
    await until(async () => this.pid === server.pid && states.includes(readFileSync(this.file, 'utf8').split('\n')[7]?.trim()));
  }

  /** When a test is over. */
  async end() {
    this.thaw();
    if (!existsSync(this.file) || !alive(this.pid)) return;
    const { pid } = this;
    process.kill(pid, 'SIGINT');
    await until(async () => !alive(pid));
  }
}

/** Follows another Postgres, which from then on answers a commit when both have it. */
export class Standby extends Postgres {
  static async of(primary, name) {
    const data = dirname(primary.folder), standby = new Standby(data, name), command = primary.running_command();
    const socket = mkdtempSync(join(tmpdir(), 'recoup-pg-'));
    mkdirSync(standby.folder, { mode: 0o700 });
    for (const each of [socket, standby.folder, join(primary.folder, 'postgres.log')])
      if (primary.who.uid !== undefined) chownSync(each, primary.who.uid, primary.who.gid);
    const copied = spawn(join(dirname(command[0]), 'pg_basebackup'),
      ['-d', primary.at('postgres'), '-D', standby.folder, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'],
      { ...primary.who, cwd: '/', stdio: 'inherit' });
    const [code] = await once(copied, 'exit');
    if (code !== 0) throw new Error(`pg_basebackup ended with ${code}`);
    standby.command = command.map((word) => word.replace(primary.folder, standby.folder).replace(primary.socket, socket));
    await standby.start();
    await query(primary.at('postgres'), "alter system set synchronous_standby_names = '*'");
    await query(primary.at('postgres'), 'select pg_reload_conf()');
    await until(async () => (await query(primary.at('postgres'), "select 1 from pg_stat_replication where sync_state = 'sync'")).length > 0);
    return standby;
  }

  async promote() {
    await query(this.at('postgres'), 'select pg_promote()');
  }
}

export async function free_port() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

export class Kafka {
  static async start() {
    const kafka = new Kafka();
    kafka.folder = mkdtempSync(join(tmpdir(), 'recoup-kafka-'));
    kafka.port = await free_port();
    kafka.controller = await free_port();
    await kafka.restart();
    return kafka;
  }

  get brokers() {
    return `127.0.0.1:${this.port}`;
  }

  async restart() {
    const script = fileURLToPath(new URL('../../scripts/lib/kafka', import.meta.url));
    this.process = spawn(script, ['start', join(this.folder, 'broker'), String(this.port), String(this.controller)], { stdio: 'ignore' });
    this.exited = once(this.process, 'exit');
    await until(() => answers(this.port), { patience: 60_000, every: 100 });
  }

  freeze() { this.process.kill('SIGSTOP'); }
  thaw() { this.process.kill('SIGCONT'); }

  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async end() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
