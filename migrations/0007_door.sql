-- Keys with a name, scopes and a trace of their use; and the answers given to requests that name themselves.

alter table shop_secret
    add column label        text   not null default '',
    add column hint         text   not null default '',
    add column scopes       text[] not null default '{}',
    add column last_used_at timestamptz;
comment on column shop_secret.hint is 'How a key begins: of kind bearer only its SHA-256 is kept.';
comment on column shop_secret.scopes is 'What a key may send: *, a type, or a family of types like cart.*; empty = everything.';

create table idempotency (
    shop_id      text not null references shop on delete cascade,
    key_hash     text not null,
    fingerprint  text not null,
    claimed_at   timestamptz not null,
    status       int,
    content_type text,
    body         text,
    primary key (shop_id, key_hash)
);
create index idempotency_age on idempotency (shop_id, claimed_at);
comment on table idempotency is 'Hashes of Idempotency-Key and request; status is null while the first one is at it. Lives for a day.';
