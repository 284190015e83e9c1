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

// People by the arm of their earliest enrollment for a cart in the period, and whether they were ever in the other one too
// (two persons that became one); $4 the window. Who turned out to be no customer is in neither.
inline constexpr char report_arms[] = R"(
    select f.arm, f.mixed, count(*), count(*) filter (where exists (
               select 1
                 from shop_order o
                where o.shop_id = $1 and (o.person_id = f.person_id or o.cart_id = f.cart_id)
                  and not o.test and not o.renewal and o.cancelled_at is null and o.placed_at >= f.opened_at
                  and o.placed_at < f.opened_at + $4::bigint * interval '1 millisecond'))
      from (select distinct on (e.person_id) e.person_id, e.cart_id, e.arm, e.opened_at,
                   exists (select 1 from enrollment o
                            where o.shop_id = $1 and o.person_id = e.person_id and o.arm <> e.arm) as mixed
              from enrollment e
             where e.shop_id = $1 and e.trigger in ('cart', 'checkout') and e.opened_at >= $2::timestamptz and e.opened_at < $3::timestamptz
               and not exists (select 1 from enrollment n
                                where n.shop_id = $1 and n.person_id = e.person_id and n.end_reason = 'not_a_customer')
             order by e.person_id, e.opened_at, e.enrollment_id) f
     group by f.arm, f.mixed order by f.arm, f.mixed)";

// Orders that another tool's cart mail brought, by the first arm of the person; '' = never enrolled.
inline constexpr char report_other_mail[] = R"(
    select o.other_mail, coalesce((select e.arm from enrollment e
                                    where e.shop_id = $1 and e.person_id = o.person_id
                                    order by e.opened_at, e.enrollment_id limit 1), ''), count(*)
      from shop_order o
     where o.shop_id = $1 and o.placed_at >= $2::timestamptz and o.placed_at < $3::timestamptz
       and o.other_mail is not null and not o.test
     group by 1, 2 order by 1, 2)";

inline constexpr char report_sales[] = R"(
    select extract(epoch from since), extract(epoch from until), note
      from sale
     where shop_id in ($1, '') and since < $3::timestamptz and (until is null or until > $2::timestamptz)
     order by since)";

// $4 the window. A click is later than its send, so the send may lie one window before the click.
inline constexpr char report_touches[] = R"(
    select o.order_id, o.currency, o.total_minor - o.refunded_minor, extract(epoch from o.placed_at), m.message_id,
           m.sequence, m.step, m.step_name, m.channel, extract(epoch from m.sent_at), extract(epoch from m.clicked_at)
      from shop_order o
      join lateral (select p.* from message p where p.shop_id = o.shop_id and p.person_id = o.person_id
                    union all
                    select c.* from enrollment e join message c on c.shop_id = e.shop_id and c.enrollment_id = e.enrollment_id
                     where e.shop_id = o.shop_id and e.cart_id = o.cart_id and c.person_id is distinct from o.person_id) m on true
     where o.shop_id = $1 and o.placed_at >= $2::timestamptz and o.placed_at < $3::timestamptz
       and not o.test and not o.renewal and o.cancelled_at is null
       and m.sent_at is not null and m.sent_at < o.placed_at
       and greatest(m.sent_at, case when m.clicked_at < o.placed_at then m.clicked_at end)
           >= o.placed_at - $4::bigint * interval '1 millisecond'
     order by o.order_id, m.sent_at, m.message_id)";

}  // namespace recoup::postgres::admin_sql
