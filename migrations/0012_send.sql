-- What a send needs beyond its step and message: which request was made.
alter table message add column request_hash text;
comment on column message.request_hash is 'SHA-256 of what the provider was asked to send; the same for an exact repetition.';

alter table message add column attempted_at timestamptz;
comment on column message.attempted_at is 'When the newest try was decided; a repetition may come hours after created_at.';

-- Few are unknown at a time: for people, and for the callbacks that settle them.
create index message_unknown on message (planned_at, message_id) where status = 'unknown';

-- What a step waited for. Those that a pause holds are called back when it ends.
alter table step add column wait text not null default 'none'
    check (wait in ('none', 'paused', 'resumed', 'rate_limited', 'provider_down'));
create index step_paused on step (shop_id) where wait = 'paused' and state = 'planned';

create table pause (
    shop_id  text not null default '',
    channel  text not null default '',
    sequence text not null default '',
    since    timestamptz not null,
    note     text not null default '',
    primary key (shop_id, channel, sequence)
);
comment on table pause is 'What is not sent until it is resumed; an empty column means all of them.';
