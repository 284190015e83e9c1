#pragma once
// What the admin store asks. Every list has the parameters
//   $1 shop, $2 at and $3 id of the row to continue behind, $4 since, $5 limit,
//   $6 email, $7 cart id or token, $8 person, $9 enrollment ('' = no filter).
// They run unprepared: planned with their values, the filters that are not used fold away.

#include "adapter/postgres/batches.hpp"

namespace recoup::postgres::admin_sql {

inline constexpr char shops[] = "select doc from shop order by shop_id";

inline constexpr char shop_exists[] = "select exists (select 1 from shop where shop_id = $1)";

inline constexpr char events[] = R"(
    select event_id, source, topic, kind, extract(epoch from occurred_at), extract(epoch from received_at), person_id,
           cart_id
      from inbox
     where shop_id = $1 and (received_at, event_id) > ($2::timestamptz, $3) and received_at >= $4::timestamptz
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or (cart_id, person_id) in (
                select c.cart_id, c.person_id from cart c
                 where c.shop_id = $1
                   and (c.cart_id = $7 or c.cart_id in (select k.cart_id from cart_key k
                                                         where k.shop_id = $1 and k.value = $7))))
       and ($8 = '' or person_id = $8) and $9 = ''
     order by received_at, event_id limit $5)";

inline constexpr char people[] = R"(
    select person_id, doc, extract(epoch from last_seen_at)
      from person
     where shop_id = $1 and (last_seen_at, person_id) > ($2::timestamptz, $3) and last_seen_at >= $4::timestamptz
       and seen_hour >= ms_of(greatest($2::timestamptz, $4::timestamptz, 'epoch')) / 3600000
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or person_id in (select c.person_id from cart c
                                      where c.shop_id = $1
                                        and (c.cart_id = $7
                                             or c.cart_id in (select k.cart_id from cart_key k
                                                               where k.shop_id = $1 and k.value = $7))))
       and ($8 = '' or person_id = $8) and $9 = ''
     order by seen_hour, last_seen_at, person_id limit $5)";

inline constexpr char carts[] = R"(
    select cart_id, person_id, doc, score, extract(epoch from last_activity_at), extract(epoch from idle_at)
      from cart
     where shop_id = $1 and (last_activity_at, cart_id) > ($2::timestamptz, $3)
       and last_activity_at >= $4::timestamptz
       and active_hour >= ms_of(greatest($2::timestamptz, $4::timestamptz, 'epoch')) / 3600000
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or cart_id = $7
            or cart_id in (select k.cart_id from cart_key k where k.shop_id = $1 and k.value = $7))
       and ($8 = '' or person_id = $8) and $9 = ''
     order by active_hour, last_activity_at, cart_id limit $5)";

inline constexpr char enrollments[] = R"(
    select enrollment_id, person_id, cart_id, payment_id, trigger, sequence, arm, status, reason, end_reason, currency,
           sequence_version, plan, value_minor, extract(epoch from anchor_at), extract(epoch from opened_at),
           extract(epoch from ended_at)
      from enrollment
     where shop_id = $1 and (opened_at, enrollment_id) > ($2::timestamptz, $3) and opened_at >= $4::timestamptz
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or cart_id = $7
            or cart_id in (select k.cart_id from cart_key k where k.shop_id = $1 and k.value = $7))
       and ($8 = '' or person_id = $8) and ($9 = '' or enrollment_id = $9)
     order by opened_at, enrollment_id limit $5)";

inline constexpr char messages[] = R"(
    select message_id, enrollment_id, person_id, cart_id, sequence, step_name, channel, adapter, status, reason,
           to_address, subject, body_text, body_html, target_url, provider_id, provider_code, feedback, step, attempt,
           incentive_percent, extract(epoch from planned_at), extract(epoch from created_at),
           extract(epoch from sent_at), extract(epoch from clicked_at), extract(epoch from opened_at),
           extract(epoch from machine_clicked_at), extract(epoch from machine_opened_at)
      from message
     where shop_id = $1 and (planned_at, message_id) > ($2::timestamptz, $3) and planned_at >= $4::timestamptz
       and ($6 = '' or to_address = $6
            or person_id in (select k.person_id from person_key k
                              where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or person_id in (select o.person_id from owner_of_cart o where o.shop_id = $1 and o.key = $7)
            and (cart_id = $7 or cart_id in (select k.cart_id from cart_key k where k.shop_id = $1 and k.value = $7)))
       and ($8 = '' or person_id = $8) and ($9 = '' or enrollment_id = $9)
     order by planned_at, message_id limit $5)";

inline constexpr char decisions[] = R"(
    select decision_id, subject, verdict, reason, enrollment_id, person_id, cart_id, message_id, step, trace, score,
           extract(epoch from at), extract(epoch from move_to), sequence_version, law
      from decision
     where shop_id = $1 and (at, decision_id) > ($2::timestamptz, $3) and at >= $4::timestamptz
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or person_id in (select o.person_id from owner_of_cart o where o.shop_id = $1 and o.key = $7)
            and (cart_id = $7 or cart_id in (select k.cart_id from cart_key k where k.shop_id = $1 and k.value = $7)))
       and ($8 = '' or person_id = $8) and ($9 = '' or enrollment_id = $9 and person_id = (select e.person_id from enrollment e
                                                           where e.shop_id = $1 and e.enrollment_id = $9))
     order by at, decision_id limit $5)";

inline constexpr char orders[] = R"(
    select order_id, person_id, cart_id, currency, total_minor, refunded_minor, extract(epoch from placed_at),
           extract(epoch from received_at), extract(epoch from cancelled_at), test
      from shop_order
     where shop_id = $1 and (placed_at, order_id) > ($2::timestamptz, $3) and placed_at >= $4::timestamptz
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or cart_id = $7
            or cart_id in (select k.cart_id from cart_key k where k.shop_id = $1 and k.value = $7))
       and ($8 = '' or person_id = $8) and $9 = ''
     order by placed_at, order_id limit $5)";

inline constexpr char exports[] = R"(
    select request_id, person_id, extract(epoch from requested_at), doc
      from data_export
     where shop_id = $1 and (requested_at, request_id) > ($2::timestamptz, $3) and requested_at >= $4::timestamptz
       and ($6 = '' or person_id in (select k.person_id from person_key k
                                      where k.shop_id = $1 and k.kind = 'email' and k.value = $6))
       and ($7 = '' or person_id in (select c.person_id from cart c
                                      where c.shop_id = $1
                                        and (c.cart_id = $7
                                             or c.cart_id in (select k.cart_id from cart_key k
                                                               where k.shop_id = $1 and k.value = $7))))
       and ($8 = '' or person_id = $8) and $9 = ''
     order by requested_at, request_id limit $5)";

// Stories: $1 shop or '', $2 email, $3 message, $4 enrollment; whose is asked for in which enrollment.
inline constexpr char story_subjects[] = R"(
    select s.shop_id, k.person_id, '' as enrollment_id
      from shop s join person_key k on k.shop_id = s.shop_id and k.kind = 'email' and k.value = $2
     where ($1 = '' or s.shop_id = $1) and $2 <> ''
    union
    select s.shop_id, m.person_id, m.enrollment_id
      from shop s join message m on m.shop_id = s.shop_id and m.message_id = $3
     where ($1 = '' or s.shop_id = $1) and $3 <> ''
    union
    select s.shop_id, e.person_id, e.enrollment_id
      from shop s join enrollment e on e.shop_id = s.shop_id and e.enrollment_id = $4
     where ($1 = '' or s.shop_id = $1) and $4 <> ''
     order by 1, 2, 3 limit 100)";

inline constexpr char story_contact[] = "select email, phone from person where shop_id = $1 and person_id = $2";

inline constexpr char story_coming[] = R"(
    select p.enrollment_id, p.channel, p.step, extract(epoch from p.due_at)
      from enrollment e cross join edges g cross join lateral (
           select enrollment_id, channel, step, due_at from lease l
            where l.shop_id = e.shop_id and l.enrollment_id = e.enrollment_id and l.plan = e.plan and l.state = 'planned'
           union all
           select enrollment_id, channel, step, due_at
             from (select distinct at_ms(ms) as at from unnest(e.due_ms) as ms) planned join step s on s.due_at = planned.at
            where s.shop_id = e.shop_id and s.enrollment_id = e.enrollment_id and s.plan = e.plan
              and )" STEP_IS_OPEN R"() p
     where e.shop_id = $1 and e.person_id = $2 and ($3 = '' or e.enrollment_id = $3) and e.status = 'active'
     order by p.due_at, p.step limit 100)";

}  // namespace recoup::postgres::admin_sql
