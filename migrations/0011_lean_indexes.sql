-- What changes with every event is in no index, so that a row is updated in its page (HOT) without touching any of them.

-- When to look at a cart: never later than idle_at, and moved to it by whoever looks too early. Activity moves idle_at only.
alter table cart add column watch_at timestamptz;
update cart set watch_at = idle_at;
drop index cart_idle;
create index cart_watch on cart (watch_at) where watch_at is not null;
comment on column cart.idle_at is 'When the cart counts as abandoned unless something happens before; null = nothing to watch.';
comment on column cart.watch_at is 'When to look at idle_at: never later than it.';

-- Lists are by the last activity: found by its hour since 1970, sorted within.
alter table cart add column active_hour bigint not null default 0;
update cart set active_hour = ms_of(last_activity_at) / 3600000;
drop index cart_activity;
create index cart_active on cart (shop_id, active_hour);
alter table person add column seen_hour bigint not null default 0;
update person set seen_hour = ms_of(last_seen_at) / 3600000;
drop index person_seen;
create index person_seen on person (shop_id, seen_hour);

alter table person set (fillfactor = 70);
alter table cart set (fillfactor = 70);

-- Found otherwise: keys through the documents that list them, events of a cart among those of its person.
drop index person_key_person;
drop index cart_key_cart;
drop index inbox_cart;
drop index person_email;
