-- One row a delivery. Payloads are just above the size from which Postgres compresses; lz4 is its cheapest way.
create table delivery (
    id text primary key,
    shop text not null,
    topic text not null,
    cart_token text not null,
    payload text compression lz4 not null
);
