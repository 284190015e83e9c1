-- State: everything the daemon knows, keyed by shop. Times are timestamptz given by the caller; no statement asks the
-- database for the time. Documents (jsonb) are the fold's own values; columns beside them are what queries look up.

create function at_ms(ms bigint) returns timestamptz
    language sql immutable strict parallel safe as $$ select to_timestamp(nullif(ms, 0) / 1000.0) $$;
create function ms_of(at timestamptz) returns bigint
    language sql immutable parallel safe as $$ select coalesce((extract(epoch from at) * 1000)::bigint, 0) $$;
comment on function at_ms is 'Milliseconds since 1970 as given by the caller; 0 means never and is null.';

create table install (
    name  text primary key,
    value text not null
);
comment on table install is 'Facts of this installation: link signing keys, the manual clock''s time.';

create table shop (
    shop_id    text primary key,
    doc        jsonb not null,
    created_at timestamptz not null
);

create table shop_secret (
    shop_id    text not null references shop on delete cascade,
    source     text not null,
    kind       text not null,
    secret     text not null,
    created_at timestamptz not null,
    not_after  timestamptz,
    primary key (shop_id, source, kind, secret)
);

-- Identity: persistent union of keys. One row a key; merging moves rows.
create table person (
    shop_id      text not null,
    person_id    text not null,
    doc          jsonb not null,
    email        text,
    phone        text,
    last_seen_at timestamptz not null,
    primary key (shop_id, person_id)
);
create index person_email on person (shop_id, email) where email is not null;
create index person_seen on person (shop_id, last_seen_at desc, person_id desc);

create table person_key (
    shop_id   text not null,
    kind      text not null,
    value     text not null,
    person_id text not null,
    primary key (shop_id, kind, value)
);
create index person_key_person on person_key (shop_id, person_id);

create table cart (
    shop_id          text not null,
    cart_id          text not null,
    person_id        text not null,
    doc              jsonb not null,
    score            jsonb,
    last_activity_at timestamptz not null,
    ordered_at       timestamptz,
    idle_at          timestamptz,
    primary key (shop_id, cart_id)
);
create index cart_person on cart (shop_id, person_id);
create index cart_activity on cart (shop_id, last_activity_at desc, cart_id desc);
create index cart_idle on cart (idle_at) where idle_at is not null;
comment on column cart.idle_at is 'When the cart counts as abandoned unless something happens before; null = nothing to watch.';

create table cart_key (
    shop_id text not null,
    kind    text not null,
    value   text not null,
    cart_id text not null,
    primary key (shop_id, kind, value)
);
create index cart_key_cart on cart_key (shop_id, cart_id);

create table shop_order (
    shop_id     text not null,
    order_id    text not null,
    person_id   text not null,
    cart_id     text,
    doc         jsonb not null,
    placed_at   timestamptz not null,
    received_at timestamptz not null,
    currency    text not null,
    total_minor bigint not null,
    refunded_minor bigint not null default 0,
    cancelled_at timestamptz,
    test        boolean not null default false,
    primary key (shop_id, order_id)
);
create index shop_order_person on shop_order (shop_id, person_id, placed_at);
create index shop_order_placed on shop_order (shop_id, placed_at desc, order_id desc);

create table payment (
    shop_id    text not null,
    payment_id text not null,
    person_id  text not null,
    doc        jsonb not null,
    failed_at  timestamptz,
    paid_at    timestamptz,
    primary key (shop_id, payment_id)
);
create index payment_person on payment (shop_id, person_id);

create table variant (
    shop_id           text not null,
    variant_id        text not null,
    inventory_item_id text,
    doc               jsonb not null,
    primary key (shop_id, variant_id)
);
create index variant_inventory on variant (shop_id, inventory_item_id) where inventory_item_id is not null;

create table stock (
    shop_id           text not null,
    inventory_item_id text not null,
    location_id       text not null,
    doc               jsonb not null,
    primary key (shop_id, inventory_item_id, location_id)
);

-- Inbox: one row an event folded. Dedupes, and is what people list.
create table inbox (
    shop_id     text not null,
    event_id    text not null,
    source      text not null,
    topic       text not null,
    kind        text not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    person_id   text,
    cart_id     text,
    primary key (shop_id, event_id)
);
create index inbox_received on inbox (shop_id, received_at desc, event_id desc);
create index inbox_cart on inbox (shop_id, cart_id) where cart_id is not null;
create index inbox_person on inbox (shop_id, person_id) where person_id is not null;

create table dead_letter (
    shop_id      text not null,
    event_id     text not null,
    source       text not null,
    topic        text not null,
    reason       text not null,
    content_type text not null,
    raw          bytea not null,
    received_at  timestamptz not null,
    primary key (shop_id, event_id)
);

create table tracked_position (
    log         text not null,
    partition   int not null,
    next_offset bigint not null,
    primary key (log, partition)
);
comment on table tracked_position is 'Log offsets folded so far, written in the transaction of their effect.';

create table erasure (
    shop_id   text not null,
    key_hash  text not null,
    erased_at timestamptz not null,
    primary key (shop_id, key_hash)
);
comment on table erasure is 'Hashes of erased identity keys, so that a late event cannot bring a person back.';

create table data_export (
    shop_id      text not null,
    request_id   text not null,
    person_id    text,
    requested_at timestamptz not null,
    doc          jsonb not null,
    primary key (shop_id, request_id)
);

create table suppression (
    shop_id      text not null,
    channel      text not null,
    address_hash text not null,
    cause        text not null,
    since        timestamptz not null,
    primary key (shop_id, channel, address_hash)
);
comment on table suppression is 'Addresses that must not be contacted, by hash, so that it survives erasure.';

create table sequence (
    shop_id    text not null,
    name       text not null,
    version    int not null,
    trigger    text not null,
    doc        jsonb not null,
    applied_at timestamptz not null,
    active     boolean not null,
    primary key (shop_id, name, version)
);
create unique index sequence_active on sequence (shop_id, trigger) where active;

create table enrollment (
    shop_id          text not null,
    enrollment_id    text not null,
    person_id        text not null,
    cart_id          text,
    payment_id       text,
    trigger          text not null,
    sequence         text not null,
    sequence_version int not null,
    arm              text not null check (arm in ('treated', 'holdout')),
    status           text not null check (status in ('active', 'ended')),
    reason           text not null,
    end_reason       text,
    anchor_at        timestamptz not null,
    opened_at        timestamptz not null,
    ended_at         timestamptz,
    plan             int not null default 1,
    value_minor      bigint not null default 0,
    currency         text not null default '',
    primary key (shop_id, enrollment_id)
);
create index enrollment_person on enrollment (shop_id, person_id, trigger);
create unique index enrollment_one_active on enrollment (shop_id, person_id, trigger) where status = 'active';
create index enrollment_cart on enrollment (shop_id, cart_id);
create index enrollment_opened on enrollment (shop_id, opened_at desc, enrollment_id desc);
comment on column enrollment.plan is 'Rises when the steps are planned anew; steps of older plans are void.';

create table step (
    shop_id       text not null,
    enrollment_id text not null,
    plan          int not null,
    step          int not null,
    channel       text not null,
    planned_at    timestamptz not null,
    due_at        timestamptz not null,
    state         text not null check (state in ('planned', 'sending', 'done', 'skipped', 'void')),
    lease_token   bigint not null default 0,
    lease_until   timestamptz,
    attempt       int not null default 0,
    primary key (shop_id, enrollment_id, plan, step)
);
create index step_due on step (due_at) where state = 'planned';
create index step_leased on step (lease_until) where state = 'sending';
comment on column step.lease_token is 'Fencing: a completion counts only with the token of its own claim.';

create table message (
    shop_id       text not null,
    message_id    text not null,
    enrollment_id text not null,
    person_id     text not null,
    cart_id       text,
    step          int not null,
    step_name     text not null,
    sequence      text not null,
    channel       text not null,
    adapter       text not null,
    status        text not null check (status in ('sending', 'sent', 'retry', 'rejected', 'unknown')),
    reason        text not null,
    to_address    text,
    subject       text,
    body_text     text,
    body_html     text,
    target_url    text,
    incentive_percent int not null default 0,
    planned_at    timestamptz not null,
    created_at    timestamptz not null,
    sent_at       timestamptz,
    provider_id   text,
    provider_code text,
    attempt       int not null default 1,
    clicked_at    timestamptz,
    feedback      text,
    primary key (shop_id, message_id)
);
create unique index message_step on message (shop_id, enrollment_id, step) ;
create index message_person on message (shop_id, person_id, created_at);
create index message_cart on message (shop_id, cart_id);
create index message_created on message (shop_id, created_at desc, message_id desc);

create table decision (
    shop_id       text not null,
    decision_id   text not null,
    subject       text not null,
    verdict       text not null,
    reason        text not null,
    at            timestamptz not null,
    move_to       timestamptz,
    enrollment_id text,
    person_id     text,
    cart_id       text,
    message_id    text,
    step          int,
    trace         jsonb not null,
    score         jsonb,
    primary key (shop_id, decision_id)
);
create index decision_enrollment on decision (shop_id, enrollment_id, at);
create index decision_person on decision (shop_id, person_id, at);
create index decision_at on decision (shop_id, at desc, decision_id desc);
