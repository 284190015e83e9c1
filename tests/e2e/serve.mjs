// Processes of `recoup serve`, as many as a test wants, on the Postgres and the shop that a `recoup dev` made.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Daemon, binary } from './harness.mjs';
import { pause, until } from './load.mjs';
import { Postgres, answers, free_port } from './servers.mjs';

/** Supervised: what ends by itself, for example because Postgres is not there yet, is started again. */
export class Serve {
  constructor(roles, env) {
    Object.assign(this, { roles, env, stderr: '' });
  }

  start() {
    this.wanted = true;
    this.process = spawn(binary, ['serve', '--roles', this.roles], { env: this.env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.process.stderr.on('data', (bytes) => { this.stderr += bytes; });
    this.exited = once(this.process, 'exit').then(async () => {
      await pause(100);
      if (this.wanted) this.start();
    });
  }

  async kill() {
    this.wanted = false;
    this.process?.kill('SIGKILL');
    await this.exited;
  }
}

const templates = { email: 'cart_reminder_email', sms: 'cart_reminder_sms' };

/** A sequence that is lived through on the real clock: each step so many seconds after the cart's last activity, on a channel. */
export function hurried(folder, steps) {
  writeFileSync(join(folder, 'cart.toml'), `name = "cart"\ntrigger = "cart"\n${steps.map(([seconds, channel], place) => `
[[step]]
name = "step_${place + 1}"
delay = "${seconds}s"
channel = "${channel}"
template = "${templates[channel]}"
useful_for = "1h"
`).join('')}`);
  return {
    RECOUP_SEQUENCES__DIR: folder, RECOUP_TRACK__IDLE: '1s', RECOUP_RISK__MODE: 'off', RECOUP_POLICY__MIN_GAP: '0s',
    RECOUP_POLICY__QUIET_SMS: '', RECOUP_LAW__FOLDER: join(import.meta.dirname, 'law'), RECOUP_SCHEDULE__POLL: '200ms',
  };
}

/** One process that takes events and answers the API, and workers that fold, schedule and send. */
export class Fleet {
  static async start(steps, env = {}) {
    const fleet = new Fleet();
    fleet.sequences = mkdtempSync(join(tmpdir(), 'recoup-sequences-'));
    const { daemon } = Object.assign(fleet, { daemon: await Daemon.start({ clock: 'real', env: hurried(fleet.sequences, steps) }) });
    const state = JSON.parse(readFileSync(join(daemon.folder, 'data', 'daemon.json')));
    await daemon.kill();   // its Postgres stays
    fleet.postgres = new Postgres(join(daemon.folder, 'data'));
    const [open, admin] = [await free_port(), await free_port()];
    fleet.env = { ...daemon.env, RECOUP_DATABASE__URL: state.database, RECOUP_ADMIN__TOKEN: state.admin_token,
      RECOUP_PUBLIC__URL: `http://127.0.0.1:${open}`, ...env };
    fleet.front = new Serve('ingest,api', { ...fleet.env, RECOUP_PUBLIC__ADDRESS: `127.0.0.1:${open}`,
      RECOUP_ADMIN__ADDRESS: `127.0.0.1:${admin}` });
    Object.assign(daemon, { public: `http://127.0.0.1:${open}`, admin: `http://127.0.0.1:${admin}`, token: state.admin_token });
    Object.assign(fleet, { workers: [], sockets: [] });
    fleet.front.start();
    await until(() => answers(admin));
    return fleet;
  }

  get database() {
    return this.env.RECOUP_DATABASE__URL;
  }

  /** `count` new ones, with more environment, which may be a function of their number; who was there is killed. */
  async employ(count, more = {}) {
    await Promise.all(this.workers.map((worker) => worker.kill()));
    this.workers = [];
    for (let i = 0; i < count; ++i) {
      const admin = `127.0.0.1:${await free_port()}`;
      const own = typeof more === 'function' ? more(i) : more;
      const worker = new Serve('track,deliver', { ...this.env, RECOUP_PUBLIC__ADDRESS: '127.0.0.1:0', RECOUP_ADMIN__ADDRESS: admin, ...own });
      worker.admin = `http://${admin}`;
      worker.start();
      this.workers.push(worker);
    }
    await Promise.all(this.workers.map(({ admin }) => until(() => answers(new URL(admin).port))));
  }

  /** Everybody works on another database from now on. */
  async move(database) {
    await Promise.all([this.front, ...this.workers].map((each) => each.kill()));
    this.sockets.push(.../host=(\S+)/.exec(this.database)[1].split(','));
    for (const each of [this, this.front]) each.env = { ...each.env, RECOUP_DATABASE__URL: database };
    this.workers = [];
    this.front.start();
    await until(() => answers(new URL(this.daemon.admin).port));
  }

  /** What `recoup outbox unknown` lists. */
  unknown() {
    const ran = spawnSync(binary, ['outbox', 'unknown', '--limit', '100000', '--admin', this.daemon.admin, '--output', 'json'],
      { env: this.env, maxBuffer: 1 << 28 });
    if (ran.status !== 0) throw new Error(ran.stderr.toString());
    return [JSON.parse(ran.stdout)].flat();
  }

  log() {
    return [this.front, ...this.workers].map(({ roles, stderr }) => `${roles}: ${stderr.slice(-1500)}`).join('\n');
  }

  async destroy() {
    for (const each of [this.front, ...this.workers]) await each.kill();
    await this.postgres.end();
    const sockets = [...this.sockets, .../host=(\S+)/.exec(this.database)[1].split(',')];
    for (const folder of [this.daemon.folder, this.sequences, ...sockets]) rmSync(folder, { recursive: true, force: true });
  }
}
