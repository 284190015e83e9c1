// The same run on a real Apache Kafka. RECOUP_TEST_KAFKA_BROKERS names it; without it the test is skipped.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { Daemon, after, hours } from './harness.mjs';
import { checkout, order, shopper } from './store.mjs';

const brokers = process.env.RECOUP_TEST_KAFKA_BROKERS;

test('the log on Kafka gives the same messages', { skip: !brokers && 'RECOUP_TEST_KAFKA_BROKERS is not set' }, async () => {
  const daemon = await Daemon.start({
    args: ['--log', 'kafka', '--kafka-brokers', brokers], env: { RECOUP_KAFKA__TOPIC: `recoup.e2e.${randomUUID()}` },
  });
  try {
    const leaves = shopper(1), buys = shopper(2), now = await daemon.now();
    for (const who of [leaves, buys]) assert.equal((await daemon.shopify('checkouts/create', checkout(who, now))).status, 200);
    const bought = await daemon.advance(hours(5));
    assert.equal((await daemon.shopify('orders/create', order(buys, bought))).status, 200);
    await daemon.kill();
    await daemon.restart();
    await daemon.advance(hours(68));
    const times = async (who) => (await daemon.messages(who.email)).map((message) => [message.channel, Date.parse(message.sent_at)]);
    const planned = [['email', 1], ['sms', 4], ['email', 24], ['email', 72]]
      .map(([channel, hour]) => [channel, Date.parse(after(now, hours(hour)))]);
    assert.deepEqual(await times(leaves), planned);
    assert.deepEqual(await times(buys), planned.slice(0, 2));
  } finally {
    await daemon.destroy();
  }
});
