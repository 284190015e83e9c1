// Steps that fall due at a rate, through two instances of the real binary, one of which is killed half-way and started again later.
// When each message was captured is told by Postgres: the time at which the claim's transaction committed.

import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpu_seconds, free_port, run, start, stop, until_listening } from '../ingest/processes.mjs';
import { checkout, shopper } from '../../e2e/store.mjs';

const shop = 'bench', ahead = 25, back_after = 10;   // seconds: until the first is due, and until the killed one is back

/** What the one person and cart that came through the door look like, once for each step; their steps, and what lies behind. */
const people = (count, rate, future) => `
  create temp table sample as select p.person_id, p.doc::text as person, c.cart_id, c.doc::text as cart from person p join cart c using (shop_id, person_id) limit 1;
  insert into person (shop_id, person_id, doc, email, last_seen_at)
  select '${shop}', 'per_' || n, replace(person, person_id, 'per_' || n)::json, 'buyer' || n || '@example.com', now() from sample, generate_series(1, ${count}) n;
  insert into cart (shop_id, cart_id, person_id, doc, last_activity_at)
  select '${shop}', 'crt_' || n, 'per_' || n, replace(replace(cart, person_id, 'per_' || n), cart_id, 'crt_' || n)::json, now() from sample, generate_series(1, ${count}) n;
  insert into enrollment (shop_id, enrollment_id, person_id, cart_id, trigger, sequence, sequence_version, arm, status, reason, anchor_at, opened_at, last_due_at)
  select '${shop}', 'enr_' || n, 'per_' || n, 'crt_' || n, 'cart', 'cart', 1, 'treated', 'active', 'idle', now(), now(), now() + interval '72 hours' from generate_series(1, ${count}) n;
  select step_partition(current_date + d) from generate_series(0, 4) d;
  insert into step (shop_id, enrollment_id, plan, step, channel, planned_at, due_at)
  select '${shop}', 'enr_' || n, 1, 0, 'email', at, at from (select n, date_trunc('milliseconds', now()) + interval '${ahead} s' + n * interval '1 s' / ${rate} as at
    from generate_series(1, ${count}) n) due;
  insert into step (shop_id, enrollment_id, plan, step, channel, planned_at, due_at)
  select '${shop}', 'later_' || n, 1, n % 4, 'email', at, at from (select n, now() + interval '71 hours' + n * interval '1 ms' as at from generate_series(1, ${future}) n) later;
  vacuum analyze person, cart, enrollment, step;`;   // what is empty is not known to be

const found = `
  select count(*), count(distinct m.message_id), count(*) filter (where m.status = 'sent'),
         min(late), percentile_disc(0.5) within group (order by late), percentile_disc(0.99) within group (order by late),
         percentile_disc(0.999) within group (order by late), max(late)
    from (select d.message_id, round(extract(epoch from pg_xact_commit_timestamp(d.xmin) - m.planned_at) * 1000) as late
            from decision d join message m using (shop_id, message_id) where d.verdict = 'send') seen join message m using (message_id);`;

/** The seconds in which anything was later than the bar, counted from the first due time, and by how much. */
const slow = `
  select coalesce(string_agg(second || ' s: ' || n || ' up to ' || worst || ' ms', ', ' order by second), 'none') from (
    select second, count(*) filter (where late > 250) as n, max(late) as worst from (
      select floor(extract(epoch from m.planned_at - min(m.planned_at) over ()))::int as second,
             round(extract(epoch from pg_xact_commit_timestamp(d.xmin) - m.planned_at) * 1000) as late
        from decision d join message m using (shop_id, message_id) where d.verdict = 'send') one group by second) by_second where worst > 250;`;

async function let_in(environment, port, secret) {
  const body = JSON.stringify(checkout(shopper(1), new Date().toISOString()));
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/${shop}/shopify`, { method: 'POST', body,
    headers: { 'content-type': 'application/json', 'x-shopify-topic': 'checkouts/create', 'x-shopify-hmac-sha256': signature, 'x-shopify-webhook-id': 'first',
      'x-shopify-shop-domain': 'bench.example', 'x-shopify-api-version': '2026-04' } });
  if (answer.status !== 200) throw new Error(`the first checkout was answered ${answer.status}: ${await answer.text()}`);
}

/** Returns milliseconds from due to captured, and how many. */
export async function lateness(root, postgres, { rate, seconds, future }) {
  const binary = `${root}/build/release/recoup`, database = postgres.create(`late_${Date.now()}`), count = rate * seconds;
  const environment = { PATH: process.env.PATH, HOME: '/', RECOUP_DATABASE__URL: postgres.url(database), RECOUP_ADMIN__TOKEN: 'a-token-of-the-bench',
    RECOUP_MEASURE__HOLDOUT_SHARE: '0' };
  const recoup = (...words) => run(binary, words, { env: environment });
  const serve = async (roles) => {
    const [open, admin] = [await free_port(), await free_port()];
    const child = start(binary, ['serve', '--roles', roles], { env: { ...environment, RECOUP_PUBLIC__ADDRESS: `127.0.0.1:${open}`,
      RECOUP_PUBLIC__URL: `http://127.0.0.1:${open}`, RECOUP_ADMIN__ADDRESS: `127.0.0.1:${admin}` }, log: `${postgres.host}/../recoup.log` });
    await until_listening(child, admin);
    return { child, open };
  };
  const ask = (sql) => postgres.sql(database, sql).trim().split('\n').at(-1).split('|');

  recoup('migrate', 'up');
  recoup('shop', 'add', shop, '--domain', 'bench.example', '--postal-address', '1 Main Street, Springfield');
  recoup('sequence', 'apply', `${root}/config/sequences/cart.toml`);
  const secret = /\S+$/.exec(recoup('shop', 'secret', shop, 'shopify').trim())[0];
  const door = await serve('ingest,track');
  await let_in(environment, door.open, secret);
  while (ask('select count(*) from cart')[0] === '0') await sleep(50);
  await stop(door.child);
  postgres.sql(database, people(count, rate, future));

  const instances = [await serve('track,deliver'), await serve('track,deliver')], began = performance.now();
  const used = () => cpu_seconds(postgres.pid) + instances.reduce((sum, { child }) => sum + cpu_seconds(child.pid), 0), before = used();
  const until_due = Number(ask(`select extract(epoch from min(planned_at) - now()) from step where enrollment_id = 'enr_1'`)[0]) * 1000;
  await sleep(Math.max(0, until_due) + seconds * 500);
  const spent = used() - before;
  instances[0].child.kill('SIGKILL');
  await sleep(back_after * 1000);
  instances[0] = await serve('track,deliver');
  const patience = performance.now() + seconds * 1000 + 120_000;
  await sleep(Math.max(0, (seconds / 2 - back_after) * 1000));
  while (Number(ask("select count(*) from message where status = 'sent'")[0]) < count && performance.now() < patience) await sleep(500);
  const [all, messages, sent, first, p50, p99, p999, last] = ask(found).map(Number), [slow_seconds] = ask(slow);
  await Promise.all(instances.map(({ child }) => stop(child)));
  postgres.drop(database);
  return { count, decided: all, messages, sent, first, p50, p99, p999, last, cpu_us: spent / (count / 2) * 1e6, slow_seconds, began };
}

export function print_lateness(late, { rate, seconds, future }) {
  console.log(`\n${rate} due a second for ${seconds} s beside ${future} later ones, two instances, one killed with SIGKILL half-way`);
  console.log(`  ${late.sent} of ${late.count} sent, ${late.messages} messages for ${late.decided} decisions; ${Math.round(late.cpu_us)} us of CPU a step (instances and Postgres)`);
  console.log(`  ms from due to captured: first ${late.first}, p50 ${late.p50}, p99 ${late.p99}, p99.9 ${late.p999}, last ${late.last}`);
  console.log(`  later than 250 ms: ${late.slow_seconds}`);
  const bar = (holds, text) => console.log(`  ${holds ? 'ok  ' : 'MISS'}  ${text}`);
  bar(late.sent === late.count && late.messages === late.count && late.decided === late.count, 'every step once');
  bar(late.first >= 0, 'nothing early');
  bar(late.p99 <= 250, 'p99 of 250 ms');
  bar(late.p999 <= 2000, 'p99.9 of 2 s');
}
