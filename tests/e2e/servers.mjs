// Servers that are frozen, killed and started again by the tests: the private Postgres of a `recoup dev`, and a Kafka broker of
// one's own.

import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, statSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { until } from './load.mjs';

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
  constructor(data) {
    this.folder = join(data, 'pg');
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

  /** As `pg_ctl stop -m immediate`: no checkpoint, recovery at the next start. */
  async stop_immediately() {
    const pid = this.pid;
    this.command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    process.kill(pid, 'SIGQUIT');
    await until(async () => !alive(pid));
  }

  async start() {
    const { uid, gid } = statSync(this.folder);
    const who = process.getuid() === 0 ? { uid, gid } : {};
    const server = spawn(this.command[0], this.command.slice(1), { ...who, cwd: this.folder, stdio: 'ignore', detached: true });
    server.unref();
    await until(async () => this.pid === server.pid && readFileSync(this.file, 'utf8').split('\n')[7]?.trim() === 'ready');
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
