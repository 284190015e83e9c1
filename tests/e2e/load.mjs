// An open-loop sender that remembers what it was answered, and the question whether the state in Postgres agrees.
//
// Page views (Segment's page call) add up in the state, so one that is counted twice shows; orders (custom events) carry
// stops, so they take the careful way through the spool.

import { createHmac, randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { Agent, request } from 'node:http';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** SplitMix32: the same numbers for the same seed. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9E3779B9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85EBCA6B);
    z = Math.imul(z ^ (z >>> 13), 0xC2B2AE35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}

export class Load {
  /** `target` answers where to send now: { public, shop, segment, events }; it may change while the load runs. */
  constructor(target, { shoppers = 40, orders = 0.1, retries = 0, random = chance(1) } = {}) {
    Object.assign(this, { target, shoppers, orders, retries, random });
    this.name = randomUUID().slice(0, 8);
    this.agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: 30_000 });   // no request on a connection that the server is about to close
    this.sent = 0;
    this.answers = [];          // { id, status, ms, at }; status 0: no answer came
    this.acknowledged = new Set();
    this.open = new Set();
  }

  /** `rate` a second until stop(). */
  start(rate) {
    let due = performance.now();
    this.timer = setInterval(() => {
      for (const now = performance.now(); due <= now; due += 1000 / rate) this.send();
    }, 5);
  }

  /** Until a new secret of the segment source is known. */
  async warm_up() {
    for (let number = 0; (await this.#deliver(`${this.name}-first`, 0, false)).status !== 200; ++number) {
      if (number === 100) throw new Error(`not accepted: ${JSON.stringify(this.answers.at(-1))}`);
      await pause(50);
    }
    this.answers = [];
  }

  send() {
    const number = this.sent++;
    const one = this.#deliver(`${this.name}-${number}`, number, this.random() < this.orders)
      .finally(() => this.open.delete(one));
    this.open.add(one);
    return one;
  }

  async #deliver(id, number, order) {
    for (let attempt = 0; ; ++attempt) {
      const answer = await this.#post(id, number, order);
      this.answers.push(answer);
      if (answer.status >= 200 && answer.status < 300) this.acknowledged.add(id);
      if (this.acknowledged.has(id) || attempt >= this.retries) return answer;
      await pause(400);
    }
  }

  #post(id, number, order) {
    const { public: base, shop, segment, events } = this.target();
    const shopper = `${this.name}-s${number % this.shoppers}`;
    const at = new Date();
    const headers = { 'content-type': 'application/json' };
    const body = order
      ? JSON.stringify({ type: 'order.completed', id, data: { order_id: id, total: '1.00', currency: 'USD', customer: { id: shopper } } })
      : JSON.stringify({ type: 'page', messageId: id, userId: shopper, timestamp: at.toISOString(), context: { sessionId: shopper } });
    if (order) {
      const seconds = Math.floor(at.getTime() / 1000);
      const key = Buffer.from(events.replace(/^whsec_/, ''), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
      Object.assign(headers, { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` });
    } else {
      headers.authorization = `Basic ${Buffer.from(`${segment}:`).toString('base64')}`;
    }
    const url = `${base}/webhooks/${shop}/${order ? 'events' : 'segment/v1/page'}`;
    const began = performance.now();
    return new Promise((resolve) => {
      const done = (status, retry_after) => resolve({ id, status, retry_after, order, ms: performance.now() - began, at: began });
      const call = request(url, { method: 'POST', agent: this.agent, headers }, (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode, answer.headers['retry-after'])).on('error', () => done(0));
      });
      call.on('error', () => done(0));
      call.end(body);
    });
  }

  async stop() {
    clearInterval(this.timer);
    while (this.open.size > 0) await Promise.allSettled([...this.open]);
    this.agent.destroy();
  }

  get slowest() {
    return this.answers.reduce((most, { ms }) => Math.max(most, ms), 0);
  }

  count(wanted) {
    return this.answers.filter((answer) => wanted(answer.status)).length;
  }
}

/** Rows of one statement, each a list of texts. */
export async function query(database, sql) {
  const { stdout } = await run('psql', ['-X', '-A', '-t', '-F', '\t', '-d', database, '-c', sql], { maxBuffer: 1 << 28 });
  return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

/** Waits until every acknowledged event is folded, then says what is missing and what counts twice. */
export async function settle(database, load, { patience = 30_000 } = {}) {
  const deadline = performance.now() + patience;
  for (;;) {
    const began = performance.now();
    const rows = await query(database, `select substring(event_id from position(':' in event_id) + 1), kind from inbox where event_id like '%:${load.name}-%'`);
    const known = new Set(rows.map(([id]) => id));
    const lost = [...load.acknowledged].filter((id) => !known.has(id));
    if (lost.length > 0 && performance.now() < deadline) {
      await pause(Math.max(100, performance.now() - began));
      continue;
    }
    const views = rows.filter(([, kind]) => kind === 'behaviour_seen').length;
    const [[counted]] = await query(database, `select coalesce(sum((session.value->>'page_views')::int), 0)
      from person, jsonb_each(doc::jsonb->'sessions') session where session.key like '${load.name}-s%'`);
    return { lost, twice: Number(counted) - views, known: known.size };
  }
}

/** One number from the admin listener's metrics. */
export async function metric(admin, name) {
  const text = await (await fetch(`${admin}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** Looks every few milliseconds. */
export async function until(what, { patience = 30_000, every = 20 } = {}) {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = await what().catch(() => undefined);
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`did not come in ${patience} ms: ${what}`);
    await pause(every);
  }
}
