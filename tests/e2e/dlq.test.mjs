// Dead letters through the binary: what senders got wrong, and records on the log that nobody can read or fold.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { Daemon, binary, hours } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

const data_of = (daemon) => join(daemon.folder, 'data');

function dlq(daemon, ...args) {
  const ran = spawnSync(binary, ['dlq', ...args, '--data', data_of(daemon)], { env: daemon.env });
  return { code: ran.status, out: ran.stdout, err: ran.stderr.toString() };
}

const rows = (daemon, ...args) => JSON.parse(dlq(daemon, ...args, '--output', 'json').out);

async function until(what, look) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`in vain waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function varint(value) {
  const bytes = [];
  for (let left = BigInt(value); ; left >>= 7n) {
    const low = Number(left & 0x7fn);
    if (left < 0x80n) return Buffer.from([...bytes, low]);
    bytes.push(low | 0x80);
  }
}
const text_field = (number, bytes) =>
  Buffer.concat([varint((number << 3) | 2), varint(bytes.length), Buffer.from(bytes)]);
const number_field = (number, value) => Buffer.concat([varint(number << 3), varint(value)]);

/** A frame of zstd (RFC 8878) with one raw block. */
function zstd_frame(content) {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 5);
  head.writeUIntLE((content.length << 3) | 1, 9, 3);
  return Buffer.concat([head, content]);
}

/** A well-formed event whose time is beyond every calendar: Postgres refuses its row every time. */
function poison(shop) {
  return Buffer.concat([
    text_field(1, shop), text_field(2, 'events'), text_field(3, 'events:poison'), text_field(4, 'cart.deleted'),
    number_field(6, 900_000_000_000_000_000n), number_field(8, 900_000_000_000_000_000n), text_field(22, ''),
  ]);
}

/** Appends one batch to the Postgres log as its writer does. */
function append_batch(daemon, count, payload) {
  daemon.sql(`with head as (update log_head set next_offset = next_offset + ${count} where shard = 0
      returning next_offset - ${count} as base, appended_at)
    insert into log_batch select 0, base, ${count}, appended_at, 1, '\\x${payload.toString('hex')}' from head`);
}

test('a delivery that lacks what it needs is listed, shown, tried again and dropped', async () => {
  const daemon = await Daemon.start();
  try {
    const said = 'needle-jane@example.com';
    const body = { type: 'cart.updated', data: { email: said } };
    assert.equal((await daemon.events(body, { id: 'msg_1' })).status, 200);
    await daemon.now();
    const [letter] = rows(daemon, 'ls');
    assert.equal(letter.source, 'events');
    assert.equal(letter.kind, 'unusable');
    assert.equal(letter.attempts, 1);
    assert.match(letter.reason, /\w/);

    const shown = dlq(daemon, 'show', letter.id, '--output', 'json').out.toString();
    assert.doesNotMatch(shown, /needle/, 'personal data only on request');
    assert.doesNotMatch(shown, /signature/i);
    assert.match(JSON.parse(shown).shape, /"email":"<23 bytes>"/);
    assert.equal(JSON.parse(shown).headers['webhook-id'], 'msg_1');
    assert.deepEqual(JSON.parse(dlq(daemon, 'show', letter.id, '--raw').out), body);
    const unread = "select count(*) from dead_letter where sealed and position('needle'::bytea in raw) = 0";
    assert.equal(daemon.sql(unread), '1', 'nobody reads it in the database');

    assert.equal(dlq(daemon, 'replay', letter.id, '--dry-run').code, 1);
    assert.equal(rows(daemon, 'ls')[0].attempts, 1);
    const again = dlq(daemon, 'replay', '--source', 'events', '--rate', '50/s', '--output', 'json');
    assert.equal(again.code, 1, 'it is as unusable as before');
    assert.equal(JSON.parse(again.out)[0].outcome, 'failed');
    assert.equal(rows(daemon, 'ls')[0].attempts, 2);
    assert.equal(rows(daemon, 'ls', '--source', 'shopify').length, 0);
    assert.equal(rows(daemon, 'ls', '--newer-than', '1m').length, 0, 'the manual clock is not the present');

    assert.equal(dlq(daemon, 'drop').code, 1, 'neither ids nor filters nor --all');
    assert.equal(rows(daemon, 'drop', '--all', '--dry-run')[0].outcome, 'would be dropped');
    assert.equal(rows(daemon, 'drop', '--all', '--note', 'a test')[0].outcome, 'dropped');
    assert.equal(rows(daemon, 'ls').length, 0);
    assert.equal(daemon.sql('select cause, note from dead_letter_end'), 'dropped|a test');
    assert.equal((await daemon.events(body, { id: 'msg_1' })).status, 200);
    await daemon.now();
    assert.equal(rows(daemon, 'ls').length, 0, 'a second delivery does not bring it back');
  } finally {
    await daemon.destroy();
  }
});

test('an erasure takes the letters that name the person', async () => {
  const daemon = await Daemon.start();
  try {
    for (const who of ['gone', 'stays'])
      assert.equal((await daemon.events({ type: 'cart.updated', data: { email: `${who}@example.com` } })).status, 200);
    await daemon.now();
    assert.equal(rows(daemon, 'ls').length, 2);
    assert.equal((await daemon.events({ type: 'customer.erase', data: { email: 'gone@example.com' } })).status, 200);
    await daemon.now();
    const left = rows(daemon, 'ls');
    assert.equal(left.length, 1);
    assert.match(dlq(daemon, 'show', left[0].id, '--raw').out.toString(), /stays/);
  } finally {
    await daemon.destroy();
  }
});

test('records that nobody can read or fold end neither the daemon nor its progress', async () => {
  const daemon = await Daemon.start();
  try {
    const record = (key, value) => text_field(1, Buffer.concat([text_field(1, key), text_field(2, value)]));
    const torn = Buffer.from('\xff\xff', 'latin1');
    const batch = [record(`${daemon.shop}/x`, poison(daemon.shop)), record(`${daemon.shop}/y`, torn)];
    const now = '2026-03-02T15:00:00Z', before = shopper(2), who = shopper(1);
    assert.equal((await daemon.shopify('checkouts/create', checkout(before, now))).status, 200);
    append_batch(daemon, 2, zstd_frame(Buffer.concat(batch)));
    append_batch(daemon, 3, Buffer.from('torn by a disk'));
    assert.equal((await daemon.shopify('checkouts/create', checkout(who, now))).status, 200);

    await until('the checkout behind them', async () => (await daemon.list('events')).length === 2);
    const letters = rows(daemon, 'ls');
    assert.deepEqual(letters.map((letter) => letter.kind).sort(), ['poison', 'unreadable', 'unreadable']);
    const [poisoned] = letters.filter((letter) => letter.kind === 'poison');
    assert.equal(poisoned.attempts, 3);
    assert.equal(daemon.sql('select count(*) from track_try'), '0', 'the probation is over');

    await daemon.kill();   // a successor is not held up by them either
    await daemon.restart();
    await daemon.advance(hours(2));
    assert.equal((await daemon.messages(who.email)).length, 1);
    assert.equal(rows(daemon, 'ls').length, 3);

    // Its fold fails as before, so the replay ends where it began.
    assert.equal(rows(daemon, 'replay', poisoned.id)[0].outcome, 'replayed');
    await until('its return', async () => rows(daemon, 'ls', '--reason', 'poison').length === 1);
    assert.equal(daemon.sql("select count(*) from dead_letter_end where cause = 'replayed'"), '1');
  } finally {
    await daemon.destroy();
  }
});
