#pragma once
// A small shop written row by row: four treated people and one held out, messages, orders, decisions.

#include "support/postgres_fixture.hpp"

namespace recoup::test {

inline constexpr char shop_rows[] = R"sql(
    insert into shop values ('demo', '{"id":"demo","name":"Demo","currency":"USD"}', '2026-03-01Z'),
                            ('other', '{"id":"other","name":"Other","currency":"EUR"}', '2026-03-01Z');

    insert into person (shop_id, person_id, doc, email, phone, last_seen_at)
    select 'demo', 'p' || n, jsonb_build_object('email', jsonb_build_object('value', 'p' || n || '@example.com')),
           'p' || n || '@example.com', null, timestamptz '2026-03-02 10:00Z' + n * interval '1 minute'
      from generate_series(1, 5) n;
    insert into person values ('other', 'p1', '{}', 'p1@example.com', null, '2026-03-02Z');
    insert into person_key select shop_id, 'email', email, person_id from person;

    insert into cart (shop_id, cart_id, person_id, doc, score, last_activity_at)
    select 'demo', 'c' || n, 'p' || n,
           '{"stage":"checkout","content":{"value":{"currency":"USD","subtotal_minor":4200}}}',
           '{"model":"m1","risk":0.5,"margin":0,"bias":0,"contributions":[{"feature":"f","value":null,"share":0}]}',
           timestamptz '2026-03-02 10:00:00.123Z' + n * interval '1 minute'
      from generate_series(1, 5) n;
    insert into cart_key values ('demo', 'cart_token', 'tok2', 'c2'), ('demo', 'checkout_token', 'chk2', 'c2');

    insert into enrollment (shop_id, enrollment_id, person_id, cart_id, trigger, sequence, sequence_version, arm, status,
                            reason, end_reason, anchor_at, opened_at, ended_at, value_minor, currency)
    select 'demo', 'e' || n, 'p' || n, 'c' || n, 'cart', 'cart-recovery', 1, case n when 5 then 'holdout' else 'treated' end,
           case n when 1 then 'active' else 'ended' end, case n when 4 then 'predicted' else 'idle' end,
           case n when 1 then null when 2 then 'ordered' else 'completed' end, '2026-03-02 10:00Z', '2026-03-02 11:00Z',
           case n when 1 then null else timestamptz '2026-03-04Z' end, 4200, 'USD'
      from generate_series(1, 5) n;
    insert into enrollment values ('demo', 'e2b', 'p2', 'c2', null, 'cart', 'cart-recovery', 1, 'treated', 'active',
                                   'idle', null, '2026-03-02 10:00Z', '2026-03-02 20:00Z', null, 1, 4300, 'USD');

    insert into message (shop_id, message_id, enrollment_id, person_id, cart_id, step, step_name, sequence, channel,
                         adapter, status, reason, to_address, subject, body_text, planned_at, created_at, sent_at,
                         clicked_at)
    select 'demo', 'm' || n || s, 'e' || n, 'p' || n, 'c' || n, s, 'step-' || s, 'cart-recovery',
           case s when 0 then 'email' else 'sms' end, 'capture', 'sent', 'ok', 'p' || n || '@example.com', 'Hi', 'Text',
           timestamptz '2026-03-02 11:00Z' + s * interval '3 hours', timestamptz '2026-03-02 11:00Z' + s * interval '3 hours',
           timestamptz '2026-03-02 11:00Z' + s * interval '3 hours',
           case when n = 2 and s = 0 then timestamptz '2026-03-02 12:00Z' end
      from generate_series(1, 4) n, generate_series(0, 1) s;
    insert into message (shop_id, message_id, enrollment_id, person_id, step, step_name, sequence, channel, adapter,
                         status, reason, planned_at, created_at)
    values ('demo', 'mx', 'e1', 'p1', 2, 'step-2', 'cart-recovery', 'email', 'capture', 'rejected', 'rejected',
            '2026-03-03 11:00Z', '2026-03-03 11:00Z');

    insert into lease (shop_id, enrollment_id, plan, step, channel, planned_at, due_at, state)
    values ('demo', 'e1', 1, 3, 'email', '2026-03-05 11:00Z', '2026-03-05 12:00Z', 'planned'),
           ('demo', 'e1', 0, 3, 'email', '2026-03-05 11:00Z', '2026-03-05 11:00Z', 'planned');

    insert into decision (shop_id, decision_id, subject, verdict, reason, at, enrollment_id, person_id, cart_id, message_id,
                          step, trace, score)
    values ('demo', 'd1', 'open', 'open', 'idle', '2026-03-02 11:00Z', 'e1', 'p1', 'c1', null, null, '[]', null),
           ('demo', 'd2', 'step', 'send', 'ok', '2026-03-02 11:00Z', 'e1', 'p1', 'c1', 'm10', 0,
            '[{"rule":"not ordered","passed":true,"input":"ordered: no"}]', null),
           ('demo', 'd3', 'step', 'skip', 'no_consent', '2026-03-02 14:00Z', 'e1', 'p1', 'c1', null, 1, '[]', null),
           ('demo', 'd4', 'open', 'hold', 'holdout', '2026-03-02 11:00Z', 'e5', 'p5', 'c5', null, null, '[]', null),
           ('demo', 'd5', 'step', 'move', 'quiet_hours', '2026-03-02 14:00Z', 'e2', 'p2', 'c2', null, 1, '[]', null);

    insert into inbox (shop_id, event_id, source, topic, kind, occurred_at, received_at, person_id, cart_id)
    select 'demo', 'shopify:' || n, 'shopify', 'carts/update', 'cart_changed', '2026-03-02 10:00Z', '2026-03-02 10:00Z',
           'p' || (n % 5 + 1), 'c' || (n % 5 + 1)
      from generate_series(10, 34) n;

    -- p2 bought after a click, p3 after a send (by the cart alone, refunded in part), p1 too late, p4 a test and a
    -- cancelled one, p5 (held out) bought untouched, and somebody unknown.
    insert into shop_order (shop_id, order_id, person_id, cart_id, doc, placed_at, received_at, currency, total_minor,
                            refunded_minor, cancelled_at, test)
    values ('demo', 'o2', 'p2', null, '{}', '2026-03-02 15:00Z', '2026-03-02 15:00Z', 'USD', 4200, 0, null, false),
           ('demo', 'o3', 'px', 'c3', '{}', '2026-03-02 15:00Z', '2026-03-02 15:00Z', 'USD', 4200, 1200, null, false),
           ('demo', 'o1', 'p1', null, '{}', '2026-03-20 15:00Z', '2026-03-20 15:00Z', 'USD', 4200, 0, null, false),
           ('demo', 'o4', 'p4', null, '{}', '2026-03-02 15:00Z', '2026-03-02 15:00Z', 'USD', 4200, 0, null, true),
           ('demo', 'o4b', 'p4', null, '{}', '2026-03-02 15:00Z', '2026-03-02 15:00Z', 'USD', 4200, 0, '2026-03-03Z', false),
           ('demo', 'o5', 'p5', null, '{}', '2026-03-02 15:00Z', '2026-03-02 15:00Z', 'USD', 4200, 0, null, false),
           ('demo', 'o6', 'py', null, '{}', '2026-03-02 15:00Z', '2026-03-02 15:00Z', 'USD', 4200, 0, null, false);
)sql";

inline void write_shop(Database const& database) {
    pqxx::connection connection(database.connection_string());
    pqxx::work transaction(connection);
    transaction.exec(shop_rows);
    transaction.commit();
}

}  // namespace recoup::test
