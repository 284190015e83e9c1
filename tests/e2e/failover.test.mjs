// Postgres stopped at once and started again, and lost for good to a standby that takes over, while messages leave: no step is lost,
// nothing is sent twice, and what nobody knows is listed. The long run:
//
//   RECOUP_STOPS=50 node --test tests/e2e/failover.test.mjs
//
// RECOUP_SEED=n draws the same moments again.

import { after, before, describe, test } from 'node:test';

import { chance, pause } from './load.mjs';
import { Standby } from './servers.mjs';
import { Rush } from './shoppers.mjs';

const stops = Number(process.env.RECOUP_STOPS ?? 3);
const takeovers = Math.max(1, Math.floor(stops / 10));
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const random = chance(seed);

describe(`Postgres fails while messages leave (seed ${seed})`, () => {
  let rush;
  before(async () => { rush = await Rush.start(seed, random); });
  after(() => rush?.destroy());

  test(`${stops} immediate stops`, async () => {
    await rush.live_through(rush.mail.env, async () => {
      for (let stop = 0; stop < stops; ++stop) {
        await pause(200 + random() * 600);
        await rush.fleet.postgres.stop_immediately();
        await pause(random() * 200);
        await rush.fleet.postgres.start();
      }
    });
  });

  for (let takeover = 0; takeover < takeovers; ++takeover)
    test('a synchronous standby takes over', async () => {
      const { fleet } = rush;
      const primary = fleet.postgres, standby = await Standby.of(primary, `standby${takeover}`);
      await fleet.move(primary.at('recoup', standby));
      await rush.live_through(rush.mail.env, async () => {
        await pause(random() * 1000);
        await primary.stop_immediately();
        await pause(random() * 200);
        await standby.promote();
        fleet.postgres = standby;
        await pause(2000);   // the rest of the carts comes to the new one
      });
    });
});
