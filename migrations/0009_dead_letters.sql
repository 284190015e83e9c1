-- Dead letters: all that a replay needs, encrypted bytes, and what became of those that are gone. The tracker's probation.

alter table dead_letter
    add column letter_id  text,
    add column kind       text not null default 'unusable' check (kind in ('unusable', 'unreadable', 'poison')),
    add column form       text not null default 'body' check (form in ('body', 'record')),
    add column call       text not null default '',
    add column headers    jsonb not null default '{}',
    add column record_key bytea not null default '',
    add column sealed     boolean not null default false,
    add column raw_bytes  bigint not null default 0,
    add column cut        boolean not null default false,
    add column key_hashes text[] not null default '{}',
    add column attempts   int not null default 1,
    add column tried_at   timestamptz;
update dead_letter
set letter_id = 'dl_' || substr(md5(shop_id || '/' || event_id), 1, 16), raw_bytes = length(raw);
alter table dead_letter alter column letter_id set not null;
create unique index dead_letter_id on dead_letter (letter_id);
create index dead_letter_received on dead_letter (received_at, letter_id);
create index dead_letter_shop on dead_letter (shop_id, received_at, letter_id);
create index dead_letter_plain on dead_letter (letter_id) where not sealed;
create index dead_letter_named on dead_letter using gin (key_hashes);
comment on column dead_letter.raw is
    'AES-256-GCM under the installation''s letter key, once sealed; bound to shop and letter.';
comment on column dead_letter.key_hashes is
    'Hashes of everybody who seems to be named in the bytes, so that an erasure finds them.';
comment on column dead_letter.shop_id is 'Empty when the record did not tell.';

create table dead_letter_end (
    letter_id   text not null,
    shop_id     text not null,
    source      text not null,
    kind        text not null,
    reason      text not null,
    attempts    int not null,
    received_at timestamptz not null,
    ended_at    timestamptz not null,
    cause       text not null check (cause in ('dropped', 'replayed', 'expired', 'crowded_out')),
    note        text not null,
    primary key (letter_id, ended_at)
);
create index dead_letter_end_at on dead_letter_end (ended_at);
comment on table dead_letter_end is 'What became of dead letters that are gone, without their bytes; kept for a year.';

create table track_try (
    log          text not null,
    partition    int not null,
    first_offset bigint not null,
    tries        int not null,
    tried_at     timestamptz not null,
    primary key (log, partition)
);
comment on table track_try is
    'Written before a tracker that is on probation works on a partition: how often it was begun at this place.';
