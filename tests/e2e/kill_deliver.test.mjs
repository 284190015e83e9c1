// kill -9 of those who fold, schedule and send, and of their Postgres, at random moments while messages leave for providers that write
// down what they get: no step is lost, nothing is sent twice, and what nobody knows is listed. The long run:
//
//   RECOUP_KILLS=200 node --test tests/e2e/kill_deliver.test.mjs
//
// RECOUP_SEED=n draws the same moments again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { chance, pause } from './load.mjs';
import { MailProvider, SmsProvider } from './providers.mjs';
import { Fleet } from './serve.mjs';
import { Shoppers, at_rest, judge, told } from './shoppers.mjs';

const kills = Number(process.env.RECOUP_KILLS ?? 20);
const stops = Math.ceil(kills / 4);
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const random = chance(seed);
const rate = 20;

describe(`killed while messages leave (seed ${seed})`, () => {
  let fleet, sms, mail;
  before(async () => {
    const answer = () => 5 + random() * 75;
    [sms, mail] = [await SmsProvider.start(answer), await MailProvider.start(answer)];
    fleet = await Fleet.start({ ...sms.env, RECOUP_SCHEDULE__LEASE: '2s' });
  });
  after(async () => {
    await fleet?.destroy();
    for (const provider of [sms, mail]) provider?.stop();
  });

  async function live_through(env, disturb) {
    const shoppers = new Shoppers(fleet.daemon, fleet.people);
    try {
      await fleet.employ(2, env);
      shoppers.start(rate);
      await pause(2500);   // the first are due
      await disturb();
      await shoppers.stop();
      await at_rest(fleet, shoppers.people);
    } catch (failure) {
      throw new Error(`${failure.message}\n${fleet.log()}`, { cause: failure });
    } finally {
      await shoppers.stop();
    }
    fleet.people = shoppers.people;
    const counts = await judge(fleet, fleet.people, [sms, mail]);
    console.log(`# seed ${seed}: ${told(counts)}`);
    return counts;
  }

  async function kill_workers(count) {
    for (let kill = 0; kill < count; ++kill) {
      await pause(100 + random() * 300);
      const worker = fleet.workers[random() < 0.5 ? 0 : 1];
      await worker.kill();
      worker.start();
    }
  }

  test(`${Math.ceil(kills / 2)} kills, providers without keys`, async () => {
    const { unknown } = await live_through(mail.env, () => kill_workers(Math.ceil(kills / 2)));
    assert.ok(unknown > 0, 'kills hit between a call and its answer');
  });

  test(`${Math.floor(kills / 2)} kills, mail to one with keys`, async () => {
    const { keyed } = await live_through({}, () => kill_workers(Math.floor(kills / 2)));
    assert.ok(keyed > 0);
  });

  test(`${stops} immediate stops of Postgres`, async () => {
    await live_through(mail.env, async () => {
      for (let stop = 0; stop < stops; ++stop) {
        await pause(200 + random() * 500);
        await fleet.postgres.stop_immediately();
        await pause(random() * 200);
        await fleet.postgres.start();
      }
    });
  });
});
