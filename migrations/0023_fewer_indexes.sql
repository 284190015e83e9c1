-- Every index costs each decision or message more than the rest of its row, wherever it makes them lie apart. Decisions are told in
-- the order of their time, and those of an enrollment or a cart are found by whose they are.
alter table decision drop constraint decision_pkey;
drop index decision_at;
drop index decision_enrollment;
alter table decision add primary key (shop_id, at, decision_id);
drop index message_cart;

create view owner_of_cart as
    select shop_id, cart_id as key, person_id from cart
    union all select k.shop_id, k.value, c.person_id from cart_key k join cart c using (shop_id, cart_id)
    union all select shop_id, cart_id, person_id from enrollment where cart_id is not null;
comment on view owner_of_cart is 'Whose cart it is, by its id and its tokens; also of carts that are gone.';
