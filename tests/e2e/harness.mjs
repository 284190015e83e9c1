// Starts the real binary, talks to it over HTTP as a store and as an operator would, and kills it.
// RECOUP_BIN names the binary; the default is build/release/recoup of this tree.

import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const binary = process.env.RECOUP_BIN ?? fileURLToPath(new URL('../../build/release/recoup', import.meta.url));
export const start = '2026-03-02T15:00:00Z';

const clients = createRequire(new URL('../third_party_clients/package.json', import.meta.url));
export const client = (name) => clients(name);
const { Webhook } = client('standardwebhooks');

export const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
export const hours = (count) => count * 3600;
export const after = (instant, seconds) => new Date(Date.parse(instant) + seconds * 1000).toISOString();
export const sameInstant = (a, b) => Date.parse(a) === Date.parse(b);

/** Ports are free, nothing is asked for, the holdout is off unless a test wants it. */
function dev_arguments(data, more, { clock = 'manual', address = '127.0.0.1:0' } = {}) {
  return ['dev', '--output', 'json', '--public', address, '--admin', '127.0.0.1:0', '--data', data,
    ...(clock === 'manual' ? ['--clock', 'manual', '--start', start] : ['--clock', clock]), ...more];
}

function environment(more) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RECOUP_')));
  return { ...clean, RECOUP_MEASURE__HOLDOUT_SHARE: '0', ...more };
}

export class Daemon {
  static async start({ args = [], env = {}, clock, address } = {}) {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: build it, or set RECOUP_BIN`);
    const daemon = new Daemon();
    daemon.folder = mkdtempSync(join(tmpdir(), 'recoup-e2e-'));
    daemon.args = dev_arguments(join(daemon.folder, 'data'), args, { clock, address });
    daemon.env = environment(env);
    daemon.stderr = '';
    await daemon.#launch();
    return daemon;
  }

  async #launch() {
    this.documents = [];
    this.process = spawn(binary, this.args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.process, 'exit');
    this.process.stderr.on('data', (bytes) => { this.stderr += bytes; });
    const lines = createInterface({ input: this.process.stdout });
    const ready = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const document = parsed(line);
        if (document === undefined) return;
        this.documents.push(document);
        if (document.event === 'ready') resolve(document);
      });
      this.exited.then(([code, signal]) => reject(new Error(`ended before it was ready: ${code ?? signal}\n${this.stderr}`)));
    });
    const limit = setTimeout(() => this.process.kill('SIGKILL'), 60_000);
    const document = await ready.finally(() => clearTimeout(limit));
    Object.assign(this, {
      public: document.public, admin: document.admin, token: document.admin_token, shop: document.shop,
      domain: document.shop_domain, secrets: document.secrets,
    });
  }

  /** As `kill -9` does: nobody is asked. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM; returns the exit code. */
  async stop() {
    this.process.kill('SIGTERM');
    const [code] = await this.exited;
    return code;
  }

  /** On the same data, after kill() or stop(). */
  async restart() {
    await this.#launch();
  }

  /** Ends everything, also what a killed process left behind, and removes the data. */
  async destroy() {
    if (this.process.signalCode === 'SIGKILL') await this.restart();
    if (this.process.exitCode === null && this.process.signalCode === null) await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a verb on this daemon's data; the rows it prints. */
  async command(...words) {
    const child = spawn(binary, [...words, '--data', join(this.folder, 'data'), '--output', 'json'],
      { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '', stderr = '';
    child.stdout.on('data', (bytes) => { stdout += bytes; });
    child.stderr.on('data', (bytes) => { stderr += bytes; });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`recoup ${words.join(' ')} ended with ${code}: ${stderr}`);
    return [JSON.parse(stdout)].flat();
  }

  /** Straight into the daemon's own database. */
  sql(text) {
    const url = JSON.parse(readFileSync(join(this.folder, 'data', 'daemon.json'))).database;
    return execFileSync('psql', [url, '-v', 'ON_ERROR_STOP=1', '-Atc', text]).toString().trim();
  }

  /** Nobody is there for so long: the daemon stops, and the clock goes on without it. */
  async outage(seconds) {
    const later = after(await this.now(), seconds);
    this.sql(`update install set value = '${later}' where name = 'clock'`);
    await this.stop();
    await this.restart();
  }

  /** Applies a sequence written in TOML. */
  async apply(text) {
    const file = join(this.folder, 'sequence.toml');
    writeFileSync(file, text);
    await this.command('sequence', 'apply', file);
  }

  /** What the pixel of a browser says; `kind` as in docs/events.md. */
  async pixel(anonymous_id, session_id, kind, more = {}) {
    const answer = await fetch(`${this.webhook_url('pixel')}?key=${this.secrets.pixel}`, {
      method: 'POST', headers: { 'content-type': 'text/plain', 'user-agent': browser, origin: `https://${this.domain}` },
      body: JSON.stringify({ anonymous_id, session_id, events: [{ id: randomUUID(), type: kind, ...more }] }),
    });
    return settled(answer);
  }

  /** Makes a secret of a source on the command line; the running daemon knows it within about a second. */
  async new_secret(source) {
    return (await this.command('shop', 'secret', this.shop, source))[0].secret;
  }

  webhook_url(source, shop = this.shop) {
    return `${this.public}/webhooks/${shop}/${source}`;
  }

  /** Headers of a Shopify delivery of exactly these bytes. */
  shopify_headers(topic, bytes, { id = randomUUID(), secret = this.secrets.shopify } = {}) {
    return {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(bytes).digest('base64'),
      'x-shopify-shop-domain': this.domain,
      'x-shopify-api-version': '2026-04',
      'x-shopify-webhook-id': id,
    };
  }

  async shopify(topic, body, options = {}) {
    const bytes = Buffer.from(JSON.stringify(body));
    const answer = await fetch(this.webhook_url('shopify'), {
      method: 'POST', headers: this.shopify_headers(topic, bytes, options), body: bytes,
    });
    return settled(answer);
  }

  /** One custom event (or a batch), signed by the reference library of Standard Webhooks at the daemon's own time. */
  async events(body, { id = `msg_${randomUUID()}`, now } = {}) {
    const text = JSON.stringify(body);
    const at = new Date(now ?? await this.now());
    const answer = await fetch(this.webhook_url('events'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(this.secrets.events).sign(id, at, text),
      },
      body: text,
    });
    return settled(answer);
  }

  async #admin(method, path, body) {
    const answer = await fetch(this.admin + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  }

  get(path) {
    return this.#admin('GET', path);
  }

  ask(method, path, body) {
    return this.#admin(method, path, body);
  }

  /** Moves the manual clock and returns its time. */
  async advance(seconds) {
    return (await this.#admin('POST', '/v1/clock/advance', { seconds })).now;
  }

  now() {
    return this.advance(0);
  }

  /** All pages of a list. */
  async list(kind, query = {}) {
    const items = [];
    let cursor = null;
    do {
      const parameters = new URLSearchParams({ ...query, ...(cursor ? { cursor } : {}) });
      const page = await this.get(`/v1/shops/${this.shop}/${kind}?${parameters}`);
      items.push(...page.data);
      cursor = page.next;
    } while (cursor);
    return items;
  }

  /** Messages of one person, the earliest first. */
  async messages(email, more = {}) {
    const items = await this.list('messages', { email, ...more });
    return items.sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at));
  }
}

/** Runs `recoup dev --demo --once` on a folder until it ends, or kills it `kill.later` ms after a line like `kill.at`. */
export async function play_demo(folder, { carts, seed, kill } = {}) {
  const args = dev_arguments(join(folder, 'data'), ['--demo', '--carts', String(carts), '--seed', String(seed), '--once']);
  const child = spawn(binary, args, { env: environment({ RECOUP_MEASURE__HOLDOUT_SHARE: '0.1' }), stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let stdout = '', stderr = '';
  child.stdout.on('data', (bytes) => { stdout += bytes; });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
    if (kill?.at.test(stderr)) setTimeout(() => child.kill('SIGKILL'), kill.later);
  });
  const [code, signal] = await exited;
  const documents = stdout.split('\n').map(parsed).filter((document) => document !== undefined);
  return { code, signal, stderr, report: documents.find((document) => document.checks !== undefined) };
}

/** Asks again until it is so, for as long as that takes within reason. */
export async function eventually(is_so, patience = 20_000) {
  const deadline = Date.now() + patience;
  for (;;) {
    if (await is_so()) return;
    if (Date.now() > deadline) throw new Error(`never came true: ${is_so}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function settled(answer) {
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
