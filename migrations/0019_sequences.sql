-- Intents of one buying lane never run side by side for a person: what was browsed, a cart and a checkout.
drop index enrollment_one_active;
create unique index enrollment_one_active on enrollment (
    shop_id, person_id, (case when trigger in ('checkout', 'browse') then 'cart' else trigger end)) where status = 'active';

-- Whose touch it was. A machine's (a proxy, a scanner, a script) is kept apart and satisfies no condition.
alter table message add column opened_at timestamptz, add column machine_opened_at timestamptz,
    add column machine_clicked_at timestamptz;

-- Variants by product: for what was browsed, and for products that were deleted.
alter table variant add column product_id text;
update variant set product_id = doc -> 'value' ->> 'product_id';
create index variant_product on variant (shop_id, product_id) where product_id is not null;

-- The store's own discount codes, as far as it told of them.
create table coupon (
    shop_id  text not null,
    code_key text not null,
    doc      json not null,
    primary key (shop_id, code_key)
);
comment on column coupon.code_key is 'The code in lower case: stores tell codes apart by their letters, not their case.';
