// Shoppers who leave their carts behind, one after another, and the question what became of each.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { eventually } from './harness.mjs';
import { pause } from './load.mjs';
import { MailProvider, SmsProvider } from './providers.mjs';
import { Fleet } from './serve.mjs';
import { checkout, shopper } from './store.mjs';

const steps = [[1, 'email'], [2, 'sms'], [3, 'email']];

/** Leaves carts at a rate until stop(); each is posted until it was answered 2xx. */
export class Shoppers {
  constructor(daemon, people = []) {
    Object.assign(this, { daemon, people: [...people], open: new Set() });
  }

  start(rate) {
    let due = performance.now();
    this.timer = setInterval(() => {
      for (const now = performance.now(); due <= now; due += 1000 / rate) this.#leave();
    }, 10);
  }

  #leave() {
    const who = shopper(this.people.length), id = randomUUID(), body = checkout(who, new Date().toISOString());
    this.people.push(who);
    const one = (async () => {
      for (;;) {
        const { status } = await this.daemon.shopify('checkouts/update', body, { id }).catch(() => ({ status: 0 }));
        if (status === 200) return;
        await pause(200);
      }
    })().finally(() => this.open.delete(one));
    this.open.add(one);
  }

  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }
}

/** Until every enrollment has ended. */
async function at_rest({ daemon }, people) {
  await eventually(async () => {
    const enrollments = await daemon.list('enrollments').catch(() => []);
    return enrollments.length >= people.length && enrollments.every(({ status }) => status === 'ended');
  }, 90_000);
}

const times = (items) => items.reduce((counts, item) => counts.set(item, (counts.get(item) ?? 0) + 1), new Map());
const twice = (items) => [...times(items)].filter(([, count]) => count > 1).map(([item]) => item);

/**
 * What the providers wrote down against what the API says: no step is lost, nothing is sent twice, and what nobody knows is
 * listed for a person. `providers` are those without keys; `capture` has them: its messages are its record.
 */
async function judge(fleet, people, providers) {
  const { daemon } = fleet;
  const [enrollments, messages, decisions] = [await daemon.list('enrollments'), await daemon.list('messages'), await daemon.list('decisions')];
  assert.equal(new Set(enrollments.map(({ cart_id }) => cart_id)).size, people.length, 'every cart is in the sequence');
  assert.equal(enrollments.length, people.length, 'once');
  const skips = decisions.filter(({ subject, verdict }) => subject === 'step' && verdict === 'skip');
  const settled = new Set(messages.concat(skips).map(({ enrollment_id, step }) => `${enrollment_id} ${step}`));
  const lost = enrollments.flatMap(({ id }) => steps.map((_, place) => `${id} ${place + 1}`))
    .filter((step) => !settled.has(step));
  assert.deepEqual(lost, [], 'steps of which nothing is known');

  const requests = providers.flatMap((provider) => provider.requests);
  assert.deepEqual(twice(requests.map(({ message }) => message)), [], 'requests for one message');
  assert.deepEqual(twice(messages.map(({ enrollment_id, step }) => `${enrollment_id} ${step}`)), [], 'messages of one step');
  const status = new Map(messages.map((message) => [message.id, message.status]));
  assert.deepEqual(requests.filter(({ message }) => !status.has(message)), [], 'requests of which we know nothing');

  const keyed = messages.filter(({ adapter }) => adapter === 'capture');
  assert.deepEqual(keyed.filter((message) => message.status !== 'sent'), [], 'exactly once where keys are known');
  const asked = new Set(requests.map(({ message }) => message));
  const unkeyed = messages.filter(({ adapter }) => adapter !== 'capture');
  assert.deepEqual(unkeyed.filter((message) => message.status === 'sent' && !asked.has(message.id)), [], 'said to be sent and never asked for');

  const unknown = new Set(fleet.unknown().map(({ id }) => id));
  const open = messages.filter((message) => message.status === 'unknown').map(({ id }) => id);
  assert.deepEqual(new Set(open), unknown, 'the list is what the messages say');
  const unrecorded = requests.filter(({ message }) => status.get(message) !== 'sent' && !unknown.has(message));
  assert.deepEqual(unrecorded, [], 'asked for, neither recorded as sent nor listed');
  return { carts: people.length, messages: messages.length, requests: requests.length, keyed: keyed.length, unknown: unknown.size,
    arrived: requests.filter(({ message }) => unknown.has(message)).length, skipped: settled.size - messages.length,
    ...Object.fromEntries(times(skips.map(({ reason }) => `with ${reason}`))) };
}

const told = (counts) => Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ');

/** A fleet whose messages leave for providers of one's own, and shoppers all the while. */
export class Rush {
  static async start(seed, random, env = { RECOUP_SCHEDULE__LEASE: '2s' }) {
    const answer = () => 5 + random() * 75;
    const rush = Object.assign(new Rush(), { seed, people: [], sms: await SmsProvider.start(answer), mail: await MailProvider.start(answer) });
    rush.fleet = await Fleet.start(steps, { ...rush.sms.env, ...env });
    return rush;
  }

  /** Two workers with this environment, carts at a rate, `disturb`, and the judgement of all that happened since the start. */
  async live_through(env, disturb, rate = 20) {
    const { fleet } = this;
    const shoppers = new Shoppers(fleet.daemon, this.people);
    try {
      await fleet.employ(2, env);
      shoppers.start(rate);
      await pause(1500);   // the first are due
      await disturb();
      await shoppers.stop();
      this.people = shoppers.people;
      await at_rest(fleet, this.people);
      const counts = await judge(fleet, this.people, [this.sms, this.mail]);
      console.log(`# seed ${this.seed}: ${told(counts)}`);
      return counts;
    } catch (failure) {
      throw new Error(`seed ${this.seed}: ${failure.message}\n${fleet.log()}`, { cause: failure });
    } finally {
      await shoppers.stop();
    }
  }

  async destroy() {
    await this.fleet.destroy();
    for (const provider of [this.sms, this.mail]) provider.stop();
  }
}
