// Late news starts at the next sensible step; after an outage what is of no use any more is dropped, the rest is spread out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Daemon, after, hours } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

async function ok(promise) {
  const answer = await promise;
  assert.equal(answer.status, 200, answer.text);
}
const sent = (messages) => messages.map((one) => `${one.step_name} ${one.sent_at}`);

test('an event that comes late starts at the next sensible step', async () => {
  const daemon = await Daemon.start();
  try {
    const now = await daemon.now();
    const late = [[0.5, 'reminder,text'], [1.25, 'reminder,text'], [2.5, 'text'], [5, 'text'], [25, 'incentive'], [60, 'last_call'], [200, '']];
    for (const [i, [hour]] of late.entries()) await ok(daemon.shopify('checkouts/create', checkout(shopper(i + 1), after(now, -hours(hour)))));
    await daemon.advance(hours(13));
    for (const [i, [hour, steps]] of late.entries()) {
      const messages = await daemon.messages(shopper(i + 1).email);
      assert.equal(messages.map((one) => one.step_name).join(), steps, `${hour} hours late`);
      for (let k = 1; k < messages.length; ++k)
        assert.ok(Date.parse(messages[k].sent_at) - Date.parse(messages[k - 1].sent_at) >= 2 * 3600_000, `a burst: ${sent(messages)}`);
    }
    const opened = (await daemon.list('decisions', { email: shopper(5).email })).find((one) => one.subject === 'open');
    assert.match(JSON.stringify(opened.trace), /left out as past: reminder, text/);
    const never = (await daemon.list('decisions', { email: shopper(7).email })).map((one) => one.reason);
    assert.deepEqual(never, ['too_late']);
  } finally {
    await daemon.destroy();
  }
});

test('after an outage nobody gets a burst', async () => {
  const daemon = await Daemon.start({ env: { RECOUP_DELIVER__SPREAD: '10m' } });
  try {
    const begun = await daemon.now(), count = 40;
    for (let n = 1; n <= count; ++n) await ok(daemon.shopify('checkouts/create', checkout(shopper(n), begun, { phone: false })));
    await daemon.advance(1800);   // enrolled, nothing due yet
    await daemon.outage(hours(26));
    const back = await daemon.now();
    await daemon.advance(hours(60));
    const moments = new Set();
    for (let n = 1; n <= count; ++n) {
      const messages = await daemon.messages(shopper(n).email);
      assert.deepEqual(messages.map((one) => one.step_name), ['incentive', 'last_call'], 'the reminder is of no use any more');
      const wait = Date.parse(messages[0].sent_at) - Date.parse(back);
      assert.ok(wait >= 0 && wait <= 600_000, `${wait} ms`);
      moments.add(messages[0].sent_at);
      const reasons = (await daemon.list('decisions', { email: shopper(n).email })).filter((one) => one.step === 1).map((one) => one.reason);
      assert.deepEqual(reasons, ['too_late']);
    }
    assert.ok(moments.size > count / 2, `spread over ${moments.size} moments`);
  } finally {
    await daemon.destroy();
  }
});
