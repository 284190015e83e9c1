-- What tells rows apart comes first in the indexes that lead to one row: an id is of one shop alone, so that a search compares
-- one column where the shop, which is the same in thousands, made it compare two or three. What is read by the shop has an
-- index of its own.
alter table person drop constraint person_pkey, add primary key (person_id, shop_id);
alter table cart drop constraint cart_pkey, add primary key (cart_id, shop_id);
alter table person_key drop constraint person_key_pkey, add primary key (value, kind, shop_id);
alter table cart_key drop constraint cart_key_pkey, add primary key (value, kind, shop_id);
alter table inbox drop constraint inbox_pkey, add primary key (event_id, shop_id);
drop index cart_person;
create index cart_person on cart (person_id, shop_id);
drop index inbox_person;
create index inbox_person on inbox (person_id, shop_id) where person_id is not null;

-- In the order in which events come, new ones lie at its end: a page that is full is left full. At the beginning each page was
-- split in two halves, of which one was never written to again.
drop index inbox_received;
create index inbox_received on inbox (shop_id, received_at, event_id);

-- A cart's row is a kilobyte and more: with less in a page there is room for its next version, which then touches no index.
alter table cart set (fillfactor = 50);
