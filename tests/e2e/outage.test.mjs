// The event log goes away under load: every answer is 2xx within a second, nothing is lost, and what was spooled is drained
// faster than it came. The long form, ten minutes at 500 events a second:
//
//   RECOUP_OUTAGE_SECONDS=600 RECOUP_OUTAGE_RATE=500 node --test tests/e2e/outage.test.mjs

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon, hours } from './harness.mjs';
import { Load, metric, pause, settle, until } from './load.mjs';
import { Kafka, Postgres } from './servers.mjs';
import { checkout, order, shopper } from './store.mjs';

const long_form = process.env.RECOUP_OUTAGE_SECONDS !== undefined;
const seconds = Number(process.env.RECOUP_OUTAGE_SECONDS ?? 2);
const rate = Number(process.env.RECOUP_OUTAGE_RATE ?? 150);
const no_kafka = !process.env.RECOUP_TEST_KAFKA_BROKERS && 'RECOUP_TEST_KAFKA_BROKERS is not set';

async function start(more = {}) {
  const daemon = await Daemon.start({ clock: 'real', ...more });
  const segment = await daemon.new_secret('segment');
  const load = new Load(() => ({ public: daemon.public, shop: daemon.shop, segment, events: daemon.secrets.events }));
  await load.warm_up();
  const data = join(daemon.folder, 'data');
  return { daemon, load, postgres: new Postgres(data), database: JSON.parse(readFileSync(join(data, 'daemon.json'))).database };
}

/** Load, outage, load; returns when everything is drained. */
async function live_through({ daemon, load }, leave, come_back) {
  const number = (name) => metric(daemon.admin, `recoup_spool_${name}`);
  load.start(rate);
  await pause(1_000);
  await leave();
  await pause(seconds * 1_000);
  assert.ok(await number('appended_events_total') > 0, 'the spool is in use');
  assert.match(await (await fetch(`${daemon.admin}/readyz?verbose`)).text(), /\[\+\]spool ok: in use/);
  const before = await number('drained_events_total');
  const backlog = await number('appended_events_total') - before;
  await come_back();
  const drained = async () => await number('drained_events_total') - before;
  await until(async () => await drained() > 0, { every: 2 });
  const began = performance.now();
  await until(async () => await drained() >= backlog, { patience: 120_000, every: 2 });
  const speed = backlog / ((performance.now() - began) / 1_000);
  await until(async () => await number('state') === 0, { patience: 60_000 });
  await pause(500);
  await load.stop();
  return speed;
}

async function judge({ load, database }, speed) {
  assert.deepEqual(load.answers.filter((answer) => answer.status !== 200), []);
  assert.ok(load.slowest < 1_000, `the slowest answer took ${Math.round(load.slowest)} ms`);
  if (long_form) assert.ok(speed >= 5 * rate, `drained at ${Math.round(speed)} a second, ${rate} came`);  // too few to time else
  const { lost, twice } = await settle(database, load, { patience: 30_000 + seconds * 1_000 });
  assert.deepEqual(lost, []);
  assert.equal(twice, 0);
  console.log(`# ${load.answers.length} answers, the slowest ${Math.round(load.slowest)} ms; drained at ${Math.round(speed)} a second`);
}

/** A request that names itself waits for Postgres: not for long. */
async function named_request({ daemon, postgres }) {
  const { key } = await daemon.ask('POST', `/v1/shops/${daemon.shop}/keys`, { source: 'events' });
  const body = JSON.stringify({ type: 'product.viewed', timestamp: new Date().toISOString(), data: { anonymous_id: 'visitor' } });
  const send = () => fetch(daemon.webhook_url('events'), { method: 'POST', body, headers: { 'content-type': 'application/json',
    authorization: `Bearer ${key}`, 'idempotency-key': '"one request"' } });
  await until(async () => (await send()).status === 200);
  postgres.freeze();
  const began = performance.now();
  const answer = await send();
  const took = performance.now() - began;
  postgres.thaw();
  assert.equal(answer.status, 503);
  assert.ok(answer.headers.get('retry-after'));
  assert.ok(took < 1_000, `it took ${Math.round(took)} ms`);
  await until(async () => (await send()).status === 200);
}

test('Postgres goes away under load', async (t) => {
  const world = await start();
  const { daemon, postgres } = world;
  try {
    await t.test('frozen: it does not answer, no connection breaks', async () => {
      await judge(world, await live_through(world, () => postgres.freeze(), () => postgres.thaw()));
    });
    await t.test('a request that names itself is answered in time', () => named_request(world));
    await t.test('stopped at once and started again', async () => {
      const again = { ...world, load: new Load(world.load.target) };
      await judge(again, await live_through(again, () => postgres.stop_immediately(), () => postgres.start()));
    });
  } finally {
    postgres.thaw();
    await daemon.kill();
    await postgres.end();
    await daemon.destroy();
  }
});

/** On a manual clock: the order waits in the spool while its first message falls due. */
async function order_in_the_spool(kafka) {
  const daemon = await Daemon.start({ args: ['--log', 'kafka', '--kafka-brokers', kafka.brokers],
    env: { RECOUP_KAFKA__TOPIC: `recoup.outage.${randomUUID()}` } });
  try {
    const buys = shopper(1), leaves = shopper(2), now = await daemon.now();
    for (const who of [buys, leaves]) assert.equal((await daemon.shopify('checkouts/create', checkout(who, now))).status, 200);
    const bought = await daemon.advance(60);
    kafka.freeze();
    assert.equal((await daemon.shopify('orders/create', order(buys, bought))).status, 200);
    await assert.rejects(() => daemon.advance(hours(5)), /503/);
    for (const who of [buys, leaves]) assert.deepEqual(await daemon.messages(who.email), []);
    kafka.thaw();
    await until(() => daemon.advance(hours(5)));
    assert.deepEqual(await daemon.messages(buys.email), []);
    assert.ok((await daemon.messages(leaves.email)).length > 0);
  } finally {
    kafka.thaw();
    await daemon.destroy();
  }
}

test('the Kafka broker goes away under load', { skip: no_kafka }, async (t) => {
  const kafka = await Kafka.start();
  const world = await start({ args: ['--log', 'kafka', '--kafka-brokers', kafka.brokers],
    env: { RECOUP_KAFKA__TOPIC: `recoup.outage.${randomUUID()}` } });
  try {
    await t.test('frozen', async () => judge(world, await live_through(world, () => kafka.freeze(), () => kafka.thaw())));
    await t.test('killed and started again', async () => {
      const again = { ...world, load: new Load(world.load.target) };
      await judge(again, await live_through(again, () => kafka.kill(), () => kafka.restart()));
    });
    await t.test('an order that waits in the spool stops its messages', () => order_in_the_spool(kafka));
  } finally {
    kafka.thaw();
    await world.daemon.destroy();
    await kafka.end();
  }
});
