-- Weak signs of an order: hashes of where it goes, and messages of ours whose link led to it. They may stop messages.
create table order_mark (
    shop_id   text not null,
    mark      text not null,
    order_id  text not null,
    placed_at timestamptz not null,
    primary key (shop_id, mark, order_id)
);
create index order_mark_order on order_mark (shop_id, order_id);

-- Renewals are no fruit of a visit; whose cart mail brought an order, when it was not ours.
alter table shop_order add column renewal boolean not null default false, add column other_mail text;

-- When a shop had a sale of its own. No incentive is given on top, and the report names the period.
create table sale (
    shop_id text not null,
    since   timestamptz not null,
    until   timestamptz,
    note    text not null default '',
    primary key (shop_id, since)
);
create unique index sale_one_open on sale (shop_id) where until is null;

-- Bursts of failed payments are counted around each.
create index payment_failed on payment (shop_id, failed_at) where failed_at is not null;

-- Erased persons are taken out of the event log too, in runs over the whole of it.
alter table erasure add column scrubbed boolean not null default false, add column scrub_run bigint;
create index erasure_waiting on erasure (scrub_run) where not scrubbed;
create table log_scrub (
    shard        int primary key,
    run          bigint not null,
    next_offset  bigint not null,
    until_offset bigint not null
);
comment on table log_scrub is 'How far the newest run has come; it ends at until_offset.';
insert into log_scrub values (0, 0, 0, 0);
