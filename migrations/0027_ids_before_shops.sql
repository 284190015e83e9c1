-- What 0025 did for people and carts, for what is scheduled and sent: an id is of one shop alone, so that a search compares one column
-- where the shop, which is the same in thousands, made it compare two or three.
alter table enrollment drop constraint enrollment_pkey, add primary key (enrollment_id, shop_id);
drop index enrollment_person, enrollment_cart, enrollment_one_active;
create index enrollment_person on enrollment (person_id, shop_id, trigger);
create index enrollment_cart on enrollment (cart_id, shop_id) where cart_id is not null;
create unique index enrollment_one_active on enrollment (
    person_id, shop_id, (case when trigger in ('checkout', 'browse') then 'cart' else trigger end)) where status = 'active';

alter table lease drop constraint lease_pkey, add primary key (enrollment_id, plan, step, shop_id);

alter table message drop constraint message_pkey, add primary key (message_id, shop_id);
drop index message_step, message_person;
create unique index message_step on message (enrollment_id, step, shop_id);
create index message_person on message (person_id, shop_id, created_at);

drop index decision_person;
create index decision_person on decision (person_id, shop_id, at);

-- An address was looked for among all that the shop may not write to.
alter table suppression drop constraint suppression_pkey, add primary key (address_hash, channel, shop_id);

alter table order_mark drop constraint order_mark_pkey, add primary key (mark, shop_id, order_id);
drop index order_mark_order;
create index order_mark_order on order_mark (order_id, shop_id);
