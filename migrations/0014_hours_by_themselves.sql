-- The hours by which lists find their rows follow the times by themselves: no writer can forget them, and no row is hidden.
alter table cart drop column active_hour;
alter table cart add column active_hour bigint not null generated always as (ms_of(last_activity_at) / 3600000) stored;
create index cart_active on cart (shop_id, active_hour);
alter table person drop column seen_hour;
alter table person add column seen_hour bigint not null generated always as (ms_of(last_seen_at) / 3600000) stored;
create index person_seen on person (shop_id, seen_hour);
