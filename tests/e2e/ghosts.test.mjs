// Orders that come within milliseconds of the moment at which their cart's message is decided: none leaves that was decided after
// its order was answered. The long run:
//
//   RECOUP_GHOSTS=10000 node --test tests/e2e/ghosts.test.mjs
//
// RECOUP_SEED=n draws the same moments again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Daemon, hours } from './harness.mjs';
import { chance, pause, query, until } from './load.mjs';
import { MailProvider } from './providers.mjs';
import { Fleet } from './serve.mjs';
import { checkout, order, shopper } from './store.mjs';

const orders = Number(process.env.RECOUP_GHOSTS ?? 200);
const small_claims = { RECOUP_SCHEDULE__BATCH: '3' };   // many commits to meet
const delay = 2000;
const seed = Number(process.env.RECOUP_SEED ?? Math.floor(Math.random() * 1e9));
const random = chance(seed);
/** People of one wave after another. */
function* waves(size = Math.min(200, Math.ceil(orders / 8))) {
  for (let first = 0; first < orders / 2; first += size)
    yield Array.from({ length: Math.min(size, orders / 2 - first) }, (_, i) => shopper(first + i));
}

const now = () => performance.timeOrigin + performance.now();

/** Answered 2xx, after as many tries as that takes. */
async function posted(daemon, topic, body) {
  while (!((await daemon.shopify(topic, body).catch(() => ({}))).status === 200)) await pause(50);
  return now();
}

/** Orders of a wave, each at a moment of its own, and when each was answered. */
async function buy(daemon, people, at, answered) {
  await Promise.all(people.map(async (who, i) => {
    await pause(Math.max(0, at(i) - now()));
    answered.set(who.email, await posted(daemon, 'orders/create', order(who, new Date().toISOString())));
  }));
}

/** When the decision to send was committed, by address. */
async function decided(database) {
  const rows = await query(database, `select m.to_address, extract(epoch from pg_xact_commit_timestamp(d.xmin)) * 1000
    from decision d join message m using (shop_id, message_id) where d.subject = 'step' and d.verdict = 'send'`);
  return new Map(rows.map(([to, at]) => [to, Number(at)]));
}

/** `left`: addresses whose message really went. */
async function judge(database, answered, left) {
  const commits = await decided(database);
  const lead = [...left].map((to) => ({ to, ms: answered.get(to) - commits.get(to) })).sort((a, b) => a.ms - b.ms);
  const within = (ms) => lead.filter((one) => one.ms < ms).length;
  console.log(`# seed ${seed}: ${answered.size} orders, ${lead.length} answered after their message was decided (${within(1)} within 1 ms, ` +
    `${within(5)} within 5 ms, the closest ${lead[0]?.ms.toFixed(2)} ms), ${lead.filter(({ ms }) => !(ms >= 0)).length} ghosts`);
  assert.deepEqual(lead.filter(({ ms }) => !(ms >= 0)), [], `seed ${seed}: decided after the order was answered`);
  assert.ok(lead.length > 0 && lead.length < answered.size, 'some came before and some after');
}

/** Postgres tells from now on when a transaction was committed. */
async function note_commits(database) {
  await query(database, 'alter system set track_commit_timestamp = on');
}

describe(`orders at the moment of the claim (seed ${seed})`, () => {
  describe('on the real clock', () => {
    let fleet, mail;
    before(async () => {
      mail = await MailProvider.start(() => random() * 5);
      fleet = await Fleet.start([[delay / 1000, 'email']], mail.env);
      await note_commits(fleet.database);
      await fleet.postgres.stop_immediately();
      await fleet.postgres.start();
      await fleet.move(fleet.database);
      await fleet.employ(2);
    });
    after(async () => {
      await fleet?.destroy();
      mail?.stop();
    });

    /** Carts of which one is due every 20 ms; `early`: how many ms before that its order is sent. */
    async function due_and_bought(people, answered, early) {
      const began = now() - 20 * people.length, active = (i) => began + 20 * i;
      await Promise.all(people.map((who, i) => posted(fleet.daemon, 'checkouts/update', checkout(who, new Date(active(i)).toISOString()))));
      await buy(fleet.daemon, people, (i) => active(i) + delay - early - random() * 10, answered);
      await pause(300);
      return mail.requests.length;
    }

    test(`${orders / 2} orders, two instances`, async () => {
      const answered = new Map();
      let early = -15, before_it = 0;
      for (const people of waves()) {
        const left = await due_and_bought(people, answered, early);
        early += 30 * ((left - before_it) / people.length - 0.5);   // half of the next are to come before their message, half after
        before_it = left;
      }
      await until(async () => (await fleet.daemon.list('enrollments')).every(({ status }) => status === 'ended'));
      await judge(fleet.database, answered, new Set(mail.requests.map(({ to }) => to)));
    });
  });

  describe('around an advance of a manual clock', () => {
    let daemon, database;
    before(async () => {
      daemon = await Daemon.start({ env: small_claims });
      const state = () => JSON.parse(readFileSync(join(daemon.folder, 'data', 'daemon.json')));
      await note_commits(state().database);
      await daemon.stop();
      await daemon.restart();
      database = state().database;
    });
    after(() => daemon?.destroy());

    test(`${orders / 2} orders`, async () => {
      const answered = new Map();
      let takes = 200;
      for (const people of waves()) {
        const at = await daemon.now();
        await Promise.all(people.map((who) => posted(daemon, 'checkouts/update', checkout(who, at, { phone: false }))));
        await daemon.advance(hours(1) - 1);
        const began = now() + 5;
        const bought = buy(daemon, people, () => began + random() * takes, answered);
        await daemon.advance(2);
        takes = now() - began;
        await bought;
        await daemon.advance(1);
      }
      const sent = (await daemon.list('messages')).filter(({ status }) => status === 'sent');
      await judge(database, answered, new Set(sent.map(({ to }) => to)));
    });
  });
});
