// kill -9 of those who fold, schedule and send, at random moments while messages leave for providers that write down what they
// get: no step is lost, nothing is sent twice, and what nobody knows is listed. The long run:
//
//   RECOUP_KILLS=200 node --test tests/e2e/kill_deliver.test.mjs
//
// RECOUP_SEED=n draws the same moments again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { chance, pause } from './load.mjs';
import { Rush } from './shoppers.mjs';

const kills = Number(process.env.RECOUP_KILLS ?? 20);
const without_keys = Math.ceil(kills / 2);
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const random = chance(seed);

describe(`two workers are killed while messages leave (seed ${seed})`, () => {
  let rush;
  before(async () => { rush = await Rush.start(seed, random); });
  after(() => rush?.destroy());

  async function kill_one_of_them(times) {
    for (let kill = 0; kill < times; ++kill) {
      await pause(100 + random() * 200);
      const worker = rush.fleet.workers[random() < 0.5 ? 0 : 1];
      await worker.kill();
      worker.start();
    }
  }

  test(`${without_keys} kills, providers without keys: at most once`, async () => {
    const { unknown } = await rush.live_through(rush.mail.env, () => kill_one_of_them(without_keys));
    assert.ok(unknown > 0, 'kills fell between a call and its answer');
  });

  test(`${kills - without_keys} kills, mail goes where keys are known: exactly once`, async () => {
    const { keyed } = await rush.live_through({}, () => kill_one_of_them(kills - without_keys));
    assert.ok(keyed > 0);
  });
});
