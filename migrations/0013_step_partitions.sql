-- Steps are written once, into a partition of their due day, and never changed. What is due soon, waits or is being sent
-- has a row in lease, which stays small; a cancelled step is one whose plan does not count any more.
alter table step rename to lease;
alter index step_pkey rename to lease_pkey;
alter index step_due rename to lease_due;
alter index step_leased rename to lease_ending;
alter index step_paused rename to lease_paused;
alter table lease set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
                       autovacuum_vacuum_cost_delay = 0);
comment on table lease is 'Steps whose due time is near, that wait or are being sent, and those whose outcome is unknown.';

create table step (
    shop_id       text not null,
    enrollment_id text not null,
    plan          int not null,
    step          int not null,
    channel       text not null,
    planned_at    timestamptz not null,
    due_at        timestamptz not null
) partition by range (due_at);
create index step_due on step (due_at);
create index step_enrollment on step using hash (enrollment_id);
comment on table step is 'Planned steps from promotion.until on: inserted once, dropped by the day.';

-- Two edges in time. Every planned step due before `until` is in lease, the others are in step; no planned one in lease is
-- due before `low`, so that nobody walks over the dead rows of what was done.
create table promotion (
    single boolean primary key default true check (single),
    low    timestamptz not null,
    until  timestamptz not null
);
insert into promotion (low, until) values (to_timestamp(0), to_timestamp(0));

alter table enrollment add column last_due_at timestamptz;
comment on column enrollment.last_due_at is 'The latest due time of its plan: before it came into reach the enrollment is not complete.';

-- Attaching takes a lock that readers and writers of steps do not notice; `create ... partition of` would stop them all.
create function step_partition(day date) returns void language plpgsql as $$
declare
    part text := 'step_' || to_char(day, 'YYYYMMDD');
begin
    if to_regclass(part) is not null then return; end if;
    lock table only step in share update exclusive mode;   -- as attaching does; afterwards others' partitions are seen
    if to_regclass(part) is not null then return; end if;
    execute format('create table %I (like step including indexes)', part);
    execute format('alter table step attach partition %I for values from (%L) to (%L)', part,
                   day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
end $$;
comment on function step_partition is 'Makes the partition of a day (UTC) unless it is there.';

create function step_drop(until timestamptz) returns int language plpgsql as $$
declare
    part text;
    dropped int := 0;
begin
    for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'step'::regclass
                  and c.relname < 'step_' || to_char(until at time zone 'UTC', 'YYYYMMDD') order by 1 loop
        execute format('drop table %I', part);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
comment on function step_drop is 'Drops the partitions of days before the day of `until`.';
