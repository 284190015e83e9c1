#pragma once
// What the report asks: $1 shop, $2 since, $3 until, and where said $4 the window in milliseconds.

namespace recoup::postgres::admin_sql {

inline constexpr char report_abandoned[] = R"(
    select currency, count(*), sum(value_minor)::bigint
      from (select distinct on (cart_id) cart_id, currency, value_minor
              from enrollment
             where shop_id = $1 and trigger in ('cart', 'checkout') and opened_at >= $2::timestamptz and opened_at < $3::timestamptz
             order by cart_id, opened_at desc, enrollment_id desc) newest
     group by currency order by currency)";

inline constexpr char report_opened[] = R"(
    select reason, arm, count(*)
      from enrollment
     where shop_id = $1 and opened_at >= $2::timestamptz and opened_at < $3::timestamptz
     group by reason, arm order by reason, arm)";

inline constexpr char report_ended[] = R"(
    select coalesce(end_reason, ''), count(*)
      from enrollment
     where shop_id = $1 and status = 'ended' and opened_at >= $2::timestamptz and opened_at < $3::timestamptz
     group by 1 order by 2 desc, 1)";

inline constexpr char report_messages[] = R"(
    select sequence, step, step_name, channel, count(*) filter (where status = 'sent'),
           count(*) filter (where status = 'sending'), count(*) filter (where status = 'retry'),
           count(*) filter (where status = 'rejected'), count(*) filter (where status = 'unknown'),
           count(*) filter (where clicked_at is not null)
      from message
     where shop_id = $1 and created_at >= $2::timestamptz and created_at < $3::timestamptz
     group by sequence, step, step_name, channel order by sequence, step, step_name, channel)";

inline constexpr char report_silences[] = R"(
    select reason, count(*)
      from decision
     where shop_id = $1 and verdict in ('skip', 'end', 'hold') and at >= $2::timestamptz and at < $3::timestamptz
     group by reason order by 2 desc, 1)";

// People by the arm of their first enrollment for a cart in the period; $4 the window.
inline constexpr char report_arms[] = R"(
    select f.arm, count(*), count(*) filter (where exists (
               select 1
                 from shop_order o
                where o.shop_id = $1 and (o.person_id = f.person_id or o.cart_id = f.cart_id)
                  and not o.test and o.cancelled_at is null and o.placed_at >= f.opened_at
                  and o.placed_at < f.opened_at + $4::bigint * interval '1 millisecond'))
      from (select distinct on (person_id) person_id, cart_id, arm, opened_at
              from enrollment
             where shop_id = $1 and trigger in ('cart', 'checkout') and opened_at >= $2::timestamptz and opened_at < $3::timestamptz
             order by person_id, opened_at, enrollment_id) f
     group by f.arm order by f.arm)";

// $4 the window. A click is later than its send, so the send may lie one window before the click.
inline constexpr char report_touches[] = R"(
    select o.order_id, o.currency, o.total_minor - o.refunded_minor, extract(epoch from o.placed_at), m.message_id,
           m.sequence, m.step, m.step_name, m.channel, extract(epoch from m.sent_at), extract(epoch from m.clicked_at)
      from shop_order o
      join message m on m.shop_id = o.shop_id and (m.person_id = o.person_id or m.cart_id = o.cart_id)
     where o.shop_id = $1 and o.placed_at >= $2::timestamptz and o.placed_at < $3::timestamptz
       and not o.test and o.cancelled_at is null
       and m.sent_at is not null and m.sent_at < o.placed_at
       and greatest(m.sent_at, case when m.clicked_at < o.placed_at then m.clicked_at end)
           >= o.placed_at - $4::bigint * interval '1 millisecond'
     order by o.order_id, m.sent_at, m.message_id)";

}  // namespace recoup::postgres::admin_sql
