-- The event log in Postgres: batches of records as Kafka stores them, one compressed row a group commit. The log belongs
-- to the installation, not to one shop: its records name their shops.

create table log_head (
    shard       int primary key,
    next_offset bigint not null,
    appended_at timestamptz not null
);
comment on table log_head is
    'One row a shard. Its lock is held from the assignment of offsets to the commit, so that commits appear in offset order.';
insert into log_head (shard, next_offset, appended_at) values (0, 0, 'epoch');

create table log_batch (
    shard        int not null,
    base_offset  bigint not null,
    record_count int not null check (record_count > 0),
    appended_at  timestamptz not null,
    codec        smallint not null,
    payload      bytea not null,
    primary key (shard, base_offset, appended_at)
) partition by range (appended_at);
alter table log_batch alter column payload set storage external;
comment on column log_batch.appended_at is 'Never falls with rising offsets, whatever the clock does: readers prune by it.';
comment on column log_batch.codec is '1 = zstd frame around recoup.event.v1.RecordBatch.';

-- The partition of one UTC day. Attaching takes a weaker lock than creating it as a partition, so nobody waits.
create function log_ensure_day(day date) returns void language plpgsql as $$
declare
    partition text := 'log_batch_' || to_char(day, 'YYYYMMDD');
begin
    perform pg_advisory_xact_lock(7305822392);
    if to_regclass(partition) is not null then
        return;
    end if;
    execute format('create table %I (like log_batch including all)', partition);
    execute format('alter table log_batch attach partition %I for values from (%L) to (%L)', partition,
                   day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
end
$$;

-- Drops the partitions of the days before `day` and answers how many. Gives up at once when a reader is in the way.
create function log_drop_before(day date) returns int language plpgsql as $$
declare
    partition regclass;
    dropped   int := 0;
begin
    perform set_config('lock_timeout', '200ms', true);
    for partition in
        select inhrelid::regclass from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'log_batch'::regclass and relname < 'log_batch_' || to_char(day, 'YYYYMMDD')
    loop
        execute format('drop table %s', partition);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;
